// An hour of a power user, as gestures by mouse, keyboard and touch: adding, editing, scheduling, dragging, undoing, and
// reloading at random moments. A model says what must be stored at the end: nothing is lost, and nothing is there twice.
// The same seed makes the same gestures.
import { readFileSync } from 'node:fs';
import { expect, type Device } from './fixtures';

type Task = { done: boolean; notes: string; due: string; priority: number; parent: string; comments: string[] };
type Model = Map<string, Task>;

/** How many of the last gestures are undone at most: the app keeps more, also over a reload. */
const UNDONE = 12;
/** With more open tasks than this, the person completes some before they add more. */
const MOST = 40;

/** Numbers that look random, from a seed (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export class Hour {
  private model: Model = new Map();
  /** The model before each gesture that can be undone, and after each that was undone. */
  private before: Model[] = [];
  private undone: Model[] = [];
  private made = 0;
  private readonly random: () => number;
  /** How often each gesture was made, by name. */
  readonly counts = new Map<string, number>();

  constructor(
    private readonly device: Device,
    seed: number,
  ) {
    this.random = numbers(seed);
  }

  async play(gestures: number): Promise<void> {
    const all: [number, string, () => Promise<boolean>][] = [
      [10, 'add', () => this.add()],
      [3, 'add in the dialog', () => this.addInDialog()],
      [2, 'paste', () => this.paste()],
      [3, 'leave a line, reload, add it', () => this.draft()],
      [7, 'tick by mouse', () => this.tick('mouse')],
      [4, 'tick by key', () => this.tick('key')],
      [3, 'swipe', () => this.swipe()],
      [3, 'open again', () => this.reopen()],
      [8, 'edit and close', () => this.edit()],
      [3, 'sub-task', () => this.subTask()],
      [2, 'comment', () => this.comment()],
      [4, 'date by key', () => this.date()],
      [4, 'priority by key', () => this.priority()],
      [3, 'drag to today', () => this.dragToToday()],
      [3, 'drag in the list', () => this.drag()],
      [3, 'delete', () => this.remove()],
      [6, 'undo', () => this.undo()],
      [2, 'redo', () => this.redo()],
      [3, 'work offline for a while', () => this.offline()],
      [4, 'reload', () => this.reload()],
      [2, 'look elsewhere', () => this.lookElsewhere()],
    ];
    const sum = all.reduce((sum, [weight]) => sum + weight, 0);
    for (let made = 0; made < gestures; ) {
      let at = this.random() * sum;
      const [, name, gesture] = all.find(([weight]) => (at -= weight) < 0)!;
      if (!(await gesture())) continue;
      made += 1;
      this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
      // Right after a gesture, whatever it was.
      if (this.random() < 0.06) await this.reload();
    }
  }

  /** Compares what was typed with what a device has stored. */
  async compare(device: Device): Promise<void> {
    await device.isSynced();
    await device.page.getByRole('button', { name: 'Sync details' }).click();
    const download = device.page.waitForEvent('download');
    await device.page.getByRole('button', { name: 'Save a copy' }).click();
    const text = readFileSync(await (await download).path(), 'utf8');
    await device.page.keyboard.press('Escape');
    const { entities } = JSON.parse(text) as { entities: { id: string; kind: string; fields: Record<string, any> }[] };
    const living = entities.filter(({ fields }) => fields.deleted == null);
    const tasks = living.filter(({ kind, fields }) => kind === 'task' && /^t\d+ /.test(fields.title));
    const titles = new Map(tasks.map(({ id, fields }) => [id, fields.title as string]));
    const commentsOf = (id: string) =>
      living.filter(({ kind, fields }) => kind === 'comment' && fields.task === id).map(({ fields }) => fields.text as string);
    const stored = tasks.map(({ id, fields }) => [
      fields.title,
      {
        done: fields.completed != null,
        notes: fields.notes ?? '',
        due: fields.due ?? '',
        priority: fields.priority ?? 0,
        parent: titles.get(fields.parent) ?? '',
        comments: commentsOf(id).sort(),
      },
    ]);
    const byTitle = (one: unknown[], other: unknown[]) => String(one[0]).localeCompare(String(other[0]));
    const wanted = [...this.model].map(([title, task]) => [title, { ...task, comments: [...task.comments].sort() }]);
    expect(stored.sort(byTitle)).toEqual(wanted.sort(byTitle));
  }

  private get page() {
    return this.device.page;
  }

  private get line() {
    return this.page.getByRole('textbox', { name: 'Add a task' });
  }

  private below(count: number): number {
    return Math.floor(this.random() * count);
  }

  private pick<T>(all: T[]): T | undefined {
    return all[this.below(all.length)];
  }

  private title(): string {
    this.made += 1;
    const word = ['kelp', 'lamp', 'moss', 'oar', 'plum', 'reed', 'slate', 'yarn'][this.made % 8];
    return `t${this.made} ${word}`;
  }

  /** One open task of the top level, or none. */
  private open(): string | undefined {
    return this.pick([...this.model].filter(([, task]) => !task.done && !task.parent).map(([title]) => title));
  }

  private row(title: string) {
    return this.device.tasks.filter({ has: this.device.checkbox(title) });
  }

  /** Changes the model as one gesture that can be undone. */
  private did(change: (model: Model) => void): true {
    this.before.push(this.model);
    this.before = this.before.slice(-UNDONE);
    this.undone = [];
    this.model = new Map([...this.model].map(([title, task]) => [title, { ...task, comments: [...task.comments] }]));
    change(this.model);
    return true;
  }

  private put(title: string, task: Partial<Task> = {}): true {
    const fresh = { done: false, notes: '', due: '', priority: 0, parent: '', comments: [] };
    return this.did((model) => model.set(title, { ...fresh, ...task }));
  }

  private day(ahead: number): Promise<string> {
    return this.page.evaluate((ahead) => {
      const day = new Date();
      day.setDate(day.getDate() + ahead);
      const two = (n: number) => String(n).padStart(2, '0');
      return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
    }, ahead);
  }

  private hasRoom(): boolean {
    return [...this.model.values()].filter((task) => !task.done).length < MOST;
  }

  private async add(): Promise<boolean> {
    if (!this.hasRoom()) return false;
    const title = this.title();
    const [words, task] = this.pick<[string, Partial<Task>]>([
      ['', {}],
      ['', {}],
      [' tomorrow', { due: await this.day(1) }],
      [' p2', { priority: 2 }],
    ])!;
    await this.line.fill(title + words);
    await this.line.press('Enter');
    return this.put(title, task);
  }

  private async addInDialog(): Promise<boolean> {
    if (!this.hasRoom()) return false;
    const title = this.title();
    await this.blur();
    await this.page.keyboard.press('q');
    const line = this.page.getByRole('dialog', { name: 'Quick add' }).getByRole('textbox', { name: 'Add a task' });
    await line.fill(title);
    await line.press('Enter');
    return this.put(title);
  }

  private async paste(): Promise<boolean> {
    if (!this.hasRoom()) return false;
    const titles = [this.title(), this.title(), this.title()];
    await this.line.focus();
    // What reads a line comes a moment after the line itself.
    await expect(this.page.locator('.quick-add .completions')).toBeAttached();
    await this.line.evaluate((input, text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', text);
      input.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, titles.map((title) => `- ${title}`).join('\n'));
    await expect(this.page.getByText('3 lines: 3 tasks?')).toBeVisible();
    await this.line.press('Enter');
    const fresh = { done: false, notes: '', due: '', priority: 0, parent: '', comments: [] };
    return this.did((model) => titles.forEach((title) => model.set(title, { ...fresh, comments: [] })));
  }

  /** A line that is typed and not added is there after a reload. */
  private async draft(): Promise<boolean> {
    if (!this.hasRoom()) return false;
    const title = this.title();
    await this.line.fill(title);
    await this.reload();
    await expect(this.line).toHaveValue(title);
    await this.line.press('Enter');
    return this.put(title);
  }

  /** Completing takes the sub-tasks along. */
  private complete(title: string): true {
    return this.did((model) => {
      for (const [other, task] of model) if (other === title || task.parent === title) task.done = true;
    });
  }

  private async tick(how: 'mouse' | 'key'): Promise<boolean> {
    const title = this.open();
    if (!title) return false;
    const box = this.device.checkbox(title);
    if (how === 'mouse') await box.click();
    else {
      await box.focus();
      await this.page.keyboard.press('Space');
    }
    return this.complete(title);
  }

  private async swipe(): Promise<boolean> {
    const title = this.open();
    if (!title) return false;
    // Not under the bar at the top, where the finger would touch that.
    await this.row(title).evaluate((row) => row.scrollIntoView({ block: 'center' }));
    const box = (await this.row(title).locator('.task__line').boundingBox())!;
    const [x, y] = [box.x + 200, box.y + box.height / 2];
    const touch = await this.page.context().newCDPSession(this.page);
    const at = (x: number) => ({ touchPoints: [{ x, y }] });
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', ...at(x) });
    for (let step = 1; step <= 6; step += 1) await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', ...at(x + step * 30) });
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await touch.detach();
    await expect(this.device.checkbox(title)).toBeChecked();
    return this.complete(title);
  }

  private async reopen(): Promise<boolean> {
    const title = this.pick([...this.model].filter(([, task]) => task.done && !task.parent && !this.hasParts(task)).map(([title]) => title));
    if (!title || [...this.model.values()].some((task) => task.parent === title)) return false;
    const box = this.device.checkbox(title);
    if ((await box.count()) !== 1) return false;
    await box.click();
    return this.did((model) => (model.get(title)!.done = false));
  }

  private hasParts(task: Task): boolean {
    return [...this.model.values()].some((other) => other.parent && this.model.get(other.parent) === task);
  }

  private async visit(title: string): Promise<void> {
    await this.row(title).getByRole('button', { name: `Edit ${title}`, exact: true }).click();
    await expect(this.device.editor).toBeVisible();
  }

  private async leave(): Promise<void> {
    const way = this.pick(['Escape', 'Close', 'Back', 'reload']);
    if (way === 'Escape') await this.page.keyboard.press('Escape');
    if (way === 'Close') await this.device.editor.getByRole('button', { name: 'Close', exact: true }).click();
    if (way === 'Back') await this.page.goBack();
    if (way === 'reload') {
      await this.reload();
      await expect(this.device.editor).toBeVisible();
      await this.page.keyboard.press('Escape');
    }
    await expect(this.device.editor).toHaveCount(0);
  }

  private async edit(): Promise<boolean> {
    const title = this.open();
    if (!title) return false;
    await this.visit(title);
    const { editor } = this.device;
    const renamed = this.random() < 0.5 ? this.title() : title;
    // Never the same words twice: a visit that changes nothing is no gesture.
    this.made += 1;
    const notes = `note ${this.made} of ${renamed}\nand more`;
    if (renamed !== title) await editor.getByRole('textbox', { name: 'Title' }).fill(renamed);
    if (this.random() < 0.5) await editor.getByRole('textbox', { name: 'Title' }).press('End');
    await editor.getByRole('textbox', { name: 'Notes' }).fill(notes);
    await this.leave();
    return this.did((model) => {
      const task = model.get(title)!;
      model.delete(title);
      model.set(renamed, { ...task, notes });
      for (const other of model.values()) if (other.parent === title) other.parent = renamed;
    });
  }

  private async subTask(): Promise<boolean> {
    const parent = this.open();
    if (!parent || !this.hasRoom()) return false;
    const title = this.title();
    await this.visit(parent);
    const line = this.device.editor.getByRole('textbox', { name: 'Add a sub-task' });
    await line.fill(title);
    await line.press('Enter');
    await this.leave();
    return this.put(title, { parent });
  }

  private async comment(): Promise<boolean> {
    const title = this.open();
    if (!title) return false;
    this.made += 1;
    const text = `comment ${this.made}`;
    await this.visit(title);
    const box = this.device.editor.getByRole('textbox', { name: 'Add a comment' });
    await box.fill(text);
    await box.press('Control+Enter');
    await this.leave();
    return this.did((model) => model.get(title)!.comments.push(text));
  }

  private async date(): Promise<boolean> {
    const title = this.open();
    if (!title || this.model.get(title)!.due === (await this.day(1))) return false;
    await this.device.checkbox(title).focus();
    const due = this.page.getByRole('dialog', { name: 'Set the due date' });
    // A key of the moment at which the page comes back may go nowhere. A person presses it again.
    await expect(async () => {
      if (!(await due.isVisible())) await this.page.keyboard.press('t');
      await expect(due).toBeVisible({ timeout: 5_000 });
    }).toPass();
    await due.getByRole('textbox', { name: 'Due', exact: true }).fill('tomorrow');
    await this.page.keyboard.press('Enter');
    await expect(due).toBeHidden();
    const tomorrow = await this.day(1);
    return this.did((model) => (model.get(title)!.due = tomorrow));
  }

  private async priority(): Promise<boolean> {
    const title = this.open();
    const priority = 1 + this.below(3);
    if (!title || this.model.get(title)!.priority === priority) return false;
    await this.device.checkbox(title).focus();
    await this.page.keyboard.press(String(priority));
    return this.did((model) => (model.get(title)!.priority = priority));
  }

  private async carry(title: string, to: { x: number; y: number }): Promise<void> {
    // A task that was just completed leaves after a moment, and the rows below it move.
    await this.page.waitForTimeout(700);
    await this.row(title).scrollIntoViewIfNeeded();
    const from = (await this.row(title).locator('.task__line').boundingBox())!;
    await this.page.mouse.move(from.x + 240, from.y + from.height / 2);
    await this.page.mouse.down();
    await this.page.mouse.move(from.x + 250, from.y + from.height / 2 + 10);
    await this.page.mouse.move(to.x, to.y, { steps: 4 });
    await this.page.mouse.up();
  }

  private async dragToToday(): Promise<boolean> {
    const title = this.open();
    const today = await this.day(0);
    if (!title || this.model.get(title)!.due === today) return false;
    const place = (await this.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Today/ }).boundingBox())!;
    await this.carry(title, { x: place.x + 60, y: place.y + place.height / 2 });
    return this.did((model) => (model.get(title)!.due = today));
  }

  private async drag(): Promise<boolean> {
    const [title, onto] = [this.open(), this.open()];
    if (!title || !onto || title === onto) return false;
    const before = await this.device.titles();
    const place = (await this.row(onto).locator('.task__line').boundingBox())!;
    await this.carry(title, { x: place.x + 8, y: place.y + 4 });
    const depth = await this.row(title).getAttribute('data-depth');
    const after = await this.device.titles();
    if (depth === '0' && before.join() !== after.join()) return this.did(() => {});
    // It has become a part of another task. The person did not want that.
    if (depth !== '0') {
      await this.blur();
      await this.page.keyboard.press('Control+z');
      await expect(this.row(title)).toHaveAttribute('data-depth', '0');
    }
    return false;
  }

  private async remove(): Promise<boolean> {
    const title = this.open();
    if (!title) return false;
    await this.device.checkbox(title).focus();
    await this.page.keyboard.press('Delete');
    return this.did((model) => {
      for (const [other, task] of [...model]) if (other === title || task.parent === title) model.delete(other);
    });
  }

  private async blur(): Promise<void> {
    await this.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  }

  private async undo(): Promise<boolean> {
    const before = this.before.pop();
    if (!before) return false;
    await this.blur();
    await this.page.keyboard.press('Control+z');
    this.undone.push(this.model);
    this.model = before;
    return true;
  }

  private async redo(): Promise<boolean> {
    const after = this.undone.pop();
    if (!after) return false;
    await this.blur();
    await this.page.keyboard.press('Control+Shift+z');
    this.before.push(this.model);
    this.model = after;
    return true;
  }

  private isOffline = false;

  private async offline(): Promise<boolean> {
    this.isOffline = !this.isOffline;
    await this.device.workOffline(this.isOffline);
    return true;
  }

  /** Back to the network, for the comparison. */
  async end(): Promise<void> {
    if (this.isOffline) await this.device.workOffline(false);
    this.isOffline = false;
  }

  private async reload(): Promise<boolean> {
    await this.page.reload();
    await expect(this.line).toBeVisible();
    // Until then a picture of the last screen is there, which takes text but no keys for commands.
    await expect(this.page.locator('#glance')).toHaveCount(0);
    await expect(this.page.locator('#main .quick-add .completions')).toBeAttached();
    return true;
  }

  private async lookElsewhere(): Promise<boolean> {
    const main = this.page.getByRole('navigation', { name: 'Main' });
    await main.getByRole('link', { name: /^Upcoming/ }).click();
    await main.getByRole('link', { name: /^Inbox/ }).click();
    await expect(this.page.getByRole('heading', { name: 'Inbox', level: 1 })).toBeVisible();
    return true;
  }
}
