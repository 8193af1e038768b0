// Which faults end a session and which do not, what counts as a message, and how frames stand in a request that polls.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { uuid4, uuid7 } from './tsugi/ids.mjs';
import { closesWith, greeted, scene, subscribed, Wire } from './wire.mjs';

const ping = { type: 'ping' };
const task = (seq, set = {}) => ({ seq, entity: uuid7(Date.now()), kind: 'task', set: { title: 'x', created: 1, ...set }, at: 1 });

test('an error about a workspace, a refusal and a conflict end no session', async (t) => {
  const there = await scene(t);
  const wire = await subscribed(there);
  const push = (...mutations) => wire.send({ type: 'push', workspace: there.ada.workspace, mutations });

  wire.send({ type: 'subscribe', workspace: uuid4(), cursor: 0 });
  const forbidden = await wire.expect('error');
  assert.equal(forbidden.code, 'forbidden');
  assert.ok(forbidden.workspace);

  const first = task(1);
  push(first, { ...task(2), kind: 'No Kind' });
  const { outcomes } = await wire.expect('delta');
  assert.deepEqual(outcomes.map(({ fate }) => fate), ['accepted', 'refused']);
  push({ ...first, seq: 3, set: { title: 'y' }, base: { title: 0 } });
  assert.equal((await wire.expect('delta')).outcomes[0].fate, 'conflict');

  wire.send(ping);
  await wire.expect('pong');
});

test('an error without a workspace is the last message', async (t) => {
  const wire = await greeted(await scene(t));
  wire.send({ type: 'hello' });
  wire.send(ping);
  const error = await wire.expect('error');
  assert.equal(error.workspace, undefined);
  assert.equal((await wire.next()).type, 'closed');
});

test('zero has no sign, and a number no point', async (t) => {
  const there = await scene(t);
  for (const number of ['-0', '0.0', '1.0', '1e3', '-0.0']) {
    const wire = await subscribed(there);
    wire.send(JSON.stringify({ type: 'push', workspace: there.ada.workspace, mutations: [task(1)] })
      .replace('"at":1', `"at":${number}`));
    await closesWith(wire, 'bad_frame', 4400);
  }
});

test('pings and pongs of the socket count as messages, and a close says when to come back', async (t) => {
  const wire = await greeted(await scene(t));
  for (let count = 0; count < 400; count += 1) wire.socket.ping();
  const error = await wire.expect('error');
  assert.equal(error.code, 'rate_limited');
  assert.ok(error.retry_after_ms >= 0);
  assert.equal((await wire.next()).close, 4429);
});

test('a hello is short, and text', async (t) => {
  const there = await scene(t);
  const long = await Wire.opens(t, there.server);
  long.send({ ...there.hello, more: 'x'.repeat(16_384) });
  await closesWith(long, 'bad_frame', 4400);
  const binary = await Wire.opens(t, there.server);
  binary.send(Buffer.from([1, 0xa0]));
  await closesWith(binary, 'bad_frame', 1003);
});

test('what may be set is a limit all the same', async (t) => {
  const there = await scene(t, ['--entities-per-workspace', '2', '--sessions-per-user', '2']);
  const wire = await subscribed(there);
  wire.send({ type: 'push', workspace: there.ada.workspace, mutations: [task(1), task(2), task(3)] });
  const { outcomes } = await wire.expect('delta');
  assert.deepEqual(outcomes.map(({ code }) => code), [undefined, undefined, 'quota_exceeded']);
  await greeted(there);
  const third = await Wire.opens(t, there.server);
  third.send({ ...there.hello, replica: uuid4() });
  await closesWith(third, 'rate_limited', 4429);
});

/** One request of a session that polls. */
async function poll({ url }, body, headers) {
  const answer = await fetch(`${url}/api/v1/sync`, {
    method: 'POST', body, headers: { 'content-type': 'text/plain', ...headers },
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, code: answer.ok ? null : JSON.parse(text).code };
}

test('over polling, a frame is a line: ended by LF or CR LF, the last one perhaps by neither', async (t) => {
  const { server, hello, subscribe } = await scene(t);
  const said = [JSON.stringify({ ...hello, device: 'line\nbreaks\r\nand \u2028 are escaped or are none' }), JSON.stringify(subscribe)];
  for (const body of [said.join('\n'), `${said.join('\r\n')}\r\n`, `\n\n${said.join('\n\n')}\n`]) {
    const { status, headers, text } = await poll(server, body, { 'tsugi-seq': '1' });
    assert.equal(status, 200);
    const session = headers.get('tsugi-session');
    const lines = text.split('\n');
    // Each line that the server writes ends with LF, so the last part is empty.
    assert.equal(lines.pop(), '');
    while (!lines.some((line) => line.includes('"subscribed"'))) {
      const more = await poll(server, '', { 'tsugi-session': session, 'tsugi-ack': String(lines.length), 'tsugi-wait-ms': '20000' });
      lines.push(...more.text.split('\n').filter(Boolean));
    }
    assert.deepEqual(lines.map((line) => JSON.parse(line).type), ['welcome', 'snapshot', 'subscribed']);
  }
  // A frame that is written over several lines is several frames, and none of them a message.
  const { text } = await poll(server, JSON.stringify(hello, null, 2), { 'tsugi-seq': '1' });
  assert.equal(JSON.parse(text.trim()).code, 'bad_frame');
  const none = await poll(server, '\r\n', { 'tsugi-seq': '2' });
  assert.deepEqual([none.status, none.code], [400, 'invalid']);
});
