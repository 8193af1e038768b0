// A replica by itself: what each message from the server does to the base, the cursor and what waits.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { uuid5 } from './tsugi/ids.mjs';
import { asksAbout } from './tsugi/policy.mjs';
import { NEXT, Replica } from './tsugi/replica.mjs';

const WORKSPACE = 'f0c1a6f2-52a6-4b0c-8a53-3f6d5b1d9f10';
const EPOCH = '1c6a1b70-94e7-4c9e-a7a4-0b9f6c8d2e55';
const TASK = '01890a5d-ac96-774b-bcce-b302099a8057';
const OTHER = '01890a5d-ac96-774b-bcce-b302099a8058';

const entity = (id, fields) => ({ id, kind: 'task', fields });
const edit = (id, set) => ({ entity: id, kind: 'task', set });
const delta = (from, to, rest) => ({ epoch: EPOCH, from, to, mark: to * 11, ...rest });
const title = (replica, id = TASK) => replica.entity(id)?.fields.title?.[0];
const bases = (replica) => replica.due([], 200).map(({ seq, base }) => [seq, base]);

/** At revision 10, with one task. */
function replica() {
  const made = new Replica({ workspace: WORKSPACE, device: 'phone' });
  snapshot(made, 10, [entity(TASK, { title: ['a', 7], notes: [null, 9], created: [1, 2] })]);
  return made;
}

function snapshot(made, revision, entities, last = true, epoch = EPOCH) {
  return made.snapshot({ epoch, revision, entities, last, mark: revision * 11 });
}

test('a cell never takes the place of a newer one', () => {
  const made = replica();
  assert.equal(made.delta(delta(10, 12, { entities: [entity(TASK, { title: ['c', 12] })] })), NEXT.nothing);
  made.delta(delta(10, 11, { entities: [entity(TASK, { title: ['b', 11] })] }));
  assert.equal(title(made), 'c');
  assert.deepEqual(made.position, { epoch: EPOCH, cursor: 12, mark: 132 });
});

test('after a gap, cells, cursor and outbox stay as they are', () => {
  const made = replica();
  made.mutate(edit(OTHER, { title: 'mine' }));
  const outcomes = [{ seq: 1, fate: 'accepted', revision: 15 }];
  assert.equal(made.delta(delta(14, 15, { entities: [entity(TASK, { title: ['b', 15] })], outcomes })), NEXT.pull);
  assert.deepEqual([title(made), title(made, OTHER), made.waiting, made.cursor], ['a', 'mine', 1, 10]);
});

test('a part of a long delta, and one with nothing but outcomes, move nothing', () => {
  const made = replica();
  assert.equal(made.delta(delta(10, 10, { entities: [entity(TASK, { title: ['b', 12] })] })), NEXT.nothing);
  assert.equal(title(made), 'b');
  assert.deepEqual(made.position, { epoch: EPOCH, cursor: 10, mark: 110 });
});

test('an answer to what is not in the outbox is a gap, where its values are missing', () => {
  const unknown = (rest) => delta(10, 11, { outcomes: [{ seq: 99, fate: 'accepted', ...rest }] });
  const made = replica();
  assert.equal(made.delta(unknown({ revision: 11 })), NEXT.pull);
  assert.equal(made.cursor, 10);
  assert.equal(made.delta(unknown({ revision: 9 })), NEXT.nothing);
  assert.equal(replica().delta(unknown({ revision: 11, current: entity(TASK, { title: ['b', 11] }) })), NEXT.nothing);
});

test('what was accepted is compared with the cursor before its delta, so that its values get into the base', () => {
  const made = replica();
  made.mutate(edit(TASK, { title: 'mine' }));
  made.delta(delta(10, 11, { outcomes: [{ seq: 1, fate: 'accepted', revision: 11 }] }));
  assert.deepEqual([made.cursor, made.waiting, made.entity(TASK).fields.title], [11, 0, ['mine', 11]]);
});

test('what the server does not know is begun again with all that this device knew before the snapshot', () => {
  const made = replica();
  made.mutate(edit(TASK, { title: 'mine' }));
  // The server was restored from a copy that is older than the task.
  snapshot(made, 5, [], true, OTHER);
  const outcomes = [{ seq: 1, fate: 'refused', code: 'unknown_entity', message: '' }];
  made.delta({ ...delta(5, 5, { outcomes }), epoch: OTHER });
  const [again] = made.due([], 200);
  assert.deepEqual({ ...again.set }, { title: 'mine', created: 1 });
  assert.deepEqual([again.seq, again.base], [2, {}]);
  // Once: if that is refused too, it is for the person.
  made.delta({ ...delta(5, 5, { outcomes: [{ ...outcomes[0], seq: 2 }] }), epoch: OTHER });
  assert.deepEqual([made.waiting, made.parked.length], [0, 1]);
});

test('another epoch is another history', () => {
  const made = replica();
  const other = { ...delta(10, 11, { entities: [entity(TASK, { title: ['b', 11] })] }), epoch: WORKSPACE };
  assert.equal(made.delta(other), NEXT.anew);
  assert.equal(made.subscribed({ epoch: WORKSPACE, revision: 10 }), NEXT.anew);
  assert.equal(made.subscribed({ epoch: EPOCH, revision: 10 }), NEXT.nothing);
  assert.equal(made.subscribed({ epoch: EPOCH, revision: 11 }), NEXT.pull);
  assert.deepEqual([title(made), made.cursor], ['a', 10]);
});

test('half a snapshot is none, when another one or the end of the connection comes between', () => {
  const made = replica();
  snapshot(made, 20, [entity(TASK, { title: ['from 20', 20] })], false);
  assert.equal(title(made), 'a');
  snapshot(made, 21, [entity(OTHER, { title: ['from 21', 21] })], false);
  made.disconnected();
  snapshot(made, 21, [], true);
  assert.deepEqual([title(made), title(made, OTHER), made.cursor], [undefined, undefined, 21]);
  snapshot(made, 22, [entity(TASK, { title: ['whole', 22] })], false);
  snapshot(made, 22, [entity(OTHER, { title: ['too', 22] })], true);
  assert.deepEqual([title(made), title(made, OTHER)], ['whole', 'too']);
});

test('after a snapshot, what waits is made on what there is, by values', () => {
  const made = replica();
  made.mutate(edit(TASK, { title: 'mine', due: '2026-01-01' }));
  made.mutate(edit(OTHER, { title: 'begun here', created: 5 }));
  assert.deepEqual(bases(made).map(([, base]) => base), [{ title: 7, created: 2 }, {}]);
  // Of another history: the title is the one that was seen, the moment is not.
  const cells = { title: ['a', 4], created: [3, 5] };
  snapshot(made, 6, [entity(TASK, cells), entity(OTHER, { title: ['begun here', 6], created: [5, 6] })], true, WORKSPACE);
  assert.deepEqual(bases(made).map(([, base]) => base), [{ title: 4, created: 0 }, {}]);
  // It is not there any more.
  snapshot(made, 7, [], true, WORKSPACE);
  assert.deepEqual(bases(made)[0], [1, { title: 0, created: 0 }]);
  assert.equal(title(made), 'mine');
});

test('what waits behind another one is made on its fate', () => {
  const behind = (outcome) => {
    const made = replica();
    made.mutate(edit(TASK, { title: 'b', notes: 'n' }));
    made.mutate(edit(TASK, { title: 'c', completed: 4 }));
    assert.deepEqual(bases(made), [[1, { title: 7, notes: 9, created: 2 }]]);
    made.delta(delta(10, 10, { outcomes: [{ seq: 1, ...outcome }] }));
    return [bases(made), title(made), made.parked.length];
  };
  assert.deepEqual(behind({ fate: 'accepted', revision: 11 }), [[[2, { title: 11, created: 2 }]], 'c', 0]);
  assert.deepEqual(behind({ fate: 'refused', code: 'invalid', message: 'no' }), [[[2, { title: 7, created: 2 }]], 'c', 1]);
  // The two are merged as one.
  const current = entity(TASK, { title: ['a', 7], notes: [null, 9], created: [1, 2], priority: [1, 12] });
  assert.deepEqual(behind({ fate: 'conflict', current }), [[[3, { title: 7, notes: 9, created: 2 }]], 'c', 0]);
});

test('whoever deletes has seen all fields, and whoever edits has seen what was ever deleted', () => {
  const made = replica();
  made.mutate(edit(TASK, { deleted: 5 }));
  assert.deepEqual(bases(made), [[1, { title: 7, notes: 9, created: 2 }]]);
  made.delta(delta(10, 11, { outcomes: [{ seq: 1, fate: 'accepted', revision: 11 }] }));
  made.mutate(edit(TASK, { notes: 'n' }));
  assert.deepEqual(bases(made), [[2, { notes: 9, created: 2, deleted: 11 }]]);
});

test('the rules of the workspace hold as this replica sees them, and only for tasks and the fields that have a choice', () => {
  const made = replica();
  const rules = uuid5(WORKSPACE, 'policy');
  const asks = () => ['priority', 'title', 'position'].map((field) => asksAbout(made, 'task', field));
  assert.deepEqual(asks(), [false, false, false]);
  made.mutate({ entity: rules, kind: 'policy', set: { ask_priority: true, ask_title: true, ask_position: true } });
  assert.deepEqual(asks(), [true, false, false]);
  assert.equal(asksAbout(made, 'section', 'list'), false);
  made.mutate({ entity: rules, kind: 'policy', set: { ask_priority: null } });
  assert.deepEqual(asks(), [false, false, false]);
});
