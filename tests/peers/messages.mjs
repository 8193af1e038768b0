// What a message means, whoever carries it. `store` keeps tasks; `tell` brings an update to the others of a workspace.

import { isValid } from './token.mjs';

/** Handles one message of a client, which is `{ id, workspace, send(text) }`. Answers false if the client has to go. */
export async function handle(client, text, { store, join, tell }) {
  const message = JSON.parse(text);
  if (message.type === 'hello') {
    if (!isValid(message.token)) return false;
    client.workspace = message.workspace;
    await join(client);
    const { tasks, revision } = await store.since(message.workspace, message.cursor);
    if (tasks.length > 0) client.send(JSON.stringify({ type: 'tasks', revision, tasks }));
    client.send(JSON.stringify({ type: 'live', revision }));
    return true;
  }
  if (client.workspace === undefined) return false;
  const updates = message.type === 'batch' ? message.updates : [message];
  const answers = await store.update(client.workspace, updates);
  const acks = [];
  const told = [];
  for (const [index, answer] of answers.entries()) {
    const { seq, entity, patch } = updates[index];
    if (answer.conflict) {
      client.send(JSON.stringify({ type: 'conflict', seq, entity, current: answer.conflict }));
    } else {
      acks.push({ seq, version: answer.version, revision: answer.revision });
      told.push({ entity, version: answer.version, revision: answer.revision, patch });
    }
  }
  if (acks.length > 0) {
    client.send(JSON.stringify({ type: 'acks', acks }));
    tell(client, told);
  }
  return true;
}

/** One message for the updates of one turn of the event loop. `send(workspace, from, text)` brings it to all but `from`. */
export function gatherer(send) {
  let waiting = new Map();
  const flush = () => {
    const now = waiting;
    waiting = new Map();
    for (const { workspace, from, updates } of now.values()) {
      send(workspace, from, JSON.stringify({ type: 'updates', workspace, updates }));
    }
  };
  return (workspace, from, updates) => {
    if (waiting.size === 0) setImmediate(flush);
    const key = `${workspace} ${from}`;
    const entry = waiting.get(key);
    if (entry) entry.updates.push(...updates);
    else waiting.set(key, { workspace, from, updates: [...updates] });
  };
}
