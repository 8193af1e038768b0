// The app as something that is installed: it starts by itself, and becomes another version when the person says so.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from '@playwright/test';
import { deploy, deployNext } from './deploy';
import { Device, expect, test as base } from './fixtures';

const test = base.extend({
  dist: async ({ dist }, use) => {
    const folder = await deploy(dist);
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
});

const build = (device: Device) =>
  device.page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--build').trim());

test('a browser finds nothing that keeps it from being installed', async ({ server, launchOptions }) => {
  // Not a context of the browser that is there: those are private windows, in which nothing can be installed.
  const profile = await mkdtemp(join(tmpdir(), 'tsugi-profile-'));
  const context = await chromium.launchPersistentContext(profile, { ...launchOptions, locale: 'en-US' });
  const device = new Device(await context.newPage());
  const { page } = device;
  await device.open(server.url);
  await device.opensWithoutNetwork();
  const browser = await context.newCDPSession(page);
  expect((await browser.send('Page.getInstallabilityErrors')).installabilityErrors).toEqual([]);
  const { errors, data, url } = await browser.send('Page.getAppManifest');
  expect(errors).toEqual([]);
  const manifest = JSON.parse(data!);
  const kept = await page.evaluate(async () => (await (await caches.open('tsugi-app')).keys()).map((key) => new URL(key.url).pathname));
  const types: Record<string, string> = { svg: 'image/svg+xml', png: 'image/png' };
  for (const { src } of manifest.icons) {
    const answer = await page.request.get(server.url + src);
    expect(answer.headers()['content-type'], src).toBe(types[src.split('.').pop()!]);
    expect(kept, 'for when there is no network').toContain(src);
  }
  expect((await page.request.get(url)).headers()['content-type']).toBe('application/manifest+json');
  expect(kept).toContain('/manifest.webmanifest');

  await device.useWithoutAccount();
  await device.add('Before');
  const [add, today] = manifest.shortcuts;
  await device.open(server.url + add.url);
  await page.getByRole('dialog').getByRole('textbox', { name: 'Add a task' }).fill('From the icon');
  await page.keyboard.press('Enter');
  await expect(device.checkbox('From the icon')).toBeVisible();
  expect(new URL(page.url()).search, 'it was asked for once').toBe('');
  await device.open(server.url + today.url);
  await expect(page.getByRole('heading', { name: 'Today' })).toBeVisible();
  await context.close();
  await rm(profile, { recursive: true, force: true });
});

test('the colour of the frame is that of the theme', async ({ newDevice, server }) => {
  const { page } = await newDevice();
  await page.getByRole('button', { name: 'Use without an account' }).click();
  await page.goto(`${server.url}/settings`);
  const colours = () =>
    page.locator('meta[name=theme-color]').evaluateAll((all) => all.map((meta) => meta.getAttribute('content')));
  expect(await colours()).toEqual(['#faf8f4', '#1a1a18']);
  await page.getByRole('radio', { name: 'Dark' }).check();
  await expect.poll(colours).toEqual(['#1a1a18', '#1a1a18']);
  await page.reload();
  await expect.poll(colours).toEqual(['#1a1a18', '#1a1a18']);
});

test('a new version is offered; what is being typed goes on, and is kept when it is taken', async ({
  pair: [laptop, phone],
  dist,
  server,
}) => {
  await laptop.opensWithoutNetwork();
  await laptop.add('A task');
  await laptop.page.getByRole('button', { name: 'Edit A task' }).click();
  await laptop.editor.getByLabel('Title', { exact: true }).fill('In the middle of it');
  await deployNext(dist, 'second');
  await laptop.lookForUpdate();
  await expect(laptop.update).toBeVisible();
  await expect(laptop.editor.getByLabel('Title', { exact: true })).toHaveValue('In the middle of it');
  expect(await build(laptop), 'nobody has asked for it').toBe('');
  const { violations } = await new AxeBuilder({ page: laptop.page }).analyze();
  expect(violations.map(({ id, help }) => `${id}: ${help}`)).toEqual([]);

  await laptop.update.getByRole('button', { name: 'Reload' }).click();
  await expect.poll(() => build(laptop).catch(() => '')).toBe('second');
  await expect(laptop.checkbox('In the middle of it')).toBeVisible();
  await expect(phone.checkbox('In the middle of it')).toBeVisible();
  await laptop.isSynced();
  await expect(laptop.update).toBeHidden();

  await server.stop();
  await laptop.page.reload();
  expect(await build(laptop), 'without a network too').toBe('second');
  await expect(laptop.checkbox('In the middle of it')).toBeVisible();
});

test('two tabs of two versions work side by side, and the older keeps its files', async ({ newDevice, email, dist, server }) => {
  const first = await newDevice();
  await first.createAccount(email);
  await first.opensWithoutNetwork();
  const phone = await newDevice();
  await phone.signIn(email);
  await deployNext(dist, 'second');
  await first.lookForUpdate();
  await expect(first.update).toBeVisible();
  await first.update.getByRole('button', { name: 'Later' }).click();
  await expect(first.update).toBeHidden();

  const second = await first.anotherTab(server.url);
  await second.isSynced();
  expect([await build(first), await build(second)]).toEqual(['', 'second']);
  await first.add('From the older');
  await second.add('From the newer');
  await phone.add('From the phone');
  for (const device of [first, second, phone]) {
    await expect(device.tasks).toHaveCount(3);
    await device.isSynced();
  }

  // Two versions later, the first tab still has all that it is made of; once it is gone, so is that.
  const kept = () =>
    second.page.evaluate(async () => (await (await caches.open('tsugi-app')).keys()).map((key) => new URL(key.url).pathname));
  const styles = await first.page.locator('link[rel=stylesheet]').evaluateAll((all) => all.map((link) => link.getAttribute('href')!));
  const own = styles.find((name) => name.startsWith('/style-'))!;
  for (const name of ['third', 'fourth']) {
    await deployNext(dist, name);
    await second.lookForUpdate();
    await expect(second.update).toBeVisible();
    await second.page.reload();
    await expect.poll(() => build(second)).toBe(name);
    expect(await kept()).toContain(own);
  }
  await first.page.close();
  await deployNext(dist, 'fifth');
  await second.lookForUpdate();
  await expect(second.update).toBeVisible();
  await expect.poll(kept).not.toContain(own);
  await expect(second.tasks).toHaveCount(3);
});

test('the sign-in page of a network is not taken for a new version', async ({ newDevice, server }) => {
  const device = await newDevice();
  await device.useWithoutAccount();
  await device.opensWithoutNetwork();
  await device.add('Still here');
  let asked = 0;
  await device.page.context().route(server.url + '/', (route) => {
    asked += 1;
    return route.fulfill({ contentType: 'text/html', body: '<a href="/pay">Welcome to our hotel</a>' });
  });
  await device.lookForUpdate();
  await expect.poll(() => asked).toBeGreaterThan(0);
  await device.page.reload();
  await expect(device.checkbox('Still here')).toBeVisible();
  await expect(device.update).toBeHidden();
});
