import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Device } from './fixtures';

const day = (n: number) => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10);

async function withTasks(device: Device, email: string): Promise<void> {
  await device.createAccount(email);
  await device.add('Water the plants', 'Call Aiko', 'Buy oat milk');
  await device.edit('Call Aiko', { Due: day(1) });
  await device.edit('Buy oat milk', { Notes: 'two litres' });
}

const heading = (device: Device, name: string) => device.page.getByRole('heading', { level: 1, name, exact: true });

test('every place has an address that survives a reload, a title, and the focus at its heading', async ({ newDevice, email }) => {
  const laptop = await newDevice();
  const { page } = laptop;
  await withTasks(laptop, email);
  const main = page.getByRole('navigation', { name: 'Main' });
  for (const [name, path] of [
    ['Today', '/today'],
    ['Upcoming', '/upcoming'],
    ['Completed', '/completed'],
    ['Deleted', '/deleted'],
    ['About sync', '/about-sync'],
    ['Settings', '/settings'],
    ['Inbox', '/inbox'],
  ]) {
    await main.getByRole('link', { name }).click();
    await expect(page).toHaveURL(new RegExp(`${path}$`));
    await expect(heading(laptop, name)).toBeFocused();
    await expect(page).toHaveTitle(`${name} · Tsugi`);
    await page.reload();
    await expect(heading(laptop, name)).toBeVisible();
    await expect(main.getByRole('link', { name })).toHaveAttribute('aria-current', 'page');
  }
});

test('back closes the editor and keeps what was typed; forward opens it again', async ({ newDevice, email }) => {
  const laptop = await newDevice();
  const { page } = laptop;
  await withTasks(laptop, email);
  await page.getByRole('button', { name: 'Edit Water the plants', exact: true }).click();
  await laptop.editor.getByLabel('Title', { exact: true }).fill('Water the tomatoes');
  await page.goBack();
  await expect(laptop.editor).toBeHidden();
  await expect(laptop.checkbox('Water the tomatoes')).toBeVisible();
  await page.goForward();
  await expect(laptop.editor.getByLabel('Title', { exact: true })).toHaveValue('Water the tomatoes');
  await page.reload();
  await expect(laptop.editor.getByLabel('Title', { exact: true })).toHaveValue('Water the tomatoes');
});

test('search finds as one types, in titles and notes, also without a network', async ({ newDevice, email, server }) => {
  const laptop = await newDevice();
  const { page } = laptop;
  await withTasks(laptop, email);
  await server.stop();
  await heading(laptop, 'Inbox').click();
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox', { name: 'Search tasks' })).toBeFocused();
  await page.keyboard.type('LITRES');
  await expect.poll(() => laptop.titles()).toEqual(['Buy oat milk']);
  await page.keyboard.type(' of');
  await expect(page.getByText('Nothing found', { exact: true }).first()).toBeVisible();
  await expect(page).toHaveURL(/\/search\?q=LITRES%20of$/);
});

test('the keyboard goes, moves, edits, selects, takes back and does again', async ({ newDevice, email }) => {
  const laptop = await newDevice();
  const { page } = laptop;
  await withTasks(laptop, email);
  await heading(laptop, 'Inbox').click();
  await page.keyboard.press('g');
  await page.keyboard.press('u');
  await expect(heading(laptop, 'Upcoming')).toBeVisible();
  await expect.poll(() => laptop.titles()).toEqual(['Call Aiko']);
  await page.keyboard.press('g');
  await page.keyboard.press('i');
  await expect(heading(laptop, 'Inbox')).toBeFocused();
  await page.keyboard.press('j');
  await expect(laptop.checkbox('Water the plants')).toBeFocused();
  await page.keyboard.press('j');
  await expect(laptop.checkbox('Call Aiko')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(laptop.editor.getByLabel('Title', { exact: true })).toHaveValue('Call Aiko');
  await page.keyboard.press('Escape');
  await expect(laptop.editor).toBeHidden();
  await laptop.checkbox('Call Aiko').focus();
  await page.keyboard.press('x');
  await page.keyboard.press('k');
  await page.keyboard.press('x');
  await page.getByRole('toolbar', { name: 'Selection' }).getByRole('button', { name: 'Delete' }).click();
  await expect.poll(() => laptop.titles()).toEqual(['Buy oat milk']);
  await laptop.isSynced();
  await heading(laptop, 'Inbox').click();
  await page.keyboard.press('ControlOrMeta+z');
  await expect.poll(() => laptop.titles()).toEqual(['Water the plants', 'Call Aiko', 'Buy oat milk']);
  await page.keyboard.press('ControlOrMeta+z');
  await page.keyboard.press('ControlOrMeta+Shift+z');
  await page.keyboard.press('ControlOrMeta+Shift+z');
  await expect.poll(() => laptop.titles()).toEqual(['Buy oat milk']);
});

test('the palette finds places, lists, commands and tasks by a few letters', async ({ newDevice, email }) => {
  const laptop = await newDevice();
  const { page } = laptop;
  await withTasks(laptop, email);
  const palette = page.getByRole('dialog', { name: 'Commands' });
  const run = async (typed: string) => {
    await page.keyboard.press('ControlOrMeta+k');
    await palette.getByRole('combobox').fill(typed);
    await expect(palette.getByRole('option').first()).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(palette).toBeHidden();
  };
  await run('upcom');
  await expect(heading(laptop, 'Upcoming')).toBeVisible();
  await run('new list');
  await page.getByRole('textbox', { name: 'Name of the list' }).fill('Groceries');
  await page.keyboard.press('Enter');
  await expect(heading(laptop, 'Groceries')).toBeVisible();
  await laptop.add('Rye bread');
  await run('inb');
  await expect(laptop.checkbox('Rye bread')).toHaveCount(0);
  await run('groc');
  await expect(laptop.checkbox('Rye bread')).toBeVisible();
  await page.keyboard.press('ControlOrMeta+k');
  await palette.getByRole('combobox').fill('aiko');
  await palette.getByRole('option', { name: 'Call Aiko' }).click();
  await expect(laptop.editor.getByLabel('Title', { exact: true })).toHaveValue('Call Aiko');
});

test('a deleted task can be restored from among the deleted, on another device too', async ({ pair: [laptop, phone] }) => {
  await laptop.add('Keep me');
  await laptop.remove('Keep me');
  await laptop.isSynced();
  await phone.page.goto(new URL('/deleted', phone.page.url()).href);
  await phone.page.getByRole('button', { name: 'Restore Keep me' }).click();
  await expect(laptop.checkbox('Keep me')).toBeVisible();
});

test('Japanese, chosen or asked for by the browser, at once and for good', async ({ newDevice, email }) => {
  const laptop = await newDevice();
  const { page } = laptop;
  await withTasks(laptop, email);
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('radio', { name: '日本語' }).check();
  await expect(heading(laptop, '設定')).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'ja');
  await page.reload();
  await expect(heading(laptop, '設定')).toBeVisible();
  const phone = await newDevice({ locale: 'ja-JP' });
  await expect(phone.page.getByRole('button', { name: 'アカウントを作成' })).toBeVisible();
});

for (const theme of ['Light', 'Dark', 'High contrast']) {
  test(`no place has an accessibility violation (${theme})`, async ({ newDevice, email }) => {
    const laptop = await newDevice({ reducedMotion: 'reduce' });
    const { page } = laptop;
    await withTasks(laptop, email);
    const check = async (screen: string) => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      const found = violations.map((v) => `${v.id}: ${v.help} (${v.nodes.map((n) => n.target.join(' ')).join('; ')})`);
      expect(found, `axe on ${screen}`).toEqual([]);
    };
    await page.goto(new URL('/settings', page.url()).href);
    await page.getByRole('radio', { name: theme, exact: true }).check();
    await check('/settings');
    for (const path of ['/upcoming', '/search?q=milk', '/completed', '/about-sync', '/nowhere-at-all']) {
      await page.goto(new URL(path, page.url()).href);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await laptop.isSynced();
      await check(path);
    }
    await page.keyboard.press('ControlOrMeta+k');
    await expect(page.getByRole('option').first()).toBeVisible();
    await check('the palette');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
    await check('the shortcuts');
  });
}
