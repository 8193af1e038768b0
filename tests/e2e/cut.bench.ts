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

  // Each renames a task of its own, so that nothing is in conflict: every title is there at the end, and every last name.
  const own = ['Own task of 0', 'Own task of 1'];
  for (const [index, device] of devices.entries()) await device.add(own[index]);
  for (const device of devices) await expect(device.tasks).toHaveCount(2);

  proxy.cutBetween(1, 3_000);
  const until = Date.now() + MINUTES * 60_000;
  let [edits, added] = [2, 2];
  for (let n = 0; Date.now() < until; n += 1) {
    for (const [index, device] of devices.entries()) {
      await device.add(`Task ${n} of ${index}`);
      added += 1;
      edits += 1;
      if (n % 3 === 0) {
        const renamed = `Own task of ${index}, ${n}`;
        await device.edit(own[index], { Title: renamed });
        own[index] = renamed;
        edits += 1;
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
    for (const reloads of [false, true]) {
      if (reloads) await device.page.reload();
      await device.isSynced();
      await expect(device.page.getByText(new RegExp(`^${added} open$`))).toBeVisible();
      for (const title of own) await expect(device.checkbox(title)).toBeVisible();
    }
  }
  console.log(`${MINUTES} min, ${proxy.cuts} connections cut, ${edits} edits, ${added} tasks on both devices, in step ${drained} ms after the end`);
  await proxy.stop();
});
