// A bare socket for tests, and the steps that most of them begin with.
import assert from 'node:assert/strict';
import WebSocket from 'ws';
import { Person } from './devices.mjs';
import { Server } from './server.mjs';
import { uuid4 } from './tsugi/ids.mjs';

/** A bare socket: sends anything, and hands over one answer after the other. */
export class Wire {
  #queue = [];
  #wanting = [];

  static async opens(t, server, options) {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/v1/sync`, options);
    const wire = new Wire(socket);
    t.after(() => socket.terminate());
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return wire;
  }

  constructor(socket) {
    this.socket = socket;
    socket.on('message', (data) => this.#arrived(JSON.parse(data)));
    socket.on('close', (close, reason) => this.#arrived({ type: 'closed', close, reason: String(reason) }));
    socket.on('error', () => {});
  }

  send(frame) {
    this.socket.send(typeof frame === 'object' && !Buffer.isBuffer(frame) ? JSON.stringify(frame) : frame);
  }

  /** The next message; `closed` is the last one. The deadline is for tests that fail. */
  async next() {
    if (this.#queue.length) return this.#queue.shift();
    let deadline;
    const late = new Promise((_, reject) => {
      deadline = setTimeout(() => reject(new Error('the server said nothing')), 60_000);
    });
    const message = new Promise((resolve) => this.#wanting.push(resolve));
    return Promise.race([message, late]).finally(() => clearTimeout(deadline));
  }

  async expect(type) {
    const message = await this.next();
    assert.equal(message.type, type, JSON.stringify(message));
    return message;
  }

  #arrived(message) {
    const wanting = this.#wanting.shift();
    if (wanting) wanting(message);
    else this.#queue.push(message);
  }
}

/** A server, somebody on it, and what they would say. */
export async function scene(t, options = []) {
  const server = await Server.during(t, options);
  const ada = await Person.joins(t, server);
  const token = await (await ada.signIn()).token();
  const hello = { type: 'hello', versions: [2], token, replica: uuid4(), device: 'wire', app: 'test 1' };
  const subscribe = { type: 'subscribe', workspace: ada.workspace, cursor: 0 };
  return { t, server, ada, hello, subscribe };
}

export async function greeted({ t, server, hello }) {
  const wire = await Wire.opens(t, server);
  wire.send({ ...hello, replica: uuid4() });
  await wire.expect('welcome');
  return wire;
}

export async function subscribed(there) {
  const wire = await greeted(there);
  wire.send(there.subscribe);
  await wire.expect('snapshot');
  await wire.expect('subscribed');
  return wire;
}

/** `error` with the code, then a close that says the same. */
export async function closesWith(wire, code, close) {
  const error = await wire.expect('error');
  assert.equal(error.code, code, error.message);
  assert.ok(error.message);
  assert.deepEqual(await wire.next(), { type: 'closed', close, reason: code });
}
