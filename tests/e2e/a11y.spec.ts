import { AxeBuilder } from '@axe-core/playwright';
import { decisions } from './conflicts';
import { expect, test, PASSWORD, type Device } from './fixtures';

async function hasNoViolation(device: Device, screen: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page: device.page }).analyze();
  const found = violations.map((v) => `${v.id}: ${v.help} (${v.nodes.map((n) => n.target.join(' ')).join('; ')})`);
  expect(found, `axe on ${screen}`).toEqual([]);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`no screen has an accessibility violation (${colorScheme})`, async ({ newDevice, email }) => {
    const laptop = await newDevice({ colorScheme, reducedMotion: 'reduce' });
    await hasNoViolation(laptop, 'the account screen');
    await laptop.createAccount(email);
    await hasNoViolation(laptop, 'the empty list');
    await laptop.add('A task', 'Another task', 'Done already');
    await laptop.checkbox('Done already').check();
    await laptop.edit('A task', { Notes: 'With notes', Due: '2020-01-01' });
    await hasNoViolation(laptop, 'the list');
    await laptop.openFigures();
    await hasNoViolation(laptop, 'the figures');
    await laptop.page.keyboard.press('Escape');
    await laptop.page.getByRole('button', { name: 'Edit A task' }).click();
    await hasNoViolation(laptop, 'the editor');
    await laptop.page.keyboard.press('Escape');

    const phone = await newDevice({ colorScheme, viewport: { width: 360, height: 740 }, reducedMotion: 'reduce' });
    await phone.signIn(email);
    await hasNoViolation(phone, 'the list on a phone');
    await phone.workOffline(true);
    await phone.edit('A task', { Title: 'From the phone' });
    await laptop.edit('A task', { Title: 'From the laptop' });
    await laptop.isSynced();
    await phone.workOffline(false);
    await phone.page.getByRole('button', { name: /^Conflicts/ }).click();
    await expect(phone.page.getByRole('list', { name: 'Open conflicts' }).getByRole('listitem')).toHaveCount(1);
    await hasNoViolation(phone, 'the conflict inbox');
    await phone.openConflict();
    await hasNoViolation(phone, 'the merge dialog');
    await phone.dialog.getByRole('radio', { name: /^This device/ }).check();
    await phone.dialog.getByRole('button', { name: 'Save result' }).click();
    await phone.page.getByRole('tab', { name: 'History' }).click();
    await expect(decisions(phone)).toHaveCount(1);
    await hasNoViolation(phone, 'the history of conflicts');

    await laptop.add('Form to sign', 'One more');
    await expect(phone.checkbox('One more')).toBeVisible();
    await phone.page.getByRole('button', { name: 'Close', exact: true }).click();
    await phone.workOffline(true);
    await phone.edit('Form to sign', { Notes: 'Written meanwhile' });
    await phone.edit('One more', { Notes: 'milk', Due: '2031-01-02' });
    await laptop.remove('Form to sign');
    await laptop.edit('One more', { Notes: 'eggs', Due: '2031-01-03' });
    await laptop.isSynced();
    await phone.workOffline(false);
    await phone.page.getByRole('button', { name: /^Conflicts/ }).click();
    const open = phone.page.getByRole('list', { name: 'Open conflicts' });
    await open.getByRole('button', { name: /^Form to sign/ }).click();
    await hasNoViolation(phone, 'a real situation');
    await phone.page.keyboard.press('Escape');
    await open.getByRole('button', { name: /^One more/ }).click();
    await hasNoViolation(phone, 'the merge of notes and dates');
    await phone.page.keyboard.press('Escape');
    await phone.page.getByRole('button', { name: 'All like this…' }).click();
    await phone.page.getByRole('radio', { name: 'What was set last' }).check();
    await hasNoViolation(phone, 'many conflicts decided at once');
  });
}

test('the keyboard alone is enough, from the account to a resolved conflict', async ({ newDevice, email, server }) => {
  const laptop = await newDevice();
  const { page } = laptop;
  const tabTo = async (name: string) => {
    for (let n = 0; n < 40; n++) {
      await page.keyboard.press('Tab');
      const focused = page.locator(':focus');
      if ((await focused.count()) && (await focused.evaluate(accessibleName)) === name) return;
    }
    throw new Error(`Tab never reaches ${name}`);
  };
  await tabTo('Email');
  await page.keyboard.type(email);
  await tabTo('Password');
  await page.keyboard.type(PASSWORD);
  await tabTo('Create account');
  await page.keyboard.press('Enter');
  await laptop.isSynced();

  await laptop.open(server.url);
  await tabTo('Add a task');
  await page.keyboard.type('Typed');
  await page.keyboard.press('Enter');
  await page.keyboard.type('Typed too');
  await page.keyboard.press('Enter');
  await expect(laptop.tasks).toHaveCount(2);
  await tabTo('Typed');
  await page.keyboard.press('Space');
  await expect(laptop.checkbox('Typed')).toBeChecked();
  await tabTo('Edit Typed too');
  await page.keyboard.press('Enter');
  await expect(laptop.editor).toBeVisible();
  await expect(page.locator(':focus')).toHaveAccessibleName('Title');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('Typed again');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(laptop.checkbox('Typed again')).toBeVisible();
  await expect(page.locator(':focus')).toHaveAccessibleName('Edit Typed again');
  await laptop.isSynced();

  const phone = await newDevice();
  await phone.signIn(email);
  await laptop.workOffline(true);
  await phone.edit('Typed again', { Title: 'From the phone' });
  await phone.isSynced();
  await laptop.edit('Typed again', { Title: 'From the laptop' });
  await laptop.workOffline(false);
  await expect(page.getByRole('button', { name: /^Conflicts/ })).toContainText('1');
  await page.getByRole('button', { name: /^Conflicts/ }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('list', { name: 'Open conflicts' })).toBeVisible();
  await page.getByRole('list', { name: 'Open conflicts' }).getByRole('button').first().focus();
  await page.keyboard.press('Enter');
  await expect(laptop.dialog).toBeVisible();
  await laptop.dialog.getByRole('radio', { name: /^Chrome on Linux/ }).focus();
  await page.keyboard.press('Space');
  await laptop.dialog.getByRole('button', { name: 'Save result' }).focus();
  await page.keyboard.press('Enter');
  await expect(laptop.dialog).toBeHidden();
  await expect(laptop.checkbox('From the phone')).toBeVisible();
});

/** Near enough for finding one's way by Tab. */
function accessibleName(element: Element): string {
  const label = element.getAttribute('aria-label');
  const labelledBy = element.getAttribute('aria-labelledby');
  const byId = labelledBy && document.getElementById(labelledBy)?.textContent;
  const labels = (element as HTMLInputElement).labels?.[0]?.textContent;
  return (label ?? byId ?? labels ?? element.textContent ?? '').trim();
}
