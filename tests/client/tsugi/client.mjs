// A client: an account, a replica, and a connection whenever one can be had. An edit of the person is kept and
// shown at once, whether there is a connection or not.
import { EventEmitter } from 'node:events';
import { Refusal } from './account.mjs';
import { openConflicts, mergeRecords, resolveConflict, showConflict, takeBack } from './conflict.mjs';
import { Connection, TIMING } from './connection.mjs';
import { uuid7 } from './ids.mjs';
import { valuesOf } from './value.mjs';
import { webSocket } from './websocket.mjs';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
const LONGEST_TITLE = 500;

/** What only a person can mend: who is signed out signs in, who is too old is updated. The outbox waits for it. */
const FOR_A_PERSON = new Set(['signed_out', 'forbidden', 'unsupported_version']);

/** Emits `change` after everything that happens, and `message` (direction, message) for all that is said. */
export class Client extends EventEmitter {
  #options;
  #connection = null;
  #timer = null;
  #attempts = 0;
  #wanted = false;
  /** The code that a person has to do something about, if there is one. */
  paused = null;
  /** How the connections before this one ended: their codes. */
  endings = [];

  constructor({ server, account, replica, transport = webSocket, app = 'example 1', timing = {} }) {
    super();
    this.replica = replica;
    this.account = account;
    this.#options = { transport: transport(server), app, timing: { ...TIMING, ...timing } };
  }

  /** `offline`, `waiting`, `paused`, or the phase of the connection. */
  get phase() {
    if (this.paused) return 'paused';
    if (this.#connection) return this.#connection.phase;
    return this.#wanted ? 'waiting' : 'offline';
  }

  get isSynced() {
    return this.phase === 'live' && this.replica.waiting === 0;
  }

  start() {
    this.#wanted = true;
    this.paused = null;
    this.#attempts = 0;
    this.#soon(0);
  }

  /** What waits stays, until the next `start`. */
  stop() {
    this.#wanted = false;
    clearTimeout(this.#timer);
    this.#connection?.end();
  }

  /** A fresh token for the session that there is. */
  renew() {
    return this.#connection?.renew();
  }

  addTask(title, fields = {}) {
    const now = Date.now();
    const entity = uuid7(now);
    this.#mutate({ entity, kind: 'task', set: { title: checked(title), created: now, ...fields } });
    return entity;
  }

  edit(entity, set) {
    if ('title' in set) checked(set.title);
    this.#mutate({ entity, kind: this.replica.entity(entity).kind, set });
  }

  complete(entity) {
    this.edit(entity, { completed: Date.now() });
  }

  delete(entity) {
    this.edit(entity, { deleted: Date.now() });
  }

  restore(entity) {
    this.edit(entity, { deleted: null });
  }

  /** The tasks as they are shown, each with its values and its id. */
  get tasks() {
    return this.replica.entities('task').map((entity) => ({ ...valuesOf(entity), id: entity.id })).sort(inOrder);
  }

  get conflicts() {
    return openConflicts(this.replica).map(({ id }) => showConflict(this.replica, id));
  }

  get records() {
    return mergeRecords(this.replica).map(valuesOf);
  }

  resolve(conflict, chosen) {
    resolveConflict(this.replica, conflict, chosen);
    this.#changed();
  }

  /** Takes a decision back; whether it could. */
  takeBack(id) {
    const done = takeBack(this.replica, id);
    this.#changed();
    return done;
  }

  /** A refused mutation: given up, or with `set` sent again. */
  unpark(seq, set) {
    this.replica.unpark(seq, set);
    this.#changed();
  }

  #mutate(...gesture) {
    this.replica.mutate(...gesture);
    this.#changed();
  }

  #changed() {
    this.#connection?.push();
    this.emit('change');
  }

  #soon(wait) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#connect(), wait);
    this.emit('change');
  }

  async #connect() {
    if (this.#connection) return;
    try {
      const token = await this.account.token();
      if (this.#wanted && !this.#connection) this.#open(token);
    } catch (problem) {
      const code = problem instanceof Refusal && problem.status === 401 ? 'signed_out' : 'internal';
      this.#ended({ code, retryAfter: 0 });
    }
  }

  #open(token) {
    const { transport, app, timing } = this.#options;
    this.#connection = new Connection({
      transport, replica: this.replica, account: this.account, token, app, timing,
      events: {
        changed: () => {
          if (this.phase === 'live') this.#attempts = 0;
          this.emit('change');
        },
        message: (direction, message) => this.emit('message', direction, message),
        ended: (how) => this.#ended(how),
      },
    });
  }

  /** Comes back after a random wait, so that not everybody comes at once; or waits for a person. */
  #ended({ code, retryAfter, problem = null }) {
    this.#connection = null;
    this.endings.push(code);
    if (problem) this.emit('problem', problem);
    // The token has ended; whether the sign-in has too, its refresh will tell.
    if (code === 'unauthenticated') this.account.distrust();
    if (FOR_A_PERSON.has(code)) this.paused = code;
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#attempts);
    this.#attempts += 1;
    if (this.#wanted && !this.paused) this.#soon(Math.max(retryAfter, Math.random() * longest));
    else this.emit('change');
  }
}

function checked(title) {
  const fits = typeof title === 'string' && title === title.trim() && title && [...title].length <= LONGEST_TITLE;
  if (!fits) throw new RangeError(`a title has 1 to ${LONGEST_TITLE} characters, without space at the ends`);
  return title;
}

/** Open ones by age; then those done, the latest first; equal ones by id. */
function inOrder(one, other) {
  const [done, otherDone] = [one.completed ?? Infinity, other.completed ?? Infinity];
  if (done !== otherDone) return otherDone > done ? 1 : -1;
  const age = done === Infinity ? (one.created ?? 0) - (other.created ?? 0) : 0;
  return age || (one.id < other.id ? -1 : 1);
}
