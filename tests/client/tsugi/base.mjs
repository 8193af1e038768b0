// The base: every entity with its cells, as the server has said.
import { record } from './value.mjs';

/** A cell takes the place of an older one, and never of a newer one: cells may come twice, and deltas may overlap. */
export function takeIn(base, { id, kind, fields }) {
  const known = (base[id] ??= record({ id, kind, fields: record() }));
  for (const [field, cell] of Object.entries(fields)) {
    if (!known.fields[field] || cell[1] >= known.fields[field][1]) known.fields[field] = cell;
  }
}

/** What a mutation set, as cells of the revision at which it took effect. */
export function taken({ entity, kind, set }, revision) {
  const cells = Object.entries(set).map(([field, value]) => [field, [value, revision]]);
  return { id: entity, kind, fields: record(Object.fromEntries(cells)) };
}

/** The entity as a person sees it: what waits lies over what the server has. A waiting value has no revision. */
export function overlay(entity, waiting) {
  if (!waiting.length) return entity;
  const [first] = waiting;
  const fields = record(entity?.fields);
  for (const { set } of waiting) for (const [field, value] of Object.entries(set)) fields[field] = [value, null];
  return record({ id: first.entity, kind: entity?.kind ?? first.kind, fields });
}
