// A client of the W3C WebDriver protocol: as much of it as these tests need. One driver process and one session is one
// browser with a profile of its own, and so one device.
import { setTimeout as pause } from 'node:timers/promises';

/** How an element is written in the protocol. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';
/** How long a condition may take to come true. */
export const DEADLINE_MS = 30_000;
/** How long a driver may take for one command before it counts as hanging: it may be the start of a browser. */
const COMMAND_MS = 180_000;
const BETWEEN_LOOKS_MS = 50;

/** Asks again until the answer is neither empty nor an error. The last error says why it never was. */
export async function until(what, look, deadline = DEADLINE_MS) {
  const end = Date.now() + deadline;
  let last = '';
  for (;;) {
    try {
      const found = await look();
      if (found) return found;
      last = '';
    } catch (error) {
      // An element that was redrawn between two commands is looked for again, as anything else that is not there yet.
      last = `: ${error.message}`;
    }
    if (Date.now() > end) throw new Error(`not within ${deadline / 1000} s: ${what}${last}`);
    await pause(BETWEEN_LOOKS_MS);
  }
}

export class Session {
  #base;

  static async start(driver, capabilities) {
    const session = new Session();
    session.#base = driver;
    const { sessionId } = await session.#ask('POST', '/session', { capabilities: { alwaysMatch: capabilities } });
    session.#base = `${driver}/session/${sessionId}`;
    return session;
  }

  async #ask(method, path, body) {
    const answer = await fetch(this.#base + path, {
      method,
      body: method === 'POST' ? JSON.stringify(body ?? {}) : undefined,
      headers: { 'content-type': 'application/json' },
      signal: AbortSignal.timeout(COMMAND_MS),
    });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${path}: ${value?.error}: ${value?.message}`);
    return value;
  }

  end() {
    return this.#ask('DELETE', '');
  }

  open(url) {
    return this.#ask('POST', '/url', { url });
  }

  /** As a person does. The protocol's own command goes past service workers in Firefox. */
  async reload() {
    await this.run(() => {
      window.isOld = true;
      location.reload();
    });
    await until('the page is loaded again', () => this.run(() => !window.isOld && document.readyState === 'complete'));
  }

  /** Runs a function in the page, with values and elements as arguments. */
  run(script, ...args) {
    return this.#ask('POST', '/execute/sync', { script: `return (${script}).apply(null, arguments)`, args });
  }

  click(element) {
    return this.#ask('POST', `/element/${element[ELEMENT]}/click`);
  }

  clear(element) {
    return this.#ask('POST', `/element/${element[ELEMENT]}/clear`);
  }

  type(element, text) {
    return this.#ask('POST', `/element/${element[ELEMENT]}/value`, { text });
  }

  /** A pointer that goes down at the first point, over the others, and up at the last. */
  async drag(points) {
    const move = ([x, y], duration) => ({ type: 'pointerMove', duration, x: Math.round(x), y: Math.round(y) });
    const [first, ...others] = points;
    const actions = [
      move(first, 0),
      { type: 'pointerDown', button: 0 },
      ...others.map((point) => move(point, 60)),
      { type: 'pointerUp', button: 0 },
    ];
    await this.#ask('POST', '/actions', {
      actions: [{ type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions }],
    });
  }

  /** Another tab; answers with the names of the one that was there and of the new one. */
  async anotherTab() {
    const before = await this.#ask('GET', '/window');
    const { handle } = await this.#ask('POST', '/window/new', { type: 'tab' });
    return [before, handle];
  }

  goToTab(handle) {
    return this.#ask('POST', '/window', { handle });
  }

  /** Closes all tabs but one, and leaves the page in that. */
  async leaveAll() {
    const [first, ...others] = await this.#ask('GET', '/window/handles');
    for (const handle of others) {
      await this.goToTab(handle);
      await this.#ask('DELETE', '/window');
    }
    await this.goToTab(first);
    await this.open('about:blank');
  }

  resize(width, height) {
    return this.#ask('POST', '/window/rect', { width, height });
  }

  /** A picture of the page, as the bytes of a PNG. */
  async picture() {
    return Buffer.from(await this.#ask('GET', '/screenshot'), 'base64');
  }

  /** What Chromium's console has said since the last call. */
  async chromiumLog() {
    const entries = await this.#ask('POST', '/se/log', { type: 'browser' });
    return entries.map(({ level, message }) => `${level}: ${message}`);
  }
}
