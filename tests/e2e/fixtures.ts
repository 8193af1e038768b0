// What every spec begins with: a server of its own on a free port and a data folder of its own, and devices, which are
// browser contexts: each with its own storage, cookies and sockets.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test as base, expect, type Browser, type BrowserContextOptions, type Page } from '@playwright/test';

export { expect };

/** The sync server as a process, on one port for its whole life, however often it is stopped and started. */
export class Server {
  private child?: ChildProcess;
  private port = 0;

  constructor(
    private readonly data: string,
    private readonly dist: string,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const program = required('TSUGI_SERVER_BIN');
    const args = ['--listen', `127.0.0.1:${this.port}`, '--data', this.data, '--static', this.dist];
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    this.child = child;
    const ready = await Promise.race([
      once(createInterface(child.stdout!), 'line').then(([line]) => String(line)),
      once(child, 'exit').then(([code]) => Promise.reject(new Error(`the server ended with ${code}`))),
    ]);
    this.port = Number(new URL(ready.match(/http:\S+/)![0]).port);
  }

  /** Ends as an operator would, or as a power cut would. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
    }
  }
}

/** One device: what a person sees and does, by the names of the contract. */
export class Device {
  constructor(readonly page: Page) {}

  get tasks() {
    return this.page.getByRole('list', { name: 'Tasks', exact: true }).getByRole('listitem');
  }

  get status() {
    return this.page.getByRole('status', { name: 'Sync status' });
  }

  get editor() {
    return this.page.getByRole('dialog', { name: 'Task', exact: true })
      .or(this.page.getByRole('region', { name: 'Task', exact: true }));
  }

  get dialog() {
    return this.page.getByRole('dialog', { name: 'Resolve conflict' });
  }

  checkbox(title: string) {
    return this.page.getByRole('checkbox', { name: title, exact: true });
  }

  /** Another tab of the same browser. */
  async anotherTab(url: string): Promise<Device> {
    const tab = new Device(await this.page.context().newPage());
    await tab.open(url);
    return tab;
  }

  async open(url: string): Promise<void> {
    await this.page.goto(url);
  }

  async createAccount(email: string): Promise<void> {
    await this.page.getByRole('textbox', { name: 'Email' }).fill(email);
    await this.page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
    await this.page.getByRole('button', { name: 'Create account' }).click();
    await this.isSynced();
    await this.goToInbox();
  }

  async useWithoutAccount(): Promise<void> {
    await this.page.getByRole('button', { name: 'Use without an account' }).click();
    await this.goToInbox();
  }

  /** A first visit begins with the list that teaches. */
  async goToInbox(): Promise<void> {
    await this.page.getByRole('link', { name: /^Inbox/ }).click();
    await expect(this.page.getByRole('heading', { name: 'Inbox', level: 1 })).toBeVisible();
  }

  async signIn(email: string): Promise<void> {
    await this.page.getByRole('textbox', { name: 'Email' }).fill(email);
    await this.page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
    await this.page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await this.isSynced();
  }

  async isSynced(): Promise<void> {
    await expect(this.status).toContainText(/^\s*Synced/);
  }

  /** Everything shown is also in this device's storage: from here on the page may be left at any moment. */
  async isSaved(): Promise<void> {
    const onDevice = this.page.locator('#sync-details .facts__row').filter({ hasText: 'On this device' });
    await expect(onDevice.getByRole('definition', { includeHidden: true })).toHaveText('Everything saved');
  }

  async add(...titles: string[]): Promise<void> {
    const box = this.page.getByRole('textbox', { name: 'Add a task' });
    for (const title of titles) {
      await box.fill(title);
      await box.press('Enter');
    }
  }

  /** The line of the editor that shows a property, such as 'Due'. */
  property(name: string) {
    return this.editor.getByRole('button', { name: new RegExp(`^${name}\\b`) });
  }

  /** The input in the popover of a property. */
  propertyInput(name: string) {
    return this.editor.getByLabel(name, { exact: true }).and(this.page.locator('input'));
  }

  /** Types a property in words, or the beginning of one of its names. */
  async set(name: string, words: string): Promise<void> {
    await this.property(name).click();
    await this.propertyInput(name).fill(words);
    await this.page.keyboard.press('Enter');
    if (name === 'Labels') await this.page.keyboard.press('Escape');
    await expect(this.propertyInput(name)).toHaveCount(0);
  }

  async edit(title: string, fields: { Title?: string; Notes?: string; Due?: string }): Promise<void> {
    await this.page.getByRole('button', { name: `Edit ${title}`, exact: true }).click();
    const { Due, ...texts } = fields;
    for (const [name, value] of Object.entries(texts)) {
      await this.editor.getByLabel(name, { exact: true }).fill(value);
    }
    if (Due) await this.set('Due', Due);
    await this.editor.getByRole('button', { name: 'Close', exact: true }).click();
    await expect(this.editor).toBeHidden();
  }

  async remove(title: string): Promise<void> {
    await this.page.getByRole('button', { name: `Edit ${title}`, exact: true }).click();
    await this.editor.getByRole('button', { name: 'Delete task' }).click();
  }

  /** From a device without an account to the account screen. */
  async wantAccount(): Promise<void> {
    await this.page.getByRole('button', { name: 'Account', exact: true }).click();
    await this.page.getByRole('button', { name: 'Create an account to sync' }).click();
  }

  async workOffline(on: boolean): Promise<void> {
    const toggle = this.page.getByRole('switch', { name: 'Work offline' });
    await this.page.getByRole('button', { name: 'Sync details' }).click();
    // The popover may still be opening when it is pressed for the first time.
    await expect(async () => {
      if ((await toggle.isChecked()) !== on) await toggle.locator('xpath=..').click();
      await expect(toggle).toBeChecked({ checked: on, timeout: 1_000 });
    }).toPass();
    await this.page.keyboard.press('Escape');
    await expect(toggle).toBeHidden();
  }

  async openConflict(): Promise<void> {
    const inbox = this.page.getByRole('list', { name: 'Open conflicts' });
    if (!(await inbox.isVisible())) await this.page.getByRole('button', { name: /^Conflicts/ }).click();
    await inbox.getByRole('listitem').first().getByRole('button').first().click();
    await expect(this.dialog).toBeVisible();
  }

  /** What a page does when the network comes back. */
  async lookForUpdate(): Promise<void> {
    await this.page.evaluate(() => window.dispatchEvent(new Event('online')));
  }

  get update() {
    return this.page.getByRole('status').filter({ hasText: 'A new version is ready' });
  }

  /** The page, its script, wasm, styles and icons are on the device. */
  async opensWithoutNetwork(): Promise<void> {
    await this.page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
  }

  /** What this device has measured, by name. */
  async openFigures(): Promise<void> {
    await this.page.getByRole('button', { name: 'Sync details' }).click();
    const figures = this.page.locator('#sync-figures');
    // They stay unfolded while the panel is closed.
    if (!(await figures.isVisible())) await this.page.getByRole('button', { name: 'Figures of this device' }).click();
    await expect(figures).toBeVisible();
  }

  figure(name: string) {
    const row = this.page.locator('#sync-figures .facts__row').filter({ has: this.page.getByText(name, { exact: true }) });
    return row.getByRole('definition');
  }

  /** Every title on screen, completed ones in brackets. */
  async titles(): Promise<string[]> {
    const boxes = this.page.getByRole('list', { name: 'Tasks', exact: true }).getByRole('checkbox');
    return boxes.evaluateAll((all) =>
      all.map((box) => {
        const input = box as HTMLInputElement;
        const name = document.getElementById(input.getAttribute('aria-labelledby')!)?.textContent ?? '';
        return input.checked ? `[${name.trim()}]` : name.trim();
      }),
    );
  }
}

export const PASSWORD = 'correct horse battery';

type Fixtures = {
  /** The folder with the app that the server serves. */
  dist: string;
  server: Server;
  email: string;
  /** A device with nothing on it yet, at the account screen. */
  newDevice: (options?: BrowserContextOptions) => Promise<Device>;
  /** Two devices of one account. */
  pair: [Device, Device];
};

export const test = base.extend<Fixtures>({
  dist: async ({}, use) => {
    await use(required('TSUGI_DIST'));
  },
  server: async ({ dist }, use) => {
    const data = await mkdtemp(join(tmpdir(), 'tsugi-e2e-'));
    const server = new Server(data, dist);
    await server.start();
    await use(server);
    await server.stop('SIGKILL');
    await rm(data, { recursive: true, force: true });
  },
  email: async ({}, use, info) => {
    await use(`${info.testId}@example.org`);
  },
  newDevice: async ({ browser, server }, use) => {
    const contexts: Awaited<ReturnType<Browser['newContext']>>[] = [];
    const problems: string[] = [];
    await use(async (options) => {
      const context = await browser.newContext(options);
      contexts.push(context);
      context.on('weberror', (error) => problems.push(String(error.error())));
      context.on('console', (message) => {
        if (/panicked at/.test(message.text())) problems.push(message.text());
      });
      const device = new Device(await context.newPage());
      await device.open(server.url);
      return device;
    });
    await Promise.all(contexts.map((context) => context.close()));
    expect(problems, 'nothing panicked and no error went uncaught').toEqual([]);
  },
  pair: async ({ newDevice, email }, use) => {
    const first = await newDevice();
    await first.createAccount(email);
    const second = await newDevice();
    await second.signIn(email);
    await use([first, second]);
  },
});

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the end-to-end tests by \`cargo xtask test\``);
  return value;
}
