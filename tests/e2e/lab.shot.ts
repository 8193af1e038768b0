// The pictures of the conflict lab in docs/images/lab: light, dark, on a phone and in Japanese. Run with `--config
// pictures.config.ts`, and look at what comes out.
import { join } from 'node:path';
import { expect, test } from './fixtures';

const FOLDER = join(import.meta.dirname, '../../docs/images/lab');
const WIDE = { viewport: { width: 1440, height: 900 }, deviceScaleFactor: 1.5 };
const PHONE = { viewport: { width: 390, height: 780 }, deviceScaleFactor: 2, hasTouch: true };

const ENGLISH = { alone: 'Use without an account', scenario: 'Both rename', end: 'a person decides' };
const JAPANESE = { alone: 'アカウントなしで使う', scenario: '両方で名前を変更', end: '両方を残して人が決めます' };

for (const look of ['light', 'dark', 'phone', 'japanese'] as const) {
  test(`lab, ${look}`, async ({ newDevice }) => {
    const words = look === 'japanese' ? JAPANESE : ENGLISH;
    const { page } = await newDevice({
      colorScheme: look === 'dark' ? 'dark' : 'light',
      locale: look === 'japanese' ? 'ja-JP' : 'en-GB',
      ...(look === 'phone' ? PHONE : WIDE),
    });
    await page.getByRole('button', { name: words.alone }).click();
    await expect(page.getByRole('list').first()).toBeVisible();
    await page.goto(new URL('/lab', page.url()).href);
    const scenario = page.getByRole('button', { name: words.scenario });
    await scenario.click();
    const story = page.locator('.lab-story').getByRole('status');
    if (look === 'phone') {
      await expect(story).toContainText(words.end, { timeout: 20_000 });
    } else {
      // Step by step to where the versions have met, and the news of it is on its way.
      await page.locator('.lab__play button').first().click();
      await expect(async () => {
        await page.locator('.lab__play button').nth(1).click();
        await expect(page.locator('.lab-knot')).toHaveCount(1, { timeout: 50 });
      }).toPass();
      for (let steps = 0; steps < 4; steps++) await page.locator('.lab__play button').nth(1).click();
    }
    // On a phone the picture is below the first device.
    if (look === 'phone') await page.locator('.lab-device').first().evaluate((device) => device.scrollIntoView({ block: 'end' }));
    if (look === 'phone') await page.mouse.wheel(0, 560);
    await page.mouse.move(0, 0);
    await page.waitForTimeout(300);
    await page.screenshot({ path: join(FOLDER, `${look}.png`), animations: 'disabled' });
  });
}
