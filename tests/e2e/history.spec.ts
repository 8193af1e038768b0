// The panel of conflicts and its history: tabs, keys, what merged by itself, every edit, and what others did meanwhile.
import { apart, conflicts, decisions, history, inbox, manyApart, openHistory, renameApart, toast } from './conflicts';
import { expect, test, type Device } from './fixtures';

test('the tabs of the conflicts are tabs: by arrow keys, with an address each, the same after a reload', async ({ pair }) => {
  await renameApart(pair);
  const [, phone] = pair;
  const { page } = phone;
  await conflicts(phone).click();
  await expect(page).toHaveURL(/\/conflicts$|[?&]conflicts$/);
  const tab = (name: RegExp) => page.getByRole('tab', { name });
  await tab(/^To decide/).focus();
  await page.keyboard.press('ArrowRight');
  await expect(tab(/^History/)).toBeFocused();
  await expect(page.getByRole('tabpanel', { name: 'History' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('tabpanel', { name: 'History' })).toBeVisible();
  await tab(/^History/).press('Home');
  await expect(page.getByRole('tabpanel', { name: /^To decide/ })).toBeVisible();
  await page.reload();
  await expect(inbox(phone).getByRole('listitem')).toHaveCount(1);
});

test('the history is read and undone by keys, and the focus goes on to what is left', async ({ pair }) => {
  await manyApart(pair, 3);
  const [, phone] = pair;
  await conflicts(phone).click();
  await inbox(phone).getByRole('button').first().focus();
  for (let left = 2; left >= 0; left -= 1) {
    await phone.page.keyboard.press('2');
    await expect(inbox(phone).getByRole('button')).toHaveCount(left);
  }
  await phone.page.getByRole('tab', { name: 'History' }).click();
  await phone.page.getByRole('button', { name: 'Decided by people' }).click();
  await expect(decisions(phone)).toHaveCount(3);
  await phone.page.keyboard.press('j');
  await phone.page.keyboard.press('j');
  const second = decisions(phone).nth(1);
  await expect(second.locator('[data-conflict]')).toBeFocused();
  const title = (await second.locator('.inbox__title').textContent())!;
  await phone.page.keyboard.press('u');
  await expect(decisions(phone)).toHaveCount(2);
  await expect(decisions(phone).filter({ hasText: title })).toHaveCount(0);
  await expect(phone.page.locator('[data-conflict]:focus')).toHaveCount(1);
  await expect(conflicts(phone)).toContainText('1');
});

test('what merged by itself beside an open question is in its dialog, and E goes to any kind of result', async ({ pair }) => {
  const [laptop, phone] = pair;
  await laptop.add('Paint');
  await expect(phone.checkbox('Paint')).toBeVisible();
  const change = (due: string, priority: string) => async (device: Device) => {
    await device.page.getByRole('button', { name: 'Edit Paint', exact: true }).click();
    await device.set('Priority', priority);
    await device.set('Due', due);
    await device.page.keyboard.press('Escape');
  };
  await apart(pair, change('2031-01-02', 'P1'), change('2031-02-03', 'P3'));
  await phone.openConflict();
  const merged = phone.dialog.getByText('1 change merged by itself');
  await merged.click();
  await expect(phone.dialog.getByRole('listitem')).toContainText('P3 · medium was kept');
  await phone.dialog.locator('.dialog__title').focus();
  await phone.page.keyboard.press('e');
  await expect(phone.dialog.getByRole('button', { name: /^Result/ })).toBeFocused();
});

test('every edit is in the history of its task, with who made it, and after an absence one is told what others did', async ({ pair }) => {
  const [laptop, phone] = pair;
  await laptop.add('Order the cake', 'Call grandma');
  await expect(phone.tasks).toHaveCount(2);
  // The phone sleeps for a while: its clock says when the person last looked.
  await phone.page.evaluate(() => localStorage.setItem('tsugi.here', String(Date.now() - 7_200_000)));
  await phone.workOffline(true);
  await laptop.edit('Order the cake', { Title: 'Order the big cake' });
  await laptop.checkbox('Call grandma').check();
  await laptop.add('Buy candles');
  await laptop.isSynced();
  await phone.page.evaluate(() => localStorage.setItem('tsugi.here', String(Date.now() - 7_200_000)));
  await phone.page.reload();
  await phone.workOffline(false);
  await expect(toast(phone)).toContainText('Since you were here: 1 done · 2 new');
  await toast(phone).getByRole('button', { name: 'History' }).click();
  const panel = phone.page.getByRole('tabpanel', { name: 'History' });
  await expect(panel).toContainText('Since you were here: 1 done · 2 new');
  await expect(history(phone).filter({ hasText: 'Call grandma' }).first()).toContainText('Ticked off');
  await expect(history(phone).filter({ hasText: 'Buy candles' })).toContainText('Added');
  const cake = history(phone).filter({ hasText: 'Order the big cake' });
  await expect(cake.filter({ hasText: 'Title' })).toContainText('Order the cake → Order the big cake');
  await expect(cake.filter({ hasText: 'Title' })).toContainText('On Chrome on Linux');
  await phone.page.getByRole('button', { name: 'Edit Order the big cake' }).click();
  await phone.editor.getByRole('tab', { name: 'History' }).click();
  const own = phone.editor.getByRole('list', { name: 'History' }).getByRole('listitem');
  await expect(own.first()).toContainText('Order the cake → Order the big cake');
  // One's own edits, and after a reload.
  await laptop.edit('Buy candles', { Title: 'Buy 40 candles' });
  await laptop.page.reload();
  await openHistory(laptop);
  await expect(history(laptop).filter({ hasText: 'Title' }).first()).toContainText('Buy candles → Buy 40 candles');
  await expect(history(laptop).filter({ hasText: 'Title' }).first()).toContainText('On this device');
});
