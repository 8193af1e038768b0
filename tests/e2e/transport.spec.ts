// The same work whatever carries it: no socket to be had, and a network that breaks in the middle of everything.
import { Proxy } from './proxy';
import { expect, test } from './fixtures';

test('with sockets blocked it works over HTTP, and comes back to the socket', async ({ pair: [laptop, phone] }) => {
  let blocked = true;
  await laptop.page.routeWebSocket(/\/api\/v1\/sync$/, (socket) => {
    if (blocked) void socket.close({ code: 1006 });
    else socket.connectToServer();
  });
  await laptop.page.reload();
  await laptop.isSynced();
  await laptop.openFigures();
  await expect(laptop.figure('Connected over')).toHaveText('HTTP requests');
  await laptop.page.keyboard.press('Escape');

  await laptop.add('Over requests');
  await expect(phone.checkbox('Over requests')).toBeVisible();
  await phone.edit('Over requests', { Title: 'Over a socket', Notes: 'a line\n'.repeat(200) });
  await expect(laptop.checkbox('Over a socket')).toBeVisible();
  await laptop.checkbox('Over a socket').check();
  await expect(phone.checkbox('Over a socket')).toBeChecked();

  blocked = false;
  // A person who comes back to the window may be on another network.
  await laptop.page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await laptop.openFigures();
  await expect(laptop.figure('Connected over')).toHaveText('WebSocket', { timeout: 30_000 });
  await laptop.page.keyboard.press('Escape');
  await phone.add('And on');
  await expect(laptop.checkbox('And on')).toBeVisible();
});

test('connections cut after a random byte lose nothing and double nothing', async ({ newDevice, server, email }) => {
  const proxy = new Proxy(Number(new URL(server.url).port));
  const url = await proxy.start();
  const laptop = await newDevice();
  const phone = await newDevice();
  for (const device of [laptop, phone]) {
    await device.open(url);
    await device.page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
  }
  await laptop.createAccount(email);
  await phone.signIn(email);

  proxy.cutBetween(200, 4_000);
  const titles: string[] = [];
  for (let n = 0; n < 10 || proxy.cuts < 6; n += 1) {
    titles.push(`Laptop ${n}`, `Phone ${n}`);
    await laptop.add(`Laptop ${n}`);
    await phone.add(`Phone ${n}`);
    // A page whose connection is cut connects again at once, and is cut again.
    for (const { page } of [laptop, phone]) await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  }
  proxy.heal();
  for (const device of [laptop, phone]) {
    await device.page.evaluate(() => window.dispatchEvent(new Event('online')));
    await device.isSynced();
    await expect.poll(async () => (await device.titles()).sort(), { timeout: 40_000 }).toEqual(titles.sort());
  }
  await proxy.stop();
});
