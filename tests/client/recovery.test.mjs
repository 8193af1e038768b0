// Connections that break, servers that die, and programs that do: nothing is lost, and nothing happens twice.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { converged, heard, network, offline, online, Person, task, titles, until } from './devices.mjs';
import { Server } from './server.mjs';
import { JsonFile } from './tsugi/store.mjs';

async function person(t) {
  const server = await Server.during(t);
  return { server, person: await Person.joins(t, server) };
}

const answered = (client) => client.said.flatMap(({ outcomes = [] }) => outcomes);

test('a server killed in the middle, with edits waiting, has everything once when it is back', async (t) => {
  const { server, person: ada } = await person(t);
  const [phone, laptop] = await ada.devices('phone', 'laptop');
  const kept = phone.addTask('There before');
  await converged(phone, laptop);

  const names = Array.from({ length: 600 }, (_, count) => `Task ${count}`);
  const answer = until(phone, (client) => answered(client).length > 1);
  for (const name of names) phone.addTask(name);
  laptop.edit(kept, { notes: 'from the laptop' });
  // At the first answers; most are under way or wait.
  await answer;
  assert.ok(phone.replica.waiting > 0);
  await server.stop('SIGKILL');
  await until(phone, ({ phase }) => phase === 'waiting');
  phone.edit(kept, { title: 'Edited while it was away' });
  phone.addTask('Added while it was away');
  await server.start();
  await converged(phone, laptop);

  assert.deepEqual(titles(laptop).toSorted(), ['Edited while it was away', ...names, 'Added while it was away'].toSorted());
  assert.equal(task(phone, kept).notes, 'from the laptop');
  // Each mutation that took effect has one revision: the first task, 600, one edit on each side, and one more task.
  assert.equal(laptop.replica.cursor, 604);
  assert.deepEqual([phone.conflicts, laptop.conflicts], [[], []]);
});

test('a mutation whose answer was lost is sent again under its number, and takes effect once', async (t) => {
  const { person: ada } = await person(t);
  let lose = false;
  const down = ({ outcomes }) => (lose && outcomes ? 'cut' : 'pass');
  const phone = await ada.device('phone', { transport: network({ down }) });
  const [laptop] = await ada.devices('laptop');
  await online(phone);
  const id = phone.addTask('First');
  await converged(phone, laptop);

  lose = true;
  phone.edit(id, { title: 'Second' });
  phone.edit(id, { title: 'Third' });
  await until(phone, ({ endings }) => endings.length === 1);
  lose = false;
  // Somebody else has seen it take effect, and went on from there.
  await until(laptop, () => task(laptop, id).title === 'Second');
  laptop.edit(id, { notes: 'seen' });
  await until(laptop, ({ isSynced }) => isSynced);
  phone.start();
  await converged(phone, laptop);

  const pushed = phone.said.filter(({ type }) => type === 'push').flatMap(({ mutations }) => mutations);
  assert.deepEqual(pushed.map(({ seq, set }) => [seq, set.title]), [[1, 'First'], [2, 'Second'], [2, 'Second'], [3, 'Third']]);
  const [, again] = answered(phone);
  assert.equal(again.seq, 2);
  assert.equal(again.fate, 'accepted');
  assert.ok(again.current);
  assert.equal(laptop.replica.cursor, 4);
  assert.equal(task(laptop, id).title, 'Third');
  assert.equal(task(phone, id).notes, 'seen');
});

test('who comes back gets what was missed, and not the whole', async (t) => {
  const { person: ada } = await person(t);
  const [phone, laptop] = await ada.devices('phone', 'laptop');
  for (const count of [1, 2, 3]) phone.addTask(`Before ${count}`);
  await converged(phone, laptop);
  offline(laptop);
  const id = phone.addTask('Missed');
  phone.edit(id, { notes: 'and this' });
  await until(phone, ({ isSynced }) => isSynced);
  laptop.said = [];
  await online(laptop);
  await converged(phone, laptop);

  assert.deepEqual(heard(laptop, 'snapshot'), []);
  const deltas = heard(laptop, 'delta');
  assert.deepEqual(deltas.flatMap(({ entities = [] }) => entities).map((entity) => entity.id), [id]);
  assert.equal(laptop.said[1].cursor, 3);

  // And who missed nothing gets nothing.
  offline(laptop);
  laptop.said = [];
  await online(laptop);
  assert.deepEqual(laptop.said.map(({ type }) => type), ['hello', 'subscribe', 'welcome', 'subscribed']);
});

test('a snapshot in parts that breaks off shows nothing by halves, and is begun again', async (t) => {
  const { person: ada } = await person(t);
  const [phone] = await ada.devices('phone');
  for (let count = 0; count < 8; count += 1) phone.addTask(`Long ${count}`, { notes: 'x'.repeat(60_000) });
  await until(phone, ({ isSynced }) => isSynced);

  let whole = true;
  const down = ({ type, last }) => (type === 'snapshot' && last && whole ? 'cut' : 'pass');
  const laptop = await ada.device('laptop', { transport: network({ down }) });
  laptop.start();
  await until(laptop, ({ endings }) => endings.length === 1);
  assert.ok(heard(laptop, 'snapshot').length > 0);
  assert.deepEqual([laptop.tasks, laptop.replica.cursor], [[], 0]);
  whole = false;
  await converged(phone, laptop);
  assert.equal(laptop.tasks.length, 8);
});

test('a program that ends with edits in its outbox sends them when it runs again', async (t) => {
  const { server, person: ada } = await person(t);
  const file = join(server.folder, 'replica.json');
  const before = await ada.device('phone', { store: new JsonFile(file) });
  await online(before);
  const id = before.addTask('Kept');
  await until(before, ({ isSynced }) => isSynced);
  offline(before);
  before.edit(id, { title: 'Kept on disk' });
  before.addTask('Never sent');

  const after = await ada.device('phone', { store: new JsonFile(file) });
  assert.equal(after.replica.id, before.replica.id);
  assert.deepEqual(titles(after), ['Kept on disk', 'Never sent']);
  const [laptop] = await ada.devices('laptop');
  await online(after);
  await converged(after, laptop);
  assert.deepEqual(heard(after, 'snapshot'), []);
  assert.deepEqual(titles(laptop), ['Kept on disk', 'Never sent']);
  assert.equal(laptop.replica.cursor, 3);
});

test('a delta that got lost leaves a gap, which is asked for', async (t) => {
  const { person: ada } = await person(t);
  let lose = null;
  const down = ({ type }) => {
    if (!lose || type !== 'delta') return 'pass';
    lose();
    return 'drop';
  };
  const laptop = await ada.device('laptop', { transport: network({ down }) });
  const [phone] = await ada.devices('phone');
  await online(laptop);
  const id = phone.addTask('Seen');
  await converged(phone, laptop);
  laptop.said = [];
  const lost = new Promise((resolve) => {
    lose = resolve;
  });
  phone.edit(id, { title: 'Lost' });
  await lost;
  lose = null;
  phone.addTask('Shows the gap');
  await converged(phone, laptop);
  assert.deepEqual(titles(laptop), ['Lost', 'Shows the gap']);
  assert.equal(laptop.said.filter(({ type }) => type === 'pull').length, 1);
  assert.deepEqual(heard(laptop, 'snapshot'), []);
});

test('a heartbeat that is ahead shows a gap that no delta shows', async (t) => {
  const { person: ada } = await person(t);
  let lose = false;
  const down = ({ type }) => (lose && type === 'delta' ? 'drop' : 'pass');
  const laptop = await ada.device('laptop', { transport: network({ down }), timing: { quiet: 50 } });
  const [phone] = await ada.devices('phone');
  await online(laptop);
  lose = true;
  phone.addTask('Lost on the way');
  await until(laptop, (client) => client.said.some(({ type }) => type === 'pull'));
  lose = false;
  // The delta that was asked for may be lost as well; the one after a while is not.
  offline(laptop);
  await online(laptop);
  await converged(phone, laptop);
  assert.deepEqual(titles(laptop), ['Lost on the way']);
});

test('a connection that has died without a word is noticed, and another one is made', async (t) => {
  const { person: ada } = await person(t);
  let mute = false;
  const judge = () => (mute ? 'drop' : 'pass');
  const phone = await ada.device('phone', {
    transport: network({ down: judge, up: judge }), timing: { quiet: 50, dead: 50 },
  });
  const [laptop] = await ada.devices('laptop');
  await online(phone);
  mute = true;
  phone.addTask('Into the void');
  await until(phone, ({ endings }) => endings.length > 0);
  assert.equal(phone.endings[0], 'timed_out');
  mute = false;
  await converged(phone, laptop);
  assert.deepEqual(titles(laptop), ['Into the void']);
});

test('a mutation that is never answered is a dead connection too, whatever else comes', async (t) => {
  const { person: ada } = await person(t);
  let deaf = true;
  const up = ({ type }) => (deaf && type === 'push' ? 'drop' : 'pass');
  const phone = await ada.device('phone', { transport: network({ up }), timing: { outcome: 100 } });
  const [laptop] = await ada.devices('laptop');
  phone.start();
  await until(phone, ({ phase }) => phase === 'live');
  phone.addTask('Not heard');
  await until(phone, ({ endings }) => endings[0] === 'timed_out');
  deaf = false;
  await converged(phone, laptop);
  assert.equal(laptop.replica.cursor, 1);
});

test('a server that drains says so, and is found again when it is back', async (t) => {
  const { server, person: ada } = await person(t);
  const [phone, laptop] = await ada.devices('phone', 'laptop');
  await server.stop('SIGTERM');
  await until(phone, ({ endings }) => endings.length > 0);
  assert.equal(phone.endings[0], 'draining');
  phone.addTask('Meanwhile');
  await server.start();
  await converged(phone, laptop);
  assert.deepEqual(titles(laptop), ['Meanwhile']);
});

test('a server put back to an older copy of its data gets what waits, and what it lost is begun again', async (t) => {
  const { server, person: ada } = await person(t);
  const [phone] = await ada.devices('phone');
  const old = phone.addTask('In the copy');
  await until(phone, ({ isSynced }) => isSynced);
  await server.stop();
  await server.backUp();
  await server.start();
  await until(phone, ({ isSynced }) => isSynced);
  const lost = phone.addTask('Not in the copy', { due: '2026-12-24' });
  await until(phone, ({ isSynced }) => isSynced);
  offline(phone);
  phone.edit(lost, { notes: 'written since' });
  phone.edit(old, { title: 'Edited since' });
  await server.stop();
  await server.restore();
  await server.start();

  phone.said = [];
  await online(phone);
  const [laptop] = await ada.devices('laptop');
  await converged(phone, laptop);
  assert.equal(heard(phone, 'snapshot').length, 1);
  assert.equal(task(laptop, old).title, 'Edited since');
  const { title, notes, due } = task(laptop, lost);
  assert.deepEqual({ title, notes, due }, { title: 'Not in the copy', notes: 'written since', due: '2026-12-24' });
  assert.deepEqual(phone.replica.parked, []);
});

test('a server put back that went on differently, as far as this device had been, is found out by its mark', async (t) => {
  const { server, person: ada } = await person(t);
  const [phone] = await ada.devices('phone');
  phone.addTask('In the copy');
  await until(phone, ({ isSynced }) => isSynced);
  await server.stop('SIGKILL');
  await server.backUp();
  await server.start();
  await until(phone, ({ isSynced }) => isSynced);
  phone.addTask('Not in the copy');
  await until(phone, ({ isSynced }) => isSynced);
  offline(phone);
  await server.stop('SIGKILL');
  await server.restore();
  await server.start();
  const [laptop] = await ada.devices('laptop');
  laptop.addTask('In its place');
  laptop.addTask('And further');
  await until(laptop, ({ isSynced }) => isSynced);
  assert.ok(laptop.replica.cursor > phone.replica.cursor);

  phone.said = [];
  await online(phone);
  await converged(phone, laptop);
  assert.equal(heard(phone, 'snapshot').length, 1);
  // What only the server had is lost with it, for this client leaves out version vectors; what it shows is what there is.
  assert.deepEqual(titles(phone), ['And further', 'In its place', 'In the copy']);
});

test('an access token that the server does not take is not shown twice', async (t) => {
  const { person: ada } = await person(t);
  const account = await ada.signIn();
  let distrusted = false;
  const stale = {
    token: async () => (distrusted ? account.token() : 'of another time'),
    distrust: () => {
      distrusted = true;
    },
  };
  const phone = await ada.device('phone', { account: stale });
  await online(phone);
  assert.deepEqual(phone.endings, ['unauthenticated']);
});

test('a session goes on with a fresh token, and a sign-in that was ended keeps the outbox until the next', async (t) => {
  const { person: ada } = await person(t);
  const account = await ada.signIn();
  // A token lasts ten minutes; this one is renewed half a second after it was made.
  const phone = await ada.device('phone', { account, timing: { renew: 599_500 } });
  await online(phone);
  const isAuth = ({ type }) => type === 'auth';
  phone.on('message', () => queueMicrotask(() => phone.emit('change')));
  await until(phone, ({ said }) => said.some(isAuth));
  const id = phone.addTask('On the same session');
  await until(phone, ({ isSynced }) => isSynced);
  assert.equal(heard(phone, 'welcome').length, 1);

  await account.end();
  await until(phone, ({ paused }) => paused);
  assert.equal(phone.paused, 'signed_out');
  assert.equal(phone.endings[0], 'unauthenticated');
  phone.edit(id, { title: 'While signed out' });
  assert.equal(phone.replica.waiting, 1);

  phone.account = await ada.signIn();
  await online(phone);
  const [laptop] = await ada.devices('laptop');
  assert.deepEqual(titles(laptop), ['While signed out']);
});

test('a workspace that one may not read is left alone, and the outbox kept', async (t) => {
  const { server, person: ada } = await person(t);
  const eve = await Person.joins(t, server);
  const spy = await ada.device('spy', { account: await eve.signIn() });
  spy.addTask('Not mine to write');
  spy.start();
  await until(spy, ({ phase }) => phase === 'paused');
  assert.equal(spy.paused, 'forbidden');
  assert.equal(spy.replica.waiting, 1);
  assert.deepEqual(heard(spy, 'snapshot'), []);
});
