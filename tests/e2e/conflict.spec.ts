import { expect, test, type Device } from './fixtures';

/** Both rename one task while apart; the laptop arrives first. The phone's edit is the conflict. */
async function renameApart([laptop, phone]: [Device, Device]): Promise<void> {
  await laptop.add('Draft');
  await expect(phone.checkbox('Draft')).toBeVisible();
  await laptop.workOffline(true);
  await phone.workOffline(true);
  await laptop.edit('Draft', { Title: 'From the laptop' });
  await phone.edit('Draft', { Title: 'From the phone', Due: '2031-01-02' });
  await laptop.workOffline(false);
  await laptop.isSynced();
  await phone.workOffline(false);
  await expect(phone.page.getByRole('button', { name: /^Conflicts/ })).toContainText('1');
}

async function settled(pair: [Device, Device], title: string): Promise<void> {
  for (const device of pair) {
    await expect(device.checkbox(title)).toBeVisible();
    await expect(device.tasks).toHaveCount(1);
    await device.isSynced();
    await device.page.reload();
    await expect(device.checkbox(title)).toBeVisible();
    await expect(device.tasks).toHaveCount(1);
    await expect(device.page.getByRole('button', { name: /^Conflicts/ })).toBeHidden();
  }
}

for (const [choice, title] of [
  ['Mine', 'From the phone'],
  ['Theirs', 'From the laptop'],
  ['Base', 'Draft'],
] as const) {
  test(`both rename: ${choice} ends the same everywhere`, async ({ pair }) => {
    await renameApart(pair);
    const [, phone] = pair;
    await phone.openConflict();
    const group = phone.dialog.getByRole('group', { name: 'Title' });
    await group.getByRole('radio', { name: choice }).check();
    await expect(group.getByRole('textbox', { name: 'Result' })).toHaveValue(title);
    await phone.dialog.getByRole('button', { name: 'Save result' }).click();
    await settled(pair, title);
  });
}

test('both rename: a result written by hand, on the other device, ends the same everywhere', async ({ pair }) => {
  await renameApart(pair);
  const [laptop] = pair;
  await laptop.openConflict();
  const result = laptop.dialog.getByRole('group', { name: 'Title' }).getByRole('textbox', { name: 'Result' });
  await result.fill('From both');
  await laptop.dialog.getByRole('button', { name: 'Save result' }).click();
  await settled(pair, 'From both');
});

test('deciding later keeps the conflict, also through a reload', async ({ pair }) => {
  await renameApart(pair);
  const [, phone] = pair;
  await phone.openConflict();
  await phone.dialog.getByRole('button', { name: 'Decide later' }).click();
  await expect(phone.dialog).toBeHidden();
  await phone.page.reload();
  await expect(phone.page.getByRole('button', { name: /^Conflicts/ })).toContainText('1');
});

test('another field, changed at the same time, merges without asking', async ({ pair }) => {
  await renameApart(pair);
  const [laptop, phone] = pair;
  await phone.openConflict();
  await expect(phone.dialog.getByRole('group', { name: 'Due' })).toHaveCount(0);
  await phone.dialog.getByRole('button', { name: 'Decide later' }).click();
  await laptop.page.getByRole('button', { name: 'Edit From the laptop' }).click();
  await expect(laptop.property('Due')).toContainText('Thu, Jan 2, 2031');
});

test('different lines of the notes merge without asking', async ({ pair: [laptop, phone] }) => {
  await laptop.add('Shopping');
  await laptop.edit('Shopping', { Notes: 'milk\neggs\nbread' });
  await expect(phone.checkbox('Shopping')).toBeVisible();
  await laptop.isSynced();
  await laptop.workOffline(true);
  await laptop.edit('Shopping', { Notes: 'oat milk\neggs\nbread' });
  await phone.edit('Shopping', { Notes: 'milk\neggs\nrye bread' });
  await phone.isSynced();
  await laptop.workOffline(false);
  await laptop.isSynced();
  for (const device of [laptop, phone]) {
    await device.page.getByRole('button', { name: 'Edit Shopping' }).click();
    await expect(device.editor.getByLabel('Notes', { exact: true })).toHaveValue('oat milk\neggs\nrye bread');
  }
});

test('deleted there, edited here: the person decides, and the edit can come back', async ({ pair: [laptop, phone] }) => {
  await laptop.add('Holiday');
  await expect(phone.checkbox('Holiday')).toBeVisible();
  await phone.workOffline(true);
  await phone.edit('Holiday', { Title: 'Holiday in Nara' });
  await laptop.remove('Holiday');
  await laptop.isSynced();
  await phone.workOffline(false);
  await expect(phone.page.getByRole('button', { name: /^Conflicts/ })).toContainText('1');
  await phone.openConflict();
  for (const radio of await phone.dialog.getByRole('radio', { name: 'Mine' }).all()) await radio.check();
  await phone.dialog.getByRole('button', { name: 'Save result' }).click();
  await expect(laptop.checkbox('Holiday in Nara')).toBeVisible();
  await expect(phone.checkbox('Holiday in Nara')).toBeVisible();
});

test('a conflict that another device settles while it is looked at says so', async ({ pair }) => {
  await renameApart(pair);
  const [laptop, phone] = pair;
  await phone.openConflict();
  await laptop.openConflict();
  await laptop.dialog.getByRole('button', { name: 'Save result' }).click();
  const settled = phone.page.getByRole('dialog', { name: 'Already settled' });
  await expect(settled).toBeVisible();
  await settled.getByRole('button', { name: 'Close' }).click();
  await expect(settled).toBeHidden();
  await phone.isSynced();
});

test('a task that changes under the open editor says so, and loses nothing', async ({ pair: [laptop, phone] }) => {
  await laptop.add('Under my hands');
  await phone.page.getByRole('button', { name: 'Edit Under my hands' }).click();
  await phone.editor.getByLabel('Title', { exact: true }).fill('Typed on the phone');
  // What is typed is saved as one goes, so the laptop has it before the editor closes.
  await laptop.edit('Typed on the phone', { Title: 'Changed on the laptop' });
  await expect(phone.editor.getByText('Changed on another device meanwhile')).toBeVisible();
  await phone.editor.getByRole('button', { name: 'Close', exact: true }).click();
  await expect(phone.checkbox('Changed on the laptop')).toBeVisible();
  await phone.isSynced();
  await expect(phone.page.getByRole('button', { name: /^Conflicts/ })).toBeHidden();
});
