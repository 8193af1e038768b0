// What nobody should hear: requests that cannot succeed, and complaints in the console.
import { expect, test } from './fixtures';

test('without a network a token is asked for once, and again at once when the network is back', async ({ newDevice, email }) => {
  const laptop = await newDevice();
  const { page } = laptop;
  await laptop.createAccount(email);
  await laptop.opensWithoutNetwork();
  // A page that is loaded again without a network does not always hear of that. Here it does.
  await page.addInitScript(() => {
    Object.defineProperty(navigator, 'onLine', { get: () => sessionStorage.getItem('test.offline') === null });
  });
  await page.evaluate(() => sessionStorage.setItem('test.offline', 'yes'));
  await page.context().setOffline(true);
  let asked = 0;
  page.on('request', (request) => {
    if (request.url().endsWith('/session/refresh')) asked += 1;
  });
  await page.reload();
  await expect(laptop.status).toContainText(/^\s*Offline/);
  await expect.poll(() => asked).toBe(1);
  // Each time somebody comes back to the window, the session tries again, at most every 100 ms.
  for (let times = 0; times < 20; times += 1) {
    await page.evaluate(() => {
      window.dispatchEvent(new Event('focus'));
      return new Promise((painted) => requestAnimationFrame(painted));
    });
    await page.screenshot();
  }
  expect(asked, 'the browser knows that there is no network').toBe(1);

  await page.evaluate(() => sessionStorage.removeItem('test.offline'));
  await page.context().setOffline(false);
  await laptop.lookForUpdate();
  await laptop.isSynced();
});

test('an account, a task and a reload leave the console empty', async ({ newDevice, email, server }) => {
  const laptop = await newDevice();
  const said: string[] = [];
  laptop.page.on('console', (message) => said.push(`${message.type()}: ${message.text()}`));
  await laptop.open(server.url);
  await laptop.createAccount(email);
  await laptop.add('Water the plants');
  await laptop.edit('Water the plants', { Notes: 'two litres' });
  await laptop.isSynced();
  await laptop.page.reload();
  await expect(laptop.checkbox('Water the plants')).toBeVisible();
  await laptop.isSynced();
  expect(said).toEqual([]);
});
