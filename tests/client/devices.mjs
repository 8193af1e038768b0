// What the tests begin with: people and their devices, a network that loses what it is told to lose, and waiting for what is to
// come instead of for time to pass.
import assert from 'node:assert/strict';
import { Account } from './tsugi/account.mjs';
import { Client } from './tsugi/client.mjs';
import { Replica } from './tsugi/replica.mjs';
import { webSocket } from './tsugi/websocket.mjs';

export const PASSWORD = 'correct horse battery';

let people = 0;

/** Somebody with an account on the server, and as many devices as they like. */
export class Person {
  #t;
  #server;

  static async joins(t, server) {
    const email = `person-${(people += 1)}@example.org`;
    const account = await Account.create(server.url, { email, password: PASSWORD, device: 'script' });
    return new Person(t, server, email, account.workspace);
  }

  constructor(t, server, email, workspace) {
    Object.assign(this, { email, workspace });
    this.#t = t;
    this.#server = server;
  }

  get credentials() {
    return { email: this.email, password: PASSWORD };
  }

  signIn() {
    return Account.signIn(this.#server.url, this.credentials);
  }

  /** A device that is signed in, and not connected yet. */
  async device(name, { store, now, account, ...options } = {}) {
    const replica = new Replica({ workspace: this.workspace, device: name, store, now });
    const client = new Client({
      server: this.#server.url, account: account ?? await this.signIn(), replica, ...options,
    });
    client.said = [];
    client.on('message', (direction, message) => client.said.push({ direction, ...message }));
    client.on('problem', (problem) => {
      throw problem;
    });
    this.#t.after(() => client.stop());
    return client;
  }

  /** Devices that are live and have everything. */
  async devices(...names) {
    const clients = await Promise.all(names.map((name) => this.device(name)));
    await online(...clients);
    return clients;
  }
}

/** What has not come by then never will. Nothing waits for this time but a test that fails. */
const NEVER_MS = 60_000;

/** Resolves once the condition holds; it is looked at after everything that happens to the client. */
export function until(client, condition) {
  return new Promise((resolve, reject) => {
    const done = (settle, result) => {
      client.off('change', look);
      clearTimeout(deadline);
      settle(result);
    };
    const deadline = setTimeout(() => {
      const { phase, endings, replica } = client;
      const state = { device: replica.device, phase, endings, cursor: replica.cursor, waiting: replica.waiting };
      done(reject, new Error(`${condition} never came: ${JSON.stringify(state)}`));
    }, NEVER_MS);
    const look = () => {
      if (condition(client)) done(resolve, client);
    };
    client.on('change', look);
    look();
  });
}

export async function online(...clients) {
  for (const client of clients) {
    client.start();
    await until(client, ({ isSynced }) => isSynced);
  }
}

export function offline(...clients) {
  for (const client of clients) client.stop();
}

/** Both have everything that either has sent, and hold the very same. */
export async function converged(...clients) {
  for (const client of clients) await until(client, ({ isSynced }) => isSynced);
  const head = Math.max(...clients.map(({ replica }) => replica.cursor));
  for (const client of clients) await until(client, ({ isSynced, replica }) => isSynced && replica.cursor >= head);
  const [first, ...others] = clients.map(contents);
  for (const other of others) assert.deepEqual(other, first);
}

/** All entities with their cells, but tombstones, which a snapshot leaves out. */
export function contents({ replica }) {
  const all = [...replica.entities('task'), ...replica.entities('list'), ...replica.entities('conflict')];
  return JSON.parse(JSON.stringify(Object.fromEntries(all.map((entity) => [entity.id, entity]))));
}

/** By the alphabet: of tasks made in the same millisecond, either may be first. */
export const titles = (client) => client.tasks.map(({ title }) => title).sort();
export const task = (client, id) => client.tasks.find((one) => one.id === id);
export const heard = (client, type) => client.said.filter((one) => one.direction === 'down' && one.type === type);

/**
 * A network that asks before it lets a frame through. `down` and `up` are given the message, and answer `pass`, `drop`, or
 * `cut`, which breaks the connection and loses the frame.
 */
export const network = ({ down = () => 'pass', up = () => 'pass' }) => (server) => ({ opened, received, ended }) => {
  const inner = webSocket(server)({
    opened,
    ended,
    received: (text) => through(down, text, received),
  });
  function through(judge, text, deliver) {
    const verdict = judge(JSON.parse(text));
    if (verdict === 'pass') deliver(text);
    if (verdict === 'cut') inner.end();
  }
  return { send: (text) => through(up, text, inner.send), end: inner.end };
};
