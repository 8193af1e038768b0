// Three values of one field into one. Base, local, remote, always in this order.
import { mergeLines } from './lines.mjs';
import { record, same } from './value.mjs';

const POLICIES = record({
  notes: 'lines',
  text: 'lines',
  completed: 'earliest',
  deleted: 'earliest',
  labels: 'set',
  priority: 'last_writer',
  list: 'last_writer',
  section: 'last_writer',
  parent: 'last_writer',
  position: 'last_writer',
  folder: 'last_writer',
  colour: 'last_writer',
  archived: 'last_writer',
  series: 'last_writer',
  task: 'last_writer',
  author: 'last_writer',
  created: 'last_writer',
});

/** What an entity is about. Where one side changed that, and the other deleted the entity, a person is asked. */
const CONTENT = new Set(['title', 'notes', 'due', 'start', 'name', 'labels', 'recurrence', 'assignee', 'text', 'query']);

export const isContent = (field) => CONTENT.has(field) || !(field in POLICIES);

/** What came of a merge: a value and the rule that chose it; or, without a rule, a question. */
const QUESTION = { rule: null };

/**
 * `mine` is the clock of the local value, `theirs` the author of the remote one, where known. `asks` says whether the
 * workspace wants to be asked about this field, whatever its rule.
 */
export function mergeField({ kind, field, base, local, remote, mine, theirs, asks = false }) {
  if (same(local, remote)) return { rule: 'same', value: remote };
  if (same(remote, base)) return { rule: 'one_side', value: local };
  if (same(local, base)) return { rule: 'one_side', value: remote };

  if (asks) return QUESTION;
  const lastWriter = () => (isLater(mine, theirs) ? local : remote);
  switch (kind === 'conflict' || kind === 'policy' ? 'last_writer' : POLICIES[field]) {
    case 'last_writer':
      return { rule: 'last_writer', value: lastWriter() };
    case 'earliest':
      if (isTime(local) && isTime(remote)) return { rule: 'earliest', value: Math.min(local, remote) };
      return { rule: 'last_writer', value: lastWriter() };
    case 'set':
      return isSet(base ?? []) && isSet(local ?? []) && isSet(remote ?? [])
        ? { rule: 'set', value: mergeSets(base ?? [], local ?? [], remote ?? []) }
        : QUESTION;
    case 'lines': {
      const texts = [base, local, remote].every((text) => typeof text === 'string');
      const value = texts ? mergeLines(base, local, remote) : null;
      return value === null ? QUESTION : { rule: 'lines', value: value === '' ? null : value };
    }
    default:
      return QUESTION;
  }
}

/** At the same moment the remote one is the later; an unknown author is earlier than all. */
function isLater(mine, theirs) {
  if (!theirs) return true;
  return mine.at !== theirs.at ? mine.at > theirs.at : mine.tick > (theirs.tick ?? 0);
}

const isTime = (value) => Number.isInteger(value);
const isSet = (value) => Array.isArray(value) && value.every((item) => typeof item === 'string');

function mergeSets(base, local, remote) {
  const stays = (item) => (base.includes(item) ? local.includes(item) && remote.includes(item) : true);
  return [...new Set([...local, ...remote].filter(stays))].sort(byCodePoint);
}

/** JavaScript's own order is by halves of surrogate pairs; other languages have another one. */
const byCodePoint = (one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other));
