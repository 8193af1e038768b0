// A network that breaks in the middle of everything, for minutes: each connection is cut after a random byte. Two devices
// add and edit all the while; at the end both must have everything, once. Run by `cargo xtask bench cut`; `TSUGI_CUT_MINUTES`
// says for how long.
import { Proxy } from './proxy';
import { expect, test } from './fixtures';

const MINUTES = Number(process.env.TSUGI_CUT_MINUTES ?? 5);

test('connections cut after a random byte, for minutes', async ({ newDevice, server, email }) => {
  test.setTimeout((MINUTES + 4) * 60_000);
  const proxy = new Proxy(Number(new URL(server.url).port));
  const url = await proxy.start();
  const devices = [await newDevice(), await newDevice()];
  for (const device of devices) {
    await device.open(url);
    await device.page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
  }
  await devices[0].createAccount(email);
  await devices[1].signIn(email);

  proxy.cutBetween(1, 20_000);
  const titles = new Set<string>();
  const until = Date.now() + MINUTES * 60_000;
  let edits = 0;
  for (let n = 0; Date.now() < until; n += 1) {
    for (const [index, device] of devices.entries()) {
      const title = `Task ${n} of ${index}`;
      await device.add(title);
      edits += 1;
      if (n % 3 === 0) {
        // Its own task, so that nothing is in conflict and every title must be there at the end.
        await device.edit(title, { Title: `${title}, renamed` });
        titles.add(`${title}, renamed`);
        edits += 1;
      } else {
        titles.add(title);
      }
      await device.page.evaluate(() => window.dispatchEvent(new Event('focus')));
      await device.page.waitForTimeout(400);
    }
  }
  proxy.heal();
  const healed = Date.now();
  for (const device of devices) {
    await device.page.evaluate(() => window.dispatchEvent(new Event('online')));
    await expect(device.status).toContainText(/^\s*Synced/, { timeout: 60_000 });
  }
  const drained = Date.now() - healed;
  for (const device of devices) {
    await expect(device.page.getByText(new RegExp(`^${titles.size} open$`))).toBeVisible();
    await device.page.reload();
    await device.isSynced();
    await expect(device.page.getByText(new RegExp(`^${titles.size} open$`))).toBeVisible();
  }
  console.log(`${MINUTES} min, ${proxy.cuts} connections cut, ${edits} edits, ${titles.size} tasks on both devices, in step ${drained} ms after the end`);
  await proxy.stop();
});
