// What the tests of conflicts share: two devices that edit apart, and what they look for afterwards.
import { expect, type Device } from './fixtures';

export type Pair = [Device, Device];
export type Edits = (device: Device) => Promise<unknown>;

export const conflicts = (device: Device) => device.page.getByRole('button', { name: /^Conflicts/ });
export const inbox = (device: Device) => device.page.getByRole('list', { name: 'Open conflicts' });
export const field = (device: Device, name: string) => device.dialog.getByRole('group', { name, exact: true });
export const toast = (device: Device) => device.page.locator('.toasts');

/** Both edit while apart. The laptop arrives first, so the phone's edit is the one in conflict. */
export async function apart([laptop, phone]: Pair, onLaptop: Edits, onPhone: Edits): Promise<void> {
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

export async function renameApart(pair: Pair): Promise<void> {
  const [laptop, phone] = pair;
  await laptop.add('Draft');
  await expect(phone.checkbox('Draft')).toBeVisible();
  await apart(pair, (device) => device.edit('Draft', { Title: 'From the laptop' }), (device) => device.edit('Draft', { Title: 'From the phone' }));
  await expect(conflicts(phone)).toContainText('1');
}

export async function save(device: Device): Promise<void> {
  await device.dialog.getByRole('button', { name: 'Save result' }).click();
  await expect(device.dialog).toBeHidden();
}

/** Both show the same, also after a reload, and nothing waits for a decision. */
export async function agree(pair: Pair, titles: string[]): Promise<void> {
  for (const device of pair) {
    await expect.poll(() => device.titles()).toEqual(titles);
    await device.isSynced();
    await expect(conflicts(device)).toBeHidden();
    await device.page.reload();
    await expect.poll(() => device.titles()).toEqual(titles);
    await expect(conflicts(device)).toBeHidden();
  }
}

export async function openHistory(device: Device): Promise<void> {
  await device.page.getByRole('button', { name: 'Sync details' }).click();
  await device.page.locator('#sync-details').getByRole('button', { name: 'Conflicts' }).click();
  await device.page.getByRole('tab', { name: 'History' }).click();
}

/** All entries of the history, and those of decisions. */
export const history = (device: Device) => device.page.getByRole('list', { name: 'History' }).getByRole('listitem');
export const decisions = (device: Device) => history(device).filter({ hasNot: device.page.locator('.history__entry--edit') });

/** Some tasks, each renamed on both devices. */
export async function manyApart(pair: Pair, count: number): Promise<string[]> {
  const names = Array.from({ length: count }, (_, nth) => `Task ${String(nth + 1).padStart(2, '0')}`);
  const [laptop, phone] = pair;
  await laptop.add(...names);
  await expect(phone.tasks).toHaveCount(count);
  const rename = (word: string) => async (device: Device) => {
    for (const name of names) await device.edit(name, { Title: `${name} ${word}` });
  };
  await apart(pair, rename('here'), rename('there'));
  await expect(conflicts(phone)).toContainText(String(count));
  return names;
}
