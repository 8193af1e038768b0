// The glance: the screen as it was left, shown before the app is there.
import type { Page } from '@playwright/test';
import { expect, test, type Device } from './fixtures';

const glance = (page: Page) => page.locator('#glance');
const line = (page: Page) => glance(page).getByRole('textbox', { name: 'Add a task' });

/** Reloads, and holds the app back. Call the answer to let it come. */
async function reloadHeld({ page }: Device): Promise<() => Promise<void>> {
  let release = () => {};
  const held = new Promise<void>((done) => (release = done));
  await page.route(/\.wasm$/, async (route) => {
    await held;
    await route.continue();
  });
  await page.reload({ waitUntil: 'commit' });
  await expect(glance(page)).toBeVisible();
  return async () => {
    release();
    await expect(glance(page)).toHaveCount(0);
    await page.unroute(/\.wasm$/);
  };
}

test.use({ serviceWorkers: 'block' });

test('the last screen is there before the app, and what is typed in it goes over', async ({ pair: [laptop, phone] }) => {
  const { page } = laptop;
  await laptop.add('Water the tomatoes tomorrow p1', 'Call Ann');
  await laptop.isSynced();
  const letIn = await reloadHeld(laptop);
  await expect(glance(page)).toHaveAttribute('aria-busy', 'true');
  await expect(glance(page).locator('.task__title')).toHaveText(['Water the tomatoes', 'Call Ann']);
  await expect(glance(page).locator('.due')).toHaveText('Tomorrow');
  await expect(glance(page).locator('.sidebar__name').filter({ hasText: 'Start here' })).toBeVisible();
  await line(page).click();
  await page.keyboard.type('Entered early');
  await page.keyboard.press('Enter');
  await page.keyboard.type('And another');
  await page.keyboard.press('Enter');
  await page.keyboard.type('Half a line');
  await page.keyboard.press('ArrowLeft');
  await letIn();
  const box = page.getByRole('textbox', { name: 'Add a task' });
  await expect(box).toHaveValue('Half a line');
  await expect(box).toBeFocused();
  expect(await box.evaluate((input: HTMLInputElement) => input.selectionStart)).toBe('Half a line'.length - 1);
  for (const title of ['Entered early', 'And another']) {
    await expect(laptop.checkbox(title)).toHaveCount(1);
    await expect(phone.checkbox(title)).toHaveCount(1);
  }
});

test('the glance looks as the app does, also on a phone and in the dark', async ({ newDevice, email }) => {
  const device = await newDevice({ viewport: { width: 390, height: 800 }, colorScheme: 'dark' });
  const { page } = device;
  await device.createAccount(email);
  await device.add('Water the tomatoes tomorrow p1 @garden', 'Call Ann');
  await device.isSynced();
  const boxes = (root: string) =>
    page.locator(`${root} :is(.header, .list-head__title, .quick-add, .task__title, .due, .bottom-bar)`).evaluateAll((all) =>
      all.map((node) => {
        const { x, y, width, height } = node.getBoundingClientRect();
        return [node.className, Math.round(x), Math.round(y), Math.round(width), Math.round(height), getComputedStyle(node).color];
      }),
    );
  const before = await boxes('body');
  const letIn = await reloadHeld(device);
  expect(await boxes('#glance')).toEqual(before);
  await letIn();
  await expect.poll(() => boxes('body')).toEqual(before);
});

test('a glance is forgotten at sign-out, and is not shown for another place or another build', async ({ newDevice, email, server }) => {
  const device = await newDevice();
  const { page } = device;
  const kept = () => page.evaluate(() => localStorage.getItem('tsugi.glance'));
  await device.createAccount(email);
  await device.add('Nobody else sees this');
  await device.isSynced();
  await page.reload();
  await device.isSynced();
  expect(await kept()).toContain('Nobody else sees this');
  await page.goto(`${server.url}/today`, { waitUntil: 'commit' });
  await expect(page.getByRole('heading', { name: 'Today', level: 1 })).toBeVisible();
  await page.evaluate(() => localStorage.setItem('tsugi.glance', localStorage.getItem('tsugi.glance')!.replace('"build":"', '"build":"x')));
  await page.getByRole('link', { name: /^Inbox/ }).click();
  await expect(device.checkbox('Nobody else sees this')).toBeVisible();
  await page.getByRole("button", { name: 'Account' }).click();
  await page.getByRole("button", { name: 'Sign out' }).click();
  await expect(page.getByRole('button', { name: 'Use without an account' })).toBeVisible();
  expect(await kept()).toBeNull();
  await page.reload();
  await expect(page.getByRole('button', { name: 'Use without an account' })).toBeVisible();
  expect(await kept()).toBeNull();
});

test('the glance goes in a tab that draws no frames, as in the background', async ({ newDevice, email }) => {
  const device = await newDevice();
  const { page } = device;
  await device.createAccount(email);
  await device.add('In the background');
  await device.isSynced();
  await page.addInitScript(() => {
    window.requestAnimationFrame = () => 0;
  });
  await page.reload();
  await expect(glance(page)).toHaveCount(0);
  await device.isSynced();
});

test('what is typed in a glance survives a reload before the app has come', async ({ newDevice, email }) => {
  const device = await newDevice();
  const { page } = device;
  await device.createAccount(email);
  await device.add('Here before');
  await device.isSynced();
  await reloadHeld(device);
  await line(page).click();
  await page.keyboard.type('Entered early');
  await page.keyboard.press('Enter');
  await page.keyboard.type('Half a line');
  await page.reload({ waitUntil: 'commit' });
  await expect(line(page)).toHaveValue('Half a line');
  await page.unroute(/\.wasm$/);
  await page.reload();
  await expect(device.checkbox('Entered early')).toHaveCount(1);
  await expect(page.getByRole('textbox', { name: 'Add a task' })).toHaveValue('Half a line');
});
