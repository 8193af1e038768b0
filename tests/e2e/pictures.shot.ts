// The pictures in docs/images, taken from the app itself: run with `--config pictures.config.ts` like the end-to-end
// tests, and look at what comes out.
import { join } from 'node:path';
import { expect, test, type Device } from './fixtures';

const FOLDER = join(import.meta.dirname, '../../docs/images');
// Written as one writes them: the app makes lists, labels and dates of it.
const TASKS = [
  'Water the tomatoes tomorrow @garden p2',
  'Send Mika the ferry times friday 15:00 #Travel',
  'Renew the passport today p1 #Travel',
  'Book the dentist in 3 days @health',
  'Pay the rent every 1st p1 #Home',
  'Fix the kitchen tap saturday #Home @tools',
  'Read the chapter on tides',
  'Call the bank',
];
const JAPANESE = ['明日15時 歯医者 #家族', '牛乳と卵を買う #買い物', '毎週月曜 議事録を送る p2', '3日後 図書館に本を返す @本', '次のひとつを継ぐ'];
const WIDE = { viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1.5 };
const PHONE = { viewport: { width: 390, height: 780 }, deviceScaleFactor: 2, hasTouch: true };

async function shot(device: Device, name: string): Promise<void> {
  await device.page.waitForTimeout(200);
  await device.page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled' });
}

async function fill(device: Device, titles: string[]): Promise<void> {
  await device.page.goto(new URL('/inbox', device.page.url()).href);
  const box = device.page.locator('#quick-add');
  for (const title of titles) {
    await box.fill(title);
    await box.press('Enter');
    await expect(box).toHaveValue('');
  }
}

async function go(device: Device, path: string): Promise<void> {
  await device.page.goto(new URL(path, device.page.url()).href);
  await expect(device.page.getByRole('heading', { level: 1 })).toBeVisible();
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`pictures, ${colorScheme}`, async ({ newDevice, email }) => {
    test.setTimeout(180_000);
    const laptop = await newDevice({ colorScheme, ...WIDE });
    await shot(laptop, `account-${colorScheme}`);
    await laptop.createAccount(email);
    await fill(laptop, TASKS);
    await laptop.checkbox('Call the bank').check();
    await laptop.isSynced();
    await go(laptop, '/inbox');
    await shot(laptop, `list-${colorScheme}`);
    await laptop.page.locator('#quick-add').fill('Water the lemon tree every friday 8:00 @garden p2 #Home');
    await shot(laptop, `quick-add-${colorScheme}`);
    await laptop.page.locator('#quick-add').fill('');
    await go(laptop, '/today');
    await shot(laptop, `today-${colorScheme}`);
    await go(laptop, '/upcoming');
    await shot(laptop, `upcoming-${colorScheme}`);
    await laptop.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Home/ }).click();
    await expect(laptop.checkbox('Pay the rent')).toBeVisible();
    await laptop.page.getByRole('button', { name: 'Edit Pay the rent', exact: true }).click();
    await shot(laptop, `editor-${colorScheme}`);
    await laptop.page.keyboard.press('Escape');
    await laptop.page.keyboard.press('Control+k');
    await shot(laptop, `palette-${colorScheme}`);
    await laptop.page.keyboard.press('Escape');
    for (const place of ['search?q=the', 'completed', 'settings', 'about-sync']) {
      await go(laptop, `/${place}`);
      await shot(laptop, `${place.split('?')[0]}-${colorScheme}`);
    }

    const phone = await newDevice({ colorScheme, ...PHONE });
    await shot(phone, `account-phone-${colorScheme}`);
    await phone.signIn(email);
    await shot(phone, `list-phone-${colorScheme}`);
    await go(phone, '/upcoming');
    await shot(phone, `upcoming-phone-${colorScheme}`);
    await go(phone, '/inbox');
    await go(laptop, '/inbox');
    await phone.workOffline(true);
    await phone.edit('Read the chapter on tides', { Title: 'Read the chapter on tides and moons' });
    await phone.page.waitForTimeout(300);
    await shot(phone, `offline-phone-${colorScheme}`);
  });
}

test('pictures, Japanese', async ({ newDevice, email }) => {
  test.setTimeout(120_000);
  const laptop = await newDevice(WIDE);
  await laptop.createAccount(email);
  await go(laptop, '/settings');
  await laptop.page.getByRole('radio', { name: '日本語' }).check();
  await fill(laptop, JAPANESE);
  await go(laptop, '/inbox');
  await shot(laptop, 'list-japanese');
  await go(laptop, '/upcoming');
  await shot(laptop, 'upcoming-japanese');
  const phone = await newDevice(PHONE);
  await phone.signIn(email);
  await go(phone, '/settings');
  await phone.page.getByRole('radio', { name: '日本語' }).check();
  await go(phone, '/inbox');
  await shot(phone, 'list-phone-japanese');
});

// Every view, in each of the ways it may look: docs/screens.md shows them side by side.
const HOUSE = {
  english: {
    list: 'Home',
    label: 'garden',
    word: 'the',
    sections: ['Kitchen', 'Garden'],
    tasks: [...TASKS, 'Descale the kettle #Home', 'Oil the chopping board #Home', 'Mulch the roses tomorrow #Home @garden p2'],
    inSections: ['Mulch the roses', 'Oil the chopping board', 'Descale the kettle'],
    done: 'Call the bank',
    gone: 'Read the chapter on tides',
  },
  japanese: {
    list: '家族',
    label: '庭',
    word: 'を',
    sections: ['台所', '庭仕事'],
    tasks: [...JAPANESE, '今日 パスポートを更新する p1', '市役所に電話する', '古い雑誌を捨てる', 'やかんを洗う #家族', 'まな板に油を塗る #家族', '明日 バラに水をやる #家族 @庭 p2'],
    inSections: ['バラに水をやる', 'まな板に油を塗る', 'やかんを洗う'],
    done: '市役所に電話する',
    gone: '古い雑誌を捨てる',
  },
};

async function speak(device: Device, language: 'English' | '日本語'): Promise<void> {
  await go(device, '/settings');
  await device.page.getByRole('radio', { name: language }).check();
}

for (const look of ['light', 'dark', 'phone', 'japanese'] as const) {
  test(`every view, ${look}`, async ({ newDevice, email }) => {
    test.setTimeout(180_000);
    const house = HOUSE[look === 'japanese' ? 'japanese' : 'english'];
    const maker = await newDevice({ viewport: { width: 1280, height: 800 } });
    await maker.createAccount(email);
    if (look === 'japanese') await speak(maker, '日本語');
    await fill(maker, house.tasks);
    if (look === 'japanese') await speak(maker, 'English');
    await go(maker, '/inbox');
    await maker.checkbox(house.done).check();
    await maker.remove(house.gone);
    const link = maker.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: new RegExp(`^${house.list}`) });
    await link.click();
    for (const section of house.sections) {
      await maker.page.getByRole('main').getByRole('button', { name: 'New section' }).first().click();
      await maker.page.getByRole('textbox', { name: 'Name' }).fill(section);
      await maker.page.keyboard.press('Enter');
      await expect(maker.page.getByRole('heading', { level: 2, name: section })).toBeVisible();
    }
    for (const [nth, title] of house.inSections.entries()) {
      await maker.checkbox(title).focus();
      for (let down = nth === 0 ? 2 : 1; down > 0; down -= 1) await maker.page.keyboard.press('Alt+ArrowDown');
    }
    await maker.isSynced();
    const list = new URL(maker.page.url()).pathname;
    const labelled = maker.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: new RegExp(`^${house.label}`) });
    await labelled.last().click();
    await expect(maker.page).toHaveURL(/label/);
    const label = new URL(maker.page.url()).pathname;

    const device = look === 'phone' ? await newDevice(PHONE) : maker;
    if (device !== maker) await device.signIn(email);
    if (look === 'japanese') await speak(device, '日本語');
    await device.page.setViewportSize(look === 'phone' ? PHONE.viewport : { width: 1280, height: 800 });
    await device.page.emulateMedia({ colorScheme: look === 'dark' ? 'dark' : 'light' });
    const views = {
      inbox: '/inbox', today: '/today', upcoming: '/upcoming', list, board: `${list}/board`, label,
      search: `/search?q=${encodeURIComponent(house.word)}`, completed: '/completed', deleted: '/deleted',
    };
    for (const [name, path] of Object.entries(views)) {
      // What was deleted before a device signed in, it has never heard of.
      const shows = name === 'deleted' && device !== maker ? maker : device;
      if (shows !== device) await shows.page.setViewportSize(PHONE.viewport);
      await go(shows, path);
      await expect(shows.page.locator('.task__title, .card__title').first()).toBeVisible();
      await shot(shows, `views/${name}-${look}`);
    }
  });
}
