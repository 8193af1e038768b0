// Conflicts, for people: to list, to show, to resolve. Any device may settle what another one has met.
import { uuid4 } from './ids.mjs';
import { record, same, valuesOf } from './value.mjs';

const stateOf = (entity) => entity.fields.state?.[0];

/** Those that wait for a person. */
export const openConflicts = (replica) => replica.entities('conflict').filter((entity) => stateOf(entity) === 'open');

/** What rules decided, with the values that did not come through. */
export const mergeRecords = (replica) => replica.entities('conflict').filter((entity) => stateOf(entity) === 'merged');

/**
 * What a person needs to decide. As theirs it has what the subject has now. `shown` is what a resolution of it is made in
 * sight of: pass the whole to `resolve`, however long the person takes.
 */
export function showConflict(replica, id) {
  const { subject = [], base = {}, local = {}, remote = {}, local_author, remote_author } = valuesOf(replica.entity(id));
  const [kind, entity] = subject;
  const now = replica.entity(entity);
  const shown = now ? valuesOf(now) : remote;
  const fields = Object.keys(local).map((field) => ({
    field, base: base[field] ?? null, mine: local[field] ?? null, theirs: shown[field] ?? null,
  }));
  return { id, kind, entity, fields, shown, localAuthor: local_author, remoteAuthor: remote_author };
}

/** `chosen` has a value for each of the fields; what the subject has already is not set again. */
export function resolveConflict(replica, { id, kind, entity, shown }, chosen) {
  const has = valuesOf(replica.entity(entity));
  const set = record(Object.fromEntries(Object.entries(chosen).filter(([field, value]) => !same(value, has[field]))));
  const group = uuid4();
  const decision = { entity: id, kind: 'conflict', set: { state: 'resolved', result: record(chosen) }, group };
  const change = { entity, kind, set, shown, group };
  replica.mutate(...(Object.keys(set).length ? [change, decision] : [decision]));
}
