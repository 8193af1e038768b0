// Peer S: Node, `ws` and SQLite, in one process.

import Database from 'better-sqlite3';
import { gatherer } from './messages.mjs';
import { sendToOthers, serve } from './sockets.mjs';
import { sqliteStore } from './sqlite-store.mjs';

const gather = gatherer(sendToOthers);
serve({
  store: sqliteStore(new Database(`${process.env.PEER_DATA}/peer.db`)),
  tell: (client, updates) => gather(client.workspace, client.id, updates),
});
