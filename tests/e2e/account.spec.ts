// Signing in, again and for the first time: nothing is lost, and the words are those of the app's language.
import { expect, test, type Device } from './fixtures';

const field = (device: Device, name: string) => device.page.getByRole('textbox', { name });
const button = (device: Device, name: string) => device.page.getByRole('button', { name, exact: true });

test('signed out by the server, a person signs in again with one button and keeps everything', async ({ pair, email }) => {
  const [laptop, phone] = pair;
  await laptop.add('Before');
  await laptop.isSynced();
  await laptop.page.context().clearCookies();
  await laptop.page.reload();
  await expect(laptop.page.getByText('You are signed out. Everything is kept on this device.')).toBeVisible();
  await laptop.add('Meanwhile');
  await laptop.isSaved();
  // There is a way there, and a way back.
  await button(laptop, 'Sign in again').first().click();
  await expect(field(laptop, 'Email')).toHaveValue(email);
  await button(laptop, 'Back to my tasks').click();
  await expect(laptop.checkbox('Before')).toBeVisible();
  await expect(laptop.checkbox('Meanwhile')).toBeVisible();
  await button(laptop, 'Sync details').click();
  await laptop.page.locator('#sync-details').getByRole('button', { name: 'Sign in again' }).click();
  await field(laptop, 'Password').fill('correct horse battery staple');
  await laptop.signIn(email);
  await expect(laptop.page.getByText('You are signed out.')).toHaveCount(0);
  await expect(laptop.checkbox('Meanwhile')).toBeVisible();
  await expect(phone.checkbox('Meanwhile')).toBeVisible();
});

test('the rule for passwords is there before one fails, and a short one is not sent', async ({ newDevice, email }) => {
  const laptop = await newDevice();
  await expect(laptop.page.getByText('At least 8 characters.')).toBeVisible();
  const asked: string[] = [];
  laptop.page.on('request', (request) => asked.push(request.url()));
  await field(laptop, 'Email').fill(email);
  await field(laptop, 'Password').fill('short');
  await button(laptop, 'Create account').click();
  await expect(laptop.page.getByRole('alert')).toHaveText(/At least 8 characters/);
  expect(asked.filter((url) => url.includes('/api/'))).toEqual([]);
  await field(laptop, 'Password').fill('password1');
  await button(laptop, 'Create account').click();
  await expect(laptop.page.getByRole('alert')).toHaveText('This password is easy to guess. Choose another one.');
  await field(laptop, 'Password').fill('something else entirely');
  await button(laptop, 'Sign in').click();
  await expect(laptop.page.getByRole('alert')).toHaveText('The email or the password is wrong.');
});

test('a wrong password is told in Japanese', async ({ newDevice, email }) => {
  const laptop = await newDevice({ locale: 'ja-JP' });
  await laptop.page.locator('input[type="email"]').fill(email);
  await laptop.page.locator('#password').fill('違うパスワード');
  await laptop.page.locator('#password').press('Enter');
  await expect(laptop.page.getByRole('alert')).toHaveText('メールアドレスまたはパスワードが正しくありません。');
});

test('tasks without an account join it: the app says how many, and lists of one name become one', async ({ pair, newDevice, email }) => {
  const [laptop] = pair;
  await laptop.add('Milk #Groceries');
  await laptop.isSynced();
  const guest = await newDevice();
  await guest.useWithoutAccount();
  await expect(guest.page.getByRole('textbox', { name: 'Add a task' })).toBeVisible();
  await guest.add('Tea #groceries', 'Rice #Groceries', 'Call Ann');
  await guest.isSaved();
  await guest.wantAccount();
  await expect(button(guest, 'Back to my tasks')).toBeVisible();
  await guest.signIn(email);
  await expect(guest.page.getByText('3 tasks of this device are in your account now')).toBeVisible();
  for (const device of [guest, laptop]) {
    const lists = device.page.getByRole('link', { name: /^groceries/i });
    await expect(lists).toHaveCount(1);
    await lists.click();
    for (const task of ['Milk', 'Tea', 'Rice']) await expect(device.checkbox(task)).toBeVisible();
  }
});

test('a device has the name that a person gives it', async ({ pair: [laptop, phone] }) => {
  await laptop.page.getByRole('link', { name: 'Settings' }).click();
  await field(laptop, 'Name of this device').fill('Ken’s laptop');
  await field(laptop, 'Name of this device').press('Enter');
  await button(laptop, 'Sync details').click();
  await expect(laptop.page.locator('#sync-details')).toContainText('Ken’s laptop');
  await laptop.page.reload();
  await expect(field(laptop, 'Name of this device')).toHaveValue('Ken’s laptop');
  await laptop.page.getByRole('link', { name: /^Inbox/ }).click();
  await laptop.add('Milk');
  await expect(phone.checkbox('Milk')).toBeVisible();
  await phone.workOffline(true);
  await phone.edit('Milk', { Title: 'Oat milk' });
  await laptop.edit('Milk', { Title: 'Soy milk' });
  await laptop.isSynced();
  await phone.workOffline(false);
  await phone.openConflict();
  await expect(phone.dialog).toContainText('Ken’s laptop');
});
