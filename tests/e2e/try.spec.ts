// Conflicts, one test for each kind. Each ends with a decision in a real browser, two equal screens and no conflict left.
import { expect, test, type Device } from './fixtures';

type Pair = [Device, Device];
type Edits = (device: Device) => Promise<unknown>;

const conflicts = (device: Device) => device.page.getByRole('button', { name: /^Conflicts/ });
const inbox = (device: Device) => device.page.getByRole('list', { name: 'Open conflicts' });
const field = (device: Device, name: string) => device.dialog.getByRole('group', { name, exact: true });
const toast = (device: Device) => device.page.locator('.toasts');

/** Both edit while apart. The laptop arrives first, so the phone's edit is the one in conflict. */
async function apart([laptop, phone]: Pair, onLaptop: Edits, onPhone: Edits): Promise<void> {
  for (const device of [laptop, phone]) await device.isSynced();
  await laptop.workOffline(true);
  await phone.workOffline(true);
  await onLaptop(laptop);
  await onPhone(phone);
  for (const device of [laptop, phone]) {
    await device.workOffline(false);
    await device.isSynced();
  }
}

async function renameApart(pair: Pair): Promise<void> {
  const [laptop, phone] = pair;
  await laptop.add('Draft');
  await expect(phone.checkbox('Draft')).toBeVisible();
  await apart(pair, (device) => device.edit('Draft', { Title: 'From the laptop' }), (device) => device.edit('Draft', { Title: 'From the phone' }));
  await expect(conflicts(phone)).toContainText('1');
}

async function save(device: Device): Promise<void> {
  await device.dialog.getByRole('button', { name: 'Save result' }).click();
  await expect(device.dialog).toBeHidden();
}

/** Both show the same, also after a reload, and nothing waits for a decision. */
async function agree(pair: Pair, titles: string[]): Promise<void> {
  for (const device of pair) {
    await expect.poll(() => device.titles()).toEqual(titles);
    await device.isSynced();
    await expect(conflicts(device)).toBeHidden();
    await device.page.reload();
    await expect.poll(() => device.titles()).toEqual(titles);
    await expect(conflicts(device)).toBeHidden();
  }
}

async function openHistory(device: Device): Promise<void> {
  await device.page.getByRole('button', { name: 'Sync details' }).click();
  await device.page.locator('#sync-details').getByRole('button', { name: 'Conflicts' }).click();
  await device.page.getByRole('tab', { name: 'History' }).click();
}

const history = (device: Device) => device.page.getByRole('list', { name: 'History' }).getByRole('listitem');

for (const [choice, title] of [
  [/^This device/, 'From the phone'],
  [/^Chrome on Linux/, 'From the laptop'],
  [/^Before/, 'Draft'],
  [/^Keep both/, 'From the phone / laptop'],
] as const) {
  test(`both rename: ${choice} ends the same everywhere`, async ({ pair }) => {
    await renameApart(pair);
    const [, phone] = pair;
    await phone.openConflict();
    // Nothing is chosen for anybody.
    await expect(phone.dialog.getByRole('radio', { checked: true })).toHaveCount(0);
    await expect(field(phone, 'Title').getByRole('textbox', { name: 'Result' })).toHaveValue('');
    await field(phone, 'Title').getByRole('radio', { name: choice }).check();
    await expect(field(phone, 'Title').getByRole('textbox', { name: 'Result' })).toHaveValue(title);
    await save(phone);
    await expect(toast(phone)).toContainText(`: ${title}`);
    await agree(pair, [title]);
  });
}

test('whoever looks sees their own edit first, and a third device sees two named ones', async ({ pair, newDevice, email }) => {
  await renameApart(pair);
  const [laptop, phone] = pair;
  for (const [device, own, other] of [[laptop, 'From the laptop', 'From the phone'], [phone, 'From the phone', 'From the laptop']] as const) {
    await device.openConflict();
    const radios = field(device, 'Title').getByRole('radio');
    await expect(radios.nth(1)).toHaveAccessibleName(new RegExp(`^This device, .+: ${own}$`));
    await expect(radios.nth(2)).toHaveAccessibleName(new RegExp(`^Chrome on Linux, since .+: ${other}$`));
    await device.dialog.getByRole('button', { name: 'Decide later' }).click();
  }
  const tablet = await newDevice();
  await tablet.signIn(email);
  await tablet.openConflict();
  await expect(tablet.dialog.getByRole('radio', { name: /^This device/ })).toHaveCount(0);
  const named = tablet.dialog.getByRole('radio', { name: /^Chrome on Linux, since/ });
  await expect(named).toHaveCount(2);
  await named.nth(0).check();
  await save(tablet);
  await agree([laptop, tablet], ['From the phone']);
});

test('both rename: a result written by hand, on the other device, ends the same everywhere', async ({ pair }) => {
  await renameApart(pair);
  const [laptop] = pair;
  await laptop.openConflict();
  await field(laptop, 'Title').getByRole('textbox', { name: 'Result' }).fill('From both');
  await save(laptop);
  await agree(pair, ['From both']);
});

test('deciding later keeps the conflict, also through a reload; the task says so and opens it', async ({ pair }) => {
  await renameApart(pair);
  console.log('step 1');
  const [, phone] = pair;
  await phone.openConflict();
  console.log('step 2');
  await phone.dialog.getByRole('button', { name: 'Decide later' }).click();
  console.log('step 3');
  await expect(phone.dialog).toBeHidden();
  console.log('step 4');
  await phone.page.reload();
  console.log('step 5');
  await expect(conflicts(phone)).toContainText('1');
  console.log('step 6');
  await phone.page.getByRole('button', { name: '2 versions' }).click();
  console.log('step 7');
  await expect(phone.dialog).toBeVisible();
  console.log('step 8');
  await phone.page.keyboard.press('Escape');
  console.log('step 9');
  await phone.page.getByRole('button', { name: 'Edit From the laptop' }).click();
  console.log('step 10');
  await expect(phone.editor).toContainText('This task has two versions: title.');
  console.log('step 11');
  await phone.editor.getByRole('button', { name: 'Decide' }).click();
  console.log('step 12');
  await field(phone, 'Title').getByRole('radio', { name: /^This device/ }).check();
  console.log('step 13');
  await save(phone);
  console.log('step 14');
  await expect(phone.editor).not.toContainText('two versions');
  console.log('step 15');
});
