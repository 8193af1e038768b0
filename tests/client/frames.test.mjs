// What the server answers to frames that are not as the document says, and to mutations that cannot be.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Person } from './devices.mjs';
import { uuid4, uuid7 } from './tsugi/ids.mjs';
import { closesWith, greeted, scene, subscribed, Wire } from './wire.mjs';

const mutation = (changes = {}) => ({
  seq: 1, entity: uuid7(Date.now()), kind: 'task', set: { title: 'Odd', created: 1767225600000 }, at: 1767225600000, ...changes,
});

test('frames that are no messages end the session as bad_frame', async (t) => {
  const there = await scene(t);
  const { workspace } = there.ada;
  const push = (...mutations) => ({ type: 'push', workspace, mutations });
  const odd = {
    'no JSON': '{"type":',
    'nothing': '',
    'an array': '[]',
    'a number': '17',
    'no type': '{}',
    'an unknown type': { type: 'shout' },
    'a type that is no text': { type: 7 },
    'not text': Buffer.from(JSON.stringify({ type: 'ping' })),
    'a member missing': { type: 'pull', workspace },
    'an id that is none': { type: 'pull', workspace: 'here', cursor: 0 },
    'a cursor below zero': { type: 'pull', workspace, cursor: -1 },
    'a cursor in halves': { type: 'pull', workspace, cursor: 0.5 },
    'a fraction for a value': push(mutation({ set: { title: 0.5 } })),
    'a fraction deep in a value': push(mutation({ set: { title: [{ deep: 1.5 }] } })),
    'a value beyond 63 bits': JSON.stringify(push(mutation({ set: { title: 'N' } }))).replace('"N"', '9223372036854775808'),
    'an integer written with a point': JSON.stringify(push(mutation({ set: { title: 'N' } }))).replace('"N"', '1.0'),
    'half of a character': push(mutation({ set: { title: 'half \ud83d' } })),
    'null for a member that may be missing': push(mutation({ tick: null })),
    'a group that is no UUID': push(mutation({ group: 'today' })),
    'a mutation without an entity': push({ ...mutation(), entity: undefined }),
    'a revision that is text': push(mutation({ base: { title: '1' } })),
    'too many mutations': push(...Array.from({ length: 201 }, (_, count) => mutation({ seq: count + 1 }))),
  };
  for (const [what, frame] of Object.entries(odd)) {
    await t.test(what, async () => {
      const wire = await subscribed(there);
      wire.send(frame);
      await closesWith(wire, 'bad_frame', 4400);
    });
  }
  await t.test('a device with a long name', async () => {
    const wire = await Wire.opens(t, there.server);
    wire.send({ ...there.hello, device: 'x'.repeat(201) });
    await closesWith(wire, 'bad_frame', 4400);
  });
});

test('members that the server does not know are no reason to refuse anything', async (t) => {
  const there = await scene(t);
  const wire = await Wire.opens(t, there.server);
  wire.send({ ...there.hello, mood: 'sunny' });
  await wire.expect('welcome');
  wire.send({ ...there.subscribe, mood: { deep: [1] } });
  await wire.expect('snapshot');
  await wire.expect('subscribed');
  wire.send({ type: 'push', workspace: there.ada.workspace, mutations: [mutation({ mood: 'sunny' })] });
  const { outcomes } = await wire.expect('delta');
  assert.deepEqual(outcomes, [{ seq: 1, fate: 'accepted', revision: 1 }]);
});

test('messages that come when they may not end the session as out_of_order', async (t) => {
  const there = await scene(t);
  const { workspace } = there.ada;
  const early = {
    subscribe: there.subscribe,
    push: { type: 'push', workspace, mutations: [mutation()] },
    pull: { type: 'pull', workspace, cursor: 0 },
    ping: { type: 'ping' },
    auth: { type: 'auth', token: there.hello.token },
  };
  for (const [what, frame] of Object.entries(early)) {
    await t.test(`${what} before hello`, async () => {
      const wire = await Wire.opens(t, there.server);
      wire.send(frame);
      await closesWith(wire, 'out_of_order', 4409);
    });
  }
  for (const what of ['push', 'pull']) {
    await t.test(`${what} before subscribe`, async () => {
      const wire = await greeted(there);
      wire.send(early[what]);
      await closesWith(wire, 'out_of_order', 4409);
    });
  }
  await t.test('a second hello', async () => {
    const wire = await greeted(there);
    wire.send(there.hello);
    await closesWith(wire, 'out_of_order', 4409);
  });
});

test('who is too old, unknown, silent or too much is told so', async (t) => {
  const there = await scene(t);
  const opened = () => Wire.opens(t, there.server);
  await t.test('versions that the server does not know', async () => {
    const wire = await opened();
    wire.send({ ...there.hello, versions: [99] });
    await closesWith(wire, 'unsupported_version', 4426);
  });
  await t.test('a newer one among those it knows', async () => {
    const wire = await opened();
    wire.send({ ...there.hello, versions: [99, 2, 1] });
    assert.equal((await wire.expect('welcome')).version, 2);
  });
  await t.test('a token that is none', async () => {
    const wire = await opened();
    wire.send({ ...there.hello, token: 'open sesame' });
    await closesWith(wire, 'unauthenticated', 4401);
  });
  await t.test('a fresh token that is somebody else’s', async () => {
    const eve = await Person.joins(t, there.server);
    const wire = await greeted(there);
    wire.send({ type: 'auth', token: await (await eve.signIn()).token() });
    await closesWith(wire, 'unauthenticated', 4401);
  });
  await t.test('a workspace that is not one’s own, while the session goes on', async () => {
    const wire = await greeted(there);
    const workspace = uuid4();
    wire.send({ type: 'subscribe', workspace, cursor: 0 });
    const error = await wire.expect('error');
    assert.deepEqual([error.code, error.workspace], ['forbidden', workspace]);
    wire.send({ type: 'ping' });
    assert.deepEqual(await wire.next(), { type: 'pong', heads: [] });
  });
  await t.test('a frame above the limit', async () => {
    const wire = await subscribed(there);
    wire.send({ type: 'ping', filler: 'x'.repeat(1_048_576) });
    // Far above it the connection may end without an `error`; this one is just above.
    await closesWith(wire, 'frame_too_large', 1009);
  });
  await t.test('more messages than one may send', async () => {
    const wire = await greeted(there);
    for (let count = 0; count < 400; count += 1) wire.send({ type: 'ping' });
    let message = await wire.next();
    while (message.type === 'pong') message = await wire.next();
    assert.equal(message.code, 'rate_limited');
    assert.ok(message.retry_after_ms > 0);
    assert.deepEqual(await wire.next(), { type: 'closed', close: 4429, reason: 'rate_limited' });
  });
  await t.test('silence in place of hello', async () => {
    const wire = await opened();
    await closesWith(wire, 'timed_out', 4408);
  });
  await t.test('a page of another origin', async () => {
    await assert.rejects(Wire.opens(t, there.server, { origin: 'https://elsewhere.example' }), /403/);
    const own = await Wire.opens(t, there.server, { origin: there.server.url });
    own.send(there.hello);
    await own.expect('welcome');
  });
});

test('mutations that can never be are refused one by one, each with its reason', async (t) => {
  const there = await scene(t);
  const { workspace } = there.ada;
  const wire = await subscribed(there);
  const task = uuid7(Date.now());
  let seq = 0;
  async function fate(changes) {
    seq += 1;
    wire.send({ type: 'push', workspace, mutations: [mutation({ ...changes, seq })] });
    const { outcomes } = await wire.expect('delta');
    assert.deepEqual(outcomes.map((outcome) => outcome.seq), [seq]);
    return outcomes[0];
  }
  assert.equal((await fate({ entity: task })).fate, 'accepted');
  const deep = (levels) => (levels ? [deep(levels - 1)] : 'bottom');
  const many = (count) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`field_${at}`, at]));
  const never = [
    ['nothing set', { set: {} }, 'invalid'],
    ['too many fields', { set: many(65) }, 'invalid'],
    ['a name that is none', { set: { 'Not a name': 1 } }, 'invalid'],
    ['a kind that is none', { kind: 'Task!' }, 'invalid'],
    ['a value too large', { set: { notes: 'x'.repeat(65_535) } }, 'invalid'],
    ['a value too deep', { set: { notes: deep(7) } }, 'invalid'],
    ['another kind', { entity: task, kind: 'list', base: { title: 1 } }, 'wrong_kind'],
    ['revisions of nothing', { base: { title: 1 } }, 'unknown_entity'],
  ];
  for (const [what, changes, code] of never) {
    await t.test(what, async () => {
      const outcome = await fate(changes);
      assert.deepEqual([outcome.fate, outcome.code], ['refused', code], outcome.message);
      assert.ok(outcome.message);
    });
  }
  await t.test('one at the limits is accepted', async () => {
    // One less than a mutation may name, because a deletion has to name all fields.
    assert.equal((await fate({ set: many(63) })).fate, 'accepted');
    assert.equal((await fate({ set: { notes: 'x'.repeat(65_534) } })).fate, 'accepted');
    assert.equal((await fate({ set: { notes: deep(6) } })).fate, 'accepted');
  });
  await t.test('a refused one among good ones', async () => {
    const batch = [mutation({ seq: seq + 1 }), mutation({ seq: seq + 2, set: {} }), mutation({ seq: seq + 3 })];
    wire.send({ type: 'push', workspace, mutations: batch });
    const outcomes = [];
    while (outcomes.length < 3) outcomes.push(...(await wire.expect('delta')).outcomes);
    assert.deepEqual(outcomes.map((outcome) => outcome.fate), ['accepted', 'refused', 'accepted']);
  });
});
