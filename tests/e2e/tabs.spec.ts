import { type Page } from '@playwright/test';
import { expect, test } from './fixtures';

/** Which tab holds the connection for its browser, as the browser names it. */
async function leader(page: Page): Promise<string | undefined> {
  return page.evaluate(async () => {
    const { held } = await navigator.locks.query();
    return held?.find(({ name }) => name?.startsWith('tsugi-') && name !== 'tsugi-refresh')?.clientId;
  });
}

test('a tab that is frozen with the connection in its hands is replaced within 5 seconds', async ({
  pair: [laptop, phone],
  server,
}) => {
  const second = await laptop.anotherTab(server.url);
  await second.isSynced();
  const frozen = await leader(second.page);
  expect(frozen).toBeDefined();
  // Not `Page.setWebLifecycleState`: Chromium freezes no page that can be seen. A debugger stops any.
  const debug = await laptop.page.context().newCDPSession(laptop.page);
  await debug.send('Debugger.enable');
  const stopped = new Promise((resolve) => debug.once('Debugger.paused', resolve));
  await debug.send('Debugger.pause');
  await stopped;

  await phone.add('While it was frozen');
  await expect(second.checkbox('While it was frozen')).toBeVisible({ timeout: 5_000 });
  expect(await leader(second.page)).not.toBe(frozen);
  await second.add('From the tab that took over');
  await expect(phone.checkbox('From the tab that took over')).toBeVisible();

  await debug.send('Debugger.resume');
  await debug.detach();
  await laptop.add('After the thaw');
  for (const device of [laptop, second, phone]) {
    await expect(device.tasks).toHaveCount(3);
    await device.isSynced();
  }
  expect(await leader(second.page)).not.toBe(frozen);
});
