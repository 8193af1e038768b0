// Names: ids of entities and replicas, and the moments that mutations are stamped with.
import { createHash, randomBytes } from 'node:crypto';

export { randomUUID as uuid4 } from 'node:crypto';

/** Version 7: by time, so that what is made later comes later. */
export function uuid7(now) {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now, 0, 6);
  return asUuid(bytes, 7);
}

/** Version 5: the same name in the same space is the same id, on whatever device. */
export function uuid5(space, name) {
  const hash = createHash('sha1').update(Buffer.from(space.replaceAll('-', ''), 'hex')).update(name, 'utf8').digest();
  return asUuid(hash.subarray(0, 16), 5);
}

function asUuid(bytes, version) {
  bytes[6] = (bytes[6] & 0x0f) | (version << 4);
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

const AHEAD_AT_MOST_MS = 60_000;
const LAST_TICK = 2 ** 32 - 1;

/** The hybrid logical clock after `last`: later than it, whatever the wall clock does. */
export function later(last, wall) {
  const from = last.at > wall + AHEAD_AT_MOST_MS ? { at: wall + AHEAD_AT_MOST_MS, tick: 0 } : last;
  if (wall > from.at) return { at: wall, tick: 0 };
  return from.tick === LAST_TICK ? { at: from.at + 1, tick: 0 } : { at: from.at, tick: from.tick + 1 };
}
