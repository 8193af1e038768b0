// One connection's life, from `hello` to its end. It moves messages between a transport and a replica, and decides nothing
// about either: what messages mean is the replica's part, when to come back is the client's.
import { NEXT } from './replica.mjs';
import { parse } from './value.mjs';

export const VERSION = 2;

export const TIMING = Object.freeze({
  /** After so long without a frame, `ping`; and after so long without an answer to it, the connection is dead. */
  quiet: 12_000,
  dead: 6_000,
  outcome: 30_000,
  /** Not sooner is the same gap asked about again. */
  pull: 5_000,
  push: 100,
  /** So long before a token ends, another one is shown. */
  renew: 60_000,
});

const MOST_UNANSWERED = 400;

export class Connection {
  #transport;
  #replica;
  #account;
  #timing;
  #events;
  #timers = new Map();
  /** The numbers of mutations that were answered. */
  #answered = new Set();
  /** Mutations that have no outcome yet: number → entity and the moment they went. */
  #underWay = new Map();
  #phase = 'opening';
  /** What the server said was wrong, before it closed. */
  #error = null;

  /** `events` are `changed()`, `message(direction, message)` and `ended({ code, retryAfter, problem })`. */
  constructor({ transport, replica, account, token, app, timing, events }) {
    this.#replica = replica;
    this.#account = account;
    this.#timing = timing;
    this.#events = events;
    const hello = { type: 'hello', versions: [VERSION], token, replica: replica.id, device: replica.device, app };
    this.#transport = transport({
      opened: () => {
        this.#send(hello);
        this.#subscribe();
        this.#heard();
      },
      received: (text) => this.#received(text),
      ended: (how) => this.#ended(how),
    });
  }

  /** `opening`, `catching_up`, `live` or `ended`. */
  get phase() {
    return this.#phase;
  }

  /** Something may be there to push. The first goes at once, the next take what has gathered meanwhile. */
  push() {
    if (this.#phase !== 'live' || this.#timers.has('push')) return;
    const busy = [...this.#underWay.values()].map(({ entity }) => entity);
    const batch = this.#replica.due(busy, MOST_UNANSWERED - this.#underWay.size);
    if (!batch.length) return;
    const at = Date.now();
    for (const { seq, entity } of batch) this.#underWay.set(seq, { entity, at });
    this.#send({ type: 'push', workspace: this.#replica.workspace, mutations: batch });
    this.#awaitOutcome();
    this.#after('push', this.#timing.push, () => this.push());
  }

  /** Shows the server a fresh token, so that the session outlives the first one. */
  async renew() {
    try {
      await this.#account.refresh();
      const token = await this.#account.token();
      if (this.#phase === 'ended') return;
      this.#send({ type: 'auth', token });
      this.#renewBefore(this.#account.lasts);
    } catch {
      // The session goes on to the end of its token, and then ends with a code that says what to do.
    }
  }

  end() {
    this.#ended({ code: 1000, reason: '' });
    this.#transport.end();
  }

  #received(text) {
    if (this.#phase === 'ended') return;
    this.#heard();
    try {
      const message = parse(text);
      this.#events.message('down', message);
      // Messages of a type that is not known are of a later version; there is nothing to be done about them.
      if (Object.hasOwn(Connection.#handlers, message.type)) Connection.#handlers[message.type].call(this, message);
    } catch (problem) {
      // Whatever it was, it is not what the document says, or we do not do what it says. The outbox is as it was.
      return this.#give('bad_frame', problem);
    }
    this.push();
    this.#events.changed();
  }

  static #handlers = {
    welcome({ time, token_expires: expires }) {
      this.#renewBefore(expires - time);
    },
    snapshot(message) {
      if (this.#isOurs(message)) this.#next(this.#replica.snapshot(message));
    },
    delta(message) {
      if (!this.#isOurs(message)) return;
      const isBeyondGap = message.from > this.#replica.cursor;
      this.#next(this.#replica.delta(message));
      for (const { seq } of message.outcomes ?? []) this.#answered.add(seq);
      // What was answered beyond a gap is pushed again, but not before the gap is filled.
      if (isBeyondGap) return;
      for (const seq of this.#answered) this.#underWay.delete(seq);
      this.#answered.clear();
      this.#awaitOutcome();
    },
    subscribed(message) {
      if (!this.#isOurs(message)) return;
      const next = this.#replica.subscribed(message);
      if (next !== NEXT.anew) this.#phase = 'live';
      this.#next(next);
    },
    pong({ heads }) {
      const head = heads.find(([workspace]) => workspace === this.#replica.workspace)?.[1] ?? 0;
      if (this.#phase === 'live' && head > this.#replica.cursor) this.#next(NEXT.pull);
    },
    error({ code, retry_after_ms: retryAfter = 0 }) {
      this.#error = { code, retryAfter };
      // The session goes on without the workspace, and there is no other one that we want.
      if (code === 'forbidden') this.#give(code);
    },
  };

  #isOurs({ workspace }) {
    return workspace === this.#replica.workspace;
  }

  #next(what) {
    if (what === NEXT.pull && !this.#timers.has('pull')) {
      this.#send({ type: 'pull', workspace: this.#replica.workspace, cursor: this.#replica.cursor });
      this.#after('pull', this.#timing.pull, () => {});
    }
    if (what === NEXT.anew) {
      this.#phase = 'catching_up';
      this.#subscribe();
    }
  }

  #subscribe() {
    this.#phase = 'catching_up';
    this.#send({ type: 'subscribe', workspace: this.#replica.workspace, ...this.#replica.position });
  }

  #send(message) {
    this.#events.message('up', message);
    this.#transport.send(JSON.stringify(message));
  }

  /** The other side is there. If it says nothing for a while, it is asked; if it does not answer, it is gone. */
  #heard() {
    this.#after('quiet', this.#timing.quiet, () => {
      this.#send({ type: 'ping' });
      this.#after('quiet', this.#timing.dead, () => this.#give('timed_out'));
    });
  }

  #awaitOutcome() {
    const [oldest] = this.#underWay.values();
    if (!oldest) return this.#cancel('outcome');
    this.#after('outcome', oldest.at + this.#timing.outcome - Date.now(), () => this.#give('timed_out'));
  }

  #renewBefore(lasts) {
    this.#after('renew', Math.max(0, lasts - this.#timing.renew), () => this.renew());
  }

  #give(code, problem = null) {
    this.#error ??= { code, retryAfter: 0, problem };
    this.end();
  }

  #ended({ reason }) {
    if (this.#phase === 'ended') return;
    this.#phase = 'ended';
    for (const name of [...this.#timers.keys()]) this.#cancel(name);
    this.#replica.disconnected();
    // A connection that breaks says nothing; one that is closed has the code for its reason.
    this.#events.ended(this.#error ?? { code: reason || 'internal', retryAfter: 0 });
  }

  #after(name, wait, then) {
    this.#cancel(name);
    this.#timers.set(name, setTimeout(() => {
      this.#timers.delete(name);
      then();
    }, wait));
  }

  #cancel(name) {
    clearTimeout(this.#timers.get(name));
    this.#timers.delete(name);
  }
}
