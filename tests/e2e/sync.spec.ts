import { Device, expect, test } from './fixtures';

test('what one device does is on the other without a reload', async ({ pair: [laptop, phone] }) => {
  await laptop.add('Water the plants', 'Call Aiko');
  await expect(phone.tasks).toHaveCount(2);

  await phone.edit('Call Aiko', { Title: 'Call Aiko back', Notes: 'About the train', Due: '2031-05-04' });
  await expect(laptop.checkbox('Call Aiko back')).toBeVisible();

  await laptop.checkbox('Water the plants').check();
  await expect(phone.checkbox('Water the plants')).toBeChecked();

  await phone.remove('Call Aiko back');
  await expect(laptop.checkbox('Call Aiko back')).toHaveCount(0);
  await laptop.isSynced();
});

test('a deletion can be taken back, on every device', async ({ pair: [laptop, phone] }) => {
  await laptop.add('Keep me');
  await expect(phone.checkbox('Keep me')).toBeVisible();
  await laptop.remove('Keep me');
  await expect(phone.checkbox('Keep me')).toHaveCount(0);
  await laptop.page.getByRole('button', { name: 'Undo' }).click();
  await expect(phone.checkbox('Keep me')).toBeVisible();
});

test('with the server gone both work on; closed and reopened, they keep everything; back, they converge', async ({
  pair: [laptop, phone],
  server,
}) => {
  await laptop.add('Shared before');
  await expect(phone.checkbox('Shared before')).toBeVisible();
  // The page and its files are kept on the device by now, or will be once this is so.
  for (const { page } of [laptop, phone]) await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
  await server.stop();

  await laptop.add('From the train');
  await phone.add('From the plane', 'And another');
  await laptop.checkbox('Shared before').check();
  await expect(laptop.status).toContainText(/^\s*Offline.*2 changes waiting/);
  await expect(phone.status).toContainText(/^\s*Offline.*2 changes waiting/);

  const reopened: Device[] = [];
  for (const device of [laptop, phone]) {
    const context = device.page.context();
    await device.page.close();
    const again = new Device(await context.newPage());
    await again.open(server.url);
    await expect(again.status).toContainText(/^\s*Offline.*2 changes waiting/);
    reopened.push(again);
  }
  await expect.poll(() => reopened[0].titles()).toEqual(['From the train', '[Shared before]']);
  await expect.poll(() => reopened[1].titles()).toEqual(['Shared before', 'From the plane', 'And another']);

  await server.start();
  for (const device of reopened) {
    await expect
      .poll(async () => (await device.titles()).sort(), { timeout: 40_000 })
      .toEqual(['And another', 'From the plane', 'From the train', '[Shared before]'].sort());
    await device.isSynced();
  }
});

test('with the server back, both converge without a reload', async ({ pair: [laptop, phone], server }) => {
  await server.stop('SIGKILL');
  await laptop.add('One');
  await phone.add('Two');
  await expect(laptop.status).toContainText(/^\s*Offline.*1 change waiting/);
  await server.start();
  for (const device of [laptop, phone]) {
    await expect(device.checkbox('One')).toBeVisible({ timeout: 40_000 });
    await expect(device.checkbox('Two')).toBeVisible({ timeout: 40_000 });
    await device.isSynced();
  }
});

test('working offline by choice holds changes back until switched off', async ({ pair: [laptop, phone] }) => {
  await laptop.workOffline(true);
  await laptop.add('Written in peace');
  await expect(laptop.status).toContainText(/^\s*Offline.*1 change waiting/);
  await phone.add('Meanwhile');
  await laptop.page.reload();
  await expect(laptop.checkbox('Written in peace')).toBeVisible();
  await expect(laptop.checkbox('Meanwhile')).toHaveCount(0);
  await laptop.workOffline(false);
  await expect(phone.checkbox('Written in peace')).toBeVisible();
  await expect(laptop.checkbox('Meanwhile')).toBeVisible();
});

test('a second tab of one browser works, and takes over', async ({ pair: [laptop, phone], server }) => {
  const second = await laptop.anotherTab(server.url);
  await second.add('From the second tab');
  await expect(laptop.checkbox('From the second tab')).toBeVisible();
  await expect(phone.checkbox('From the second tab')).toBeVisible();
  await second.isSynced();

  await laptop.page.close();
  await second.add('With the first tab closed');
  await expect(phone.checkbox('With the first tab closed')).toBeVisible();
  await phone.add('And back');
  await expect(second.checkbox('And back')).toBeVisible();
});

test('without an account it works; signing up brings everything along', async ({ newDevice, email }) => {
  const laptop = await newDevice();
  await laptop.useWithoutAccount();
  await laptop.add('Before the account');
  await expect(laptop.status).toHaveText('On this device');
  await laptop.isSaved();
  await laptop.page.reload();
  await expect(laptop.checkbox('Before the account')).toBeVisible();

  await laptop.wantAccount();
  await laptop.createAccount(email);
  await expect(laptop.checkbox('Before the account')).toBeVisible();
  const phone = await newDevice();
  await phone.signIn(email);
  await expect(phone.checkbox('Before the account')).toBeVisible();
});

test('what was done without an account joins an account that exists', async ({ newDevice, email }) => {
  const phone = await newDevice();
  await phone.createAccount(email);
  await phone.add('In the account');
  await phone.isSynced();

  const laptop = await newDevice();
  await laptop.useWithoutAccount();
  await laptop.add('On the laptop');
  await laptop.wantAccount();
  await laptop.signIn(email);
  await expect(laptop.checkbox('In the account')).toBeVisible();
  await expect(phone.checkbox('On the laptop')).toBeVisible();
});

test('a tab that still works without the account comes along', async ({ newDevice, email, server }) => {
  const phone = await newDevice();
  await phone.createAccount(email);
  await phone.add('In the account');
  const laptop = await newDevice();
  await laptop.useWithoutAccount();
  await laptop.add('From the first tab');
  const second = await laptop.anotherTab(server.url);
  await second.add('From the second tab');
  await expect(laptop.checkbox('From the second tab')).toBeVisible();
  await laptop.wantAccount();
  await laptop.signIn(email);
  for (const device of [laptop, second, phone]) {
    for (const title of ['In the account', 'From the first tab', 'From the second tab']) {
      await expect(device.checkbox(title)).toBeVisible();
    }
    await device.isSynced();
    await expect(device.tasks).toHaveCount(3);
  }
});

test('a stored row that is damaged costs nothing that the server has', async ({ pair: [laptop, phone] }) => {
  await laptop.add('Survivor');
  await expect(phone.checkbox('Survivor')).toBeVisible();
  await laptop.isSynced();
  await laptop.page.evaluate(async () => {
    const [{ name }] = await indexedDB.databases();
    const database: IDBDatabase = await new Promise((resolve, reject) => {
      const request = indexedDB.open(name!);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const store = database.transaction('log', 'readwrite').objectStore('log');
    store.openCursor().onsuccess = (event) => {
      const cursor = (event.target as IDBRequest<IDBCursorWithValue>).result;
      cursor?.update('{"entry":"damaged');
    };
    await new Promise((resolve) => (store.transaction.oncomplete = resolve));
    database.close();
  });
  await laptop.page.reload();
  await laptop.isSynced();
  await expect(laptop.checkbox('Survivor')).toBeVisible();
  await laptop.add('After the damage');
  await expect(phone.checkbox('After the damage')).toBeVisible();
});

test('what a tab writes while another brings the tasks into an account comes along', async ({
  newDevice,
  email,
  server,
}) => {
  const phone = await newDevice();
  await phone.createAccount(email);
  const laptop = await newDevice();
  await laptop.useWithoutAccount();
  const second = await laptop.anotherTab(server.url);
  await laptop.wantAccount();
  const titles = Array.from({ length: 30 }, (_, n) => `Written ${n}`);
  await Promise.all([laptop.signIn(email), second.add(...titles)]);
  await expect.poll(() => phone.titles()).toEqual(titles);
  await expect.poll(() => laptop.titles()).toEqual(titles);
});

test('the figures of a device are its own measurements', async ({ pair: [laptop, phone], server }) => {
  await laptop.add('One', 'Two');
  await expect(phone.tasks).toHaveCount(2);
  await phone.edit('One', { Title: 'One more' });
  await expect(laptop.checkbox('One more')).toBeVisible();
  await laptop.isSynced();
  await laptop.openFigures();
  await expect(laptop.figure('Change here → confirmed')).toHaveText(/^\d+ ms, 95 % within \d+ ms$/);
  await expect(laptop.figure('Change elsewhere → here')).toHaveText(/^\d+ ms, 95 % within \d+ ms$/);
  await expect(laptop.figure('Oldest change waiting')).toHaveText('Nothing');
  await expect(laptop.figure('Connected over')).toHaveText('WebSocket');
  await expect(laptop.figure('Connections needed and had')).toHaveText('1 of 1');
  await expect(laptop.figure('Conflicts with oneself')).toHaveText('0 of 0');

  await server.stop('SIGKILL');
  await expect(laptop.status).toContainText(/^\s*Offline/);
  await server.start();
  await laptop.isSynced();
  await expect(laptop.figure('Connections lost')).toHaveText('1');
  await expect(laptop.figure('Connections needed and had')).toHaveText('2 of 2');
  // They are kept with the device.
  await laptop.page.reload();
  await laptop.isSynced();
  await laptop.openFigures();
  await expect(laptop.figure('Connections lost')).toHaveText('1');
});

test('the page and what is half typed in it stay while another tab brings the tasks into an account', async ({ newDevice, email, server }) => {
  const phone = await newDevice();
  await phone.createAccount(email);
  const laptop = await newDevice();
  await laptop.useWithoutAccount();
  const second = await laptop.anotherTab(server.url);
  const box = second.page.getByRole('textbox', { name: 'Add a task' });
  await box.click();
  await second.page.keyboard.type('Half a line');
  await box.evaluate((input) => input.setAttribute('data-same', ''));
  await laptop.wantAccount();
  await laptop.signIn(email);
  await second.isSynced();
  await expect(second.page.locator('[data-same]')).toBeFocused();
  await second.page.keyboard.type(' and the rest');
  await second.page.keyboard.press('Enter');
  await expect(phone.checkbox('Half a line and the rest')).toBeVisible();
});

test('how syncing really goes is drawn, and says what waits and why', async ({ pair: [laptop, phone] }) => {
  const { page } = laptop;
  await laptop.add('One');
  await expect(phone.checkbox('One')).toBeVisible();
  await phone.edit('One', { Title: 'One more' });
  await expect(laptop.checkbox('One more')).toBeVisible();
  await laptop.isSynced();
  await page.getByRole('link', { name: 'About sync' }).click();
  await expect(page.getByRole('img', { name: /^Your changes reach the server in: \d+ ms\. Half of them/ })).toBeVisible();
  await expect(page.getByRole('img', { name: /^Others’ changes reach this screen in: \d+ ms/ })).toBeVisible();
  await expect(page.getByRole('img', { name: /^The connection worked: 1 of 1/ })).toBeVisible();
  await expect(page.getByText('Everything here is on the server too.')).toBeVisible();
  await laptop.goToInbox();
  await laptop.workOffline(true);
  await laptop.edit('One more', { Title: 'One again' });
  await laptop.add('Two');
  await page.getByRole('link', { name: 'About sync' }).click();
  const waiting = page.getByRole('listitem');
  await expect(waiting.filter({ hasText: 'Two' })).toContainText('new — waits, because you work offline');
  await expect(waiting.filter({ hasText: 'One again' })).toContainText('Title — waits, because you work offline');
  await expect(page.getByText('2 changes are not on the server yet.')).toBeVisible();
  await laptop.workOffline(false);
  await expect(page.getByText('Everything here is on the server too.')).toBeVisible();
});
