// What people touch every day: nothing that was typed is thrown away, and Undo takes back what it says.
import { expect, test, type Device } from './fixtures';
import { createAccount, push } from './loader';

const line = (device: Device) => device.page.getByRole('textbox', { name: 'Add a task' });
const field = (device: Device, name: string) => device.editor.getByLabel(name, { exact: true });
const toast = (device: Device) => device.page.locator('.toast');
const undo = (device: Device) => toast(device).getByRole('button', { name: 'Undo' });

async function open(device: Device, title: string): Promise<void> {
  await device.page.getByRole('button', { name: `Edit ${title}`, exact: true }).click();
  await expect(device.editor).toBeVisible();
}

test('the Undo of a notice takes back what the notice says, whatever was done since', async ({ pair }) => {
  const [laptop, phone] = pair;
  await laptop.add('A');
  await laptop.checkbox('A').check();
  await expect(toast(laptop)).toContainText('Completed ‘A’');
  await laptop.add('B');
  await undo(laptop).click();
  await expect(laptop.checkbox('A')).not.toBeChecked();
  await expect(laptop.checkbox('B')).toBeVisible();
  await expect(toast(laptop)).toContainText('Undone: completing ‘A’');
  await expect(phone.checkbox('A')).not.toBeChecked();
  await expect(phone.checkbox('B')).toBeVisible();
});

test('a double click on a checkbox completes one task', async ({ newDevice, email }) => {
  const laptop = await newDevice();
  await laptop.createAccount(email);
  await laptop.add('one', 'two', 'three');
  const box = (await laptop.checkbox('one').boundingBox())!;
  await laptop.page.mouse.dblclick(box.x + box.width / 2, box.y + box.height / 2);
  await expect(toast(laptop)).toContainText('Completed ‘one’');
  await expect(laptop.checkbox('one')).toBeChecked();
  await expect(laptop.checkbox('two')).not.toBeChecked();
  await expect(laptop.checkbox('three')).not.toBeChecked();
});

test('a task that is added elsewhere says where it went', async ({ pair }) => {
  const [laptop, phone] = pair;
  await laptop.add('Buy milk #Home');
  await expect(toast(laptop)).toContainText('Added to Home');
  await toast(laptop).getByRole('button', { name: 'Open' }).click();
  await expect(laptop.page.getByRole('heading', { name: 'Home', level: 1 })).toBeVisible();
  await expect(laptop.checkbox('Buy milk')).toBeVisible();
  await laptop.page.goBack();
  await laptop.add('Buy bread #Home');
  await undo(laptop).click();
  await expect(toast(laptop)).toContainText('Undone: adding ‘Buy bread’');
  await laptop.isSynced();
  await phone.page.getByRole('link', { name: /^Home/ }).click();
  await expect(phone.checkbox('Buy milk')).toBeVisible();
  await expect(phone.checkbox('Buy bread')).toHaveCount(0);
});

for (const way of ['Escape', 'Close', 'Back', 'reload']) {
  test(`notes that were typed stay after ${way}, and Undo takes the whole visit back`, async ({ pair }) => {
    const [laptop, phone] = pair;
    const { page } = laptop;
    await laptop.add('Bake a cake');
    await open(laptop, 'Bake a cake');
    await field(laptop, 'Notes').fill('Two eggs');
    await field(laptop, 'Title').fill('Bake a big cake');
    if (way === 'Escape') await page.keyboard.press('Escape');
    if (way === 'Close') await laptop.editor.getByRole('button', { name: 'Close', exact: true }).click();
    if (way === 'Back') await page.goBack();
    if (way === 'reload') {
      await expect(laptop.checkbox('Bake a big cake')).toBeVisible();
      await laptop.isSynced();
      await page.reload();
      await expect(laptop.editor).toBeVisible();
      await page.keyboard.press('Escape');
    }
    await expect(laptop.editor).toBeHidden();
    await expect(laptop.checkbox('Bake a big cake')).toBeVisible();
    await open(phone, 'Bake a big cake');
    await expect(field(phone, 'Notes')).toHaveValue('Two eggs');
    if (way === 'reload') return;
    // In an empty field, Ctrl+Z is the app's undo.
    await line(laptop).click();
    await page.keyboard.press('ControlOrMeta+z');
    await expect(laptop.checkbox('Bake a cake')).toBeVisible();
    await expect(field(phone, 'Notes')).toHaveValue('');
    await expect(field(phone, 'Title')).toHaveValue('Bake a cake');
  });
}

test('half-typed lines wait where they were left', async ({ newDevice, email }) => {
  const laptop = await newDevice();
  const { page } = laptop;
  await laptop.createAccount(email);
  await laptop.add('Bake a cake');
  await line(laptop).fill('Call An');
  await open(laptop, 'Bake a cake');
  const fields = ['Add a sub-task', 'Add a comment'];
  const box = (name: string) => laptop.editor.getByLabel(name, { exact: true }).and(page.locator('input, textarea'));
  for (const name of fields) await box(name).fill(`half of ${name}`);
  await laptop.property('Labels').click();
  await laptop.propertyInput('Labels').fill('half of a label');
  await page.keyboard.press('Escape');
  await expect(laptop.propertyInput('Labels')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: /^Today/ }).first().click();
  await expect(line(laptop)).toHaveValue('');
  await page.reload();
  await page.getByRole('link', { name: /^Inbox/ }).first().click();
  await expect(line(laptop)).toHaveValue('Call An');
  await open(laptop, 'Bake a cake');
  for (const name of fields) await expect(box(name)).toHaveValue(`half of ${name}`);
  await laptop.property('Labels').click();
  await expect(laptop.propertyInput('Labels')).toHaveValue('half of a label');
  await page.keyboard.press('Escape');
  await box('Add a sub-task').press('Enter');
  await page.keyboard.press('Escape');
  await open(laptop, 'Bake a cake');
  await expect(box('Add a sub-task')).toHaveValue('');
});

test('a task that was deleted under the editor comes back with what is typed', async ({ pair: [laptop, phone] }) => {
  await laptop.add('Bake a cake');
  await open(phone, 'Bake a cake');
  await laptop.remove('Bake a cake');
  await expect(phone.editor.getByText('This task was deleted.')).toBeVisible();
  await field(phone, 'Notes').fill('Two eggs');
  const subTask = phone.editor.getByRole('textbox', { name: 'Add a sub-task' });
  const comment = phone.editor.getByRole('textbox', { name: 'Add a comment' });
  await subTask.fill('Buy flour');
  await subTask.press('Enter');
  const refused = phone.editor.getByText('Restore the task first');
  await expect(refused).toHaveCount(1);
  await comment.fill('For Ann');
  await comment.press('Control+Enter');
  await expect(refused).toHaveCount(2);
  await phone.editor.getByRole('button', { name: 'Restore with this' }).click();
  await expect(phone.editor.getByText('This task was deleted.')).toBeHidden();
  await subTask.press('Enter');
  await comment.press('Control+Enter');
  await expect(refused).toHaveCount(0);
  await phone.page.keyboard.press('Escape');
  await open(laptop, 'Bake a cake');
  await expect(field(laptop, 'Notes')).toHaveValue('Two eggs');
  await expect(laptop.editor.getByText('Buy flour')).toBeVisible();
  await expect(laptop.editor.getByText('For Ann')).toBeVisible();
});

test('all tasks of a list are selected, and completed in one gesture, however long it is', async ({ newDevice, email }) => {
  const laptop = await newDevice();
  const { page } = laptop;
  await createAccount(page, email);
  const tasks = Array.from({ length: 300 }, (_, n) => ({ id: crypto.randomUUID(), set: { title: `Task ${n}`, created: 1_767_225_600_000 + n } }));
  await push(page, email, tasks);
  await laptop.signIn(email);
  await expect(page.getByText(/^300 open$/)).toBeVisible();
  expect(await laptop.tasks.count(), 'they are not all drawn').toBeLessThan(300);
  await laptop.checkbox('Task 0').focus();
  await page.keyboard.press('Control+a');
  await expect(page.getByRole('toolbar').getByText('300 tasks selected')).toBeVisible();
  await page.getByRole('toolbar').getByRole('button', { name: 'Complete' }).click();
  await expect(page.getByText('Nothing open')).toBeVisible();
  await undo(laptop).click();
  await expect(page.getByText(/^300 open$/)).toBeVisible();
});

test('on a board, Alt and an arrow move a card from column to column', async ({ pair: [laptop, phone] }) => {
  const { page } = laptop;
  await laptop.add('Paint the fence #House /Soon', 'Buy paint #House', 'Call Ann #House');
  await page.getByRole('link', { name: /^House/ }).click();
  await page.getByRole('button', { name: 'Board', exact: true }).click();
  const column = (name: string) => page.getByRole('list', { name: `Tasks of ${name}` });
  await expect(column('Soon').getByText('Paint the fence')).toBeVisible();
  await laptop.checkbox('Buy paint').focus();
  await page.keyboard.press('Alt+ArrowRight');
  await expect(column('Soon').getByText('Buy paint')).toBeVisible();
  await expect(laptop.checkbox('Buy paint')).toBeFocused();
  await page.keyboard.press('Alt+ArrowLeft');
  await expect(column('Soon').getByText('Buy paint')).toHaveCount(0);
  await expect(laptop.checkbox('Buy paint')).toBeFocused();
  await page.keyboard.press('Alt+ArrowRight');
  await expect(column('Soon').getByText('Buy paint')).toBeVisible();
  await laptop.isSynced();
  await phone.page.getByRole('link', { name: /^House/ }).click();
  await phone.page.getByRole('button', { name: 'Board', exact: true }).click();
  await expect(phone.page.getByRole('list', { name: 'Tasks of Soon' }).getByText('Buy paint')).toBeVisible();
});

test('a click anywhere on a row opens its task, and a click beside its checkbox ticks it', async ({ newDevice, email }) => {
  const laptop = await newDevice();
  await laptop.createAccount(email);
  await laptop.add('Water the tomatoes today');
  const due = (await laptop.tasks.getByText('Today').boundingBox())!;
  await laptop.page.mouse.click(due.x + due.width / 2, due.y + due.height / 2);
  await expect(field(laptop, 'Title')).toHaveValue('Water the tomatoes');
  await laptop.page.keyboard.press('Escape');
  await expect(laptop.editor).toBeHidden();
  const box = (await laptop.checkbox('Water the tomatoes').boundingBox())!;
  await laptop.page.mouse.click(box.x - 3, box.y + box.height / 2);
  await expect(toast(laptop)).toContainText('Completed ‘Water the tomatoes’');
  await expect(laptop.editor).toBeHidden();
});

test('a row stays while the tasks around it change', async ({ pair: [laptop, phone] }) => {
  await laptop.add('Dig #Garden /Beds');
  await laptop.page.getByRole('link', { name: /^Garden/ }).click();
  await expect(laptop.checkbox('Dig')).toBeVisible();
  await laptop.checkbox('Dig').focus();
  await laptop.tasks.first().evaluate((row) => row.setAttribute('data-same', ''));
  await laptop.isSynced();
  await phone.add('Sow #Garden /Beds', 'Mow #Garden');
  await expect(laptop.checkbox('Sow')).toBeVisible();
  await expect(laptop.checkbox('Mow')).toBeVisible();
  await expect(laptop.page.locator('[data-same]').getByText('Dig')).toBeVisible();
  await expect(laptop.checkbox('Dig')).toBeFocused();
});

test('who is quicker than the next frame keeps the focus', async ({ newDevice, email }) => {
  const laptop = await newDevice();
  const { page } = laptop;
  await laptop.createAccount(email);
  await laptop.add('Paint the fence #House /Soon', 'Buy paint #House');
  await page.getByRole('link', { name: /^House/ }).click();
  await expect(laptop.checkbox('Buy paint')).toBeVisible();
  const board = await page.getByRole('button', { name: 'Board', exact: true }).elementHandle();
  await page.evaluate(async (button) => {
    (button as HTMLElement).click();
    const card = () => [...document.querySelectorAll('.card')].find((card) => card.textContent!.includes('Buy paint'));
    for (let turn = 0; turn < 10_000 && !card(); turn++) await undefined;
    card()!.querySelector('input')!.focus();
    const key = { key: 'ArrowRight', code: 'ArrowRight', altKey: true, bubbles: true, cancelable: true };
    card()!.querySelector('input')!.dispatchEvent(new KeyboardEvent('keydown', key));
  }, board);
  await expect(page.getByRole('list', { name: 'Tasks of Soon' }).getByText('Buy paint')).toBeVisible();
  await expect(laptop.checkbox('Buy paint')).toBeFocused();
});

test('names are completed while one types, and what exists is not made anew', async ({ pair: [laptop, phone] }) => {
  const { page } = laptop;
  await laptop.add('Milk #Groceries @shop', 'Sweep #"Move to Nagano" /Kitchen');
  const names = page.getByRole('listbox', { name: 'Names that fit' }).getByRole('option');
  await line(laptop).pressSequentially('Bread #gro');
  await expect(names).toHaveText(['Groceries', 'gro (new)']);
  await page.keyboard.press('Enter');
  await expect(line(laptop)).toHaveValue('Bread #Groceries ');
  await expect(names).toHaveCount(0);
  await page.keyboard.type('@s');
  await expect(names.first()).toHaveText('shop');
  await page.keyboard.press('Tab');
  await page.keyboard.type('p');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(line(laptop)).toHaveValue('Bread #Groceries @shop p2 ');
  await page.keyboard.press('Enter');
  await expect(toast(laptop)).toContainText('Added to Groceries');
  await page.keyboard.type('Mop #mov');
  await names.first().click();
  await page.keyboard.type('/kit');
  await page.keyboard.press('Escape');
  await expect(names).toHaveCount(0);
  await expect(line(laptop)).toHaveValue('Mop #"Move to Nagano" /kit');
  await line(laptop).fill('Call Ann');
  await page.getByRole('button', { name: 'Due', exact: true }).click();
  await names.filter({ hasText: 'tomorrow' }).click();
  await page.getByRole('button', { name: 'List', exact: true }).click();
  await names.filter({ hasText: 'Groceries' }).click();
  await expect(line(laptop)).toHaveValue('Call Ann tomorrow #Groceries ');
  await line(laptop).press('Enter');
  await laptop.isSynced();
  await phone.page.getByRole('link', { name: /^Groceries/ }).click();
  for (const title of ['Milk', 'Bread', 'Call Ann']) await expect(phone.checkbox(title)).toBeVisible();
  await expect(phone.tasks.filter({ hasText: 'Bread' })).toContainText('shop');
  await expect(phone.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Groceries/ })).toHaveCount(1);
});

test('what was done before a reload can still be undone and redone', async ({ newDevice, email }) => {
  const laptop = await newDevice();
  const { page } = laptop;
  await laptop.createAccount(email);
  await laptop.add('Milk', 'Bread');
  await laptop.checkbox('Milk').check();
  await expect(toast(laptop)).toContainText('Completed ‘Milk’');
  await laptop.isSaved();
  await page.reload();
  await expect(laptop.checkbox('Bread')).toBeVisible();
  await page.getByRole('heading', { level: 1 }).focus();
  await page.keyboard.press('Control+z');
  await expect(toast(laptop)).toContainText('Undone: completing ‘Milk’');
  await expect(laptop.checkbox('Milk')).not.toBeChecked();
  await page.keyboard.press('Control+z');
  await expect(laptop.checkbox('Bread')).toHaveCount(0);
  await laptop.isSaved();
  await page.reload();
  await expect(laptop.checkbox('Milk')).toBeVisible();
  await page.getByRole('heading', { level: 1 }).focus();
  await page.keyboard.press('Control+Shift+z');
  await expect(laptop.checkbox('Bread')).toBeVisible();
});

test('a completed task stays for a moment, and the focus goes on to the next one', async ({ newDevice, email }) => {
  const laptop = await newDevice();
  const { page } = laptop;
  await laptop.createAccount(email);
  await laptop.add('one', 'two', 'three');
  const titles = page.locator('.task__title');
  const order = await titles.allTextContents();
  await laptop.checkbox(order[1]).focus();
  await page.keyboard.press('Space');
  await expect(laptop.checkbox(order[1])).toBeChecked();
  expect(await titles.allTextContents(), 'it is still at its place').toEqual(order);
  await expect(titles).toHaveText([order[0], order[2], order[1]]);
  await expect(laptop.checkbox(order[2])).toBeFocused();
});

test('what undo takes back leaves nothing among the deleted tasks', async ({ pair: [laptop, phone] }) => {
  await laptop.add('Water every day');
  await laptop.checkbox('Water').check();
  await expect(toast(laptop)).toContainText('Next:');
  await undo(laptop).click();
  await expect(laptop.checkbox('Water')).toHaveCount(1);
  await expect(laptop.checkbox('Water')).not.toBeChecked();
  await laptop.add('Kept', 'Deleted on purpose');
  await laptop.remove('Deleted on purpose');
  await laptop.isSynced();
  for (const device of [laptop, phone]) {
    await device.page.getByRole('link', { name: 'Deleted' }).first().click();
    await expect(device.tasks).toHaveCount(1);
    await expect(device.tasks).toContainText('Deleted on purpose');
  }
});

test('keys set dates, priorities and labels, copy, and delete; the menu of the right button has the same', async ({ pair: [laptop, phone] }) => {
  const { page } = laptop;
  await laptop.add('one', 'two', 'three @home');
  await laptop.checkbox('one').focus();
  await page.keyboard.press('t');
  const due = page.getByRole('dialog', { name: 'Set the due date' });
  await due.getByRole('textbox', { name: 'Due', exact: true }).fill('2031-05-06 15:30');
  await page.keyboard.press('Enter');
  await expect(due).toBeHidden();
  await expect(laptop.checkbox('one')).toBeFocused();
  await expect(laptop.tasks.filter({ hasText: 'one' })).toContainText('May 6, 2031');
  await page.keyboard.press('1');
  await expect(laptop.tasks.filter({ hasText: 'one' }).locator('.sign--priority')).toBeVisible();
  await page.keyboard.press('Shift+L');
  await page.getByRole('option', { name: 'home' }).click();
  await expect(laptop.tasks.filter({ hasText: 'one' })).toContainText('home');
  await laptop.checkbox('one').focus();
  await page.keyboard.press('d');
  await expect(laptop.checkbox('one')).toHaveCount(2);
  await laptop.checkbox('two').focus();
  await page.keyboard.press('Backspace');
  await expect(laptop.checkbox('two')).toHaveCount(0);
  await expect(page.locator('.check:focus')).toHaveCount(1);
  await laptop.checkbox('three').focus();
  await page.keyboard.press('Shift+A');
  await expect(laptop.editor.getByRole('textbox', { name: 'Add a sub-task' })).toBeFocused();
  await page.keyboard.press('Escape');
  await laptop.tasks.filter({ hasText: 'three' }).locator('.task__line').click({ button: 'right' });
  await page.getByRole('button', { name: 'Set the due date' }).click();
  await due.getByRole('button', { name: /^Tomorrow/ }).click();
  await expect(laptop.tasks.filter({ hasText: 'three' })).toContainText('Tomorrow');
  await laptop.isSynced();
  await expect(phone.checkbox('one')).toHaveCount(2);
  await expect(phone.tasks.filter({ hasText: 'three' })).toContainText('Tomorrow');
  await expect(phone.checkbox('two')).toHaveCount(0);
});

test('a finger that pushes a row completes it or asks for a day, and one that lets go early does nothing', async ({ newDevice, email }) => {
  const phone = await newDevice({ viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true });
  const { page } = phone;
  await phone.createAccount(email);
  await page.getByRole('button', { name: 'Quick add' }).click();
  const dialog = page.getByRole('dialog', { name: 'Quick add' });
  for (const title of ['one', 'two']) {
    if (!(await dialog.isVisible())) await page.getByRole('button', { name: 'Quick add' }).click();
    await dialog.getByRole('textbox', { name: 'Add a task' }).fill(title);
    await page.keyboard.press('Enter');
    await expect(dialog).toBeHidden();
  }
  const touch = await page.context().newCDPSession(page);
  const push = async (title: string, by: number) => {
    const box = (await phone.tasks.filter({ hasText: title }).boundingBox())!;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const send = (type: string, x: number) =>
      touch.send('Input.dispatchTouchEvent', { type: type as 'touchStart', touchPoints: type === 'touchEnd' ? [] : [{ x, y }] });
    await send('touchStart', x);
    for (let step = 1; step <= 8; step++) await send('touchMove', x + (by * step) / 8);
    await send('touchEnd', x);
  };
  await push('one', 60);
  await expect(phone.checkbox('one')).not.toBeChecked();
  await expect(phone.editor).toBeHidden();
  await push('one', 150);
  await expect(toast(phone)).toContainText('Completed ‘one’');
  await push('two', -150);
  const due = page.getByRole('dialog', { name: 'Set the due date' });
  await due.getByRole('button', { name: /^Tomorrow/ }).click();
  await expect(phone.tasks.filter({ hasText: 'two' })).toContainText('Tomorrow');
});

test('the menu of a selected task opens that one, and dates are set for all; on a board a time keeps the day', async ({ newDevice, email }) => {
  const laptop = await newDevice();
  const { page } = laptop;
  await laptop.createAccount(email);
  await laptop.add('one #House 2031-05-06', 'two #House', 'three #House');
  await page.getByRole('link', { name: /^House/ }).click();
  for (const title of ['one', 'two', 'three']) {
    await laptop.checkbox(title).focus();
    await page.keyboard.press('x');
  }
  const row = (title: string) => laptop.tasks.filter({ has: laptop.checkbox(title) });
  for (const title of ['three', 'one', 'two']) {
    await row(title).locator('.task__line').click({ button: 'right' });
    await page.getByRole('button', { name: 'Edit the task' }).click();
    await expect(field(laptop, 'Title')).toHaveValue(title);
    await laptop.editor.getByRole('button', { name: 'Close' }).click();
  }
  const due = page.getByRole('dialog', { name: 'Set the due date' });
  await laptop.checkbox('one').focus();
  await page.keyboard.press('t');
  await due.getByRole('textbox', { name: 'Due', exact: true }).fill('2031-05-06');
  await page.keyboard.press('Escape');
  await expect(due).toBeHidden();
  for (const title of ['one', 'two', 'three']) await expect(row(title)).toContainText('May 6, 2031');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Board', exact: true }).click();
  await laptop.checkbox('two').focus();
  await page.keyboard.press('t');
  await due.getByRole('textbox', { name: 'Due time' }).fill('15:30');
  await page.keyboard.press('Enter');
  await expect(page.locator('.card').filter({ hasText: 'two' })).toContainText('May 6, 2031 · 3:30 PM');
});
