// Lists, sections, sub-tasks, the board and the sidebar: each once on two devices, one of them offline meanwhile.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Device } from './fixtures';

const main = (device: Device) => device.page.getByRole('navigation', { name: 'Main' });

async function newList(device: Device, name: string, ...titles: string[]): Promise<void> {
  await main(device).getByRole('button', { name: 'New list' }).click();
  await device.page.getByRole('textbox', { name: 'Name of the list' }).fill(name);
  await device.page.keyboard.press('Enter');
  await expect(device.page.getByRole('heading', { level: 1, name })).toBeVisible();
  await device.add(...titles);
}

async function newSection(device: Device, name: string): Promise<void> {
  await device.page.getByRole('main').getByRole('button', { name: 'New section' }).first().click();
  await device.page.getByRole('textbox', { name: 'Name' }).fill(name);
  await device.page.keyboard.press('Enter');
  await expect(device.page.getByRole('heading', { level: 2, name })).toBeVisible();
}

async function goTo(device: Device, name: string): Promise<void> {
  await main(device).getByRole('link', { name: new RegExp(`^${name}`) }).click();
  await expect(device.page.getByRole('heading', { level: 1, name })).toBeVisible();
}

/** The rows in order: what is deeper with one `>` for each level, sections in brackets. */
function rows(device: Device): Promise<string[]> {
  return device.page.locator('#tasks > li, .tasks-room > .group').evaluateAll((all) =>
    all.flatMap((row) => {
      const headings = row.matches('.group') ? [row] : [...row.querySelectorAll('.group')];
      const names = headings.map((heading) => `[${heading.querySelector('h2')?.textContent}]`);
      const title = row.querySelector('.task__title')?.textContent;
      return title ? [...names, '>'.repeat(Number(row.getAttribute('data-depth'))) + title] : names;
    }),
  );
}

async function focus(device: Device, title: string, ...keys: string[]): Promise<void> {
  await device.checkbox(title).focus();
  for (const key of keys) await device.page.keyboard.press(key);
}

/** Drags a row, by its title, to a point of something else. */
async function drag(device: Device, title: string, to: ReturnType<Device['page']['locator']>, x: number, y: number): Promise<void> {
  const { mouse } = device.page;
  const from = (await device.page.locator('.task__title, .card__title').getByText(title, { exact: true }).boundingBox())!;
  const there = (await to.boundingBox())!;
  await mouse.move(from.x + 5, from.y + from.height / 2);
  await mouse.down();
  await mouse.move(from.x + 20, from.y + from.height / 2 + 8, { steps: 3 });
  await mouse.move(there.x + x, there.y + y, { steps: 6 });
  await mouse.up();
}

const line = (device: Device, title: string) => device.page.locator('.task__line').filter({ hasText: title });

test('put in order on both devices at once, it is in one order on both', async ({ pair: [laptop, phone] }) => {
  await newList(laptop, 'Trip', 'one', 'two', 'three', 'four');
  await laptop.isSynced();
  await goTo(phone, 'Trip');
  await expect.poll(() => rows(phone)).toEqual(['one', 'two', 'three', 'four']);
  await phone.workOffline(true);
  await drag(phone, 'four', line(phone, 'one'), 60, 3);
  await expect.poll(() => rows(phone)).toEqual(['four', 'one', 'two', 'three']);
  await focus(laptop, 'one', 'Alt+ArrowDown');
  await expect.poll(() => rows(laptop)).toEqual(['two', 'one', 'three', 'four']);
  await laptop.isSynced();
  await phone.workOffline(false);
  await phone.isSynced();
  const order = await rows(phone);
  await expect.poll(() => rows(laptop)).toEqual(order);
  expect([...order].sort()).toEqual(['four', 'one', 'three', 'two']);
});

test('sub-tasks go in and out, fold on one device alone, and say how many are done', async ({ pair: [laptop, phone] }) => {
  await newList(laptop, 'Trip', 'Pack', 'Shirt', 'Socks');
  await focus(laptop, 'Shirt', 'Alt+ArrowRight');
  await focus(laptop, 'Socks', 'Alt+ArrowRight');
  await expect.poll(() => rows(laptop)).toEqual(['Pack', '>Shirt', '>Socks']);
  await expect(laptop.tasks.nth(1)).toHaveAttribute('aria-level', '2');
  await goTo(phone, 'Trip');
  await expect.poll(() => rows(phone)).toEqual(['Pack', '>Shirt', '>Socks']);
  await phone.page.getByRole('button', { name: 'Fold Pack' }).click();
  await expect.poll(() => rows(phone)).toEqual(['Pack']);
  await laptop.checkbox('Shirt').check();
  await expect(phone.page.getByText('1 of 2 sub-tasks done')).toBeAttached();
  await phone.page.reload();
  await expect(phone.page.getByRole('button', { name: 'Unfold Pack' })).toBeVisible();
  await expect.poll(() => rows(laptop)).toContain('>Socks');
});

test('a task dropped below its own sub-task stays where it is', async ({ pair: [laptop] }) => {
  await newList(laptop, 'Trip', 'Pack', 'Shirt', 'Last');
  await focus(laptop, 'Shirt', 'Alt+ArrowRight');
  await expect.poll(() => rows(laptop)).toEqual(['Pack', '>Shirt', 'Last']);
  await drag(laptop, 'Pack', line(laptop, 'Shirt'), 150, 30);
  await expect(laptop.page.getByRole('alert').filter({ hasText: 'cannot be a part of itself' })).toBeVisible();
  await expect.poll(() => rows(laptop)).toEqual(['Pack', '>Shirt', 'Last']);
});

test('a section deleted here, and a task moved into it there: the task is in the list', async ({ pair: [laptop, phone] }) => {
  await newList(laptop, 'Trip', 'Tickets', 'Hotel');
  await newSection(laptop, 'Soon');
  await laptop.isSynced();
  await goTo(phone, 'Trip');
  await expect.poll(() => rows(phone)).toEqual(['Tickets', 'Hotel', '[Soon]']);
  await phone.workOffline(true);
  await drag(phone, 'Hotel', phone.page.locator('.group--section'), 90, 14);
  await expect.poll(() => rows(phone)).toEqual(['Tickets', '[Soon]', 'Hotel']);
  await laptop.page.getByRole('button', { name: 'More for section Soon' }).click();
  await laptop.page.getByRole('button', { name: 'Delete', exact: true }).click();
  const dialog = laptop.page.getByRole('dialog', { name: 'Delete Soon?' });
  await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect.poll(() => rows(laptop)).toEqual(['Tickets', 'Hotel']);
  await laptop.isSynced();
  await phone.workOffline(false);
  await phone.isSynced();
  for (const device of [laptop, phone]) await expect.poll(async () => (await rows(device)).sort()).toEqual(['Hotel', 'Tickets']);
});

test('a list deleted here, and a task moved into it there: it is in the inbox, and undo brings the list back with it', async ({
  pair: [laptop, phone],
}) => {
  await newList(laptop, 'Trip', 'Tickets');
  await laptop.isSynced();
  await phone.add('Passport');
  await phone.isSynced();
  await phone.workOffline(true);
  await drag(phone, 'Passport', main(phone).getByRole('link', { name: /^Trip/ }), 40, 12);
  await expect(phone.tasks).toHaveCount(0);
  await main(laptop).getByRole('link', { name: /^Trip/ }).hover();
  await main(laptop).getByRole('button', { name: 'More for Trip' }).click();
  await main(laptop).getByRole('button', { name: 'Delete', exact: true }).click();
  const dialog = laptop.page.getByRole('dialog', { name: 'Delete Trip?' });
  await expect(dialog).toContainText('1 open task');
  await dialog.getByRole('button', { name: 'Delete its tasks too' }).click();
  await laptop.isSynced();
  await phone.workOffline(false);
  await expect(phone.checkbox('Passport')).toBeVisible();
  await expect(phone.checkbox('Tickets')).toHaveCount(0);
  await laptop.page.getByRole('button', { name: 'Undo' }).click();
  await goTo(phone, 'Trip');
  await expect.poll(() => phone.titles().then((all) => all.sort())).toEqual(['Passport', 'Tickets']);
});

test('what is selected is changed in one go, and taken back in one', async ({ pair: [laptop, phone] }) => {
  await newList(laptop, 'Trip', 'one', 'two', 'three');
  await goTo(phone, 'Trip');
  await focus(laptop, 'one', 'Shift+ArrowDown', 'Shift+ArrowDown');
  const bar = laptop.page.getByRole('toolbar', { name: 'Selection' });
  await expect(bar).toContainText('3 tasks selected');
  await bar.getByRole('button', { name: 'Due' }).click();
  await bar.getByRole('button', { name: 'Today' }).click();
  await expect(phone.page.locator('.due--today')).toHaveCount(3);
  await line(laptop, 'one').getByRole('button', { name: /^Edit/ }).click({ modifiers: ['ControlOrMeta'] });
  await line(laptop, 'three').getByRole('button', { name: /^Edit/ }).click({ modifiers: ['Shift'] });
  await bar.getByRole('button', { name: 'Priority' }).click();
  await bar.getByRole('button', { name: 'Priority 1' }).click();
  await expect(phone.page.locator('.sign--priority')).toHaveCount(3);
  await laptop.page.keyboard.press('ControlOrMeta+z');
  await expect(phone.page.locator('.sign--priority')).toHaveCount(0);
  await expect(phone.page.locator('.due--today')).toHaveCount(3);
});

test('a board shows sections side by side; cards go between them by pointer and by keyboard', async ({ pair: [laptop, phone] }) => {
  await newList(laptop, 'Trip', 'Tickets', 'Hotel');
  await newSection(laptop, 'Doing');
  await goTo(phone, 'Trip');
  await laptop.page.getByRole('button', { name: 'Board', exact: true }).click();
  await expect(laptop.page).toHaveURL(/\/list\/[^/]+\/board$/);
  const column = (name: string) => laptop.page.getByRole('list', { name: `Tasks of ${name}` });
  await expect(column('No section').getByRole('listitem')).toHaveCount(2);
  await drag(laptop, 'Tickets', column('Doing'), 40, 30);
  await expect(column('Doing').getByRole('listitem')).toHaveCount(1);
  await expect.poll(() => rows(phone)).toEqual(['Hotel', '[Doing]', 'Tickets']);
  await focus(laptop, 'Hotel', 'Alt+ArrowDown');
  await expect(column('Doing').getByRole('listitem')).toHaveCount(2);
  await expect(laptop.checkbox('Hotel')).toBeFocused();
});

test('folders, colours, labels and the archive, on both devices', async ({ pair: [laptop, phone] }) => {
  await newList(laptop, 'Trip', 'Tickets');
  const side = main(laptop);
  const name = async (text: string) => {
    await laptop.page.getByRole('textbox', { name: 'Name' }).fill(text);
    await laptop.page.keyboard.press('Enter');
  };
  const choose = async (of: string, choice: string) => {
    await side.getByRole('button', { name: `More for ${of}` }).focus();
    await laptop.page.keyboard.press('Enter');
    await side.getByRole('button', { name: choice, exact: true }).click();
  };
  await side.getByRole('button', { name: 'New folder' }).click();
  await name('Private');
  await choose('Trip', 'Put in Private');
  await expect(main(phone).getByRole('list', { name: 'Private' }).getByRole('link', { name: /^Trip/ })).toBeVisible();
  await choose('Trip', 'Colour');
  await laptop.page.getByRole('option', { name: 'Teal' }).click();
  await expect(main(phone).locator('[data-colour="teal"]')).toBeVisible();
  await side.getByRole('button', { name: 'New label' }).click();
  await name('errand');
  await laptop.checkbox('Tickets').focus();
  await laptop.page.keyboard.press('x');
  await laptop.page.getByRole('toolbar').getByRole('button', { name: 'Labels' }).click();
  await laptop.page.getByRole('option', { name: 'errand' }).click();
  await main(phone).getByRole('link', { name: /^errand/ }).click();
  await expect(phone.checkbox('Tickets')).toBeVisible();
  await choose('Trip', 'Archive');
  await expect(phone.checkbox('Tickets')).toHaveCount(0);
  await expect(main(phone).getByText('Archived')).toBeVisible();
});

test('the agenda takes what is dropped on a day, and what is overdue is moved to today in one go', async ({ newDevice, email }) => {
  const laptop = await newDevice();
  await laptop.createAccount(email);
  await laptop.add('Late', 'Later');
  await laptop.edit('Late', { Due: '2020-01-01' });
  await laptop.edit('Later', { Due: '2020-01-02' });
  await goTo(laptop, 'Today');
  await expect(laptop.page.getByRole('heading', { level: 2, name: 'Overdue' })).toBeVisible();
  await laptop.page.getByRole('button', { name: 'Move all to today' }).click();
  await expect(laptop.page.getByRole('heading', { level: 2, name: 'Overdue' })).toHaveCount(0);
  await expect(laptop.tasks).toHaveCount(2);
  await goTo(laptop, 'Upcoming');
  const days = laptop.page.getByRole('main').getByRole('heading', { level: 2 });
  await expect(days).toHaveCount(7);
  await drag(laptop, 'Later', laptop.page.locator('.group--bare').nth(2), 60, 14);
  await expect(laptop.page.locator('.group--bare')).toHaveCount(5);
});

test('the keyboard alone: a list with sections, put in order and moved', async ({ newDevice, email }) => {
  const laptop = await newDevice();
  await laptop.createAccount(email);
  const { page } = laptop;
  await newList(laptop, 'Trip', 'one', 'two', 'three');
  await newSection(laptop, 'Soon');
  await page.getByRole('heading', { level: 1 }).focus();
  await page.keyboard.press('j');
  await expect(laptop.checkbox('one')).toBeFocused();
  await page.keyboard.press('Alt+ArrowDown');
  await expect(laptop.checkbox('one')).toBeFocused();
  await expect(page.getByRole('status').filter({ hasText: 'one moved after two' })).toBeAttached();
  await page.keyboard.press('Alt+ArrowRight');
  await expect.poll(() => rows(laptop)).toEqual(['two', '>one', 'three', '[Soon]']);
  await page.keyboard.press('Alt+ArrowLeft');
  await expect.poll(() => rows(laptop)).toEqual(['two', 'one', 'three', '[Soon]']);
  await expect(laptop.checkbox('one')).toBeFocused();
  await page.keyboard.press('m');
  await page.keyboard.type('soon');
  await page.keyboard.press('Enter');
  await expect.poll(() => rows(laptop)).toEqual(['two', 'three', '[Soon]', 'one']);
  await page.keyboard.press('ControlOrMeta+z');
  await expect.poll(() => rows(laptop)).toEqual(['two', 'one', 'three', '[Soon]']);
});

test('the first list teaches, and goes with one press', async ({ newDevice }) => {
  const laptop = await newDevice();
  await laptop.page.getByRole('button', { name: 'Use without an account' }).click();
  await expect(laptop.page.getByRole('heading', { name: 'Start here', level: 1 })).toBeVisible();
  await expect(laptop.page).toHaveURL(/\/list\//);
  await expect(laptop.tasks).toHaveCount(9);
  await laptop.page.getByRole('button', { name: 'Remove this list' }).click();
  await expect(main(laptop).getByRole('link', { name: /^Start here/ })).toHaveCount(0);
  const phone = await newDevice({ locale: 'ja-JP' });
  await phone.page.getByRole('button', { name: 'アカウントなしで使う' }).click();
  await expect(phone.page.getByRole('link', { name: /^はじめに/ })).toBeVisible();
  const touch = await newDevice({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 800 } });
  await touch.page.getByRole('button', { name: 'Use without an account' }).click();
  await expect(touch.page.getByText('Push me to the left to give me a date')).toBeVisible();
  await expect(touch.page.getByText('keyboard')).toHaveCount(0);
});

test('who goes somewhere before the first list is there is not led away again', async ({ newDevice }) => {
  const { page } = await newDevice();
  await page.evaluate(() => {
    new MutationObserver((_, observer) => {
      const inbox = document.querySelector<HTMLElement>('.app a[href="/inbox"], nav a[href="/inbox"]');
      if (!inbox) return;
      observer.disconnect();
      inbox.click();
    }).observe(document.body, { childList: true, subtree: true });
  });
  await page.getByRole('button', { name: 'Use without an account' }).click();
  await expect(page.getByRole('link', { name: /^Start here/ })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Inbox', level: 1 })).toBeVisible();
  await expect(page).toHaveURL(/\/inbox$/);
});

for (const ending of ['', '\n']) {
  test(`who writes a line before the first list is there stays with it (${ending ? 'sent' : 'not sent'})`, async ({ newDevice }) => {
    const { page } = await newDevice();
    // Typed as soon as the line is there, which is long before what carries it out.
    await page.evaluate((ending) => {
      new MutationObserver((_, observer) => {
        const line = document.querySelector<HTMLInputElement>('#quick-add');
        if (!line) return;
        observer.disconnect();
        line.value = 'Milk';
        line.dispatchEvent(new Event('input', { bubbles: true }));
        if (ending) line.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
      }).observe(document.body, { childList: true, subtree: true });
    }, ending);
    await page.getByRole('button', { name: 'Use without an account' }).click();
    await expect(page.getByRole('link', { name: /^Start here/ })).toBeVisible();
    await expect(page.getByRole('heading', { name: 'Inbox', level: 1 })).toBeVisible();
    const milk = page.getByRole('checkbox', { name: 'Milk' });
    await (ending ? expect(milk).toBeVisible() : expect(page.locator('#quick-add')).toHaveValue('Milk'));
  });
}

test('favourites, groups that fold, emoji, and two lists of one name that can be told apart', async ({ pair: [laptop, phone] }) => {
  const { page } = laptop;
  const name = async (button: string, text: string) => {
    await page.getByRole('button', { name: button, exact: true }).first().click();
    await page.getByRole('dialog').getByRole('textbox').fill(text);
    await page.keyboard.press('Enter');
  };
  const choose = async (of: string, choice: string) => {
    await main(laptop).getByRole('button', { name: `More for ${of}` }).first().click();
    await page.getByRole('button', { name: choice, exact: true }).click();
  };
  await name('New list', '🏡 House');
  await expect(main(laptop).locator('.sidebar__emoji')).toHaveText('🏡');
  await choose('🏡 House', 'Add to favourites');
  const favourites = (device: Device) => main(device).getByRole('list', { name: 'Favourites' });
  await expect(favourites(laptop).getByRole('link')).toHaveText(/House/);
  await expect(favourites(phone).getByRole('link')).toHaveText(/House/);
  await main(laptop).getByRole('button', { name: 'Favourites' }).click();
  await expect(favourites(laptop)).toBeHidden();
  await page.reload();
  await expect(main(laptop).getByRole('button', { name: 'Favourites' })).toHaveAttribute('aria-expanded', 'false');
  await expect(favourites(laptop)).toBeHidden();
  await expect(favourites(phone)).toBeVisible();
  await main(laptop).getByRole('button', { name: 'Favourites' }).click();
  await choose('🏡 House', 'Remove from favourites');
  await expect(favourites(phone)).toHaveCount(0);

  await name('New folder', 'Studio');
  await name('New list', 'Plans');
  await choose('Plans', 'Put in Studio');
  await name('New list', 'Plans');
  await expect(main(laptop).getByRole('link', { name: /^Plans/ })).toHaveCount(2);
  await expect(main(laptop).getByRole('link', { name: 'Plans Studio' })).toBeVisible();
  await expect(main(phone).getByRole('link', { name: 'Plans Studio' })).toBeVisible();
});

test('a long press drags on a touch screen', async ({ newDevice, email }) => {
  const phone = await newDevice({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 800 } });
  await phone.createAccount(email);
  await phone.add('one', 'two', 'three');
  const box = async (title: string) => (await line(phone, title).boundingBox())!;
  const [from, to] = [await box('three'), await box('one')];
  const touch = await phone.page.context().newCDPSession(phone.page);
  const at = (x: number, y: number) => ({ touchPoints: [{ x, y }] });
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', ...at(from.x + 120, from.y + 20) });
  // A finger that rests selects; if it then moves, it drags.
  await expect(phone.page.locator('.bulk__count')).toHaveText('1 task selected');
  await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', ...at(from.x + 110, from.y + 10) });
  await expect(phone.page.locator('.frame--drags')).toBeAttached();
  for (const part of [0.3, 0.6, 1]) {
    const y = from.y + 20 + (to.y + 3 - from.y - 20) * part;
    await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', ...at(from.x + 60, y) });
  }
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await expect.poll(() => rows(phone)).toEqual(['three', 'one', 'two']);
  await expect(phone.page.locator('.bulk__count')).toHaveCount(0);
});

test('on a touch screen a long press selects, and then a touch selects more', async ({ newDevice, email }) => {
  const phone = await newDevice({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 800 } });
  await phone.createAccount(email);
  await phone.add('one', 'two', 'three');
  const touch = await phone.page.context().newCDPSession(phone.page);
  const from = (await line(phone, 'one').boundingBox())!;
  const touchPoints = [{ x: from.x + 120, y: from.y + 20 }];
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints });
  await expect(phone.page.locator('.bulk__count')).toHaveText('1 task selected');
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await expect(phone.editor).toBeHidden();
  await line(phone, 'three').tap();
  await expect(phone.page.locator('.bulk__count')).toHaveText('2 tasks selected');
  await line(phone, 'one').tap();
  await expect(phone.page.locator('.bulk__count')).toHaveText('1 task selected');
  await expect(phone.editor).toBeHidden();
  await line(phone, 'three').tap();
  await line(phone, 'two').tap();
  await expect(phone.editor).toBeVisible();
});

for (const theme of ['Light', 'Dark', 'High contrast']) {
  test(`no view of lists has an accessibility violation (${theme})`, async ({ newDevice, email }) => {
    const laptop = await newDevice({ reducedMotion: 'reduce' });
    const { page } = laptop;
    await laptop.createAccount(email);
    await main(laptop).getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('radio', { name: theme, exact: true }).check();
    const check = async (screen: string) => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      const found = violations.map((v) => `${v.id}: ${v.help} (${v.nodes.map((n) => n.target.join(' ')).join('; ')})`);
      expect(found, `axe on ${screen}`).toEqual([]);
    };
    await goTo(laptop, 'Start here');
    await check('the first list');
    await newList(laptop, 'Trip', 'one', 'two');
    await newSection(laptop, 'Soon');
    await focus(laptop, 'two', 'Alt+ArrowRight');
    // The row is drawn again in its place.
    await expect(laptop.tasks.filter({ hasText: 'two' })).toHaveAttribute('aria-level', '2');
    await focus(laptop, 'two', 'x');
    await expect(page.getByRole('toolbar')).toBeVisible();
    await check('a list with sections, sub-tasks and a selection');
    await page.getByRole('toolbar').getByRole('button', { name: 'Priority' }).click();
    await check('a menu');
    await page.getByRole('button', { name: 'Priority 2' }).click();
    await laptop.checkbox('one').focus();
    await page.keyboard.press('m');
    await expect(page.getByRole('option').first()).toBeVisible();
    await check('the picker');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Board', exact: true }).click();
    await expect(page.getByRole('list', { name: 'Columns' })).toBeVisible();
    await check('the board');
    await goTo(laptop, 'Upcoming');
    await check('the agenda');
  });
}
