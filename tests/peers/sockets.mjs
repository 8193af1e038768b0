// HTTP and WebSockets by `ws`: clients by workspace, a ping each 20 seconds.

import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { handle } from './messages.mjs';
import { newToken } from './token.mjs';

const rooms = new Map();
let nextId = 1;

/** Sends a text to all clients of a workspace but one. */
export function sendToOthers(workspace, from, text) {
  const bytes = Buffer.from(text);
  for (const client of rooms.get(workspace) ?? []) {
    if (client.id !== from) client.socket.send(bytes, { binary: false });
  }
}

/** Serves until the process ends. `joined(workspace)` and `left(workspace)` tell of the first and the last client of one. */
export function serve({ store, tell, joined = async () => {}, left = () => {} }) {
  const join = async (client) => {
    const room = rooms.get(client.workspace);
    if (room) room.add(client);
    else {
      rooms.set(client.workspace, new Set([client]));
      await joined(client.workspace);
    }
  };
  const http = createServer((_, response) => response.end(newToken()));
  const sockets = new WebSocketServer({ server: http, perMessageDeflate: false, maxPayload: 1 << 20 });
  sockets.on('connection', (socket) => {
    const client = { id: nextId++, socket, send: (text) => socket.send(text) };
    socket.on('message', (data) => {
      handle(client, data.toString(), { store, join, tell }).then(
        (stays) => stays || socket.close(4401),
        (error) => {
          console.error(error);
          socket.close(1011);
        },
      );
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      const room = rooms.get(client.workspace);
      if (!room?.delete(client) || room.size > 0) return;
      rooms.delete(client.workspace);
      left(client.workspace);
    });
  });
  setInterval(() => sockets.clients.forEach((socket) => socket.ping()), 20_000);
  process.on('SIGUSR2', () => globalThis.gc?.());
  http.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => {
    console.log(`ready on http://127.0.0.1:${http.address().port}`);
  });
}
