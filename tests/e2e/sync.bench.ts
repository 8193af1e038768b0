// A real network that comes back: how long a full outbox takes, and what a client that was away for a day loads. Run by
// `cargo xtask bench sync`.
import { expect, test } from './fixtures';
import { push } from './loader';
import { Proxy } from './proxy';

const WAITING = 1_000;
const TASKS = 10_000;
/** What a household of five does in a day. */
const OF_A_DAY = 300;

test('a full outbox drains when the network comes back', async ({ newDevice, server, email }) => {
  test.setTimeout(300_000);
  const proxy = new Proxy(Number(new URL(server.url).port));
  const url = await proxy.start();
  const laptop = await newDevice();
  await laptop.open(url);
  await laptop.createAccount(email);
  const phone = await newDevice();
  await phone.signIn(email);

  await laptop.page.context().setOffline(true);
  proxy.cutAll();
  await expect(laptop.status).toContainText(/^\s*Offline/, { timeout: 40_000 });
  await laptop.add(...Array.from({ length: WAITING }, (_, n) => `Waiting ${n}`));
  await expect(laptop.status).toContainText(`${WAITING} changes waiting`.replace(/(\d)(?=(\d{3})+ )/g, '$1,?'), { timeout: 60_000 })
    .catch(() => expect(laptop.status).toContainText(/1,?000 changes waiting/));

  proxy.take();
  const back = Date.now();
  await laptop.page.context().setOffline(false);
  await expect(laptop.status).toContainText(/^\s*Synced/, { timeout: 60_000 });
  const drained = Date.now() - back;
  const { up, down } = proxy.take();
  await expect(phone.page.getByText(`${WAITING.toLocaleString('en')} open`).or(phone.page.getByText(`${WAITING} open`))).toBeVisible();
  console.log(`${WAITING} waiting edits drained in ${drained} ms; ${up} bytes up, ${down} bytes down`);
  await proxy.stop();
});

test('a client that was away for a day catches up by delta', async ({ newDevice, server, email }) => {
  test.setTimeout(300_000);
  const loader = await newDevice();
  await loader.createAccount(email);
  const ids = Array.from({ length: TASKS }, () => crypto.randomUUID());
  const words = ['Buy', 'Call', 'Fix', 'Plan', 'Water', 'Read', 'Send', 'Book', 'Clean', 'Ask'];
  const title = (n: number) => `${words[n % 10]} ${words[(n * 7) % 10].toLowerCase()} number ${n}`;
  const revisions = await push(loader.page, email, ids.map((id, n) => ({ id, set: { title: title(n), created: 1767225600000 + n * 1000 } })));

  const proxy = new Proxy(Number(new URL(server.url).port));
  const url = await proxy.start();
  const device = await newDevice();
  await device.open(url);
  await device.page.waitForTimeout(1_000);
  proxy.take();
  let began = Date.now();
  await device.signIn(email);
  const bootstrap = { ...proxy.take(), ms: Date.now() - began };
  const context = device.page.context();
  // Once more, so that the page and its files are on the device by then.
  await device.page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
  await device.page.close();

  const edits = Array.from({ length: OF_A_DAY }, (_, n) => {
    const nth = (n * 37) % TASKS;
    return n % 3 === 0
      ? { id: ids[nth], set: { title: `${title(nth)}, changed` }, base: { title: revisions[nth] } }
      : { id: ids[nth], set: { completed: 1767312000000 + n }, base: { created: revisions[nth] } };
  });
  await push(loader.page, email, edits);

  proxy.take();
  const again = await context.newPage();
  const frames: number[] = [];
  again.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => frames.push(payload.length)));
  began = Date.now();
  await again.goto(url);
  await expect(again.getByRole('status', { name: 'Sync status' })).toContainText(/^\s*Synced/, { timeout: 60_000 });
  const ms = Date.now() - began;
  const bytes = frames.reduce((sum, length) => sum + length, 0);
  console.log(`snapshot of ${TASKS} tasks: ${bootstrap.down} bytes down, in step after ${bootstrap.ms} ms`);
  console.log(`${OF_A_DAY} changes of a day: ${bytes} bytes of frames down, in step after ${ms} ms: ${((bytes / bootstrap.down) * 100).toFixed(1)} % of the snapshot`);
  await proxy.stop();
});
