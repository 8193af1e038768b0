// The server said `conflict`: all that waits on the entity is one intent, and is brought together with what the server has.
// What comes of it are drafts of mutations, to be put in the place of those that waited.
import { uuid5 } from './ids.mjs';
import { isContent, mergeField } from './merge.mjs';
import { record, same } from './value.mjs';

/**
 * `waiting` are the mutations of one entity, the oldest first; `remote` is the entity as the server has it; `fate` the
 * outcome that says so; `here` is who we are: `{ replica, device }`. `asks` says of a field whether the workspace wants to
 * be asked about it.
 */
export function settle(waiting, remote, fate, here, asks = () => false) {
  const intent = intentOf(waiting);
  const decision = deletedUnseen(waiting, intent, remote) ?? contentUnseen(waiting, intent, remote)
    ?? { asked: [], merged: Object.keys(intent) };
  const authors = authorsOf(fate);
  const set = record();
  const asked = record(Object.fromEntries(decision.asked.map((question) => [question.field, question])));
  const ruled = record();

  for (const field of decision.merged) {
    const { base, local, clock: mine } = intent[field];
    const theirs = valueOf(remote, field);
    const sides = { base: madeOn(intent[field], theirs), local, remote: theirs };
    const { rule, value } = mergeField({ kind: remote.kind, field, ...sides, mine, theirs: authors.of(field), asks: asks(field) });
    if (rule === null) asked[field] = { field, base, local, remote: theirs };
    else if (!same(value, theirs)) set[field] = value;
    const quiet = rule === null || rule === 'same' || rule === 'one_side' || remote.kind === 'conflict';
    if (!quiet) ruled[field] = { field, base, local, remote: theirs, rule, result: value };
  }

  const about = { waiting, remote, authors, here };
  return [
    Object.keys(set).length ? [edit(set, waiting, remote)] : [],
    Object.keys(asked).length ? [conflict('open', Object.values(asked), about)] : [],
    Object.keys(ruled).length ? [conflict('merged', Object.values(ruled), about)] : [],
  ].flat();
}

/** Of each field that was set: what the person saw before the first who set it, what was wanted on the way, and at last. */
function intentOf(waiting) {
  const intent = record();
  for (const { set, seen, at, tick } of waiting) {
    for (const [field, local] of Object.entries(set)) {
      const before = intent[field];
      const base = before ? before.base : seen[field]?.value ?? null;
      const passed = before ? [...before.passed, before.local] : [];
      intent[field] = { base, passed, local, clock: { at, tick } };
    }
  }
  return intent;
}

/** What a wish was made on, given what the server has: it may have taken what was wanted on the way, and said so in vain. */
const madeOn = ({ base, passed }, theirs) => (passed.some((value) => same(value, theirs)) ? theirs : base);

const valueOf = (entity, field) => entity.fields[field]?.[0] ?? null;

/** Here edited, there deleted: whoever edits has not seen the deletion. */
function deletedUnseen(waiting, intent, remote) {
  const gone = valueOf(remote, 'deleted');
  const known = waiting.some(({ seen }) => (seen.deleted?.value ?? null) !== null) || 'deleted' in intent;
  const wrote = Object.entries(intent).some(([field, { base, local }]) => isContent(field) && !same(base, local));
  if (remote.kind === 'conflict' || gone === null || known || !wrote) return null;
  const asked = Object.entries(intent)
    .map(([field, { base, local }]) => ({ field, base, local, remote: valueOf(remote, field) }));
  return { asked: [...asked, { field: 'deleted', base: null, local: null, remote: gone }], merged: [] };
}

/** Here deleted, there edited: whoever deletes has not seen the edit. */
function contentUnseen(waiting, intent, remote) {
  const deleting = intent.deleted?.local ?? null;
  if (remote.kind === 'conflict' || deleting === null || valueOf(remote, 'deleted') !== null) return null;
  const { seen } = waiting.findLast(({ set }) => 'deleted' in set);
  const isNew = (field) => {
    const theirs = valueOf(remote, field);
    const wish = intent[field];
    const own = wish && (same(madeOn(wish, theirs), theirs) || same(wish.local, theirs));
    return theirs !== null && !own && !same(seen[field]?.value, theirs);
  };
  if (!Object.keys(remote.fields).some((field) => isContent(field) && isNew(field))) return null;

  const others = Object.keys(intent).filter((field) => field !== 'deleted');
  const disagrees = (field) => {
    const theirs = valueOf(remote, field);
    return !same(intent[field].local, theirs) && !same(madeOn(intent[field], theirs), theirs);
  };
  const asked = others.filter(disagrees)
    .map((field) => ({ field, base: intent[field].base, local: intent[field].local, remote: valueOf(remote, field) }));
  // What was edited there is shown to whom is asked.
  const edited = Object.keys(remote.fields).filter((field) => isContent(field) && isNew(field) && !(field in intent));
  const shown = edited.map((field) => {
    const saw = seen[field]?.value ?? null;
    return { field, base: saw, local: saw, remote: valueOf(remote, field) };
  });
  return {
    asked: [{ field: 'deleted', base: null, local: deleting, remote: null }, ...asked, ...shown],
    merged: others.filter((field) => !disagrees(field)),
  };
}

function authorsOf({ by, others = [] }) {
  const of = (field) => others.find(({ fields }) => fields.includes(field))?.by ?? by;
  /** Who stands against us: the latest who is not this device. What stands against a deletion is any other field. */
  const against = (fields, here) => {
    const all = [...fields.map(of), ...(fields.includes('deleted') ? others.map((other) => other.by) : [])].filter(Boolean);
    const own = (author) => Number(author.replica ? author.replica === here.replica : author.device === here.device);
    return all.sort((one, other) => own(one) - own(other) || other.at - one.at || (other.tick ?? 0) - (one.tick ?? 0))[0];
  };
  return { of, against };
}

/** The entity's mutation, made in sight of what the server has. It keeps the moment when the person wrote it. */
function edit(set, waiting, remote) {
  const { at, tick, group } = waiting.at(-1);
  return { entity: remote.id, kind: remote.kind, set, seen: seenOf(remote, set), at, tick, group };
}

/** What is seen of `entity` by whom sets these fields, where nothing waits on it. */
export function seenOf(entity, set) {
  const cells = Object.entries(entity.fields);
  const isNamed = (field) => 'deleted' in set || field in set || field === 'deleted' || field === 'created';
  const named = cells.filter(([field]) => isNamed(field));
  // A base that names nothing says that the entity begins.
  const enough = named.length ? named : cells.slice(0, 1);
  return record(Object.fromEntries(enough.map(([field, [value, revision]]) => [field, { value, revision }])));
}

/** An entity that holds both sides: a question to people, or the record of what a rule decided. */
function conflict(state, fields, { waiting, remote, authors, here }) {
  const column = (name) => record(Object.fromEntries(fields.map((each) => [each.field, each[name]])));
  const newest = Math.max(0, ...Object.values(remote.fields).map(([, revision]) => revision));
  const name = `${here.replica}/${waiting[0].seq}/${newest}/${state === 'open' ? 'Open' : 'Merged'}`;
  const { at, tick, group } = waiting.at(-1);
  const author = authors.against(fields.map(({ field }) => field), here);
  const set = record({
    state,
    subject: [remote.kind, remote.id],
    base: column('base'),
    local: column('local'),
    remote: column('remote'),
    local_author: [here.device, at, here.replica],
    remote_author: author ? [author.device, author.at, ...(author.replica ? [author.replica] : [])] : ['', 0],
    created: at,
  });
  if (state === 'merged') Object.assign(set, { rules: column('rule'), result: column('result') });
  return { entity: uuid5(remote.id, name), kind: 'conflict', set, seen: record(), at, tick, group };
}
