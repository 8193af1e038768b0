// What a visit loads, and when a person sees and can do something: over a slow line (1.6 Mbit/s, 150 ms), with nothing in
// the cache and with everything in it. With `TSUGI_DIST_BEFORE` (the folder of another build) both are measured in one
// run, in turn. Run by `cargo xtask bench load`.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, CDPSession, Page } from '@playwright/test';
import { Device, Server, test } from './fixtures';

const RUNS = 9;
const SLOW = { offline: false, latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8 };

type Marks = Record<string, number>;

/** Notes when each thing can first be seen in a frame. */
function watch() {
  const seen: Marks = {};
  const isSeen = (selector: string) => {
    const node = document.querySelector(selector);
    return node !== null && node.getClientRects().length > 0 && getComputedStyle(node).visibility === 'visible';
  };
  const wanted = {
    account: 'input[type=email]',
    task: '.task__title',
    key: '.quick-add__input',
    live: '#main .task .check:not([inert] *)',
  };
  const look = () => {
    for (const [name, selector] of Object.entries(wanted)) if (!(name in seen) && isSeen(selector)) seen[name] = performance.now();
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  Object.assign(window, { seen });
}

async function visit(page: Page, url: string, last: string): Promise<Marks> {
  await page.goto(url, { waitUntil: 'commit' });
  await page.waitForFunction((name) => name in (window as unknown as { seen: Marks }).seen, last, { timeout: 120_000 });
  return page.evaluate(() => (window as unknown as { seen: Marks }).seen);
}

async function slow(page: Page): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', SLOW);
  return session;
}

const median = (numbers: number[]) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

class Build {
  private readonly times = new Map<string, number[]>();
  private server!: Server;
  private folder!: string;

  constructor(
    readonly name: string,
    private readonly dist: string,
  ) {}

  async start() {
    this.folder = await mkdtemp(join(tmpdir(), 'tsugi-load-'));
    this.server = new Server(this.folder, this.dist);
    await this.server.start();
  }

  async stop() {
    await this.server.stop('SIGKILL');
    await rm(this.folder, { recursive: true, force: true });
  }

  private note(what: string, value: number) {
    this.times.set(what, [...(this.times.get(what) ?? []), value]);
  }

  /** A browser that has never been here. */
  async first(browser: Browser) {
    const context = await browser.newContext({ serviceWorkers: 'block' });
    const page = await context.newPage();
    await page.addInitScript(watch);
    const session = await slow(page);
    let bytes = 0;
    session.on('Network.dataReceived', ({ encodedDataLength }) => (bytes += encodedDataLength));
    const { account } = await visit(page, this.server.url, 'account');
    this.note('account screen, ms', account);
    this.note('account screen, kB', bytes / 1000);
    await context.close();
  }

  /** A browser with an account and tasks: first without a cache, then with the worker. */
  async again(browser: Browser) {
    for (const serviceWorkers of ['block', 'allow'] as const) {
      const context = await browser.newContext({ serviceWorkers });
      const device = new Device(await context.newPage());
      const { page } = device;
      await page.addInitScript(watch);
      await device.open(this.server.url);
      await device.useWithoutAccount();
      await device.add(...Array.from({ length: 20 }, (_, n) => `Task ${n}`));
      await device.isSaved();
      if (serviceWorkers === 'allow') await device.opensWithoutNetwork();
      const session = await slow(page);
      if (serviceWorkers === 'block') await session.send('Network.clearBrowserCache');
      const marks = await visit(page, page.url(), 'live');
      const how = serviceWorkers === 'block' ? 'cold' : 'warm';
      for (const what of ['task', 'key', 'live']) this.note(`${what}, ${how}, ms`, marks[what]);
      await context.close();
    }
  }

  print() {
    for (const [what, numbers] of this.times) {
      console.log(`${this.name.padEnd(8)}${what.padEnd(24)}${median(numbers).toFixed(0).padStart(8)}   (${numbers.length} runs, ${Math.min(...numbers).toFixed(0)} to ${Math.max(...numbers).toFixed(0)})`);
    }
  }
}

test('what a visit loads, and when', async ({ browser }) => {
  test.setTimeout(1_800_000);
  const builds = [new Build('now', process.env.TSUGI_DIST!)];
  const before = process.env.TSUGI_DIST_BEFORE;
  if (before) builds.unshift(new Build('before', before));
  for (const build of builds) await build.start();
  for (let run = 0; run < RUNS; run += 1) {
    for (const build of builds) {
      await build.first(browser);
      await build.again(browser);
    }
  }
  for (const build of builds) {
    build.print();
    await build.stop();
  }
});
