// Puts tasks on a server as another program would: over the protocol.
import type { Page } from '@playwright/test';
import { PASSWORD } from './fixtures';

export type PushedEdit = { id: string; set: object; base?: object };

/** Makes an account that has nothing in it, not even the list that teaches. */
export async function createAccount(page: Page, email: string): Promise<void> {
  const status = await page.evaluate(
    async ([email, password]) => {
      const body = JSON.stringify({ email, password });
      return (await fetch('/api/v1/accounts', { method: 'POST', body, headers: { 'content-type': 'application/json' } })).status;
    },
    [email, PASSWORD],
  );
  if (status !== 201) throw new Error(`no account: ${status}`);
}

/** Pushes tasks as another program would, from a page of the same origin; answers the revision of each. */
export async function push(page: Page, email: string, edits: PushedEdit[]): Promise<number[]> {
  return page.evaluate(
    async ({ email, password, edits }) => {
      const body = JSON.stringify({ email, password });
      const answer = await fetch('/api/v1/session', { method: 'POST', body, headers: { 'content-type': 'application/json' } });
      if (!answer.ok) throw new Error(`not signed in: ${answer.status}`);
      const { token, workspace } = await answer.json();
      const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/api/v1/sync`);
      const messages: any[] = [];
      let wake = () => {};
      socket.onmessage = ({ data }) => {
        const message = JSON.parse(data);
        messages.push(message);
        wake();
      };
      const next = async (wanted: (message: any) => boolean) => {
        for (;;) {
          const found = messages.findIndex(wanted);
          if (found >= 0) return messages.splice(found, 1)[0];
          await new Promise<void>((done) => (wake = done));
        }
      };
      await new Promise((open) => (socket.onopen = open));
      const send = (message: object) => socket.send(JSON.stringify(message));
      send({ type: 'hello', versions: [2], token, replica: crypto.randomUUID(), device: 'loader', app: 'bench' });
      send({ type: 'subscribe', workspace, cursor: 0 });
      await next(({ type }) => type === 'subscribed');
      const revisions: number[] = [];
      for (let at = 0; at < edits.length; at += 200) {
        const some = edits.slice(at, at + 200);
        const mutations = some.map(({ id, set, base }, n) => ({ seq: at + n + 1, entity: id, kind: 'task', set, base, at: Date.now() }));
        send({ type: 'push', workspace, mutations });
        // As fast as the server lets one session talk.
        if (at >= 10_000) await new Promise((wait) => setTimeout(wait, 20));
        let answered = 0;
        while (answered < some.length) {
          const { outcomes } = await next(({ type, outcomes }) => type === 'delta' && outcomes?.length);
          for (const outcome of outcomes) {
            if (outcome.fate !== 'accepted') throw new Error(JSON.stringify(outcome));
            revisions.push(outcome.revision);
          }
          answered += outcomes.length;
        }
      }
      socket.close();
      return revisions;
    },
    { email, password: PASSWORD, edits },
  );
}
