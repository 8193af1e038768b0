// Bytes and messages on the wire: for a change, for an hour in which nothing happens, and for 100 rapid edits; as
// text, and in the forms on which the two sides can agree. A proxy counts them, so headers and the server's pings
// are included. Run by `cargo xtask bench wire`.
import type { Page } from '@playwright/test';
import { Proxy, type Passed } from './proxy';
import { Device, expect, test } from './fixtures';

const CHANGES = 50;
const IDLE_MS = 120_000;
const FORMS = [
  ['text', [], []],
  ['text, deflated', [], ['deflate']],
  ['compact', ['compact'], []],
  ['compact, deflated', ['compact'], ['deflate']],
] as const;

/** Has the page offer these and nothing else, whatever the app offers. */
async function offer(page: Page, encodings: readonly string[], compressions: readonly string[]): Promise<void> {
  await page.addInitScript(
    ([encodings, compressions]) => {
      const send = WebSocket.prototype.send;
      WebSocket.prototype.send = function (data) {
        if (typeof data !== 'string' || !data.startsWith('{"type":"hello"')) return send.call(this, data);
        return send.call(this, JSON.stringify({ ...JSON.parse(data), encodings, compressions }));
      };
    },
    [encodings, compressions] as const,
  );
}

/** Frames of the app, each way. */
function countFrames(page: Page): { take: () => { up: number; down: number } } {
  let frames = { up: 0, down: 0 };
  page.on('websocket', (socket) => {
    socket.on('framesent', () => (frames.up += 1));
    socket.on('framereceived', () => (frames.down += 1));
  });
  return {
    take: () => {
      const taken = frames;
      frames = { up: 0, down: 0 };
      return taken;
    },
  };
}

const line = (what: string, passed: Passed, frames: { up: number; down: number }, by: number) => {
  const of = (count: number) => (count / by).toFixed(count / by < 10 ? 1 : 0);
  console.log(`| ${what} | ${of(passed.up)} | ${of(frames.up)} | ${of(passed.down)} | ${of(frames.down)} |`);
};

test('bytes on the wire', async ({ newDevice, server, email }) => {
  test.setTimeout(FORMS.length * (IDLE_MS + 120_000));
  const writer = await newDevice();
  await writer.createAccount(email);
  await writer.add('Change');
  await writer.isSynced();
  let title = 'Change';
  console.log('| | bytes up | messages up | bytes down | messages down |\n|---|---|---|---|---|');
  for (const [name, encodings, compressions] of FORMS) {
    const proxy = new Proxy(Number(new URL(server.url).port));
    const url = await proxy.start();
    const device = await newDevice();
    const frames = countFrames(device.page);
    await offer(device.page, encodings, compressions);
    await device.open(url);
    await device.signIn(email);
    await device.page.waitForTimeout(1_000);

    proxy.take();
    frames.take();
    for (let n = 0; n < CHANGES; n += 1) {
      const next = `Change ${name} ${n}`;
      await device.edit(title, { Title: next });
      await expect(writer.checkbox(next)).toBeVisible();
      title = next;
    }
    await device.isSynced();
    line(`${name}: a change made here`, proxy.take(), frames.take(), CHANGES);

    for (let n = 0; n < CHANGES; n += 1) {
      const next = `Change ${name} there ${n}`;
      await writer.edit(title, { Title: next });
      await expect(device.checkbox(next)).toBeVisible();
      title = next;
    }
    line(`${name}: a change made elsewhere`, proxy.take(), frames.take(), CHANGES);

    await device.page.getByRole('button', { name: `Edit ${title}`, exact: true }).click();
    await device.page.keyboard.press('Escape');
    proxy.take();
    frames.take();
    // As fast as a hand on a checkbox would be if it were a machine's.
    await device.checkbox(title).evaluate(async (box: HTMLInputElement) => {
      for (let n = 0; n < 100; n += 1) {
        box.click();
        await new Promise((next) => setTimeout(next, 20));
      }
    });
    await device.isSynced();
    line(`${name}: 100 rapid edits of one task`, proxy.take(), frames.take(), 1);

    proxy.take();
    frames.take();
    await device.page.waitForTimeout(IDLE_MS);
    line(`${name}: an hour in which nothing happens`, proxy.take(), frames.take(), IDLE_MS / 3_600_000);
    await device.page.context().close();
    await proxy.stop();
  }
});
