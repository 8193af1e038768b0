// The app in parts: what is loaded when, and what happens when a part does not come.
import AxeBuilder from '@axe-core/playwright';
import { expect, test, Device } from './fixtures';

const missing = (device: Device) => device.page.getByText('A part of Tsugi could not be loaded');

test('a first visit loads the account screen first, and the rest behind it', async ({ browser, server }) => {
  const context = await browser.newContext({ serviceWorkers: 'block' });
  const page = await context.newPage();
  const loaded: string[] = [];
  page.on('request', (request) => loaded.push(new URL(request.url()).pathname.replace(/(-\w+)?-[0-9a-f]{16}(_bg)?/, '')));
  let release = () => {};
  const held = new Promise<void>((done) => (release = done));
  await page.route(/\/(app|rest)-.*\.wasm$/, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(server.url);
  await page.getByLabel('Email').fill('ann@example.org');
  expect(loaded).toContain('/tsugi.wasm');
  expect(loaded).not.toContain('/rest.wasm');
  // What the person asks for waits for the app, and what they typed stays.
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toContainText('password');
  await page.getByRole('button', { name: 'Use without an account' }).click();
  release();
  await expect(page.getByRole('textbox', { name: 'Add a task' })).toBeVisible();
  await expect.poll(() => loaded).toContain('/rest.wasm');
  await context.close();
});

for (const [how, part] of [
  ['the server does not have it', 'rest'],
  ['the network is cut', 'rest'],
  ['the server does not have it', 'app'],
  ['the network is cut', 'app'],
]) {
  test(`a part that cannot be loaded says so and can be tried again (${part}: ${how})`, async ({ browser, server }) => {
    const context = await browser.newContext({ serviceWorkers: 'block' });
    const device = new Device(await context.newPage());
    const { page } = device;
    await page.goto(server.url);
    await device.useWithoutAccount();
    await device.add('Saved before');
    await device.isSaved();
    const file = new RegExp(`/${part}-.*\\.wasm$`);
    await page.route(file, (route) => (how === 'the network is cut' ? route.abort() : route.fulfill({ status: 404 })));
    await page.reload();
    await expect(missing(device)).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, help }) => `${id}: ${help}`)).toEqual([]);
    if (part === 'rest') {
      // The tasks are there, and what is typed waits.
      await expect(device.checkbox('Saved before')).toBeVisible();
      const line = page.getByRole('textbox', { name: 'Add a task' });
      await line.fill('Typed meanwhile');
      await line.press('Enter');
      // So do the commands of keys.
      await line.blur();
      await page.keyboard.press('?');
    }
    await page.unroute(file);
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(missing(device)).toBeHidden();
    await expect(device.checkbox('Saved before')).toBeVisible();
    if (part === 'rest') {
      await expect(device.checkbox('Typed meanwhile')).toBeAttached();
      await expect(page.getByRole('dialog').getByText('Select all')).toBeVisible();
    }
    await context.close();
  });
}
