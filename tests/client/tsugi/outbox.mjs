// The outbox: mutations that the server has not answered, in order. Each knows what the person had seen of each field: the
// value, and `revision`, or `after`, the number of the waiting mutation that gave it this value.
import { seenOf } from './settle.mjs';
import { record, same } from './value.mjs';

const MOST_IN_A_PUSH = 200;
const MOST_BYTES_IN_A_PUSH = 131_072;

/**
 * What the person sees of `entity` when they set these fields. `shown` are all the values that they had before their eyes,
 * where that was a while ago: what is another by now was seen at no revision of today.
 */
export function seen(entity, waiting, set, shown) {
  const cells = seenOf(entity ?? { fields: {} }, set);
  const all = 'deleted' in set;
  for (const earlier of waiting) {
    for (const [field, value] of Object.entries(earlier.set)) {
      if (all || field in set || field === 'created' || field === 'deleted') cells[field] = { value, after: earlier.seq };
    }
  }
  if (!Object.keys(cells).length && waiting.length) {
    const { seq, set: first } = waiting[0];
    const [field, value] = Object.entries(first)[0];
    cells[field] = { value, after: seq };
  }
  if (!shown) return cells;
  for (const field of new Set([...Object.keys(cells), ...Object.keys(set)])) {
    if (!same(shown[field], cells[field]?.value)) cells[field] = { value: shown[field] ?? null, revision: 0 };
  }
  return cells;
}

/** As it goes over the wire. */
export function wire({ seq, entity, kind, set, seen, at, tick, group }) {
  const base = Object.fromEntries(Object.entries(seen)
    .filter(([, { revision }]) => revision !== undefined)
    .map(([field, { revision }]) => [field, revision]));
  return { seq, entity, kind, set, base, at, tick, group };
}

/** What may go up now: in order, one mutation of an entity at a time, and none of those that have one under way. */
export function due(outbox, busy, room) {
  const taken = new Set(busy);
  const batch = [];
  let bytes = 0;
  for (const mutation of outbox) {
    if (batch.length === Math.min(room, MOST_IN_A_PUSH)) break;
    if (taken.has(mutation.entity)) continue;
    bytes += Buffer.byteLength(JSON.stringify(wire(mutation)));
    if (batch.length && bytes > MOST_BYTES_IN_A_PUSH) break;
    taken.add(mutation.entity);
    batch.push(mutation);
  }
  return batch;
}

/** Its values are at `revision` now, for whoever saw them while they waited. */
export function accepted(behind, seq, revision) {
  for (const { seen } of behind) {
    for (const [field, sight] of Object.entries(seen)) {
      if (sight.after === seq) seen[field] = { value: sight.value, revision };
    }
  }
}

/** Its values never were: whoever saw them is back at what was seen before. */
export function refused(behind, { seq, seen: before }) {
  for (const { seen } of behind) {
    for (const [field, sight] of Object.entries(seen)) {
      if (sight.after !== seq) continue;
      if (before[field]) seen[field] = before[field];
      else delete seen[field];
    }
  }
}

/** After a snapshot, revisions are found again by values: where the server has what the person saw, they saw that. */
export function recount(outbox, base) {
  for (const { entity, set, seen } of outbox) {
    for (const field of new Set([...Object.keys(seen), ...Object.keys(set)])) {
      const sight = seen[field];
      if (sight?.after !== undefined) continue;
      const cell = base[entity]?.fields[field];
      if (cell && same(cell[0], sight?.value)) seen[field] = { value: cell[0], revision: cell[1] };
      else if (sight) seen[field] = { value: sight.value, revision: 0 };
    }
  }
}

/** An entity that the server turns out not to have, whole, from all that is known of it here. */
export function afresh(entity, waiting) {
  const known = record(...waiting.map(({ knew }) => knew).filter(Boolean));
  for (const [field, [value]] of Object.entries(entity?.fields ?? {})) known[field] = value;
  for (const { set } of waiting) Object.assign(known, set);
  return record(Object.fromEntries(Object.entries(known).filter(([, value]) => value !== null)));
}
