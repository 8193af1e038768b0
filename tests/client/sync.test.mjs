// Two devices of one person, on a server that is the real one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { converged, offline, online, Person, task, titles, until } from './devices.mjs';
import { Server } from './server.mjs';
import { uuid5 } from './tsugi/ids.mjs';

/** A phone and a laptop, live, with one task that both have. `ahead` is how much the laptop's clock is. */
async function pair(t, title = 'Buy milk', fields = {}, ahead = 0) {
  const person = await Person.joins(t, await Server.during(t));
  const phone = await person.device('phone');
  const laptop = await person.device('laptop', { now: () => Date.now() + ahead });
  await online(phone, laptop);
  const id = phone.addTask(title, fields);
  await converged(phone, laptop);
  assert.equal(task(laptop, id).title, title);
  return { person, phone, laptop, id };
}

/** Both change the task while apart; the phone's change comes first. */
async function apart({ phone, laptop }, onPhone, onLaptop) {
  offline(phone, laptop);
  onPhone(phone);
  onLaptop(laptop);
  await online(phone);
  await online(laptop);
  await converged(phone, laptop);
}

test('what one device adds, edits, completes and deletes, the other shows', async (t) => {
  const { phone, laptop, id } = await pair(t);
  laptop.edit(id, { title: 'Buy oat milk', notes: 'two\nlitres', due: '2026-11-24' });
  await until(phone, () => task(phone, id).title === 'Buy oat milk');
  assert.equal(task(phone, id).notes, 'two\nlitres');
  phone.complete(id);
  await until(laptop, () => task(laptop, id).completed);
  laptop.delete(id);
  await until(phone, () => phone.tasks.length === 0);
  phone.restore(id);
  await until(laptop, () => task(laptop, id)?.title === 'Buy oat milk');
  await converged(phone, laptop);
  assert.deepEqual(phone.conflicts, []);
});

test('many edits of one task, made while offline, go up one after the other and never meet each other', async (t) => {
  const { phone, laptop, id } = await pair(t);
  offline(phone);
  for (const count of [1, 2, 3, 4, 5]) phone.edit(id, { title: `Buy ${count} cartons`, priority: count });
  phone.edit(id, { notes: 'now with notes' });
  phone.delete(id);
  phone.restore(id);
  assert.equal(phone.replica.waiting, 8);
  await online(phone);
  await converged(phone, laptop);
  assert.equal(task(laptop, id).title, 'Buy 5 cartons');
  assert.equal(task(laptop, id).notes, 'now with notes');
  assert.deepEqual(phone.said.flatMap(({ outcomes = [] }) => outcomes).filter(({ fate }) => fate !== 'accepted'), []);
  // The one that began it, and eight more.
  assert.equal(phone.replica.cursor, 9);
});

test('different fields, changed at the same time, come together without a word', async (t) => {
  const both = await pair(t);
  await apart(both,
    (phone) => phone.edit(both.id, { title: 'Buy soy milk', priority: 1 }),
    (laptop) => laptop.edit(both.id, { notes: 'from the corner shop', due: '2026-12-01' }));
  const { title, notes, due, priority } = task(both.phone, both.id);
  assert.deepEqual({ title, notes, due, priority },
    { title: 'Buy soy milk', notes: 'from the corner shop', due: '2026-12-01', priority: 1 });
  assert.deepEqual(both.laptop.conflicts, []);
});

test('two titles are a question, asked on both devices, answered on the other one, and never asked again', async (t) => {
  const both = await pair(t);
  const { phone, laptop, id } = both;
  await apart(both,
    () => phone.edit(id, { title: 'Buy soy milk' }),
    () => laptop.edit(id, { title: 'Buy oat milk', priority: 2 }));

  // What was not in question went up; the title is the server's until somebody decides.
  assert.equal(task(phone, id).title, 'Buy soy milk');
  assert.equal(task(phone, id).priority, 2);
  assert.equal(laptop.conflicts.length, 1);
  const [conflict] = phone.conflicts;
  assert.deepEqual(conflict.fields, [{ field: 'title', base: 'Buy milk', mine: 'Buy oat milk', theirs: 'Buy soy milk' }]);
  assert.equal(conflict.localAuthor[0], 'laptop');
  assert.equal(conflict.remoteAuthor[0], 'phone');

  phone.resolve(conflict, { title: 'Buy oat and soy milk' });
  await until(laptop, () => laptop.conflicts.length === 0 && task(laptop, id).title === 'Buy oat and soy milk');
  await converged(phone, laptop);
  assert.deepEqual(phone.conflicts, []);
  laptop.edit(id, { title: 'Buy milk of all kinds' });
  await until(phone, () => task(phone, id).title === 'Buy milk of all kinds');
  assert.deepEqual([phone.conflicts, laptop.conflicts], [[], []]);
});

test('a decision is taken back on the other device: the old value is there, and the question is open again', async (t) => {
  const both = await pair(t);
  const { phone, laptop, id } = both;
  await apart(both, () => phone.edit(id, { title: 'Theirs' }), () => laptop.edit(id, { title: 'Mine', priority: 2 }));
  const [conflict] = phone.conflicts;
  phone.resolve(conflict, { title: 'Mine' });
  await until(laptop, () => laptop.conflicts.length === 0 && task(laptop, id).title === 'Mine');
  await converged(phone, laptop);
  assert.equal(laptop.takeBack(conflict.id), true);
  await until(phone, () => phone.conflicts.length === 1 && task(phone, id).title === 'Theirs');
  await converged(phone, laptop);
  assert.deepEqual(phone.conflicts[0].fields.map(({ mine, theirs }) => [mine, theirs]), [['Mine', 'Theirs']]);
  assert.equal(laptop.takeBack(conflict.id), false);
});

test('where the workspace wants to be asked about priorities, they are a question', async (t) => {
  const both = await pair(t);
  const { phone, laptop, id } = both;
  const rules = { entity: uuid5(phone.replica.workspace, 'policy'), kind: 'policy', set: { ask_priority: true } };
  phone.replica.mutate(rules);
  phone.edit(id, { notes: 'from the corner shop' });
  await converged(phone, laptop);
  await apart(both, () => phone.edit(id, { priority: 1 }), () => laptop.edit(id, { priority: 2 }));
  assert.deepEqual(phone.conflicts.map(({ fields }) => fields.map(({ field }) => field)), [['priority']]);
});

test('to keep what is there already closes a conflict without another change of the task', async (t) => {
  const both = await pair(t);
  const { phone, laptop, id } = both;
  await apart(both, () => phone.edit(id, { title: 'Theirs' }), () => laptop.edit(id, { title: 'Mine' }));
  const before = laptop.replica.cursor;
  laptop.resolve(laptop.conflicts[0], { title: 'Theirs' });
  await until(phone, () => phone.conflicts.length === 0);
  await converged(phone, laptop);
  assert.equal(laptop.replica.cursor, before + 1);
  assert.equal(task(phone, id).title, 'Theirs');
});

test('a resolution of what has moved since it was shown is a conflict in its turn', async (t) => {
  const both = await pair(t);
  const { phone, laptop, id } = both;
  await apart(both, () => phone.edit(id, { title: 'Theirs' }), () => laptop.edit(id, { title: 'Mine' }));
  const shown = laptop.conflicts[0];
  phone.edit(id, { title: 'Moved on' });
  await until(laptop, () => task(laptop, id).title === 'Moved on');
  laptop.resolve(shown, { title: 'Mine after all' });
  await until(phone, () => phone.conflicts.length === 1 && phone.conflicts[0].id !== shown.id);
  await converged(phone, laptop);
  assert.equal(task(phone, id).title, 'Moved on');
  assert.deepEqual(phone.conflicts[0].fields,
    [{ field: 'title', base: 'Theirs', mine: 'Mine after all', theirs: 'Moved on' }]);
});

test('a conflict that both resolve while apart is closed, and their values meet again', async (t) => {
  const both = await pair(t);
  const { phone, laptop, id } = both;
  await apart(both, () => phone.edit(id, { title: 'Theirs' }), () => laptop.edit(id, { title: 'Mine' }));
  const [first] = phone.conflicts;
  await apart(both,
    () => phone.resolve(phone.conflicts[0], { title: 'One way' }),
    () => laptop.resolve(laptop.conflicts[0], { title: 'Another way' }));
  assert.equal(task(phone, id).title, 'One way');
  assert.equal(phone.conflicts.length, 1);
  const [second] = phone.conflicts;
  assert.notEqual(second.id, first.id);
  assert.deepEqual(second.fields, [{ field: 'title', base: 'Theirs', mine: 'Another way', theirs: 'One way' }]);
});

test('notes come together by lines, and the record of it has all three', async (t) => {
  const both = await pair(t, 'Shopping', { notes: 'milk\nbread\ncheese' });
  const { phone, laptop, id } = both;
  await apart(both,
    () => phone.edit(id, { notes: 'oat milk\nbread\ncheese' }),
    () => laptop.edit(id, { notes: 'milk\nbread\ncheese, the old one' }));
  assert.equal(task(phone, id).notes, 'oat milk\nbread\ncheese, the old one');
  assert.deepEqual(phone.conflicts, []);
  const [record] = phone.records;
  assert.equal(record.rules.notes, 'lines');
  assert.equal(record.remote.notes, 'oat milk\nbread\ncheese');
  assert.equal(record.local.notes, 'milk\nbread\ncheese, the old one');
  assert.equal(record.result.notes, 'oat milk\nbread\ncheese, the old one');
});

test('notes that both changed in one place are a question', async (t) => {
  const both = await pair(t, 'Shopping', { notes: 'milk\nbread' });
  const { phone, laptop, id } = both;
  await apart(both, () => phone.edit(id, { notes: 'oat milk\nbread' }), () => laptop.edit(id, { notes: 'soy milk\nbread' }));
  assert.equal(task(laptop, id).notes, 'oat milk\nbread');
  assert.equal(phone.conflicts[0].fields[0].mine, 'soy milk\nbread');
});

/** A conflict's fields, by name. */
const byField = ({ fields }) => Object.fromEntries(fields.map((each) => [each.field, each]));

test('rules decide where nobody need be asked, and keep what did not come through', async (t) => {
  const both = await pair(t, 'Rules', { labels: ['home', 'shop'], priority: 1 }, 5_000);
  const { phone, laptop, id } = both;
  await apart(both,
    () => phone.edit(id, { completed: 1767225600000, labels: ['shop', 'today'], priority: 2 }),
    () => laptop.edit(id, { completed: 1767225500000, labels: ['home', 'shop', 'urgent'], priority: 3 }));
  const { completed, labels, priority } = task(phone, id);
  assert.deepEqual({ completed, labels, priority },
    { completed: 1767225500000, labels: ['shop', 'today', 'urgent'], priority: 3 });
  const [record] = laptop.records;
  assert.deepEqual({ ...record.rules }, { completed: 'earliest', labels: 'set', priority: 'last_writer' });
  assert.equal(record.remote.priority, 2);
  assert.deepEqual(laptop.conflicts, []);
});

test('the last writer is the later one by the clock, not the one who came last', async (t) => {
  const both = await pair(t, 'Rules', { priority: 1, completed: 1767225600000 }, -5_000);
  const { phone, laptop, id } = both;
  await apart(both,
    () => phone.edit(id, { priority: 2, completed: null }),
    () => laptop.edit(id, { priority: 3, completed: 1767225700000 }));
  assert.equal(task(laptop, id).priority, 2);
  assert.equal(task(laptop, id).completed, undefined);
  const [record] = phone.records;
  assert.deepEqual([record.local.priority, record.result.priority], [3, 2]);
  assert.deepEqual([record.local.completed, record.result.completed], [1767225700000, null]);
});

test('fields that this client has never heard of are kept, merged and asked about', async (t) => {
  const both = await pair(t, 'Later version', { mood: 'calm', constructor: { steps: [1, 2] } });
  const { phone, laptop, id } = both;
  await apart(both, () => phone.edit(id, { mood: 'glad' }), () => laptop.edit(id, { mood: 'blue', title: 'Same task' }));
  assert.equal(task(phone, id).mood, 'glad');
  assert.deepEqual({ ...task(laptop, id).constructor }, { steps: [1, 2] });
  assert.deepEqual(laptop.conflicts[0].fields, [{ field: 'mood', base: 'calm', mine: 'blue', theirs: 'glad' }]);
});

test('edited here and deleted there: the edit waits in a conflict, and can be had back', async (t) => {
  const both = await pair(t);
  const { phone, laptop, id } = both;
  await apart(both, () => phone.delete(id), () => laptop.edit(id, { title: 'Buy oat milk', priority: 1 }));
  assert.deepEqual([titles(phone), titles(laptop)], [[], []]);
  const [conflict] = phone.conflicts;
  const { title, priority, deleted } = byField(conflict);
  assert.equal(conflict.fields.length, 3);
  assert.deepEqual([title.mine, title.theirs], ['Buy oat milk', 'Buy milk']);
  assert.deepEqual([priority.mine, priority.theirs], [1, null]);
  assert.equal(deleted.mine, null);
  assert.ok(deleted.theirs > 0);
  phone.resolve(conflict, { title: 'Buy oat milk', priority: 1, deleted: null });
  await until(laptop, () => task(laptop, id)?.title === 'Buy oat milk');
  await converged(phone, laptop);
  assert.equal(task(phone, id).priority, 1);
  assert.deepEqual([phone.conflicts, laptop.conflicts], [[], []]);
});

test('deleted here and edited there: the task stays, and the other device decides to delete it', async (t) => {
  const both = await pair(t);
  const { phone, laptop, id } = both;
  await apart(both, () => phone.edit(id, { title: 'Buy oat milk' }), () => laptop.delete(id));
  assert.deepEqual(titles(laptop), ['Buy oat milk']);
  const [conflict] = phone.conflicts;
  assert.equal(conflict.fields[0].field, 'deleted');
  assert.equal(conflict.fields[0].theirs, null);
  phone.resolve(conflict, { deleted: conflict.fields[0].mine });
  await until(laptop, () => laptop.tasks.length === 0 && laptop.conflicts.length === 0);
  await converged(phone, laptop);
});

test('deleted here and only moved about there is deleted, as is what both deleted', async (t) => {
  const both = await pair(t);
  const { phone, laptop, id } = both;
  await apart(both, () => phone.edit(id, { priority: 3 }), () => laptop.delete(id));
  assert.deepEqual([titles(phone), phone.conflicts], [[], []]);
  const other = phone.addTask('Twice');
  await converged(phone, laptop);
  await apart(both, () => phone.delete(other), () => laptop.delete(other));
  assert.deepEqual([titles(phone), phone.conflicts, laptop.conflicts], [[], [], []]);
});

test('only moved about here and deleted there goes into the tombstone, and is there when it is brought back', async (t) => {
  const both = await pair(t);
  const { phone, laptop, id } = both;
  await apart(both, () => phone.delete(id), () => laptop.edit(id, { priority: 3 }));
  assert.deepEqual([titles(laptop), laptop.conflicts], [[], []]);
  phone.restore(id);
  await until(laptop, () => task(laptop, id)?.priority === 3);
  await converged(phone, laptop);
});

test('a cleared field is set again without a quarrel', async (t) => {
  const { phone, laptop, id } = await pair(t, 'Water the plants', { due: '2026-11-24' });
  phone.edit(id, { due: null });
  await until(laptop, () => task(laptop, id).due === undefined);
  laptop.edit(id, { due: '2026-11-25' });
  await until(phone, () => task(phone, id).due === '2026-11-25');
  await converged(phone, laptop);
  assert.deepEqual(laptop.said.flatMap(({ outcomes = [] }) => outcomes).map(({ fate }) => fate), ['accepted']);
});

test('what is refused is kept with its reason, holds nothing back, and can be mended', async (t) => {
  const { phone, laptop, id } = await pair(t);
  offline(phone);
  phone.edit(id, { 'Not a name': 'typed by hand' });
  phone.edit(id, { notes: 'behind it' });
  const other = phone.addTask('Beside it');
  await online(phone);
  await converged(phone, laptop);
  assert.equal(task(laptop, id).notes, 'behind it');
  assert.equal(task(laptop, other).title, 'Beside it');
  const [{ mutation, code, message }] = phone.replica.parked;
  assert.equal(code, 'invalid');
  assert.ok(message);
  assert.deepEqual({ ...mutation.set }, { 'Not a name': 'typed by hand' });
  phone.unpark(mutation.seq, { a_name: 'typed by hand' });
  await until(laptop, () => task(laptop, id).a_name === 'typed by hand');
  assert.deepEqual(phone.replica.parked, []);
});
