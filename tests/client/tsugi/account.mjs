// An account over HTTP: making one, signing in, and tokens that stay fresh.

const FRESH_FOR_MS = 60_000;

/** The server said no; `code` says why. */
export class Refusal extends Error {
  constructor(status, { code = 'internal', message = '' }) {
    super(`${status} ${code}: ${message}`);
    this.status = status;
    this.code = code;
  }
}

export class Account {
  #server;
  #cookie = '';
  #token = '';
  #endsAt = 0;
  #refreshing = null;

  /** Makes an account, and signs in. */
  static create(server, credentials) {
    return new Account(server).#enter('/api/v1/accounts', credentials);
  }

  static signIn(server, credentials) {
    return new Account(server).#enter('/api/v1/session', credentials);
  }

  constructor(server) {
    this.#server = server;
  }

  /** For how long the access token is good yet. */
  get lasts() {
    return this.#endsAt - Date.now();
  }

  /** An access token that lasts a while yet. */
  async token() {
    if (this.lasts < FRESH_FOR_MS) await this.refresh();
    return this.#token;
  }

  /** The server does not take the access token: there must be another one. */
  distrust() {
    this.#endsAt = 0;
  }

  /** One at a time: a refresh token is used once, and who uses it twice is taken for a thief. */
  refresh() {
    this.#refreshing ??= this.#enter('/api/v1/session/refresh').finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  /** Ends the sign-in everywhere it is open. */
  async end() {
    await this.#ask('DELETE', '/api/v1/session');
    this.#cookie = '';
    this.#endsAt = 0;
  }

  async #enter(path, credentials) {
    const asked = Date.now();
    const answer = await this.#ask('POST', path, credentials);
    this.#token = answer.token;
    this.#endsAt = asked + answer.expires_in_ms;
    this.workspace = answer.workspace;
    this.user = answer.user;
    return this;
  }

  async #ask(method, path, body) {
    const headers = body ? { 'content-type': 'application/json' } : { cookie: this.#cookie, origin: this.#server };
    const answer = await fetch(new URL(path, this.#server), { method, headers, body: body && JSON.stringify(body) });
    const cookie = answer.headers.getSetCookie().find((one) => one.startsWith('tsugi_refresh='));
    if (cookie) this.#cookie = cookie.split(';')[0];
    const text = await answer.text();
    if (!answer.ok) throw new Refusal(answer.status, asJson(text));
    return asJson(text);
  }
}

function asJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
