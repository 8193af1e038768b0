// What a person feels, with few tasks and with very many: the app beside a list that is written by hand, gesture by
// gesture in turns. Run by `cargo xtask bench ui`; prints tables for docs/performance.md.
import { loadavg } from 'node:os';
import { expect, test, type Device } from './fixtures';
import { createAccount, push } from './loader';
import { Measured } from './paints';
import { PlainServer } from './plain';

type Size = { open: number; completed: number };

/** The last is what one has who has used such an app for years. */
const SIZES: Size[] = [
  { open: 90, completed: 10 },
  { open: 900, completed: 100 },
  { open: 9_000, completed: 1_000 },
  { open: 10_000, completed: 100_000 },
];
const MOST = Number(process.env.TSUGI_UI_TASKS ?? Infinity);

/** Each gesture is measured in so many turns, first in the one page and then in the other. */
const TURNS = 3;
/** Times in a turn: 36 in all. */
const TIMES = 12;
const STARTS = 4;

type Side = 'Tsugi' | 'plain';
type Unit = 'ms' | 'MB' | '%';
/** What was measured of a gesture, by size. */
type Row = { name: string; unit: Unit; values: Record<Side, number[][]> };

class Results {
  private readonly rows = new Map<string, Row>();

  note(name: string, unit: Unit, side: Side, size: number, ...values: number[]): void {
    const row = this.rows.get(name) ?? { name, unit, values: { Tsugi: [], plain: [] } };
    this.rows.set(name, row);
    (row.values[side][size] ??= []).push(...values);
  }

  /** Per gesture, both pages, and how many times as long the app takes as the other. */
  print(sizes: Size[]): string {
    const total = ({ open, completed }: Size) => (open + completed).toLocaleString('en');
    const lines = [`| p50 / p95 (growth of p50) | | ${sizes.map(total).join(' | ')} |`, `|---|---|${'---|'.repeat(sizes.length)}`];
    for (const { name, unit, values } of this.rows.values()) {
      const cells = (side: Side) => sizes.map((_, n) => cell(values[side][n], values[side][n - 1]));
      lines.push(`| ${name}, ${unit} | Tsugi | ${cells('Tsugi').join(' | ')} |`);
      lines.push(`| | plain | ${cells('plain').join(' | ')} |`);
      if (unit !== '%') lines.push(`| | ratio | ${sizes.map((_, n) => ratio(at(values.Tsugi[n], 0.5), at(values.plain[n], 0.5))).join(' | ')} |`);
    }
    return lines.join('\n');
  }
}

function at(values: number[] = [], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

function ratio(one: number, other: number): string {
  return other > 0 ? `${(one / other).toFixed(one / other < 10 ? 2 : 0)}` : '–';
}

function cell(values: number[] = [], before?: number[]): string {
  const figure = (value: number) => value.toFixed(value < 100 ? 1 : 0);
  const spread = values.length > 1 ? ` / ${figure(at(values, 0.95))}` : '';
  const growth = before ? ` (×${ratio(at(values, 0.5), at(before, 0.5))})` : '';
  return `${figure(at(values, 0.5))}${spread}${growth}`;
}

type Task = { id: string; title: string; created: number; completed?: number };

const WORDS = ['Buy', 'Call', 'Fix', 'Plan', 'Water', 'Read', 'Send', 'Book', 'Clean', 'Ask'];
const THINGS = ['garden', 'bicycle', 'dentist', 'library', 'holiday', 'kitchen', 'letter', 'insurance', 'roof', 'piano', 'school'];
/** What is looked for, letter by letter: found often and seldom. What is added and typed below has none of it. */
const LOOKED_FOR = ['garden', 'piano 7', 'roof 42'];

function make({ open, completed }: Size): Task[] {
  const first = Date.UTC(2020, 0, 1);
  return Array.from({ length: open + completed }, (_, n) => {
    const created = first + n * 60_000;
    const title = `${WORDS[n % WORDS.length]} ${THINGS[(n * 7) % THINGS.length]} ${n}`;
    // Those that are open are all over the years, and not the last ones.
    const isOpen = Math.floor(((n + 1) * open) / (open + completed)) > Math.floor((n * open) / (open + completed));
    return { id: crypto.randomUUID(), title, created, ...(isOpen ? {} : { completed: created + 86_400_000 }) };
  });
}

/** One of the two pages, with the names they share. */
class Subject {
  constructor(
    readonly side: Side,
    readonly measured: Measured,
  ) {}

  get page() {
    return this.measured.page;
  }

  async go(place: 'Inbox' | 'Completed' | 'Search') {
    const link = this.page.locator('nav.sidebar').getByRole('link', { name: new RegExp(`^${place}`) });
    const act = () => link.click();
    return this.measured.paint('click', place === 'Search' ? {} : { heading: place }, act);
  }

  async type(letters: string, wanted: (typed: string) => object = () => ({})) {
    const paints = [];
    let typed = '';
    for (const letter of letters) {
      typed += letter;
      const press = () => this.page.keyboard.press(letter === ' ' ? 'Space' : letter);
      paints.push(await this.measured.paint('input', wanted(typed), press));
    }
    return paints;
  }
}

/** One turn of every gesture that is about keys and clicks. */
async function gestures(subject: Subject, note: (name: string, unit: Unit, ...values: number[]) => void, titles: string[]) {
  const { page, side, measured } = subject;
  const take = (name: string, paints: { shown: number; busy: number }[]) => {
    note(`${name} → paint`, 'ms', ...paints.map(({ shown }) => shown));
    note(`${name}, main thread busy`, 'ms', ...paints.map(({ busy }) => busy));
  };
  await page.bringToFront();
  const quickAdd = page.locator('#quick-add');
  await quickAdd.click();
  take('key in quick add', await subject.type('Paint a wall'));
  await quickAdd.fill('');

  const added = [];
  for (let n = 0; n < TIMES; n++) {
    await quickAdd.fill(`Added ${n}`);
    added.push(await measured.paint('keydown', { otherCount: true }, () => quickAdd.press('Enter')));
  }
  take('Enter adds a task', added);

  await page.locator('.task .task__edit').first().click();
  const title = page.getByRole('textbox', { name: 'Title' });
  await title.press('End');
  take('key in a title', await subject.type(' on the walls'));
  await title.press('Enter');
  if (side === 'Tsugi') await page.keyboard.press('Escape');
  await expect(title).toBeHidden();

  const toggled = [];
  for (let n = 0; n < TIMES; n++) {
    const box = (await page.locator('.task .check').first().boundingBox())!;
    const click = () => page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    toggled.push(await measured.paint('click', { otherFirst: true }, click));
  }
  take('task completed', toggled);

  await subject.go('Search');
  const search = page.locator('#search');
  const found = [];
  for (const words of LOOKED_FOR) {
    await search.fill('');
    const count = (typed: string) => {
      const folded = typed.toLowerCase().split(' ');
      const all = titles.filter((title) => folded.every((word) => title.toLowerCase().includes(word))).length;
      return { count: all === 1 ? '1 task found' : `${all.toLocaleString('en')} tasks found` };
    };
    found.push(...(await subject.type(words, count)));
  }
  note('key in search → first paint', 'ms', ...found.map(({ first }) => first));
  take('key in search, all found', found);
  await search.fill('');

  await subject.go('Inbox');
  const gone = [];
  for (let n = 0; n < TIMES / 2; n++) gone.push(await subject.go('Completed'), await subject.go('Inbox'));
  take('other view', gone);
}

async function typing(page: Measured['page'], turn: number): Promise<void> {
  const quickAdd = page.locator('#quick-add');
  await quickAdd.click();
  for (let n = 0; n < 5; n++) {
    await page.keyboard.type(`Noted ${turn} ${n} fast`, { delay: 30 });
    await page.keyboard.press('Enter');
  }
}

test('what a person feels', async ({ browser, newDevice, server, dist, email }) => {
  test.setTimeout(3_600_000);
  const sizes = SIZES.filter(({ open, completed }) => open + completed <= MOST);
  const results = new Results();
  const plain = new PlainServer(dist);
  const plainUrl = await plain.start();
  const load = [];
  for (const [n, size] of sizes.entries()) {
    const tasks = make(size);
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
    const device = await newDevice({ viewport: { width: 1280, height: 720 } });
    await filled(device, `${n}-${email}`, tasks);
    const other = await context.newPage();
    await other.goto(plainUrl);
    for (let at = 0; at < tasks.length; at += 10_000) {
      await other.evaluate((some) => (globalThis as any).fill(some), tasks.slice(at, at + 10_000));
    }
    const subjects = [new Subject('Tsugi', await Measured.of(device.page)), new Subject('plain', await Measured.of(other))];
    const each = async (act: (subject: Subject, note: (name: string, unit: Unit, ...values: number[]) => void) => Promise<void>) => {
      for (const subject of subjects) {
        load.push(loadavg()[0]);
        await subject.page.bringToFront();
        await act(subject, (name, unit, ...values) => results.note(name, unit, subject.side, n, ...values));
      }
    };
    for (let turn = 0; turn < TURNS; turn++) {
      await each(async ({ measured }, note) => {
        for (let start = 0; start < STARTS; start++) note('start from cache → first tasks painted', 'ms', await measured.start());
      });
    }
    await each(async ({ measured }, note) => {
      await measured.page.waitForTimeout(2_000);
      const { heap, wasm } = await measured.memory();
      note('memory after a start', 'MB', (heap + wasm) / 1e6);
      note('of it WebAssembly', 'MB', wasm / 1e6);
    });
    await device.isSynced();
    const titles = tasks.map(({ title }) => title);
    for (let turn = 0; turn < TURNS; turn++) {
      await each((subject, note) => gestures(subject, note, titles));
      await each(async ({ measured }, note) => {
        const { took, empty } = await measured.scroll();
        note('scrolling fast, frame', 'ms', ...took);
        note('scrolling fast, frames without a task', '%', (empty / took.length) * 100);
      });
      await each(async ({ measured }, note) => note('typing and adding, longest task', 'ms', await measured.longestTask(() => typing(measured.page, turn))));
    }
    console.log(`${size.open} open, ${size.completed} completed: measured`);
    await Promise.all([context.close(), device.page.context().close()]);
    console.log(results.print(sizes.slice(0, n + 1)));
  }
  plain.stop();
  load.sort((one, other) => one - other);
  console.log(`load of the machine while measuring: median ${at(load, 0.5).toFixed(1)}, most ${at(load, 1).toFixed(1)}`);
});

/** Signs in to an account that has these tasks. */
async function filled(device: Device, email: string, tasks: Task[]): Promise<void> {
  await createAccount(device.page, email);
  await push(device.page, email, tasks.map(({ id, ...set }) => ({ id, set })));
  await device.page.reload();
  await device.page.getByRole('textbox', { name: 'Email' }).fill(email);
  await device.page.getByRole('textbox', { name: 'Password' }).fill('correct horse battery');
  await device.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(device.status).toContainText(/^\s*Synced/, { timeout: 300_000 });
  await device.page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
}
