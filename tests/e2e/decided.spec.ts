// Many conflicts at once, what was decided before, how it is taken back, and the rules of a workspace.
import { agree, apart, conflicts, decisions, field, inbox, manyApart, openHistory, renameApart, save, toast } from './conflicts';
import { expect, test, type Device } from './fixtures';

test('priority and list, changed on both: merged by the later, told, and the other can be taken', async ({ pair }) => {
  const [laptop, phone] = pair;
  await laptop.add('Paint');
  await expect(phone.checkbox('Paint')).toBeVisible();
  const priority = (words: string) => async (device: Device) => {
    await device.page.getByRole('button', { name: 'Edit Paint', exact: true }).click();
    await device.set('Priority', words);
    await device.page.keyboard.press('Escape');
  };
  await apart(pair, priority('P1'), priority('P3'));
  await expect(conflicts(phone)).toBeHidden();
  await openHistory(laptop);
  await expect(decisions(laptop)).toHaveCount(1);
  await expect(decisions(laptop)).toContainText('P3 · medium was kept, not P1');
  await expect(decisions(laptop)).toContainText('the later one counts');
  await decisions(laptop).getByRole('button', { name: /^Take P1/ }).click();
  await expect(decisions(laptop)).toContainText('was kept, not P3');
  await openHistory(phone);
  await expect(decisions(phone)).toContainText('was kept, not P3');
  for (const device of pair) await expect(conflicts(device)).toBeHidden();
});

test('a decision is undone by Ctrl+Z, and from the history on another device', async ({ pair }) => {
  await renameApart(pair);
  const [laptop, phone] = pair;
  await phone.add('Something else');
  await phone.openConflict();
  await field(phone, 'Title').getByRole('radio', { name: /^This device/ }).check();
  await save(phone);
  await expect(phone.checkbox('From the phone')).toBeVisible();
  await phone.page.keyboard.press('ControlOrMeta+z');
  await expect(conflicts(phone)).toContainText('1');
  await expect(phone.checkbox('From the laptop')).toBeVisible();
  await phone.page.keyboard.press('ControlOrMeta+Shift+z');
  await expect(conflicts(phone)).toBeHidden();

  await expect(laptop.checkbox('From the phone')).toBeVisible();
  await openHistory(laptop);
  await expect(decisions(laptop)).toContainText('From the phone was kept, not From the laptop');
  await expect(decisions(laptop)).toContainText(/Decided on Chrome on Linux/);
  await decisions(laptop).getByRole('button', { name: /^Undo/ }).click();
  for (const device of pair) {
    await expect(device.checkbox('From the laptop')).toBeVisible();
    await expect(conflicts(device)).toContainText('1');
  }
});

test('undo of a decision says what it would overwrite', async ({ pair }) => {
  await renameApart(pair);
  const [laptop, phone] = pair;
  await phone.openConflict();
  await field(phone, 'Title').getByRole('radio', { name: /^This device/ }).check();
  await save(phone);
  await laptop.edit('From the phone', { Title: 'Edited since' });
  await expect(phone.checkbox('Edited since')).toBeVisible();
  await phone.page.getByRole('button', { name: 'Edit Edited since' }).click();
  await phone.editor.getByRole('tab', { name: 'History' }).click();
  const entry = decisions(phone);
  await entry.getByRole('button', { name: /^Undo/ }).click();
  await expect(entry).toContainText('Edited since. Undo would replace “Edited since” with “From the laptop”.');
  await entry.getByRole('button', { name: 'Leave it' }).click();
  await expect(entry.getByRole('button', { name: 'Undo anyway' })).toHaveCount(0);
  await entry.getByRole('button', { name: /^Undo/ }).click();
  await entry.getByRole('button', { name: 'Undo anyway' }).click();
  for (const device of pair) {
    await expect(device.checkbox('From the laptop')).toBeVisible();
    await expect(conflicts(device)).toContainText('1');
  }
});

test('thirteen different conflicts take thirteen keys, or two each in the dialog', async ({ pair }) => {
  const names = await manyApart(pair, 13);
  const [, phone] = pair;
  await conflicts(phone).click();
  const cards = inbox(phone).getByRole('button');
  await cards.first().focus();
  for (let nth = 0; nth < 6; nth += 1) {
    await expect(phone.page.locator('[data-conflict]:focus')).toBeVisible();
    await phone.page.keyboard.press('1');
    await expect(cards).toHaveCount(12 - nth);
  }
  await phone.page.locator('[data-conflict]:focus').press('Enter');
  for (let nth = 0; nth < 7; nth += 1) {
    await expect(phone.dialog.getByRole('radio', { checked: true })).toHaveCount(0);
    if (nth < 6) await expect(phone.dialog).toContainText(`of ${7 - nth}`);
    await expect(phone.dialog.locator('.dialog__title')).toBeFocused();
    await phone.page.keyboard.press('2');
    await phone.page.keyboard.press('ControlOrMeta+Enter');
    await expect(cards).toHaveCount(6 - nth);
  }
  await expect(phone.dialog).toBeHidden();
  await expect(conflicts(phone)).toBeHidden();
  await phone.isSynced();
  expect((await phone.titles()).filter((title) => title.endsWith('there'))).toHaveLength(6);
  expect(await phone.titles()).toHaveLength(names.length);
});

test('many are decided at once, after a look at what will happen, and one Undo takes all back', async ({ pair }) => {
  await manyApart(pair, 5);
  const [laptop, phone] = pair;
  await conflicts(phone).click();
  await phone.page.getByRole('button', { name: 'All like this…' }).click();
  const dialog = phone.page.getByRole('dialog', { name: 'Decide 5 conflicts at once' });
  await dialog.getByRole('radio', { name: 'This device' }).check();
  await expect(dialog).toContainText('Task 01 here → Task 01 there');
  await dialog.getByRole('checkbox', { name: /^Task 03/ }).uncheck();
  // It moves on under the eyes of the person, so it is left out.
  await laptop.edit('Task 04 here', { Title: 'Task 04 again' });
  await expect(dialog).toContainText('Left out: changed again');
  await dialog.getByRole('button', { name: 'Apply to 3' }).click();
  await expect(conflicts(phone)).toContainText('2');
  await expect(toast(phone)).toContainText('Decided 3 conflicts');
  for (const device of pair) {
    await expect.poll(async () => (await device.titles()).filter((title) => title.endsWith('there'))).toHaveLength(3);
  }
  await toast(phone).getByRole('button', { name: 'Undo' }).click();
  for (const device of pair) await expect(conflicts(device)).toContainText('5');
});

test('what another device has decided is said at once, with a way to the history', async ({ pair }) => {
  await renameApart(pair);
  const [laptop, phone] = pair;
  await phone.openConflict();
  await field(phone, 'Title').getByRole('radio', { name: /^This device/ }).check();
  await save(phone);
  await expect(toast(laptop)).toContainText(/‘From the phone’: From the phone\. Decided on Chrome on Linux/);
  await toast(laptop).getByRole('button', { name: 'History' }).click();
  await expect(decisions(laptop)).toContainText('From the phone was kept, not From the laptop');
});

test('a field about which the people of a workspace always want to be asked is asked about', async ({ pair }) => {
  const [laptop, phone] = pair;
  await laptop.add('Paint');
  await expect(phone.checkbox('Paint')).toBeVisible();
  for (const device of pair) {
    await device.page.getByRole('link', { name: 'Settings' }).click();
    await expect(device.page.getByRole('switch', { name: 'Priority: Always ask' })).not.toBeChecked();
  }
  await laptop.page.getByRole('switch', { name: 'Priority: Always ask' }).press('Space');
  await expect(phone.page.getByRole('switch', { name: 'Priority: Always ask' })).toBeChecked();
  for (const device of pair) await device.goToInbox();
  const priority = (words: string) => async (device: Device) => {
    await device.page.getByRole('button', { name: 'Edit Paint', exact: true }).click();
    await device.set('Priority', words);
    await device.page.keyboard.press('Escape');
  };
  await apart(pair, priority('P1'), priority('P3'));
  await phone.openConflict();
  await field(phone, 'Priority').getByRole('radio', { name: /^Chrome on Linux/ }).check();
  await save(phone);
  await agree(pair, ['Paint']);
  await laptop.page.getByRole('button', { name: 'Edit Paint', exact: true }).click();
  await expect(laptop.property('Priority')).toContainText('P1');
});

test('fifty conflicts are seen and decided with five keys', async ({ pair }) => {
  const [laptop, phone] = pair;
  await phone.page.getByRole('link', { name: 'Settings' }).click();
  await phone.page.getByRole('switch', { name: 'Priority: Always ask' }).press('Space');
  await phone.goToInbox();
  await laptop.add(...Array.from({ length: 50 }, (_, nth) => `Task ${nth + 1}`));
  await expect(phone.page.getByRole('heading', { level: 1 }).locator('..')).toContainText('50 open');
  const all = (key: string) => async (device: Device) => {
    await device.tasks.first().getByRole('checkbox').focus();
    await device.page.keyboard.press('ControlOrMeta+a');
    await device.page.keyboard.press(key);
    await device.page.keyboard.press('Escape');
  };
  await apart(pair, all('1'), all('3'));
  await expect(conflicts(phone)).toContainText('50');
  await conflicts(phone).focus();
  await phone.page.keyboard.press('Enter');
  await expect(inbox(phone)).toBeVisible();
  await phone.page.keyboard.press('a');
  await expect(phone.page.getByRole('dialog', { name: 'Decide 50 conflicts at once' })).toBeVisible();
  await phone.page.keyboard.press('Tab');
  await phone.page.keyboard.press('Space');
  await expect(phone.page.getByRole('dialog')).toContainText('50 of 50');
  await phone.page.keyboard.press('ControlOrMeta+Enter');
  for (const device of pair) await expect(conflicts(device)).toBeHidden();
});

test('two conflicts about one title are decided at once, and nobody is asked again', async ({ pair, newDevice, email }) => {
  const [laptop, phone] = pair;
  const tablet = await newDevice();
  await tablet.signIn(email);
  await laptop.add('Draft');
  for (const device of [phone, tablet]) await expect(device.page.getByRole('link', { name: 'Inbox 1' })).toBeVisible();
  await tablet.goToInbox();
  const devices = [laptop, phone, tablet];
  for (const device of devices) {
    await device.isSynced();
    await device.workOffline(true);
  }
  for (const [nth, device] of devices.entries()) await device.edit('Draft', { Title: `Title ${nth + 1}` });
  for (const device of devices) {
    await device.workOffline(false);
    await device.isSynced();
  }
  await expect(conflicts(phone)).toContainText('2');
  await conflicts(phone).click();
  await phone.page.getByRole('button', { name: 'All like this…' }).click();
  await phone.page.getByRole('radio', { name: 'What was set last' }).check();
  await phone.page.keyboard.press('ControlOrMeta+Enter');
  await expect(conflicts(phone)).toBeHidden();
  await phone.isSynced();
  await agree(pair, await phone.titles());
});
