// The three engines: which programs drive each, how they are started, and what their consoles say. `cargo xtask test`
// installs the programs and names those that are not on PATH.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Session, until } from './webdriver.mjs';

const SIZE = [1280, 900];
/** Debian puts MiniBrowser below the folder of the machine's kind. */
const MINI_BROWSER = 'webkit2gtk-4.1/MiniBrowser';

export const ENGINES = [
  {
    name: 'Chromium',
    needs: () => missing('/usr/bin/chromium', '/usr/bin/chromedriver'),
    start: (profile) =>
      startDriver('/usr/bin/chromedriver', (port) => [`--port=${port}`], {
        browserName: 'chrome',
        'goog:loggingPrefs': { browser: 'ALL' },
        'goog:chromeOptions': {
          binary: '/usr/bin/chromium',
          args: [
            '--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--lang=en-US',
            '--disable-background-networking', '--disable-component-update', '--disable-sync',
            `--window-size=${SIZE}`, `--user-data-dir=${profile}`,
          ],
        },
      }),
  },
  {
    name: 'Firefox',
    needs: () => missing('/usr/bin/firefox-esr', process.env.TSUGI_GECKODRIVER ?? 'geckodriver'),
    start: () =>
      startDriver(process.env.TSUGI_GECKODRIVER, (port) => [`--port=${port}`], {
        browserName: 'firefox',
        'moz:firefoxOptions': {
          binary: '/usr/bin/firefox-esr',
          args: ['-headless'],
          prefs: { 'intl.accept_languages': 'en-US' },
        },
      }),
  },
  {
    name: 'WebKit',
    needs: async () => [
      ...(await missing('/usr/bin/WebKitWebDriver', '/usr/bin/Xvfb')),
      ...((await miniBrowser()) ? [] : [MINI_BROWSER]),
    ],
    start: async () =>
      startDriver('/usr/bin/WebKitWebDriver', (port) => [`--port=${port}`], {
        browserName: 'MiniBrowser',
        'webkitgtk:browserOptions': {
          binary: await miniBrowser(),
          args: ['--automation'],
        },
      }, { DISPLAY: await display(), LANGUAGE: 'en_US', LC_ALL: 'C.UTF-8' }),
  },
];

async function missing(...programs) {
  const there = (program) => access(program).then(() => true, () => false);
  const found = await Promise.all(programs.map(there));
  return programs.filter((_, index) => !found[index]);
}

async function miniBrowser() {
  for (const folder of await readdir('/usr/lib')) {
    const program = join('/usr/lib', folder, MINI_BROWSER);
    if (folder.endsWith('-linux-gnu') && (await missing(program)).length === 0) return program;
  }
  return undefined;
}

/**
 * Browsers of one engine. Starting one takes seconds, so the next test gets it again: by then it shows nothing, and
 * the next server is on another port, which makes it another origin, with nothing stored.
 */
export class Browsers {
  #engine;
  #idle = [];
  #all = [];

  constructor(engine) {
    this.#engine = engine;
  }

  async take(t) {
    const browser = this.#idle.pop() ?? (await this.#start());
    t.after(async () => {
      await browser.session.leaveAll();
      this.#idle.push(browser);
    });
    return browser.session;
  }

  async #start() {
    const profile = await mkdtemp(join(tmpdir(), 'tsugi-engine-'));
    const { session, stop } = await this.#engine.start(profile);
    this.#all.push({ session, stop, profile });
    await session.resize(...SIZE);
    return { session };
  }

  async end() {
    for (const { session, stop, profile } of this.#all) {
      await session.end().catch(() => {});
      await stop();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    }
  }
}

/** What a browser's console has said so far of warnings and errors: what the app said, and in Chromium the engine, too. */
export async function complaints(engine, session) {
  const heard = await session.run(() => JSON.parse(sessionStorage.getItem('heard') ?? '[]'));
  return engine.name === 'Chromium' ? [...heard, ...(await session.chromiumLog())] : heard;
}

async function startDriver(program, args, capabilities, environment = {}) {
  const port = await freePort();
  const child = spawn(program, args(port), { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) createInterface(stream).on('line', (line) => said.push(line));
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill();
    await ended;
  };
  try {
    await until(`${program} answers`, async () => {
      if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${said.join('\n')}`);
      return (await fetch(`http://127.0.0.1:${port}/status`)).ok;
    });
    return { session: await Session.start(`http://127.0.0.1:${port}`, capabilities), stop };
  } catch (error) {
    await stop();
    throw new Error(`${program}: ${error.message}\n${said.join('\n')}`);
  }
}

/** The drivers want to be told a port; one that was free a moment ago is. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

let screen;

/** WebKit's browser has no headless mode. One screen in memory serves all of them, and ends with this process. */
function display() {
  screen ??= (async () => {
    const child = spawn('/usr/bin/Xvfb', ['-displayfd', '3', '-screen', '0', `${SIZE.join('x')}x24`, '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    child.unref();
    process.on('exit', () => child.kill());
    const [number] = await Promise.race([
      once(createInterface(child.stdio[3]), 'line'),
      once(child, 'exit').then(([code]) => Promise.reject(new Error(`Xvfb ended with ${code}`))),
    ]);
    child.stdio[3].destroy();
    return `:${number}`;
  })();
  return screen;
}
