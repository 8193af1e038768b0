// The sync server as a process, with a data folder of its own, on one port for its whole life, however often it is started.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export class Server {
  #child = null;
  #port = 0;

  /** A running one, that is gone when the test ends. `options` are more arguments of the program. */
  static async during(t, options = []) {
    const server = new Server(await mkdtemp(join(tmpdir(), 'tsugi-client-')), options);
    t.after(async () => {
      await server.stop('SIGKILL');
      await rm(server.folder, { recursive: true, force: true });
    });
    await server.start();
    return server;
  }

  constructor(folder, options = []) {
    this.folder = folder;
    this.options = options;
    this.data = join(folder, 'data');
  }

  get url() {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start() {
    const program = process.env.TSUGI_SERVER_BIN;
    if (!program) throw new Error('TSUGI_SERVER_BIN is not set: run these tests by `cargo xtask test --only client`');
    const args = ['--listen', `127.0.0.1:${this.#port}`, '--data', this.data, ...this.options];
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    this.#child = child;
    const ready = await Promise.race([
      once(createInterface(child.stdout), 'line').then(([line]) => String(line)),
      once(child, 'exit').then(([code]) => Promise.reject(new Error(`the server ended with ${code}`))),
    ]);
    this.#port = Number(new URL(ready.match(/http:\S+/)[0]).port);
  }

  /** Ends as an operator would have it, or as a power cut would. */
  async stop(signal = 'SIGTERM') {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  /** Puts a copy of the data aside. Only while it is stopped. */
  async backUp() {
    await cp(this.data, join(this.folder, 'copy'), { recursive: true });
  }

  async restore() {
    await rm(this.data, { recursive: true });
    await cp(join(this.folder, 'copy'), this.data, { recursive: true });
  }
}
