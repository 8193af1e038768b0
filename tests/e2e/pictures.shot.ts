// The pictures in docs/images, taken from the app itself: run with `--config pictures.config.ts` like the end-to-end
// tests, and look at what comes out.
import { join } from 'node:path';
import { test, type Device } from './fixtures';

const FOLDER = join(import.meta.dirname, '../../docs/images');
const TASKS = ['Water the tomatoes', 'Send Mika the ferry times', 'Renew the passport', 'Book the dentist', 'Call the bank'];
const JAPANESE = ['歯医者の予約', '牛乳と卵を買う', '議事録を送る', '次のひとつを継ぐ'];

async function shot(device: Device, name: string): Promise<void> {
  await device.page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled' });
}

async function fill(device: Device, titles: string[]): Promise<void> {
  await device.add(...titles);
  await device.checkbox(titles.at(-1)!).check();
  const soon = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  await device.edit(titles[0], { Due: soon, Notes: 'Two cans each, before the sun is high' });
  await device.edit(titles[2], { Due: '2026-01-02' });
  await device.isSynced();
  const dismiss = device.page.getByRole('button', { name: 'Dismiss' });
  if (await dismiss.isVisible()) await dismiss.click();
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`pictures, ${colorScheme}`, async ({ newDevice, email }) => {
    const wide = { colorScheme, viewport: { width: 1120, height: 700 }, deviceScaleFactor: 1.5 };
    const laptop = await newDevice(wide);
    await shot(laptop, `account-${colorScheme}`);
    await laptop.createAccount(email);
    await fill(laptop, TASKS);
    await shot(laptop, `list-${colorScheme}`);
    await laptop.page.getByRole('button', { name: `Edit ${TASKS[0]}` }).click();
    await shot(laptop, `editor-${colorScheme}`);
    await laptop.page.keyboard.press('Escape');

    const phone = await newDevice({ colorScheme, viewport: { width: 360, height: 720 }, deviceScaleFactor: 2, hasTouch: true });
    await shot(phone, `account-phone-${colorScheme}`);
    await phone.signIn(email);
    await shot(phone, `list-phone-${colorScheme}`);
    await phone.workOffline(true);
    await phone.edit(TASKS[1], { Title: 'Send Mika the train times', Due: '2026-12-01' });
    await phone.page.waitForTimeout(300);
    await shot(phone, `offline-phone-${colorScheme}`);
    await laptop.edit(TASKS[1], { Title: 'Send Mika and Jun the ferry times' });
    await laptop.isSynced();
    await phone.workOffline(false);
    await phone.page.getByRole('button', { name: /^Conflicts/ }).click();
    await shot(phone, `inbox-phone-${colorScheme}`);
    await phone.openConflict();
    await shot(phone, `merge-phone-${colorScheme}`);
    await laptop.openConflict();
    await shot(laptop, `merge-${colorScheme}`);
  });
}

test('pictures, Japanese', async ({ newDevice, email }) => {
  const phone = await newDevice({ locale: 'ja-JP', viewport: { width: 360, height: 720 }, deviceScaleFactor: 2 });
  await phone.createAccount(email);
  await fill(phone, JAPANESE);
  await shot(phone, 'list-phone-japanese');
});
