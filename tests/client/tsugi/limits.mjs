// What can never go up. Most of what the server does not take it refuses, one mutation at a time. But a value that is none
// makes the whole frame a broken one, which ends the session, and the next one, for as long as it stands in the outbox: so it
// must not get in there.
import { isObject } from './value.mjs';

const MOST_WAITING = 50_000;
const MOST_BYTES_OF_A_MUTATION = 262_144;
const DEEPEST = 7;

export function check(gesture, waiting) {
  if (waiting + gesture.length > MOST_WAITING) throw new RangeError('too much waits for the server already');
  for (const { set } of gesture) {
    const broken = Object.entries(set).find(([, value]) => !isValue(value, DEEPEST));
    if (broken) throw new RangeError(`${broken[0]} holds what is no value`);
    const bytes = Buffer.byteLength(JSON.stringify(set));
    if (bytes > MOST_BYTES_OF_A_MUTATION) throw new RangeError(`an edit has at most ${MOST_BYTES_OF_A_MUTATION} bytes`);
  }
}

function isValue(value, levels) {
  if (value === null || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isSafeInteger(value);
  if (typeof value === 'string') return value.isWellFormed();
  if (levels === 0) return false;
  if (Array.isArray(value)) return value.every((item) => isValue(item, levels - 1));
  return isObject(value) && Object.entries(value).every(([name, item]) => name.isWellFormed() && isValue(item, levels - 1));
}
