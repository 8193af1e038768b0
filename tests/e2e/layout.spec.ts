// What a narrow screen, a finger and a page that begins at the right must find: nothing wider than the screen, and
// nothing to press that is smaller than a fingertip.
import { expect, test, type Device } from './fixtures';

const FINGERTIP = 44;
const TOUCH = { hasTouch: true, isMobile: true, deviceScaleFactor: 2 };

/** Goes from screen to screen, and calls `look` at each. */
async function tour(device: Device, email: string, look: (screen: string) => Promise<void>): Promise<void> {
  const { page } = device;
  await look('account');
  await device.createAccount(email);
  await look('empty');
  await device.add(
    'Water the tomatoes today p2 #Home @garden',
    'Prepare the agenda for the meeting about the bathroom and the balcony on the north side tomorrow 15:00 #Home @tools @garden',
    'https://example.org/an/address/that/does/not/break/anywhere/0123456789abcdefghijklmnopqrstuvwxyz',
  );
  await look('list');
  await device.isSynced();
  await device.isSaved();
  await page.getByRole('button', { name: 'Account', exact: true }).click();
  await look('account menu');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Browse' }).click();
  await expect(page.locator('.drawer')).toBeVisible();
  await look('drawer');
  await page.locator('.drawer').getByRole('link', { name: /^Home/ }).click();
  await expect(device.tasks).toHaveCount(2);
  await look('a list with its tools');
  await page.getByRole('button', { name: 'Edit Water the tomatoes', exact: true }).click();
  await expect(device.editor).toBeVisible();
  await look('editor');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Board' }).click();
  await expect(page.locator('.card')).toHaveCount(2);
  await look('board');
  for (const place of ['today', 'upcoming', 'search?q=a', 'settings', 'about-sync', 'conflicts']) {
    await page.goto(new URL(`/${place}`, page.url()).href);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await look(place);
  }
  await device.workOffline(true);
  await page.goto(new URL('/inbox', page.url()).href);
  await device.add('Said without a network');
  await look('offline');
}

for (const dir of ['ltr', 'rtl'] as const) {
  test(`no screen is wider than the narrowest phone (${dir})`, async ({ newDevice, email }) => {
    const phone = await newDevice({ ...TOUCH, viewport: { width: 320, height: 640 } });
    await tour(phone, email, async (screen) => {
      await phone.page.evaluate((dir) => { document.documentElement.dir = dir; }, dir);
      // A box that scrolls by itself may hold more than is seen, as a board does.
      const wide = await phone.page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        return scrollWidth > clientWidth ? `${scrollWidth} px` : null;
      });
      expect(wide, screen).toBeNull();
    });
  });
}

test('whatever a finger presses is as large as a fingertip', async ({ newDevice, email }) => {
  const phone = await newDevice({ ...TOUCH, viewport: { width: 390, height: 780 } });
  await tour(phone, email, async (screen) => {
    expect(await phone.page.evaluate(smallTargets, FINGERTIP), screen).toEqual([]);
  });
});

/** What answers to a press in less than `least` pixels, with the edges drawn around it for fingers counted in. */
function smallTargets(least: number): string[] {
  const dialog = document.querySelector('dialog[open]');
  const found: string[] = [];
  for (const element of document.querySelectorAll('button, a[href], input, select, textarea, summary')) {
    const isCovered = dialog !== null && !dialog.contains(element);
    if (isCovered || !element.checkVisibility({ visibilityProperty: true })) continue;
    // Within a sentence a link is as high as its line.
    if (element.closest('p, .prose')) continue;
    const pressed = element.matches('[type=checkbox], [type=radio]') ? (element.closest('label') ?? element) : element;
    const box = pressed.getBoundingClientRect();
    const edges = getComputedStyle(element, '::after');
    const [width, height] = edges.content !== 'none' && edges.position === 'absolute'
      ? [Math.max(box.width, parseFloat(edges.width)), Math.max(box.height, parseFloat(edges.height))]
      : [box.width, box.height];
    // Half a pixel is what rounding makes of a rem.
    if (width < least - 0.5 || height < least - 0.5) {
      found.push(`${element.className || element.tagName}: ${Math.round(width)} × ${Math.round(height)}`);
    }
  }
  return found;
}
