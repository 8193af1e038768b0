// One local copy of a workspace: the base, as the server said; the outbox, which is what it has not answered; and over both,
// the view. It knows nothing of connections: what comes in are messages, what goes out are mutations that are due.
import { takeIn, taken, overlay } from './base.mjs';
import { later, uuid4 } from './ids.mjs';
import { check } from './limits.mjs';
import * as outbox from './outbox.mjs';
import { asksAbout } from './policy.mjs';
import { settle } from './settle.mjs';
import { MEMORY } from './store.mjs';
import { record } from './value.mjs';

/** What a message from the server asks of the connection. */
export const NEXT = Object.freeze({ nothing: 'nothing', pull: 'pull', anew: 'anew' });

export class Replica {
  #store;
  #state;
  #now;
  /** Parts of a snapshot that is not whole yet. They are worth nothing to another connection. */
  #parts = null;

  constructor({ workspace, device, store = MEMORY, now = Date.now }) {
    this.#store = store;
    this.#now = now;
    this.device = device;
    this.#state = store.load() ?? record({
      workspace, replica: uuid4(), seq: 0, clock: { at: 0, tick: 0 },
      epoch: null, cursor: 0, mark: 0, base: record(), outbox: [], parked: [],
    });
  }

  get id() {
    return this.#state.replica;
  }

  get workspace() {
    return this.#state.workspace;
  }

  get cursor() {
    return this.#state.cursor;
  }

  /** Who decides here, as a conflict names them. */
  get decider() {
    return [this.device, this.#now(), this.id];
  }

  get waiting() {
    return this.#state.outbox.length;
  }

  /** What was refused: `{ mutation, code, message }`, with everything that the person wrote. */
  get parked() {
    return this.#state.parked;
  }

  /** What to say in `subscribe`, and in `pull`. */
  get position() {
    const { epoch, cursor, mark } = this.#state;
    return epoch === null ? { cursor: 0 } : { epoch, cursor, mark };
  }

  /** An entity as the person sees it, with its cells; deleted ones too. */
  entity(id) {
    return overlay(this.#state.base[id], this.#waitingOn(id));
  }

  /** All entities of a kind that are not deleted. */
  entities(kind) {
    const ids = new Set([...Object.keys(this.#state.base), ...this.#state.outbox.map(({ entity }) => entity)]);
    return [...ids].map((id) => this.entity(id))
      .filter((entity) => entity.kind === kind && (entity.fields.deleted?.[0] ?? null) === null);
  }

  /**
   * Mutations of one gesture, which are kept in one step. Each is `{ entity, kind, set, shown?, group? }`. Throws where one
   * could never go up.
   */
  mutate(...gesture) {
    check(gesture, this.waiting);
    const made = gesture.map(({ entity, kind, set, shown, group }) => {
      const seen = outbox.seen(this.#state.base[entity], this.#waitingOn(entity), set, shown);
      return this.#enter({ entity, kind, set: record(set), seen, group });
    });
    this.#save();
    return made;
  }

  /** A refused mutation, given up or sent again with what is right about it. */
  unpark(seq, set = null) {
    const at = this.parked.findIndex(({ mutation }) => mutation.seq === seq);
    if (at < 0) return;
    const [{ mutation }] = this.parked.splice(at, 1);
    if (set) this.mutate({ entity: mutation.entity, kind: mutation.kind, set });
    else this.#save();
  }

  /** What may go up, as it goes over the wire, while mutations of the `busy` entities are under way. */
  due(busy, room) {
    return outbox.due(this.#state.outbox, busy, room).map(outbox.wire);
  }

  /** A part of a snapshot; with the last one, all of them take the base's place in one step. */
  snapshot({ epoch, revision, entities, last, mark = 0 }) {
    if (this.#parts?.epoch !== epoch || this.#parts.revision !== revision) this.#parts = { epoch, revision, entities: [] };
    this.#parts.entities.push(...entities);
    if (!last) return NEXT.nothing;

    const before = this.#state.base;
    const base = record();
    for (const entity of this.#parts.entities) takeIn(base, entity);
    this.#parts = null;
    for (const mutation of this.#state.outbox) {
      if (before[mutation.entity] && !base[mutation.entity]) mutation.knew = allValues(before[mutation.entity]);
    }
    Object.assign(this.#state, { base, epoch, cursor: revision, mark });
    outbox.recount(this.#state.outbox, base);
    this.#save();
    return NEXT.nothing;
  }

  /** What happened in (from, to], and the answers to what was pushed: one step. */
  delta({ epoch, from, to, entities = [], outcomes = [], mark = 0 }) {
    const state = this.#state;
    if (epoch !== state.epoch) return NEXT.anew;
    // Beyond a gap, nothing counts: an answer neither. It is asked for again once the gap is filled.
    if (from > state.cursor) return NEXT.pull;
    for (const entity of entities) takeIn(state.base, entity);
    const complete = outcomes.map((outcome) => this.#answered(outcome)).every(Boolean);
    if (complete && to > state.cursor) Object.assign(state, { cursor: to, mark });
    this.#save();
    return complete ? NEXT.nothing : NEXT.pull;
  }

  subscribed({ epoch, revision }) {
    if (epoch !== this.#state.epoch) return NEXT.anew;
    return revision > this.cursor ? NEXT.pull : NEXT.nothing;
  }

  /** The connection has ended: half a snapshot is none. */
  disconnected() {
    this.#parts = null;
  }

  /** Whether the values of what was answered are all here. */
  #answered(outcome) {
    const at = this.#state.outbox.findIndex(({ seq }) => seq === outcome.seq);
    if (outcome.current) takeIn(this.#state.base, outcome.current);
    if (at < 0) return outcome.fate !== 'accepted' || Boolean(outcome.current) || outcome.revision <= this.cursor;
    const [mutation] = this.#state.outbox.splice(at, 1);
    switch (outcome.fate) {
      case 'accepted':
        this.#accepted(mutation, outcome);
        break;
      case 'conflict':
        this.#settle(mutation, outcome);
        break;
      default:
        this.#refused(mutation, outcome);
    }
    return true;
  }

  #accepted(mutation, { revision, current }) {
    if (!current && revision > this.cursor) takeIn(this.#state.base, taken(mutation, revision));
    outbox.accepted(this.#waitingOn(mutation.entity), mutation.seq, revision);
  }

  #settle(mutation, outcome) {
    const waiting = [mutation, ...this.#supersede(mutation.entity)];
    const here = { replica: this.id, device: this.device };
    const again = waiting.some((each) => each.again);
    const asks = (field) => asksAbout(this, mutation.kind, field);
    for (const draft of settle(waiting, this.#state.base[mutation.entity], outcome, here, asks)) {
      this.#enter({ ...draft, again: again && draft.entity === mutation.entity });
    }
  }

  #refused(mutation, { code, message }) {
    const { entity, kind, again } = mutation;
    const whole = this.#state.base[entity] ?? mutation.knew;
    const set = outbox.afresh(this.#state.base[entity], [mutation, ...this.#waitingOn(entity)]);
    if (code === 'unknown_entity' && whole && !again && !('deleted' in set)) {
      this.#supersede(entity);
      delete this.#state.base[entity];
      this.#enter({ entity, kind, set, seen: record(), again: true });
      return;
    }
    outbox.refused(this.#waitingOn(entity), mutation);
    this.#state.parked.push({ mutation, code, message });
  }

  /** Into the outbox. What a person made long ago and is settled now keeps its moment. */
  #enter(draft) {
    const state = this.#state;
    state.clock = later(state.clock, this.#now());
    state.seq += 1;
    const mutation = record({ ...state.clock }, draft, { seq: state.seq });
    state.outbox.push(mutation);
    return mutation;
  }

  /** Takes out what waits on an entity, because something else will stand in its place. */
  #supersede(entity) {
    const waiting = this.#waitingOn(entity);
    this.#state.outbox = this.#state.outbox.filter((mutation) => mutation.entity !== entity);
    return waiting;
  }

  #waitingOn(entity) {
    return this.#state.outbox.filter((mutation) => mutation.entity === entity);
  }

  #save() {
    this.#store.save(this.#state);
  }
}

const allValues = ({ fields }) => record(Object.fromEntries(Object.entries(fields).map(([field, [value]]) => [field, value])));
