// Conflicts, one test for each kind. Each ends with a decision in a real browser, two equal screens and no conflict left.
import { agree, apart, conflicts, decisions, field, openHistory, renameApart, save, toast } from './conflicts';
import { expect, test, type Device } from './fixtures';

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
  const [, phone] = pair;
  await phone.openConflict();
  await phone.dialog.getByRole('button', { name: 'Decide later' }).click();
  await expect(phone.dialog).toBeHidden();
  await phone.page.reload();
  await expect(conflicts(phone)).toContainText('1');
  await phone.page.getByRole('button', { name: '2 versions' }).click();
  await expect(phone.dialog).toBeVisible();
  await phone.page.keyboard.press('Escape');
  // The badge stands over the middle of the row.
  await phone.page.getByRole('button', { name: 'Edit From the laptop' }).click({ position: { x: 90, y: 12 } });
  await expect(phone.editor).toContainText('This task has two versions: title.');
  await phone.editor.getByRole('button', { name: 'Decide' }).click();
  await field(phone, 'Title').getByRole('radio', { name: /^This device/ }).check();
  await save(phone);
  await expect(phone.editor).not.toContainText('two versions');
});

test('an undecided field cannot be saved, and says which one it is', async ({ pair }) => {
  const [laptop, phone] = pair;
  await laptop.add('Trip');
  await expect(phone.checkbox('Trip')).toBeVisible();
  await apart(
    pair,
    (device) => device.edit('Trip', { Title: 'Trip to Kyoto', Due: '2031-01-03' }),
    (device) => device.edit('Trip', { Title: 'Trip to Nara', Due: '2031-01-05' }),
  );
  await phone.openConflict();
  await expect(phone.dialog).toContainText('2 left: Title, Due');
  await expect(field(phone, 'Due')).toContainText('2 days apart');
  await field(phone, 'Title').getByRole('radio', { name: /^This device/ }).check();
  await expect(phone.dialog).toContainText('1 left: Due');
  await phone.page.keyboard.press('ControlOrMeta+Enter');
  await expect(field(phone, 'Due').getByRole('radio').first()).toBeFocused();
  // The result of a date is the calendar that the editor has.
  await field(phone, 'Due').getByRole('button', { name: /^Result/ }).click();
  await field(phone, 'Due').locator('input[type=text]').first().fill('2031-01-07 15:00');
  await phone.page.keyboard.press('Enter');
  await expect(field(phone, 'Due').getByRole('button', { name: /^Result/ })).toContainText('Tue, Jan 7, 2031 · 3:00 PM');
  await save(phone);
  await agree(pair, ['Trip to Nara']);
  await laptop.page.getByRole('button', { name: 'Edit Trip to Nara' }).click();
  await expect(laptop.property('Due')).toContainText('Tue, Jan 7, 2031');
});

test('another field, changed at the same time, merges without asking', async ({ pair }) => {
  const [laptop, phone] = pair;
  await laptop.add('Draft');
  await expect(phone.checkbox('Draft')).toBeVisible();
  await apart(
    pair,
    (device) => device.edit('Draft', { Title: 'From the laptop' }),
    (device) => device.edit('Draft', { Title: 'From the phone', Due: '2031-01-02' }),
  );
  await phone.openConflict();
  await expect(field(phone, 'Due')).toHaveCount(0);
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

test('the same lines of the notes are asked place by place, and both can be kept', async ({ pair }) => {
  const [laptop, phone] = pair;
  await laptop.add('Hotel');
  await laptop.edit('Hotel', { Notes: 'milk\nAsk for a room.\nbread\nCall.\nend' });
  await expect(phone.checkbox('Hotel')).toBeVisible();
  await apart(
    pair,
    (device) => device.edit('Hotel', { Notes: 'milk\nA garden.\nbread\nWrite.\nend' }),
    (device) => device.edit('Hotel', { Notes: 'milk\nA view.\nbread\nVisit.\nend\nrye' }),
  );
  await phone.openConflict();
  const places = field(phone, 'Notes').getByRole('group', { name: /^Changed by both/ });
  await expect(places).toHaveCount(2);
  await expect(phone.dialog.locator('mark', { hasText: 'milk' })).toHaveCount(0);
  await places.nth(0).getByRole('radio', { name: /^Keep both/ }).check();
  await expect(phone.dialog).toContainText('1 left: Notes');
  await places.nth(1).getByRole('radio', { name: /^Chrome on Linux/ }).check();
  await expect(field(phone, 'Notes').getByRole('textbox', { name: 'Result' })).toHaveValue('milk\nA view.\nA garden.\nbread\nWrite.\nend\nrye');
  await save(phone);
  await agree(pair, ['Hotel']);
  await laptop.page.getByRole('button', { name: 'Edit Hotel' }).click();
  await expect(laptop.editor.getByLabel('Notes', { exact: true })).toHaveValue('milk\nA view.\nA garden.\nbread\nWrite.\nend\nrye');
});

for (const [answer, titles] of [['Keep it, with the new title, notes', ['Holiday in Nara']], ['Delete it', []]] as const) {
  test(`deleted there, edited here: one question, and ‘${answer}’ ends the same everywhere`, async ({ pair }) => {
    const [laptop, phone] = pair;
    await laptop.add('Holiday');
    await expect(phone.checkbox('Holiday')).toBeVisible();
    await apart(pair, (device) => device.remove('Holiday'), (device) => device.edit('Holiday', { Title: 'Holiday in Nara', Notes: 'Hotel' }));
    await phone.openConflict();
    await expect(phone.dialog).toContainText('deleted “Holiday”. You changed it here without knowing');
    await expect(phone.dialog.getByRole('radio')).toHaveCount(0);
    await phone.dialog.getByRole('button', { name: answer }).click();
    await expect(phone.dialog).toBeHidden();
    await agree(pair, [...titles]);
  });
}

test('deleted here, edited there: decided on the other device', async ({ pair }) => {
  const [laptop, phone] = pair;
  await laptop.add('Holiday');
  await expect(phone.checkbox('Holiday')).toBeVisible();
  await apart(pair, (device) => device.edit('Holiday', { Notes: 'Hotel' }), (device) => device.remove('Holiday'));
  await expect(conflicts(laptop)).toContainText('1');
  await phone.openConflict();
  await expect(phone.dialog).toContainText('You deleted “Holiday” here.');
  await phone.page.keyboard.press('Escape');
  await laptop.openConflict();
  await expect(laptop.dialog).toContainText('deleted “Holiday”. You changed it here without knowing: notes.');
  await expect(laptop.dialog).toContainText('Hotel');
  await laptop.page.keyboard.press('1');
  await agree(pair, ['Holiday']);
});

for (const [answer, title] of [[/^It is done/, '[Dentist]'], [/^Still to do on Thu, Jan 2, 2031/, 'Dentist']] as const) {
  test(`done there, put off here: ‘${answer}’ ends the same everywhere`, async ({ pair }) => {
    const [laptop, phone] = pair;
    await laptop.add('Dentist');
    await expect(phone.checkbox('Dentist')).toBeVisible();
    await apart(pair, (device) => device.checkbox('Dentist').check(), (device) => device.edit('Dentist', { Due: '2031-01-02' }));
    await phone.openConflict();
    // Who ticked it off, where and when.
    await expect(phone.dialog).toContainText(/Chrome on Linux, since .+ ticked off “Dentist”\. You changed it here: due\./);
    await expect(phone.dialog).toContainText('ticked it off ·');
    await phone.dialog.getByRole('button', { name: answer }).click();
    await expect(phone.dialog).toBeHidden();
    await agree(pair, [title]);
  });
}

test('put off there, and done here later: it is done, nobody is asked, and the history says so', async ({ pair }) => {
  const [laptop, phone] = pair;
  await laptop.add('Dentist');
  await expect(phone.checkbox('Dentist')).toBeVisible();
  await apart(pair, (device) => device.edit('Dentist', { Due: '2031-01-02' }), (device) => device.checkbox('Dentist').check());
  await agree(pair, ['[Dentist]']);
  for (const device of pair) {
    await openHistory(device);
    await expect(decisions(device)).toHaveCount(1);
    await expect(decisions(device)).toContainText('ticked off after it was put off');
  }
  // Whoever knows better takes the other.
  await decisions(laptop).getByRole('button', { name: /^Take Not completed/ }).click();
  for (const device of pair) await expect.poll(() => device.titles()).toEqual(['Dentist']);
});

test('done here, put off there: the other device is asked the same', async ({ pair }) => {
  const [laptop, phone] = pair;
  await laptop.add('Dentist');
  await expect(phone.checkbox('Dentist')).toBeVisible();
  // Ticked off first, and put off later by somebody who did not know.
  const inTurn = async () => {
    await phone.checkbox('Dentist').check();
    await laptop.edit('Dentist', { Due: '2031-01-02' });
  };
  await apart(pair, inTurn, async () => {});
  await expect(conflicts(laptop)).toContainText('1');
  await phone.openConflict();
  await expect(phone.dialog).toContainText(/You ticked off “Dentist” here\. Chrome on Linux, since .+ changed it: due\./);
  await phone.page.keyboard.press('Escape');
  await laptop.openConflict();
  await laptop.page.keyboard.press('2');
  await agree(pair, ['Dentist']);
});

test('a label renamed here and deleted there can be kept', async ({ pair }) => {
  const [laptop, phone] = pair;
  await laptop.add('Pack @trip');
  await expect(phone.page.getByRole('link', { name: /^trip/ })).toBeVisible();
  const more = async (device: Device, command: string) => {
    await device.page.getByRole('button', { name: 'More for trip', exact: true }).click();
    await device.page.getByRole('button', { name: command }).click();
  };
  await apart(
    pair,
    async (device) => {
      await more(device, 'Delete');
    },
    async (device) => {
      await more(device, 'Rename');
      await device.page.getByRole('dialog').getByRole('textbox').fill('outing');
      await device.page.keyboard.press('Enter');
    },
  );
  await phone.openConflict();
  await phone.dialog.getByRole('button', { name: /^Keep it/ }).click();
  for (const device of pair) {
    await expect(device.page.getByRole('link', { name: /^outing/ })).toBeVisible();
    await expect(conflicts(device)).toBeHidden();
  }
});

test('a conflict that another device settles while it is looked at says so', async ({ pair }) => {
  await renameApart(pair);
  const [laptop, phone] = pair;
  await phone.openConflict();
  await laptop.openConflict();
  await field(laptop, 'Title').getByRole('radio', { name: /^This device/ }).check();
  await save(laptop);
  const settled = phone.page.getByRole('dialog', { name: 'Already settled' });
  await expect(settled).toBeVisible();
  await settled.getByRole('button', { name: 'Close' }).click();
  await expect(settled).toBeHidden();
  await phone.isSynced();
});

test('a task that changes under the open dialog says so, keeps the choice and offers the new value', async ({ pair }) => {
  await renameApart(pair);
  const [laptop, phone] = pair;
  await phone.openConflict();
  await field(phone, 'Title').getByRole('radio', { name: /^This device/ }).check();
  await laptop.edit('From the laptop', { Title: 'Changed again' });
  await expect(phone.dialog).toContainText('This was changed again just now.');
  await expect(field(phone, 'Title').getByRole('radio', { name: /^This device/ })).toBeChecked();
  await field(phone, 'Title').getByRole('radio', { name: /^As it is now/ }).check();
  await save(phone);
  await agree(pair, ['Changed again']);
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
  await expect(conflicts(phone)).toBeHidden();
});

test('decided without a network, and settled everywhere once it is back', async ({ pair }) => {
  await renameApart(pair);
  const [, phone] = pair;
  await phone.workOffline(true);
  await phone.openConflict();
  await field(phone, 'Title').getByRole('radio', { name: /^This device/ }).check();
  await save(phone);
  await expect(conflicts(phone)).toBeHidden();
  await phone.workOffline(false);
  await agree(pair, ['From the phone']);
});

test('notes that are typed on a task while another device deletes it are asked about, online too', async ({ pair }) => {
  const [laptop, phone] = pair;
  await laptop.add('Form');
  await phone.page.getByRole('button', { name: 'Edit Form', exact: true }).click();
  await laptop.remove('Form');
  await expect(phone.editor).toContainText('Restore with this');
  await phone.editor.getByLabel('Notes', { exact: true }).fill('Bring two copies');
  await phone.editor.getByRole('button', { name: 'Close', exact: true }).click();
  for (const device of pair) await expect(conflicts(device)).toContainText('1');
  await phone.openConflict();
  await expect(phone.dialog).toContainText('Bring two copies');
  await phone.dialog.getByRole('button', { name: 'Keep it, with the new notes' }).click();
  await agree(pair, ['Form']);
});

test('done there, put off here, and it comes again: still to do leaves one open task', async ({ pair }) => {
  const [laptop, phone] = pair;
  await laptop.add('Water every day');
  await expect(phone.checkbox('Water')).toBeVisible();
  await apart(pair, (device) => device.checkbox('Water').check(), (device) => device.edit('Water', { Due: '2031-01-02' }));
  await phone.openConflict();
  await phone.dialog.getByRole('button', { name: /^Still to do on/ }).click();
  await expect(phone.dialog).toBeHidden();
  await agree(pair, ['Water']);
  await laptop.page.getByRole('button', { name: 'Edit Water' }).click();
  await expect(laptop.property('Due')).toContainText('Thu, Jan 2, 2031');
});
