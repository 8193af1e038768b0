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

const LARGEST_ENTITY = 262_144;
const DAYS_30 = 30 * 24 * 60 * 60 * 1000;

/**
 * `chosen` has a value for each of the fields; what the subject has already is not set again. The record keeps what the
 * subject had, so that the decision can be taken back.
 */
export function resolveConflict(replica, { id, kind, entity, shown }, chosen) {
  const has = valuesOf(replica.entity(entity));
  const set = record(Object.fromEntries(Object.entries(chosen).filter(([field, value]) => !same(value, has[field]))));
  const group = uuid4();
  const change = { entity, kind, set, shown, group };
  const decision = { entity: id, kind: 'conflict', set: decided(replica, id, chosen, has), group };
  replica.mutate(...(Object.keys(set).length ? [change, decision] : [decision]));
}

function decided(replica, id, chosen, has) {
  const known = valuesOf(replica.entity(id));
  const ruled = known.state === 'merged' ? known.result : known.merged ?? null;
  const before = record(Object.fromEntries(Object.keys(chosen).map((field) => [field, has[field] ?? null])));
  const set = record({
    state: 'resolved', result: record({ ...ruled, ...chosen }), before, resolver: replica.decider,
    ...(ruled ? { merged: ruled } : {}),
  });
  const isTooLarge = () => Buffer.byteLength(JSON.stringify({ ...known, ...set })) > LARGEST_ENTITY;
  if (isTooLarge()) delete set.before;
  return set;
}

/** Takes a decision back, on whatever device it was made. Fields that have changed since stay. Says whether it could. */
export function takeBack(replica, id) {
  const { state, subject, result, before, resolver, merged } = valuesOf(replica.entity(id));
  const [, now] = replica.decider;
  if (state !== 'resolved' || !before || now - resolver[1] > DAYS_30) return false;

  const [kind, entity] = subject;
  const has = valuesOf(replica.entity(entity));
  const stands = ([field]) => field !== 'created' && same(has[field] ?? null, result[field]);
  const set = record(Object.fromEntries(Object.entries(before).filter(stands)));
  const again = { result: merged ?? null, before: null, resolver: null, ...(merged ? { merged: null } : {}) };
  const group = uuid4();
  const open = { entity: id, kind: 'conflict', set: record({ state: merged ? 'merged' : 'open', ...again }), group };
  replica.mutate(...(Object.keys(set).length ? [{ entity, kind, set, group }, open] : [open]));
  return true;
}
