// Adding helps and answers: several lines become several tasks, words are understood wherever a task gets its title, and
// what is new is in sight.
import { expect, test, type Device } from './fixtures';

const line = (device: Device, name = 'Add a task') => device.page.getByRole('textbox', { name });
const toast = (device: Device) => device.page.locator('.toast');

/** Pastes a text as the browser does when a person presses Ctrl+V. */
async function paste(device: Device, name: string, text: string): Promise<void> {
  await line(device, name).evaluate((input, text) => {
    const data = new DataTransfer();
    data.setData('text/plain', text);
    const event = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true });
    if (input.dispatchEvent(event)) (input as HTMLInputElement).value += `not taken: ${text}`;
  }, text);
}

async function open(device: Device, title: string): Promise<void> {
  await device.page.getByRole('button', { name: `Edit ${title}`, exact: true }).click();
  await expect(device.editor).toBeVisible();
}

test('several pasted lines become several tasks after one question, and one Undo takes them back', async ({ pair }) => {
  const [laptop, phone] = pair;
  await line(laptop).focus();
  await paste(laptop, 'Add a task', '- Milk\n- Eggs tomorrow #Shop\n\n3. Miso @shop\n');
  await expect(laptop.page.getByText('3 lines: 3 tasks?')).toBeVisible();
  await expect(line(laptop)).toBeFocused();
  await line(laptop).press('Enter');
  await expect(laptop.checkbox('Milk')).toBeVisible();
  await expect(laptop.checkbox('Miso')).toBeVisible();
  await expect(laptop.page.getByText('3 lines: 3 tasks?')).toHaveCount(0);
  expect(await laptop.titles()).toEqual(['Milk', 'Miso']);
  await laptop.isSynced();
  await expect(phone.checkbox('Miso')).toBeVisible();
  await expect(phone.page.getByRole('link', { name: /^Shop/ })).toBeVisible();
  await laptop.page.keyboard.press('Control+z');
  await expect(toast(laptop)).toContainText('Undone: 3 tasks added');
  await expect(laptop.checkbox('Milk')).toHaveCount(0);
  await expect(phone.checkbox('Miso')).toHaveCount(0);

  await paste(laptop, 'Add a task', 'one\ntwo\n');
  await laptop.page.getByRole('button', { name: 'One task' }).click();
  await expect(line(laptop)).toHaveValue('one two');
  await line(laptop).fill('');
  await paste(laptop, 'Add a task', 'one\ntwo\n');
  await line(laptop).press('Escape');
  await expect(laptop.page.getByText('2 lines: 2 tasks?')).toHaveCount(0);
  await expect(line(laptop)).toHaveValue('');
  await paste(laptop, 'Add a task', Array.from({ length: 501 }, (_, nth) => `line ${nth}`).join('\n'));
  await expect(laptop.page.getByText('At most 500 lines become tasks at once.')).toBeVisible();
  await expect(line(laptop)).toHaveValue('');
});

test('a new task is in sight and lit, however long the list is, and the line stays in sight too', async ({ pair: [laptop] }) => {
  await line(laptop).focus();
  await paste(laptop, 'Add a task', Array.from({ length: 400 }, (_, nth) => `Task ${nth + 1}`).join('\n'));
  await laptop.page.getByRole('button', { name: 'Add 400 tasks' }).click();
  await expect(laptop.checkbox('Task 400')).toBeInViewport();
  await laptop.add('The last one');
  await expect(laptop.checkbox('The last one')).toBeInViewport();
  await expect(line(laptop)).toBeInViewport();
  await expect(laptop.page.locator('.task--lit')).toHaveCount(1);
  await expect(laptop.page.locator('.task--lit')).toContainText('The last one');
  await expect(laptop.page.locator('.task--lit')).toHaveCount(0);
  // Opened at the end of the page, the editor has its head below the app's.
  await open(laptop, 'The last one');
  await expect(laptop.editor.getByRole('button', { name: 'Close', exact: true })).toBeInViewport({ ratio: 1 });
  await expect(laptop.editor.getByRole('textbox', { name: 'Title' })).toBeInViewport({ ratio: 1 });
});

test('words are understood in sub-tasks and in the title of a task', async ({ pair: [laptop, phone] }) => {
  await laptop.add('Stove');
  await open(laptop, 'Stove');
  const subTask = line(laptop, 'Add a sub-task');
  await subTask.fill('Brush the flue tomorrow p1 @soot');
  await expect(laptop.editor.getByText('Tomorrow', { exact: true })).toBeVisible();
  await subTask.press('Enter');
  await expect(laptop.editor.getByRole('button', { name: 'Open Brush the flue' })).toBeVisible();
  await expect(laptop.editor.locator('.sub-task .due')).toHaveText('Tomorrow');
  await expect(laptop.editor.locator('.sub-task[data-priority="1"]')).toBeVisible();

  const title = laptop.editor.getByRole('textbox', { name: 'Title' });
  await title.fill('Stove #Nowhere');
  await title.press('End');
  await title.fill('Clean the stove tomorrow p2');
  await expect(laptop.editor.locator('#editor-understood')).toContainText('Tomorrow');
  await laptop.page.getByRole('button', { name: /^Drop .*High/ }).or(laptop.editor.locator('#editor-understood li').nth(1).getByRole('button')).first().click();
  await expect(laptop.editor.locator('#editor-understood li')).toHaveCount(1);
  await title.press('Escape');
  await expect(laptop.editor).toHaveCount(0);
  await laptop.isSynced();
  await open(phone, 'Clean the stove p2');
  await expect(phone.property('Due')).toContainText('Tomorrow');
  await expect(phone.property('Priority')).toContainText('No priority');
  await expect(phone.editor.getByRole('button', { name: 'Open Brush the flue' })).toBeVisible();

  // The whole visit is one gesture.
  await laptop.page.keyboard.press('Control+z');
  await expect(phone.page.getByRole('button', { name: 'Edit Stove', exact: true })).toBeVisible();
  await expect(phone.property('Due')).toContainText('No date');
});

test('one list and one label that two devices make apart are one on both', async ({ pair: [laptop, phone] }) => {
  await laptop.workOffline(true);
  await phone.workOffline(true);
  await laptop.add('Milk #Groceries @shop');
  await phone.add('Tea #groceries @Shop');
  // Whoever looks at the list that goes is led to the one that stays.
  await phone.page.getByRole('link', { name: /^groceries/i }).click();
  await expect(phone.checkbox('Tea')).toBeVisible();
  await laptop.workOffline(false);
  await laptop.isSynced();
  await phone.workOffline(false);
  await phone.isSynced();
  await expect(phone.checkbox('Milk')).toBeVisible();
  await expect(phone.checkbox('Tea')).toBeVisible();
  for (const device of [laptop, phone]) {
    const lists = device.page.getByRole('link', { name: /^groceries/i });
    await expect(lists).toHaveCount(1);
    await expect(device.page.getByRole('link', { name: /^shop/i })).toHaveCount(1);
    await lists.click();
    await expect(device.checkbox('Milk')).toBeVisible();
    await expect(device.checkbox('Tea')).toBeVisible();
    await expect(device.page.locator('.label')).toHaveText(['shop', 'shop']);
  }
  await expect(laptop.page.getByRole('status', { name: 'Sync status' })).not.toContainText('Conflict');
});

test('a time of another place counts on the clocks of this device, and says the place', async ({ newDevice, email }) => {
  const tokyo = await newDevice({ timezoneId: 'Asia/Tokyo' });
  await tokyo.page.clock.setFixedTime('2026-11-27T23:00:00Z');
  await tokyo.createAccount(email);
  await tokyo.add('Call Ann today 9:00', 'Call Bob today 8:30');
  await tokyo.isSynced();
  const home = await newDevice({ timezoneId: 'America/Los_Angeles' });
  await home.page.clock.setFixedTime('2026-11-27T23:45:00Z');
  await home.signIn(email);
  await home.page.getByRole('link', { name: /^Today/ }).click();
  // It is 15:45 on 27 November in Los Angeles.
  await expect(home.page.getByText('4:00 PM · Tokyo 9:00 AM')).toBeVisible();
  await expect(home.page.getByText('3:30 PM · Tokyo 8:30 AM')).toBeVisible();
  await expect(home.page.locator('.due--overdue')).toHaveText(/3:30/);
});

test('what was added, ticked or taken back is there after a reload at once, also on a machine six times slower', async ({ pair }) => {
  const [laptop, phone] = pair;
  const slow = await laptop.page.context().newCDPSession(laptop.page);
  await slow.send('Emulation.setCPUThrottlingRate', { rate: 6 });
  const reload = async (wait: number) => {
    await laptop.page.waitForTimeout(wait);
    await laptop.page.reload();
    await expect(line(laptop)).toBeVisible();
  };
  const titles: string[] = [];
  for (const wait of [0, 10, 40, 80, 120, 200]) {
    titles.push(`after ${wait}`);
    await line(laptop).fill(`after ${wait}`);
    await line(laptop).press('Enter');
    await reload(wait);
    for (const title of titles) await expect(laptop.checkbox(title)).toBeVisible();
  }
  await laptop.checkbox('after 0').click();
  await reload(0);
  await expect(laptop.checkbox('after 0')).toBeChecked();
  await laptop.page.keyboard.press('Control+z');
  await reload(0);
  await expect(laptop.checkbox('after 0')).not.toBeChecked();
  // So is what was done and taken back in one breath.
  await laptop.checkbox('after 0').click();
  await laptop.page.keyboard.press('Control+z');
  await reload(0);
  await expect(laptop.checkbox('after 0')).not.toBeChecked();
  await open(laptop, 'after 10');
  await laptop.editor.getByRole('textbox', { name: 'Title' }).fill('renamed');
  await laptop.page.keyboard.press('Escape');
  await expect(laptop.editor).toHaveCount(0);
  await reload(0);
  await expect(laptop.checkbox('renamed')).toBeVisible();
  await laptop.page.keyboard.press('Control+z');
  await reload(0);
  await expect(laptop.checkbox('after 10')).toBeVisible();
  // What is typed into the editor is there, too, if the page goes before it was saved.
  await open(laptop, 'after 40');
  await laptop.editor.getByRole('textbox', { name: 'Notes' }).fill('typed and gone');
  await reload(0);
  await expect(laptop.editor.getByRole('textbox', { name: 'Notes' })).toHaveValue('typed and gone');
  await laptop.page.keyboard.press('Escape');
  await slow.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  await laptop.isSynced();
  expect(await laptop.titles()).toEqual(titles);
  await expect(phone.tasks).toHaveCount(titles.length);
  expect(await phone.titles()).toEqual(titles);
  // Nothing is left to be taken up again.
  expect(await laptop.page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('tsugi.noted.')))).toEqual([]);
});
