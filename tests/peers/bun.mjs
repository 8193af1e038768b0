// Peer B: Bun with its own sockets, its own SQLite and its own `publish`.

import { Database } from 'bun:sqlite';
import { handle } from './messages.mjs';
import { newToken } from './token.mjs';
import { sqliteStore } from './sqlite-store.mjs';

const store = sqliteStore(new Database(`${process.env.PEER_DATA}/peer.db`));
// The sender's socket publishes, so that it does not hear itself. One message for all updates of one turn.
let waiting = new Map();
const flush = () => {
  const now = waiting;
  waiting = new Map();
  for (const [client, updates] of now) {
    client.socket.publish(client.workspace, JSON.stringify({ type: 'updates', workspace: client.workspace, updates }));
  }
};
const tell = (client, updates) => {
  if (waiting.size === 0) setImmediate(flush);
  const before = waiting.get(client);
  if (before) before.push(...updates);
  else waiting.set(client, [...updates]);
};
const join = async (client) => client.socket.subscribe(client.workspace);

const server = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  fetch: (request, server) => (server.upgrade(request, { data: {} }) ? undefined : new Response(newToken())),
  websocket: {
    maxPayloadLength: 1 << 20,
    backpressureLimit: 64 << 20,
    open: (socket) => {
      socket.data.client = { socket, send: (text) => socket.send(text) };
    },
    message: async (socket, text) => {
      if (!(await handle(socket.data.client, text, { store, join, tell }))) socket.close(4401);
    },
  },
});
process.on('SIGUSR2', () => Bun.gc(true));
console.log(`ready on http://127.0.0.1:${server.port}`);
