// The rules of merging, without a server.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { later, uuid5, uuid7 } from './tsugi/ids.mjs';
import { mergeLines } from './tsugi/lines.mjs';
import { mergeField } from './tsugi/merge.mjs';
import { Replica } from './tsugi/replica.mjs';
import { settle } from './tsugi/settle.mjs';

const EARLY = { at: 1000, tick: 0 };
const LATE = { at: 2000, tick: 0 };
const ASK = 'ask';

test('one field: what each rule makes of base, local and remote', () => {
  const rows = [
    // field, base, local, remote, mine, theirs → value, rule
    ['title', 'a', 'b', 'b', EARLY, LATE, 'b', 'same'],
    ['title', 'a', 'b', 'a', EARLY, LATE, 'b', 'one_side'],
    ['title', 'a', 'a', 'b', EARLY, LATE, 'b', 'one_side'],
    ['title', 'a', 'b', 'c', EARLY, LATE, ASK],
    ['title', null, 'b', 'c', EARLY, LATE, ASK],
    ['due', '2026-01-01', null, '2026-01-02', EARLY, LATE, ASK],
    ['unheard_of', [1], [2], [3], EARLY, LATE, ASK],
    ['unheard_of', [1], [2], [2], EARLY, LATE, [2], 'same'],
    ['constructor', 1, 2, 3, EARLY, LATE, ASK],
    ['__proto__', 1, 2, 3, EARLY, LATE, ASK],
    ['completed', null, 50, 40, EARLY, LATE, 40, 'earliest'],
    ['completed', 30, null, 40, LATE, EARLY, null, 'last_writer'],
    ['completed', 30, null, 40, EARLY, LATE, 40, 'last_writer'],
    ['priority', 1, 2, 3, LATE, EARLY, 2, 'last_writer'],
    ['priority', 1, 2, 3, EARLY, LATE, 3, 'last_writer'],
    ['priority', 1, 2, 3, LATE, LATE, 3, 'last_writer'],
    ['priority', 1, 2, 3, { at: 2000, tick: 1 }, LATE, 2, 'last_writer'],
    ['priority', 1, 2, 3, LATE, { at: 2000 }, 3, 'last_writer'],
    ['priority', 1, 2, 3, EARLY, undefined, 2, 'last_writer'],
    ['labels', ['a', 'b'], ['a', 'c'], ['b', 'd'], EARLY, LATE, ['c', 'd'], 'set'],
    ['labels', null, ['b'], ['a'], EARLY, LATE, ['a', 'b'], 'set'],
    ['labels', ['a'], null, ['a', 'b'], EARLY, LATE, ['b'], 'set'],
    ['labels', [], ['\u{1F600}'], ['\uFF5E'], EARLY, LATE, ['\uFF5E', '\u{1F600}'], 'set'],
    ['labels', ['a'], 'a, b', ['a', 'c'], EARLY, LATE, ASK],
    ['notes', 'a\nb\nc', 'A\nb\nc', 'a\nb\nC', EARLY, LATE, 'A\nb\nC', 'lines'],
    ['notes', 'a', null, 'b', EARLY, LATE, ASK],
    ['notes', null, 'a', 'b', EARLY, LATE, ASK],
  ];
  for (const [field, base, local, remote, mine, theirs, value, rule = null] of rows) {
    const merged = mergeField({ kind: 'task', field, base, local, remote, mine, theirs });
    const label = `${field}: ${JSON.stringify([base, local, remote])}`;
    assert.equal(merged.rule, rule, label);
    if (value !== ASK) assert.deepEqual(merged.value, value, label);
  }
  const inConflict = mergeField({ kind: 'conflict', field: 'state', base: 'open', local: 'resolved', remote: 'x', mine: LATE });
  assert.deepEqual(inConflict, { rule: 'last_writer', value: 'resolved' });
});

test('texts by lines: an untouched line stands between the changes, or a person is asked', () => {
  const rows = [
    ['a\nb\nc', 'A\nb\nc', 'a\nb\nC', 'A\nb\nC'],
    ['a\nb\nc', 'b\nc', 'a\nb', 'b'],
    ['a', 'a\nmine', 'theirs\na', 'theirs\na\nmine'],
    ['a\nb\nc\nd', 'a\nx\nb\nc\nd', 'a\nb\nc', 'a\nx\nb\nc'],
    // Side by side, or in one place.
    ['a\nb', 'A\nb', 'a\nB', null],
    ['a\nb\nc', 'a\nmine\nb\nc', 'a\ntheirs\nb\nc', null],
    ['a', 'a\nmine', 'a\ntheirs', null],
    ['a\nb\nc', 'a\nc', 'a\nb\nC', null],
    // What both did alike in one place, or in two.
    ['a\nb\nc\nd', 'a\nx\nb\nc\nd', 'a\nx\nb\nc\nD', null],
    ['a\nb', 'milk\na\nb', 'a\nb\nmilk', null],
    // Only repeated lines between the changes: which of them is which?
    ['a\n\nb', 'A\n\nb', 'a\n\nB', 'A\n\nB'],
    ['a\n\nb\n\nc', 'A\n\nb\n\nc', 'a\n\nB\n\nc', null],
    ['x\nx\nx', 'x\nx\nx\nx', 'x\nx', null],
    // Moved.
    ['a\nb\nc\nd', 'b\na\nc\nd', 'a\nb\nc\nD', null],
    [lines(4001), `x\n${lines(4001)}`, `${lines(4001)}\ny`, null],
    [lines(700), lines(700, (at) => (at < 650 ? `changed ${at}` : `line ${at}`)), `${lines(700)}\ny`, null],
    [lines(3900), `x\n${lines(3900)}`, `${lines(3900)}\ny`, `x\n${lines(3900)}\ny`],
  ];
  for (const [base, local, remote, merged] of rows) {
    assert.equal(mergeLines(base, local, remote), merged, JSON.stringify([base, local, remote]).slice(0, 100));
    assert.equal(mergeLines(base, remote, local), merged, 'the other way round');
  }
});

function lines(count, line = (at) => `line ${at}`) {
  return Array.from({ length: count }, (_, at) => line(at)).join('\n');
}

test('texts by lines: whatever comes together has what either wrote, and has nothing that either removed', () => {
  let seed = 20_261_125;
  const random = (below) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((seed / 2 ** 31) * below);
  };
  const change = (text, name) => {
    const changed = [...text];
    for (let count = 1 + random(2); count > 0; count -= 1) {
      changed.splice(random(changed.length + 1), random(2), ...(random(2) ? [`${name} ${random(3)}`] : []));
    }
    return changed;
  };
  let together = 0;
  for (let run = 0; run < 5_000; run += 1) {
    const base = Array.from({ length: 2 + random(8) }, () => `line ${random(12)}`);
    const [local, remote] = [change(base, 'mine'), change(base, 'theirs')];
    const merged = mergeLines(base.join('\n'), local.join('\n'), remote.join('\n'))?.split('\n');
    if (!merged) continue;
    together += 1;
    const count = (text, line) => text.filter((one) => one === line).length;
    for (const line of new Set([...base, ...local, ...remote].filter(Boolean))) {
      const [was, mine, theirs] = [count(base, line), count(local, line), count(remote, line)];
      assert.equal(count(merged, line), mine + theirs - was, JSON.stringify({ base, local, remote, merged, line }));
    }
  }
  assert.ok(together > 500, `${together} came together`);
});

const SUBJECT = '01890a5d-ac96-774b-bcce-b302099a8057';
const HERE = { replica: '7b0e9d6e-5f0a-4c43-9d3c-0a4b3f0f7a11', device: 'phone' };
const BY = { user: 'u', device: 'laptop', at: 3000 };

/** One waiting mutation against cells of the server. `seen` is field → [value, revision]. */
function settled({ set, seen, remote, fate = { by: BY }, asks }) {
  const sights = Object.fromEntries(Object.entries(seen).map(([field, [value, revision]]) => [field, { value, revision }]));
  const waiting = [{ seq: 7, entity: SUBJECT, kind: 'task', set, seen: sights, at: 4000, tick: 0 }];
  const drafts = settle(waiting, { id: SUBJECT, kind: 'task', fields: remote }, fate, HERE, asks);
  const find = (test) => drafts.find(test)?.set ?? null;
  return {
    drafts,
    edit: find(({ kind }) => kind === 'task'),
    open: find(({ set: { state } }) => state === 'open'),
    record: find(({ set: { state } }) => state === 'merged'),
  };
}

const plain = (value) => JSON.parse(JSON.stringify(value));

test('edited here, deleted there: content is asked about, anything else goes into the tombstone', () => {
  const remote = { title: ['a', 1], created: [1, 1], deleted: [3000, 5] };
  const seen = { title: ['a', 1], created: [1, 1] };
  const content = settled({ set: { title: 'b', priority: 1 }, seen, remote });
  assert.equal(content.edit, null);
  assert.deepEqual(plain(content.open.local), { title: 'b', priority: 1, deleted: null });
  assert.deepEqual(plain(content.open.base), { title: 'a', priority: null, deleted: null });
  assert.deepEqual(plain(content.open.remote), { title: 'a', priority: null, deleted: 3000 });

  const moved = settled({ set: { priority: 1 }, seen, remote });
  assert.deepEqual(plain(moved.edit), { priority: 1 });
  assert.equal(moved.open, null);
  assert.equal(moved.drafts[0].seen.deleted.revision, 5);

  // The same value as before is no content that would be lost.
  assert.equal(settled({ set: { title: 'a' }, seen, remote }).open, null);
  // And who knew it was deleted has meant it.
  const known = settled({ set: { title: 'b' }, seen: { ...seen, deleted: [2000, 4] }, remote });
  assert.deepEqual([plain(known.edit), known.open], [{ title: 'b' }, null]);
});

test('deleted here, edited there: unseen content is asked about, anything else goes', () => {
  const seen = { title: ['a', 1], created: [1, 1] };
  const set = { deleted: 4000, priority: 2 };
  const content = settled({ set, seen, remote: { title: ['b', 5], created: [1, 1] } });
  assert.deepEqual(plain(content.edit), { priority: 2 });
  // What was edited there is shown, with what the person saw.
  assert.deepEqual(plain(content.open.base), { deleted: null, title: 'a' });
  assert.deepEqual(plain(content.open.local), { deleted: 4000, title: 'a' });
  assert.deepEqual(plain(content.open.remote), { deleted: null, title: 'b' });

  const both = settled({ set: { ...set, title: 'c' }, seen, remote: { title: ['b', 5], created: [1, 1] } });
  assert.deepEqual(plain(both.open.local), { deleted: 4000, title: 'c' });
  assert.deepEqual(plain(both.open.remote), { deleted: null, title: 'b' });

  // What only this side changed goes on without a question.
  const aside = settled({ set: { ...set, title: 'c' }, seen, remote: { title: ['a', 1], created: [1, 1], notes: ['new', 5] } });
  assert.deepEqual(plain([aside.edit, aside.open.local]), [{ priority: 2, title: 'c' }, { deleted: 4000, notes: null }]);

  const moved = settled({ set: { deleted: 4000 }, seen, remote: { title: ['a', 1], created: [1, 1], position: ['m', 5] } });
  assert.deepEqual(plain(moved.edit), { deleted: 4000 });
  assert.equal(moved.open, null);
  assert.deepEqual(Object.keys(moved.drafts[0].seen).sort(), ['created', 'position', 'title']);

  const gone = settled({ set: { deleted: 4000 }, seen, remote: { title: ['a', 1], created: [1, 1], deleted: [3000, 5] } });
  assert.equal(gone.edit, null);
  assert.deepEqual(plain(gone.record.result), { deleted: 3000 });
});

test('where the workspace wants to be asked, no rule decides', () => {
  const seen = { priority: [1, 1], notes: ['a\nb\nc', 1] };
  const remote = { priority: [3, 5], notes: ['a\nb\nC', 6] };
  const asks = (field) => field === 'priority';
  const { open, record: merged } = settled({ set: { priority: 2, notes: 'A\nb\nc' }, seen, remote, asks });
  assert.deepEqual(plain([open.local, open.remote]), [{ priority: 2 }, { priority: 3 }]);
  assert.deepEqual(plain(merged.result), { notes: 'A\nb\nC' });
  const oneSide = settled({ set: { priority: 2 }, seen, remote: { priority: [1, 1], notes: ['a', 6] }, asks });
  assert.deepEqual([plain(oneSide.edit), oneSide.open], [{ priority: 2 }, null]);
});

test('a field’s author is the one who is named for it, and a conflict has the same id wherever it is made', () => {
  const others = [{ by: { user: 'u', device: 'tablet', at: 9000 }, fields: ['priority'] }];
  const seen = { title: ['a', 1], priority: [1, 1] };
  const remote = { title: ['b', 5], priority: [3, 6] };
  const { record, open, drafts } = settled({ set: { title: 'c', priority: 2 }, seen, remote, fate: { by: BY, others } });
  assert.deepEqual(plain([record.result, record.remote_author]), [{ priority: 3 }, ['tablet', 9000]]);
  assert.deepEqual(plain([open.local, open.remote_author]), [{ title: 'c' }, ['laptop', 3000]]);
  // Two devices may have one name: what counts is the replica.
  const twin = { user: 'u', device: HERE.device, at: 9000, replica: SUBJECT };
  const own = { user: 'u', device: 'renamed', at: 9500, replica: HERE.replica };
  const against = (others, by) => settled({ set: { title: 'c', deleted: 4000 }, seen, remote, fate: { by, others } }).open.remote_author;
  assert.deepEqual(plain(against([{ by: own, fields: ['priority'] }], twin)), [HERE.device, 9000, SUBJECT]);
  const ids = [`${HERE.replica}/7/6/Open`, `${HERE.replica}/7/6/Merged`].map((name) => uuid5(SUBJECT, name));
  assert.deepEqual(drafts.map(({ entity }) => entity), ids);
});

test('what the server took on the way, and said so in vain, is no other side', () => {
  const seen = { title: { value: 'a', revision: 1 } };
  const waiting = [
    { seq: 7, entity: SUBJECT, kind: 'task', set: { title: 'b' }, seen, at: 4000, tick: 0, group: 'g' },
    { seq: 8, entity: SUBJECT, kind: 'task', set: { title: 'c' }, seen: { title: { value: 'b', after: 7 } }, at: 4001, tick: 2 },
  ];
  const drafts = settle(waiting, { id: SUBJECT, kind: 'task', fields: { title: ['b', 5] } }, { by: BY }, HERE);
  assert.equal(drafts.length, 1);
  const [{ set, seen: sights, at, tick }] = drafts;
  assert.deepEqual(plain({ set, sights, at, tick }), {
    set: { title: 'c' }, sights: { title: { value: 'b', revision: 5 } }, at: 4001, tick: 2,
  });
});

test('names and moments', () => {
  // The example of Python’s documentation: the name space of the domain names.
  assert.equal(uuid5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'python.org'), '886313e1-3b8a-5372-9b90-0c9aee199e5d');
  assert.match(uuid7(0x01890a5dac96), /^01890a5d-ac96-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.deepEqual(later({ at: 10, tick: 3 }, 11), { at: 11, tick: 0 });
  assert.deepEqual(later({ at: 10, tick: 3 }, 10), { at: 10, tick: 4 });
  assert.deepEqual(later({ at: 10, tick: 3 }, 5), { at: 10, tick: 4 });
  assert.deepEqual(later({ at: 10, tick: 2 ** 32 - 1 }, 10), { at: 11, tick: 0 });
  assert.deepEqual(later({ at: 100_000, tick: 3 }, 10), { at: 60_010, tick: 1 });
});

test('what would break every frame does not get into the outbox', () => {
  const replica = new Replica({ workspace: SUBJECT, device: 'phone' });
  const broken = [0.5, NaN, 2 ** 53, undefined, 'half \ud83d', [[0.5]], { deep: '\ud83d' }, 1n, 'x'.repeat(262_145)];
  for (const title of broken) {
    const edit = () => replica.mutate({ entity: SUBJECT, kind: 'task', set: { title } });
    assert.throws(edit, RangeError, String(title).slice(0, 20));
  }
  assert.equal(replica.waiting, 0);
  replica.mutate({ entity: SUBJECT, kind: 'task', set: { title: 'whole \u{1F600}', deep: [{ a: [null, true, -1] }] } });
  assert.equal(replica.waiting, 1);
});
