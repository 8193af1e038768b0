// The pictures of conflicts in docs/images/conflicts: light, dark, on a phone and in Japanese. Run with `--config
// pictures.config.ts`, and look at what comes out.
import { join } from 'node:path';
import { apart } from './conflicts';
import { expect, test, type Device } from './fixtures';

const FOLDER = join(import.meta.dirname, '../../docs/images/conflicts');
const WIDE = { viewport: { width: 1280, height: 860 }, deviceScaleFactor: 1.5 };
const PHONE = { viewport: { width: 390, height: 780 }, deviceScaleFactor: 2, hasTouch: true };

const ENGLISH = {
  own: 'Kenji’s laptop',
  other: 'Mika’s phone',
  trip: ['Trip', 'Trip to Kyoto', 'Trip to Nara'],
  hotel: ['Book hotel', 'Book hotel in Kyoto', 'Book quiet hotel'],
  notes: [
    'Check-in after 15:00.\nAsk for a room.\nBreakfast for four.',
    'Check-in after 15:00.\nAsk for a room with a garden.\nBreakfast for four.\nHaru wants a bunk bed.',
    'Check-in after 15:00.\nAsk for two rooms with a view.\nBreakfast for four.',
  ],
  form: ['Sign the form', 'Bring two copies, and the red stamp.'],
  filter: 'Clean the filter',
  dentist: 'Dentist for Haru',
  paint: 'Buy paint',
};
const JAPANESE: typeof ENGLISH = {
  own: '健二のノート',
  other: '美香のスマホ',
  trip: ['旅行', '京都旅行', '奈良旅行'],
  hotel: ['ホテルを予約', '京都のホテルを予約', '静かなホテルを予約'],
  notes: [
    'チェックインは15時から。\n部屋を頼む。\n朝食は4人分。',
    'チェックインは15時から。\n庭の見える部屋を頼む。\n朝食は4人分。\nハルは二段ベッド。',
    'チェックインは15時から。\n眺めのよい部屋を2つ頼む。\n朝食は4人分。',
  ],
  form: ['申込書にサイン', '写しを2部と、赤い印鑑を持っていく。'],
  filter: 'フィルター掃除',
  dentist: 'ハルの歯医者',
  paint: 'ペンキを買う',
};

async function named(device: Device, name: string): Promise<void> {
  await device.page.goto(new URL('/settings', device.page.url()).href);
  const field = device.page.getByRole('textbox', { name: 'Name of this device' });
  await field.fill(name);
  await field.press('Tab');
  await device.page.goto(new URL('/inbox', device.page.url()).href);
}

const priority = async (device: Device, title: string, words: string) => {
  await device.page.getByRole('button', { name: `Edit ${title}`, exact: true }).click();
  await device.set('Priority', words);
  await device.page.keyboard.press('Escape');
};

for (const look of ['light', 'dark', 'phone', 'japanese'] as const) {
  test(`conflicts, ${look}`, async ({ newDevice, email }) => {
    test.setTimeout(120_000);
    const words = look === 'japanese' ? JAPANESE : ENGLISH;
    const other = await newDevice();
    await other.createAccount(email);
    await named(other, words.other);
    const own = await newDevice({ colorScheme: look === 'dark' ? 'dark' : 'light', ...(look === 'phone' ? PHONE : WIDE) });
    await own.signIn(email);
    await named(own, words.own);
    const { page } = own;
    const shot = async (name: string) => {
      await page.waitForTimeout(300);
      await page.screenshot({ path: join(FOLDER, `${name}-${look}.png`), animations: 'disabled' });
    };
    await other.add(words.trip[0], words.hotel[0], words.form[0], words.filter, words.dentist, words.paint);
    await other.edit(words.hotel[0], { Notes: words.notes[0], Due: '2027-03-12' });
    await expect(own.checkbox(words.paint)).toBeVisible();
    await apart(
      [other, own],
      async (device) => {
        await device.edit(words.trip[0], { Title: words.trip[2] });
        await device.edit(words.hotel[0], { Title: words.hotel[2], Notes: words.notes[2], Due: '2027-03-11' });
        await device.edit(words.dentist, { Due: '2027-03-04 09:00' });
        await device.remove(words.form[0]);
        await device.checkbox(words.filter).check();
        await priority(device, words.paint, 'P1');
      },
      async (device) => {
        await device.edit(words.form[0], { Notes: words.form[1] });
        await device.edit(words.filter, { Due: '2027-03-06' });
        await device.edit(words.dentist, { Due: '2027-03-02 16:00' });
        await priority(device, words.paint, 'P3');
        await device.edit(words.hotel[0], { Title: words.hotel[1], Notes: words.notes[1], Due: '2027-03-14 15:00' });
        await device.edit(words.trip[0], { Title: words.trip[1] });
      },
    );
    if (look === 'japanese') {
      await page.goto(new URL('/settings', page.url()).href);
      await page.getByRole('radio', { name: '日本語' }).check();
      await page.goto(new URL('/inbox', page.url()).href);
    }
    await page.locator('.conflicts-button').click();
    const card = (title: string) => page.locator('.inbox__card').filter({ hasText: title });
    await expect(card(words.trip[2])).toBeVisible();
    await shot('inbox');
    await card(words.hotel[2]).click();
    await page.locator('.dialog--merge .side--both input').first().check();
    await page.locator('.dialog--merge fieldset:nth-of-type(2) .side--first input').check();
    await shot('merge');
    await page.locator('.places').scrollIntoViewIfNeeded();
    await shot('notes');
    await page.keyboard.press('Escape');
    await card(words.form[0]).click();
    await shot('situation');
    await page.keyboard.press('Escape');
    await page.locator('.inbox__bar button').first().click();
    await page.locator('.batch__rule input').first().check();
    await shot('batch');
    await page.keyboard.press('Escape');
    await card(words.trip[2]).click();
    await page.locator('.side--both input').check();
    await page.keyboard.press('Tab');
    await page.locator('.merge__foot .button').nth(1).click();
    await page.locator('[role=tab]').last().click();
    await page.locator('.toast__close').click();
    await shot('history');
  });
}
