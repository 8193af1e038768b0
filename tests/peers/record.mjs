// Peer P: the record's shape. Node, `ws`, PostgreSQL, and every change through Redis, as with several instances.

import { Redis } from 'ioredis';
import pg from 'pg';
import { gatherer } from './messages.mjs';
import { postgresStore } from './postgres-store.mjs';
import { sendToOthers, serve } from './sockets.mjs';

const pool = new pg.Pool({ connectionString: process.env.PEER_POSTGRES, max: 10 });
const publisher = new Redis(process.env.PEER_REDIS, { enableAutoPipelining: true });
const subscriber = new Redis(process.env.PEER_REDIS);
const channel = (workspace) => `workspace:${workspace}`;

const gather = gatherer(sendToOthers);
subscriber.on('message', (_, text) => {
  const { workspace, from, updates } = JSON.parse(text);
  gather(workspace, from, updates);
});
serve({
  store: await postgresStore(pool),
  tell: ({ workspace, id }, updates) => {
    void publisher.publish(channel(workspace), JSON.stringify({ workspace, from: id, updates }));
  },
  joined: (workspace) => subscriber.subscribe(channel(workspace)),
  left: (workspace) => void subscriber.unsubscribe(channel(workspace)),
});
