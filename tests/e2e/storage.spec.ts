// A browser whose storage fails, and an app that ends: what the person reads then, and that nothing is lost by it.
import { readFile } from 'node:fs/promises';
import { AxeBuilder } from '@axe-core/playwright';
import { type Page } from '@playwright/test';
import { Device, expect, test } from './fixtures';

/** From now on there is no room, until `makeRoom`. */
async function fill(page: Page): Promise<void> {
  await page.evaluate(() => {
    const add = IDBObjectStore.prototype.add;
    Object.assign(window, { makeRoom: () => (IDBObjectStore.prototype.add = add) });
    IDBObjectStore.prototype.add = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
  });
}

test('with no room left, edits stay, are said to be unsaved, and are saved and sent once there is room', async ({
  pair: [laptop, phone],
}) => {
  await fill(laptop.page);
  await laptop.add('Where to put it');
  await expect(laptop.checkbox('Where to put it')).toBeVisible();
  await expect(laptop.status).toContainText(/^\s*Needs attention/);
  await laptop.page.getByRole('button', { name: 'Sync details' }).click();
  await expect(laptop.page.getByText('Not saved on this device: there is no room left.')).toBeVisible();
  const onDevice = laptop.page.locator('#sync-details .facts__row').filter({ hasText: 'On this device' });
  await expect(onDevice.getByRole('definition')).toHaveText('Not saved');
  await laptop.page.keyboard.press('Escape');
  // A new version may be there: nobody is taken to it from an edit that would be lost.
  await laptop.page.evaluate(() => window.dispatchEvent(new Event('tsugi-update')));
  await laptop.update.getByRole('button', { name: 'Reload' }).click();
  await expect(laptop.page.getByRole('alert')).toContainText('Not reloaded');
  await expect(laptop.checkbox('Where to put it')).toBeVisible();

  await laptop.page.evaluate(() => (window as unknown as { makeRoom: () => void }).makeRoom());
  await laptop.isSynced();
  await expect(phone.checkbox('Where to put it')).toBeVisible();
  await laptop.page.reload();
  await expect(laptop.checkbox('Where to put it')).toBeVisible();
});

test('with no storage at all it works in memory, says so, and an account keeps what was written', async ({ newDevice, email, server }) => {
  const laptop = await newDevice();
  await laptop.page.context().addInitScript(() => Object.defineProperty(window, 'indexedDB', { get: () => undefined }));
  await laptop.page.reload();
  await laptop.useWithoutAccount();
  await expect(laptop.page.getByRole('alert')).toContainText('everything is lost when this page is closed');
  await laptop.add('Written on water');
  await expect(laptop.status).toContainText(/^\s*Needs attention/);
  await laptop.page.getByRole('button', { name: 'Sync details' }).click();
  await expect(laptop.page.getByText('In memory only, until this page is closed', { exact: true })).toBeVisible();
  await laptop.page.keyboard.press('Escape');

  await laptop.wantAccount();
  await laptop.page.getByRole('textbox', { name: 'Email' }).fill(email);
  await laptop.page.getByRole('textbox', { name: 'Password' }).fill('correct horse battery');
  await laptop.page.getByRole('button', { name: 'Create account' }).click();
  await expect(laptop.page.getByRole('alert')).toContainText('what has reached the server is safe');
  const phone = await newDevice();
  await phone.signIn(email);
  await expect(phone.checkbox('Written on water')).toBeVisible();
  // Each tab is on its own, and all of them are in step.
  const second = await laptop.anotherTab(server.url);
  await expect(second.checkbox('Written on water')).toBeVisible();
  await second.add('From a second tab');
  await expect(laptop.checkbox('From a second tab')).toBeVisible();
  await expect(phone.checkbox('From a second tab')).toBeVisible();
});

test('data that the browser has thrown away are missed, and fetched again', async ({ newDevice, email, server }) => {
  const laptop = await newDevice();
  await laptop.createAccount(email);
  await laptop.add('On the server');
  await laptop.isSynced();
  // A page of this site without the app.
  await laptop.open(`${server.url}/healthz`);
  await laptop.page.evaluate(async () => {
    for (const { name } of await indexedDB.databases()) {
      await new Promise((resolve, reject) => {
        const request = indexedDB.deleteDatabase(name!);
        request.onsuccess = resolve;
        request.onerror = reject;
      });
    }
  });
  await laptop.open(server.url);
  await expect(laptop.page.getByRole('alert')).toContainText('has thrown away what Tsugi kept on this device');
  await expect(laptop.checkbox('On the server')).toBeVisible();
  await laptop.isSynced();
  await laptop.page.reload();
  await expect(laptop.checkbox('On the server')).toBeVisible();
  await expect(laptop.page.getByRole('alert')).toHaveCount(0);
});

test('a connection that dies is opened again, and nobody notices', async ({ pair: [laptop, phone] }) => {
  await laptop.page.evaluate(() => {
    const transaction = IDBDatabase.prototype.transaction;
    IDBDatabase.prototype.transaction = function (...given) {
      // Once, for good: what comes after is a connection of its own.
      IDBDatabase.prototype.transaction = transaction;
      this.close();
      return transaction.apply(this, given);
    };
  });
  await laptop.add('After the break');
  await expect(phone.checkbox('After the break')).toBeVisible();
  await laptop.isSynced();
});

test('storage is asked for once, at the first edit', async ({ newDevice, server }) => {
  const device = await newDevice();
  const { page } = device;
  await page.addInitScript(() => {
    const asked = Number(localStorage.getItem('asked') ?? 0);
    StorageManager.prototype.persist = async () => {
      localStorage.setItem('asked', String(asked + 1));
      return true;
    };
    StorageManager.prototype.persisted = async () => asked > 0 || localStorage.getItem('asked') !== null;
  });
  const asked = () => page.evaluate(() => localStorage.getItem('asked'));
  await page.reload();
  await page.getByRole('button', { name: 'Use without an account' }).click();
  await expect(page.getByRole('textbox', { name: 'Add a task' })).toBeVisible();
  expect(await asked(), 'with nothing to lose').toBeNull();
  await device.add('Something to lose');
  await expect.poll(asked).toBe('1');
  await page.goto(`${server.url}/about-sync`);
  await expect(page.locator('.truth').getByText('For good, until you remove it')).toBeVisible();
  await expect(page.locator('.facts__row').filter({ hasText: 'Version' })).toContainText(/0\.\d+\.\d+, build [0-9a-f]{8}/);
  await expect(page.locator('.facts__row').filter({ hasText: 'Storage used' })).toContainText(/ [kMG]B of /);
  await page.goto(server.url);
  await device.add('More');
  await expect(device.checkbox('More')).toBeVisible();
  expect(await asked()).toBe('1');
});

test('a copy of everything is a file with what is here and what waits', async ({ newDevice, email, server }) => {
  const laptop = await newDevice();
  await laptop.createAccount(email);
  await laptop.add('On the server');
  await laptop.isSynced();
  await laptop.workOffline(true);
  await laptop.add('Only here');
  // Leaving the page is no way to lose a millisecond's work in a test about something else.
  await laptop.isSaved();
  await laptop.page.goto(`${server.url}/about-sync`);
  const download = laptop.page.waitForEvent('download');
  await laptop.page.getByRole('button', { name: 'Save a copy of everything' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^tsugi-\d{4}-\d\d-\d\d\.json$/);
  const text = await readFile(await file.path(), 'utf8');
  const copy = JSON.parse(text);
  expect([copy.format, copy.version]).toEqual(['tsugi-copy', 1]);
  // Beside the list that teaches, which every new account has.
  const titles = copy.entities.map(({ fields }: { fields: { title?: string } }) => fields.title);
  expect(titles).toEqual(expect.arrayContaining(['On the server', 'Only here']));
  expect(copy.waiting.map(({ set }: { set: { title: string } }) => set.title)).toEqual(['Only here']);
  expect(text).not.toContain(email);
  const { violations } = await new AxeBuilder({ page: laptop.page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
});

for (const [locale, heading, text, reload] of [
  ['en-US', 'Tsugi has stopped', 'Your saved edits are safe on this device', 'Reload'],
  ['ja-JP', 'Tsugiが停止しました', '無事に残っています', '再読み込み'],
]) {
  test(`an app that ends says so, and what waits is there after a reload (${locale})`, async ({ browser, server }) => {
    // Not `newDevice`, which counts what is thrown here as a failure.
    const context = await browser.newContext({ locale });
    const device = new Device(await context.newPage());
    const { page } = device;
    await page.addInitScript(() => {
      const start = WebAssembly.instantiateStreaming;
      WebAssembly.instantiateStreaming = async (source, imports) => {
        const started = await start(source, imports);
        // The first module has the memory, and its parts share it.
        if (!('app' in window)) Object.assign(window, { app: started.instance });
        return started;
      };
    });
    await device.open(server.url);
    await page.getByRole('button', { name: locale === 'en-US' ? 'Use without an account' : 'アカウントなしで使う' }).click();
    const box = page.locator('#quick-add');
    await box.fill('Waiting');
    await box.press('Enter');
    await expect(page.getByRole('checkbox', { name: 'Waiting' })).toBeVisible();
    await expect.poll(() => page.evaluate(logged)).toBe(1);

    // Its memory is gone, as after a fault: whatever it does next leads nowhere, and is its end.
    await page.evaluate(() => {
      const { memory } = (window as unknown as { app: WebAssembly.Instance }).app.exports;
      new Uint8Array((memory as WebAssembly.Memory).buffer).fill(255);
    });
    await page.getByRole('checkbox', { name: 'Waiting' }).dispatchEvent('click');
    const overlay = page.getByRole('alertdialog', { name: heading });
    await expect(overlay).toBeVisible();
    await expect(overlay).toContainText(text);
    const button = overlay.getByRole('button', { name: reload });
    await expect(button).toBeFocused();
    const { violations } = await new AxeBuilder({ page }).include('#tsugi-stopped').analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);

    await button.click();
    await expect(page.getByRole('checkbox', { name: 'Waiting' })).toBeVisible();
    await expect(overlay).toBeHidden();
    expect(await page.evaluate(logged)).toBe(1);
    await context.close();
  });
}

/** How many rows of the workspace's log are about the task of this test. */
async function logged(): Promise<number> {
  const [{ name }] = await indexedDB.databases();
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name!);
    request.onerror = reject;
    request.onsuccess = () => {
      const rows = request.result.transaction('log').objectStore('log').getAll();
      rows.onsuccess = () => {
        request.result.close();
        resolve(rows.result.filter((row) => String(row).includes('Waiting')).length);
      };
    };
  });
}

test('an app that cannot start says so in place of a blank page', async ({ browser, server }) => {
  const context = await browser.newContext({ serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.route(/\.wasm$/, (route) => route.abort());
  await page.goto(server.url);
  const overlay = page.getByRole('alertdialog', { name: 'Tsugi' });
  await expect(overlay).toContainText('Tsugi could not start');
  await expect(overlay).toContainText('起動できませんでした');
  await page.unroute(/\.wasm$/);
  await overlay.getByRole('button', { name: 'Reload' }).click();
  await expect(page.getByRole('button', { name: 'Use without an account' })).toBeVisible();
  await context.close();
});
