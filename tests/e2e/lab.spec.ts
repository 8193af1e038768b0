// The conflict lab in a real browser. Its rules have tests of their own, in crates/lab.
import AxeBuilder from '@axe-core/playwright';
import type { BrowserContextOptions, Page } from '@playwright/test';
import { expect, test as base, type Device } from './fixtures';
import { Lab } from './lab';

const test = base.extend<{ openLab: (options?: BrowserContextOptions) => Promise<Lab> }>({
  openLab: async ({ newDevice }, use) => {
    await use(async (options) => {
      const device: Device = await newDevice(options);
      await device.useWithoutAccount();
      const lab = new Lab(device);
      await lab.open();
      return lab;
    });
  },
});

const AGREED = 'Both devices show the same';
const ASKED = 'a person decides';

async function hasNoViolations(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
}

/** Presses Tab until the element has the focus. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const wanted = page.getByRole('button', { name, exact: true });
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab');
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`${name} cannot be reached by Tab`);
}

test('both rename, and a person decides by keyboard alone', async ({ openLab }) => {
  const lab = await openLab();
  const { page } = lab;
  await lab.play('Both rename', ASKED);
  await expect(page.locator('.lab-knot')).toHaveCount(1);
  await expect(lab.rows('Laptop').first()).toContainText('2 versions');
  await tabTo(page, 'Decide it on Phone');
  await page.keyboard.press('Enter');
  await expect(lab.device('Phone').getByRole('button', { name: /^Trip to Nara\s*Phone$/ })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(lab.page.locator('.lab-choice')).toHaveCount(0);
  for (const who of ['Laptop', 'Phone'] as const) {
    await expect(lab.rows(who).first()).toContainText('Trip to Nara');
    await expect(lab.rows(who).first()).not.toContainText('2 versions');
  }
  await expect(lab.device('Phone').getByRole('heading', { name: 'Phone' })).toBeFocused();
});

test('lines of notes come together, and nobody is asked', async ({ openLab }) => {
  const lab = await openLab();
  await lab.play('Lines of notes', AGREED);
  for (const who of ['Laptop', 'Phone'] as const) {
    await expect(lab.rows(who).first()).toContainText(/Tickets, by the window\s*Hotel\s*Camera/);
  }
  await expect(lab.page.getByRole('button', { name: /^Decide/ })).toHaveCount(0);
});

test('a device that is offline keeps what is typed, and sends it afterwards', async ({ openLab }) => {
  const lab = await openLab();
  const phone = lab.device('Phone');
  const offline = phone.getByRole('switch', { name: 'Offline, Phone' });
  await offline.click();
  await expect(offline).toBeChecked();
  await phone.getByRole('textbox', { name: 'Add a task, Phone' }).fill('Buy stamps');
  await phone.getByRole('textbox').press('Enter');
  await expect(phone).toContainText('1 waits');
  // A title is changed in its place.
  await phone.getByRole('button', { name: 'Buy milk' }).click();
  await phone.getByRole('button', { name: 'Rename' }).click();
  const title = phone.getByRole('textbox', { name: 'Title' });
  await expect(title).toBeFocused();
  await title.fill('Buy oat milk');
  await title.press('Enter');
  await expect(phone.getByRole('button', { name: 'Buy oat milk' })).toBeFocused();
  await expect(phone).toContainText('2 wait');
  await expect(lab.rows('Laptop')).toHaveText(['Trip', 'Buy milk', 'Call grandma'].map((name) => new RegExp(name)));
  await offline.click();
  await expect(lab.rows('Laptop')).toHaveCount(4);
  await expect(lab.rows('Laptop').nth(1)).toContainText('Buy oat milk');
  await expect(lab.story).toContainText(AGREED);
  // The others of what one can do, on the other device.
  const laptop = lab.device('Laptop');
  await laptop.getByRole('button', { name: 'Call grandma' }).click();
  await laptop.getByRole('button', { name: 'Tick off' }).click();
  await expect(lab.rows('Phone').nth(2)).toContainText('done');
  await laptop.getByRole('button', { name: 'Another day' }).click();
  await laptop.getByLabel('Another day', { exact: true }).and(lab.page.locator('input')).fill('2031-05-04');
  await lab.page.keyboard.press('Enter');
  await expect(lab.rows('Phone').nth(2)).toContainText('May 4');
  await laptop.getByRole('button', { name: 'Delete' }).click();
  await expect(lab.rows('Phone')).toHaveCount(3);
});

test('keys: Space pauses, the right arrow goes on step by step, and sliders keep their arrows', async ({ openLab }) => {
  const lab = await openLab();
  const { page } = lab;
  await page.keyboard.press('Space');
  await expect(lab.button('Play')).toBeVisible();
  await lab.button('Both rename').click();
  await page.getByRole('heading', { name: 'Conflict lab' }).focus();
  await page.keyboard.press('Space');
  const event = page.getByRole('list', { name: 'Everything that happened' }).getByRole('listitem');
  await page.getByText('Everything that happened', { exact: true }).click();
  const before = await event.count();
  for (let steps = 0; steps < 6; steps++) await page.keyboard.press('ArrowRight');
  expect(await event.count()).toBeGreaterThan(before);
  // Time stands still between the steps.
  const now = page.locator('.lab-now__words');
  const then = await now.textContent();
  const count = await event.count();
  const delay = lab.device('Laptop').getByRole('slider', { name: 'Delay, Laptop' });
  await delay.focus();
  await page.keyboard.press('ArrowRight');
  await expect(delay).toHaveAttribute('aria-valuetext', '220 ms');
  expect(await now.textContent()).toBe(then);
  expect(await event.count()).toBe(count);
});

test('who wants nothing to move sees it step by step', async ({ openLab }) => {
  const lab = await openLab({ reducedMotion: 'reduce' });
  await lab.button('Both rename').click();
  const seen = new Set<string>();
  await expect(async () => {
    seen.add((await lab.page.locator('.lab-now__words').textContent()) ?? '');
    expect(seen.size).toBeGreaterThan(2);
  }).toPass({ intervals: [100] });
  // Without motion there are far fewer pictures than frames.
  expect(seen.size).toBeLessThan(6);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`no violation of axe, ${colorScheme}`, async ({ openLab }) => {
    const lab = await openLab({ colorScheme });
    await hasNoViolations(lab.page);
    await lab.play('Deleted and edited', ASKED);
    await lab.device('Phone').getByRole('switch').click();
    await lab.page.getByText('Everything that happened', { exact: true }).click();
    await hasNoViolations(lab.page);
  });
}

test('on a phone nothing scrolls sideways', async ({ openLab }) => {
  const lab = await openLab({ viewport: { width: 390, height: 780 } });
  await lab.play('Both rename', ASKED);
  const width = await lab.page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBe(390);
});

test('in Japanese', async ({ newDevice }) => {
  const device = await newDevice({ locale: 'ja-JP' });
  await device.page.getByRole('button', { name: 'アカウントなしで使う' }).click();
  await expect(device.page.getByRole('link', { name: /インボックス/ }).first()).toBeVisible();
  await device.page.goto(new URL('/lab', device.page.url()).href);
  await expect(device.page.getByRole('heading', { name: '食い違いの実験室' })).toBeVisible();
  await device.page.getByRole('button', { name: '両方で名前を変更' }).click();
  await expect(device.page.getByText('2つの内容が出会う')).toBeVisible({ timeout: 15_000 });
  await device.page.getByRole('button', { name: 'スマホで決める' }).click();
  await device.page.keyboard.press('Enter');
  await expect(device.page.getByRole('list', { name: 'ノートPCのタスク' }).getByRole('listitem').first()).toContainText('奈良旅行');
});

test('it is loaded when it is opened, and then also without a network', async ({ newDevice }) => {
  const device = await newDevice();
  const { page } = device;
  const loaded: string[] = [];
  page.on('request', (request) => loaded.push(new URL(request.url()).pathname));
  await device.useWithoutAccount();
  await device.opensWithoutNetwork();
  expect(loaded.filter((path) => path.startsWith('/lab-'))).toEqual([]);
  await page.context().setOffline(true);
  await page.goto(new URL('/lab', page.url()).href);
  await expect(page.getByRole('button', { name: 'Both rename' })).toBeVisible();
});
