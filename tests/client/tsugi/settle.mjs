// The server said `conflict`: all that waits on the entity is one intent, and is brought together with what the server has.
// What comes of it are drafts of mutations, to be put in the place of those that waited.
import { uuid5 } from './ids.mjs';
import { isContent, mergeField } from './merge.mjs';
import { record, same } from './value.mjs';

/**
 * `waiting` are the mutations of one entity, the oldest first; `remote` is the entity as the server has it; `fate` the
 * outcome that says so; `here` is who we are: `{ replica, device, now }`.
 */
export function settle(waiting, remote, fate, here) {
  const intent = intentOf(waiting);
  const decision = deletedUnseen(waiting, intent, remote) ?? contentUnseen(waiting, intent, remote)
    ?? { asked: [], merged: Object.keys(intent) };
  const authors = authorsOf(fate);
  const set = record();
  const asked = record(Object.fromEntries(decision.asked.map((question) => [question.field, question])));
  const ruled = record();

  for (const field of decision.merged) {
    const { base, local, clock } = intent[field];
    const theirs = valueOf(remote, field);
    const { rule, value } = mergeField({
      kind: remote.kind, field, base, local, remote: theirs, mine: clock, theirs: authors.of(field),
    });
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

/** Of each field that was set: what the person saw before the first who set it, and what the last one wants. */
function intentOf(waiting) {
  const intent = record();
  for (const { set, seen, at, tick } of waiting) {
    for (const [field, local] of Object.entries(set)) {
      const base = intent[field] ? intent[field].base : seen[field]?.value ?? null;
      intent[field] = { base, local, clock: { at, tick } };
    }
  }
  return intent;
}

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
    const known = [seen[field]?.value, intent[field]?.base, intent[field]?.local];
    return theirs !== null && !known.some((value) => same(value, theirs));
  };
  if (!Object.keys(remote.fields).some((field) => isContent(field) && isNew(field))) return null;

  const others = Object.keys(intent).filter((field) => field !== 'deleted');
  const differs = (field) => isContent(field) && !same(intent[field].local, valueOf(remote, field));
  const asked = others.filter(differs)
    .map((field) => ({ field, base: intent[field].base, local: intent[field].local, remote: valueOf(remote, field) }));
  return {
    asked: [{ field: 'deleted', base: null, local: deleting, remote: null }, ...asked],
    merged: others.filter((field) => !differs(field)),
  };
}

function authorsOf({ by, others = [] }) {
  const of = (field) => others.find(({ fields }) => fields.includes(field))?.by ?? by;
  const latest = (fields) => fields.map(of).filter(Boolean)
    .sort((one, other) => other.at - one.at || (other.tick ?? 0) - (one.tick ?? 0))[0];
  return { of, latest };
}

/** The entity's mutation, made in sight of what the server has. It keeps the moment when the person wrote it. */
function edit(set, waiting, remote) {
  const { at, tick } = waiting.at(-1);
  return { entity: remote.id, kind: remote.kind, set, seen: seenOf(remote, set), at, tick };
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
  const author = authors.latest(fields.map(({ field }) => field));
  const set = record({
    state,
    subject: [remote.kind, remote.id],
    base: column('base'),
    local: column('local'),
    remote: column('remote'),
    local_author: [here.device, waiting.at(-1).at, here.replica],
    remote_author: author ? [author.device, author.at] : ['', 0],
    created: here.now,
  });
  if (state === 'merged') Object.assign(set, { rules: column('rule'), result: column('result') });
  return { entity: uuid5(remote.id, name), kind: 'conflict', set, seen: record() };
}
