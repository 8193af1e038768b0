// The task editor and quick add: each feature once on two devices, one of them without a network meanwhile; once by the
// keyboard alone; and days at the edges of the world's clocks.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Device } from './fixtures';

async function openEditor(device: Device, title: string): Promise<void> {
  await device.page.getByRole('button', { name: `Edit ${title}`, exact: true }).click();
  await expect(device.editor).toBeVisible();
}

async function save(device: Device): Promise<void> {
  await device.editor.getByRole('button', { name: 'Close', exact: true }).click();
  await expect(device.editor).toBeHidden();
}

const field = (device: Device, name: string) => device.editor.getByLabel(name, { exact: true });
/** A day as the editor says it, without its year. */
const said = (day: string) =>
  new Intl.DateTimeFormat('en-US', { month: 'short', day: 'numeric', timeZone: 'UTC' }).format(new Date(day));
const chips = (device: Device) => device.page.getByRole('list', { name: 'Understood' }).getByRole('listitem');
const line = (device: Device) => device.page.getByRole('textbox', { name: 'Add a task' });
const conflicts = (device: Device) => device.page.getByRole('button', { name: /^Conflicts/ });

/** Both have the task, and the phone is without a network. */
async function apart([laptop, phone]: [Device, Device], title: string): Promise<void> {
  await laptop.add(title);
  await expect(phone.checkbox(title)).toBeVisible();
  await laptop.isSynced();
  await phone.workOffline(true);
}

test('every field that the phone sets offline is in the editor of the laptop', async ({ pair }) => {
  const [laptop, phone] = pair;
  await apart(pair, 'Water the plants');
  await openEditor(phone, 'Water the plants');
  await phone.set('Due', '2031-05-06 15:30');
  await phone.set('Start', '2031-05-01');
  await phone.set('Priority', 'P1');
  await phone.set('Labels', 'garden');
  await field(phone, 'Notes').fill('not too much');
  await save(phone);
  await phone.workOffline(false);
  await expect(laptop.tasks.filter({ hasText: 'garden' })).toHaveCount(1);
  await openEditor(laptop, 'Water the plants');
  await expect(laptop.property('Due')).toContainText('Tue, May 6, 2031 · 3:30 PM');
  await expect(laptop.property('Start')).toContainText('Thu, May 1, 2031');
  await expect(laptop.property('Priority')).toContainText('P1 · highest');
  await expect(laptop.property('Labels')).toContainText('@garden');
  await expect(field(laptop, 'Notes')).toHaveValue('not too much');
});

test('a task goes to a list and into its section, and both are chosen by name', async ({ pair }) => {
  const [laptop, phone] = pair;
  await laptop.add('Dig #Garden /Beds');
  await laptop.isSynced();
  await apart(pair, 'Sow');
  await openEditor(phone, 'Sow');
  await phone.set('List', 'Beds');
  await save(phone);
  await expect(phone.checkbox('Sow')).toBeHidden();
  await phone.workOffline(false);
  await laptop.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Garden/ }).click();
  await openEditor(laptop, 'Sow');
  await expect(laptop.property('List')).toContainText(/Garden.*Beds/);
});

test('sub-tasks are added, ticked and opened, and a tick of the whole takes them along and back', async ({ pair }) => {
  const [laptop, phone] = pair;
  await apart(pair, 'Move house');
  await openEditor(phone, 'Move house');
  const add = phone.editor.getByRole('textbox', { name: 'Add a sub-task' });
  for (const title of ['Pack', 'Carry']) {
    await add.fill(title);
    await add.press('Enter');
  }
  const below = (device: Device) => device.editor.getByRole('list', { name: /^Sub-tasks/ }).getByRole('listitem');
  await expect(below(phone)).toHaveCount(2);
  await phone.workOffline(false);
  await openEditor(laptop, 'Move house');
  await expect(below(laptop)).toHaveText([/Pack/, /Carry/]);
  await below(laptop).filter({ hasText: 'Pack' }).getByRole('checkbox').check();
  await expect(laptop.editor.getByRole('heading', { name: /^Sub-tasks 1 of 2/ })).toBeVisible();
  await laptop.editor.getByRole('button', { name: 'Open Carry' }).click();
  await expect(field(laptop, 'Title')).toHaveValue('Carry');
  await laptop.editor.getByRole('navigation', { name: 'Part of' }).getByRole('button', { name: 'Move house' }).click();
  await expect(field(laptop, 'Title')).toHaveValue('Move house');
  await laptop.page.keyboard.press('Escape');
  await laptop.checkbox('Move house').check();
  await expect(laptop.checkbox('Carry')).toBeChecked();
  await laptop.page.getByRole('button', { name: 'Undo' }).click();
  await expect(laptop.checkbox('Carry')).not.toBeChecked();
  await expect(laptop.checkbox('Move house')).not.toBeChecked();
  await expect(laptop.checkbox('Pack')).toBeChecked();
  await laptop.isSynced();
  await expect(below(phone).filter({ hasText: 'Carry' }).getByRole('checkbox')).not.toBeChecked();
  await expect(below(phone).filter({ hasText: 'Pack' }).getByRole('checkbox')).toBeChecked();
});

test('comments say who and when, and go when they are deleted', async ({ pair }) => {
  const [laptop, phone] = pair;
  await apart(pair, 'Book a table');
  await openEditor(phone, 'Book a table');
  await phone.editor.getByRole('textbox', { name: 'Add a comment' }).fill('For **six**, see https://example.org.');
  await phone.editor.getByRole('button', { name: 'Comment', exact: true }).click();
  await phone.workOffline(false);
  await openEditor(laptop, 'Book a table');
  const comments = (device: Device) => device.editor.getByRole('list', { name: 'Comments' }).getByRole('listitem');
  await expect(comments(laptop)).toContainText('You');
  await expect(comments(laptop)).toContainText('just now');
  await expect(comments(laptop).getByRole('link')).toHaveAttribute('href', 'https://example.org');
  await comments(laptop).getByRole('button', { name: 'Delete the comment' }).click();
  await expect(comments(phone)).toHaveCount(0);
});

test('done on both devices while apart, a weekly task comes again once', async ({ pair }) => {
  const [laptop, phone] = pair;
  await laptop.add('Bins');
  await openEditor(laptop, 'Bins');
  await laptop.set('Due', '2031-03-03');
  await laptop.property('Repeat').click();
  await laptop.editor.getByRole('button', { name: 'Every week', exact: true }).click();
  await laptop.editor.getByRole('checkbox', { name: 'Monday' }).check();
  await laptop.editor.getByRole('checkbox', { name: 'Thursday' }).check();
  await laptop.page.keyboard.press('Escape');
  await expect(laptop.property('Repeat')).toContainText('Every week on Monday and Thursday');
  await save(laptop);
  await laptop.isSynced();
  await openEditor(phone, 'Bins');
  await expect(phone.editor.getByText('Every week on Monday and Thursday')).toBeVisible();
  await phone.page.keyboard.press('Escape');
  await phone.workOffline(true);
  for (const device of [laptop, phone]) {
    await device.checkbox('Bins').check();
    await expect(device.page.getByText('Next:')).toBeVisible();
  }
  await laptop.isSynced();
  await phone.workOffline(false);
  await phone.isSynced();
  for (const device of [laptop, phone]) {
    await expect(device.checkbox('Bins')).toHaveCount(2);
    await expect(device.page.getByRole('checkbox', { name: 'Bins', exact: true, checked: false })).toHaveCount(1);
  }
  await laptop.tasks.filter({ has: laptop.page.getByRole('checkbox', { checked: false }) }).getByRole('button', { name: 'Edit Bins' }).click();
  await expect(laptop.property('Due')).toContainText('Thu, Mar 6, 2031');
});

test('notes are shown as Markdown, and nothing in them is taken for HTML', async ({ newDevice, email }) => {
  const laptop = await newDevice();
  await laptop.createAccount(email);
  await laptop.add('Read');
  await openEditor(laptop, 'Read');
  await field(laptop, 'Notes').fill(
    '# Plan\n- [x] **one**\n- [ ] two\n\n<img src=x onerror="document.title=1"> [bad](javascript:alert(1)) [good](https://example.org)',
  );
  await field(laptop, 'Title').focus();
  const notes = laptop.editor.getByRole('group', { name: 'Preview of the notes' });
  await expect(notes.getByRole('heading', { name: 'Plan' })).toBeVisible();
  await expect(notes.getByRole('checkbox', { name: 'one' })).toBeChecked();
  await notes.getByRole('checkbox', { name: 'two' }).check();
  await expect(field(laptop, 'Notes')).toHaveValue(/- \[x\] two/);
  await expect(notes.locator('strong')).toHaveText('one');
  await expect(notes.locator('img')).toHaveCount(0);
  await expect(notes).toContainText('<img src=x');
  await expect(notes.getByRole('link')).toHaveCount(1);
  await expect(notes.getByRole('link')).toHaveAttribute('rel', /noopener/);
  const { violations } = await new AxeBuilder({ page: laptop.page }).analyze();
  expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join('; ')}`)).toEqual([]);
  await notes.getByText('<img src=x').click();
  await expect(field(laptop, 'Notes')).toBeFocused();
});

test('quick add says what it understood, and adds a task with all of it, also offline', async ({ pair }) => {
  const [laptop, phone] = pair;
  await phone.workOffline(true);
  await line(phone).fill('pay rent every 1st p1 #Home @bills');
  await expect(chips(phone)).toHaveText(['Every month on the 1st', 'P1 · highest', 'Home (new)', 'bills (new)']);
  const { violations } = await new AxeBuilder({ page: phone.page }).analyze();
  expect(violations.map((v) => v.id)).toEqual([]);
  await line(phone).press('Enter');
  await expect(line(phone)).toHaveValue('');
  await expect(chips(phone)).toHaveCount(0);
  await line(phone).fill('buy soap #HOME');
  await expect(chips(phone)).toHaveText(['HOME']);
  await line(phone).press('Enter');
  await phone.workOffline(false);
  const main = laptop.page.getByRole('navigation', { name: 'Main' });
  await main.getByRole('link', { name: /^Home/ }).click();
  await expect.poll(() => laptop.titles()).toEqual(['pay rent', 'buy soap']);
  await expect(main.getByRole('link', { name: /^home/i })).toHaveCount(1);
  await openEditor(laptop, 'pay rent');
  await expect(laptop.editor.getByText('Every month on the 1st').last()).toBeVisible();
  await expect(laptop.property('Labels')).toContainText('@bills');
});

test('a chip that is dropped leaves its words in the title; the whole line is taken back in one go', async ({ pair }) => {
  const [laptop, phone] = pair;
  await line(laptop).fill('watch Tomorrow Never Dies #Films');
  await chips(laptop).filter({ hasText: 'Tomorrow' }).getByRole('button').click();
  await expect(line(laptop)).toBeFocused();
  await expect(chips(laptop)).toHaveText(['Films (new)']);
  await line(laptop).press('Enter');
  const main = phone.page.getByRole('navigation', { name: 'Main' });
  await main.getByRole('link', { name: /^Films/ }).click();
  await expect(phone.checkbox('watch Tomorrow Never Dies')).toBeVisible();
  await laptop.page.getByRole('heading', { level: 1 }).click();
  await laptop.page.keyboard.press('ControlOrMeta+z');
  await expect(main.getByRole('link', { name: /^Films/ })).toHaveCount(0);
});

test('where a line says nothing, the task is where the person is', async ({ newDevice, email }) => {
  const laptop = await newDevice();
  const { page } = laptop;
  await laptop.createAccount(email);
  await laptop.add('Sweep @chores');
  const main = page.getByRole('navigation', { name: 'Main' });
  await main.getByRole('link', { name: /^chores/ }).click();
  await laptop.add('Dust');
  await expect.poll(() => laptop.titles()).toEqual(['Sweep', 'Dust']);
  await main.getByRole('link', { name: /^Today/ }).click();
  await laptop.add('Rest');
  await expect(laptop.checkbox('Rest')).toBeVisible();
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('q');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Add a task' }).fill('Sing in 3 days');
  await expect(dialog.getByRole('list', { name: 'Understood' }).getByRole('listitem')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(laptop.checkbox('Sing')).toHaveCount(0);
});

test('the keyboard alone adds a task, gives it what it needs, and saves it', async ({ newDevice, email }) => {
  const laptop = await newDevice();
  const { page } = laptop;
  await laptop.createAccount(email);
  const tabTo = async (name: string) => {
    for (let n = 0; n < 60; n++) {
      if (await laptop.property(name).evaluate((button) => button === document.activeElement)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`Tab never reaches ${name}`);
  };
  const type = async (name: string, words: string) => {
    await tabTo(name);
    await page.keyboard.press('Enter');
    await expect(laptop.propertyInput(name)).toBeFocused();
    await page.keyboard.type(words);
    await page.keyboard.press('Enter');
  };
  await page.getByRole('heading', { level: 1 }).focus();
  await page.keyboard.press('q');
  await page.keyboard.type('Call Aiko tomorrow');
  await page.keyboard.press('Enter');
  await page.keyboard.press('j');
  await expect(laptop.checkbox('Call Aiko')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(field(laptop, 'Title')).toBeFocused();
  await type('Repeat', 'every day');
  await expect(laptop.property('Repeat')).toBeFocused();
  await expect(laptop.property('Repeat')).toContainText('Every day');
  await type('Labels', 'family');
  await page.keyboard.press('Escape');
  await expect(laptop.property('Labels')).toBeFocused();
  await type('Priority', 'P2');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(laptop.editor).toBeHidden();
  // The focus is back a frame later than the editor is gone.
  await expect(laptop.checkbox('Call Aiko')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(laptop.property('Priority')).toContainText('P2 · high');
  await expect(laptop.property('Labels')).toContainText('@family');
  await expect(laptop.property('Repeat')).toContainText('Every day');
});

test('done there and put off here: asked in a sentence, and settled for both', async ({ pair }) => {
  const [laptop, phone] = pair;
  await apart(pair, 'Dentist');
  await laptop.checkbox('Dentist').check();
  await laptop.isSynced();
  await phone.edit('Dentist', { Due: '2031-01-02' });
  await phone.workOffline(false);
  await expect(conflicts(phone)).toContainText('1');
  await conflicts(phone).click();
  await expect(phone.page.getByText(/ticked off “Dentist”\. You changed it here: due\./)).toBeVisible();
  await phone.openConflict();
  await phone.dialog.getByRole('button', { name: /^Still to do on/ }).click();
  for (const device of [laptop, phone]) {
    await expect(device.checkbox('Dentist')).not.toBeChecked();
    await expect(conflicts(device)).toBeHidden();
  }
});

test('two rules and two times for one task are shown in words and settled by their controls', async ({ pair }) => {
  const [laptop, phone] = pair;
  await apart(pair, 'Train');
  for (const [device, rule, time] of [[laptop, 'Every week', '09:00'], [phone, 'Every month', '10:00']] as const) {
    await openEditor(device, 'Train');
    await device.set('Due', `2031-01-06 ${time}`);
    await device.set('Repeat', rule);
    await save(device);
  }
  await laptop.isSynced();
  await phone.workOffline(false);
  await expect(conflicts(phone)).toContainText('1');
  await phone.openConflict();
  const repeat = phone.dialog.getByRole('group', { name: 'Repeat' });
  await expect(repeat.getByText('Every week', { exact: true }).first()).toBeVisible();
  await repeat.getByRole('group', { name: 'Result' }).getByRole('button', { name: 'Every year' }).click();
  const due = phone.dialog.getByRole('group', { name: 'Due' });
  await expect(due).toContainText('Mon, Jan 6, 2031');
  await due.getByRole('button', { name: /^Result/ }).click();
  await due.locator('input[type=text]').first().fill('2031-01-07 11:15');
  await phone.page.keyboard.press('Enter');
  await phone.dialog.getByRole('button', { name: 'Save result' }).click();
  await expect(conflicts(laptop)).toBeHidden();
  await openEditor(laptop, 'Train');
  await expect(laptop.property('Repeat')).toContainText('Every year');
  await expect(laptop.property('Due')).toContainText('Tue, Jan 7, 2031 · 11:15 AM');
});

// What day it is where a person is, from one side of the date line to the other.
for (const [zone, now, today, tomorrow] of [
  ['Pacific/Kiritimati', '2026-11-25T10:30:00Z', '2026-11-26', '2026-11-27'],
  ['Pacific/Pago_Pago', '2026-11-25T10:30:00Z', '2026-11-24', '2026-11-25'],
  ['America/New_York', '2026-03-08T04:30:00Z', '2026-03-07', '2026-03-08'],
  ['America/New_York', '2026-03-09T03:30:00Z', '2026-03-08', '2026-03-09'],
  ['America/New_York', '2026-11-02T04:30:00Z', '2026-11-01', '2026-11-02'],
  ['Europe/Rome', '2028-02-28T12:00:00Z', '2028-02-28', '2028-02-29'],
] as const) {
  test(`today is ${today} in ${zone} at ${now}`, async ({ newDevice, server }) => {
    const laptop = await newDevice({ timezoneId: zone });
    const { page } = laptop;
    await page.clock.setFixedTime(now);
    await laptop.open(server.url);
    await laptop.useWithoutAccount();
    await laptop.add('Swim today', 'Run tomorrow 9am', 'Stretch every day');
    for (const [title, day, time] of [['Swim', today, ''], ['Run', tomorrow, '9:00 AM'], ['Stretch', today, '']]) {
      await openEditor(laptop, title);
      await expect(laptop.property('Due')).toContainText(said(day));
      await expect(laptop.property('Due')).toContainText(time);
      await page.keyboard.press('Escape');
    }
    await openEditor(laptop, 'Swim');
    await laptop.property('Due').click();
    await laptop.editor.getByRole('button', { name: /^Tomorrow/ }).click();
    await expect(laptop.property('Due')).toContainText(said(tomorrow));
    await save(laptop);
    await laptop.checkbox('Stretch').check();
    await expect(laptop.page.getByText('Next: Tomorrow')).toBeVisible();
    await page.reload();
    await openEditor(laptop, 'Swim');
    await expect(laptop.property('Due')).toContainText(said(tomorrow));
  });
}

test('a day is that day on the other side of the world, and a time says whose clocks it is on', async ({ newDevice, email }) => {
  const east = await newDevice({ timezoneId: 'Pacific/Kiritimati' });
  await east.createAccount(email);
  const west = await newDevice({ timezoneId: 'Pacific/Pago_Pago' });
  await west.signIn(email);
  await east.add('Leap', 'Meet');
  await east.edit('Leap', { Due: '2028-02-29' });
  await openEditor(east, 'Meet');
  await east.set('Due', '2028-02-29');
  await east.property('Due').click();
  await field(east, 'Due time').fill('00:15');
  await field(east, 'Due time').press('Enter');
  await save(east);
  await expect(west.checkbox('Meet')).toBeVisible();
  await east.isSynced();
  await openEditor(west, 'Leap');
  await expect(west.property('Due')).toContainText('Tue, Feb 29, 2028');
  await west.page.keyboard.press('Escape');
  await openEditor(west, 'Meet');
  await expect(west.property('Due')).toContainText('Sun, Feb 27, 2028 · 11:15 PM · Kiritimati Tue, Feb 29 · 12:15 AM');
});

test('a yearly task of the leap day comes again on the last of February', async ({ newDevice, server }) => {
  const laptop = await newDevice({ timezoneId: 'Asia/Tokyo' });
  await laptop.page.clock.setFixedTime('2028-02-29T03:00:00Z');
  await laptop.open(server.url);
  await laptop.useWithoutAccount();
  await laptop.add('Leap party every feb 29');
  await laptop.checkbox('Leap party').check();
  await laptop.tasks.filter({ has: laptop.page.getByRole('checkbox', { checked: false }) }).getByRole('button', { name: 'Edit Leap party' }).click();
  await expect(laptop.property('Due')).toContainText('Wed, Feb 28, 2029');
});
