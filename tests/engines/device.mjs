// One device: what a person sees and does, by the names that people with assistive technology know things by.
import { until } from './webdriver.mjs';

export const PASSWORD = 'correct horse battery';

/** Runs in the page: what can be seen and has this role and this name (or begins with it, where it ends with `…`). */
function look(role, name, inside) {
  const selectors = {
    button: 'button, [role=button]',
    checkbox: 'input[type=checkbox]:not([role]), [role=checkbox]',
    dialog: 'dialog[open], [role=dialog]',
    editor: 'dialog[open], [role=dialog], [role=region], section[aria-label], aside[aria-label]',
    group: 'fieldset, [role=group]',
    heading: 'h1, h2, [role=heading]',
    link: 'a[href]',
    list: 'ul, ol, [role=list]',
    radio: 'input[type=radio]',
    status: '[role=status], output',
    switch: '[role=switch]',
    textbox: 'input:not([type=checkbox], [type=radio]), textarea',
  };
  const text = (element) => element?.textContent.trim().replace(/\s+/g, ' ') ?? '';
  const named = (element) => {
    const by = element.getAttribute('aria-labelledby');
    if (by) return by.split(' ').map((id) => text(document.getElementById(id))).join(' ');
    return element.getAttribute('aria-label') ?? text(element.labels?.[0] ?? element.querySelector(':scope > legend') ?? element);
  };
  const matches = (element) => {
    const found = named(element);
    return name.endsWith('…') ? found.startsWith(name.slice(0, -1)) : found === name;
  };
  const seen = (element) => element.getClientRects().length > 0 && getComputedStyle(element).visibility === 'visible';
  const all = [...(inside ?? document).querySelectorAll(selectors[role])];
  return all.find((element) => seen(element) && matches(element)) ?? null;
}

export class Device {
  #session;

  constructor(session) {
    this.#session = session;
  }

  get session() {
    return this.#session;
  }

  /** Waits until it is there. */
  see(role, name, inside) {
    return until(`${role} “${name}” is seen`, () => this.#session.run(look, role, name, inside ?? null));
  }

  gone(role, name) {
    return until(`${role} “${name}” is gone`, async () => !(await this.#session.run(look, role, name, null)));
  }

  /** A press on what is there, found again where it was redrawn meanwhile. */
  press(role, name, inside) {
    return until(`${role} “${name}” is pressed`, async () => {
      const found = await this.#session.run(look, role, name, inside ?? null);
      if (!found) return false;
      await this.#session.click(found);
      return true;
    });
  }

  async fill(name, text, inside) {
    const box = await this.see('textbox', name, inside);
    await this.#session.clear(box);
    await this.#session.type(box, text);
  }

  async createAccount(email) {
    await this.fill('Email', email);
    await this.fill('Password', PASSWORD);
    await this.press('button', 'Create account');
    await this.isSynced();
    await this.goToInbox();
  }

  /** A first visit begins with the list that teaches. */
  async goToInbox() {
    await this.press('link', 'Inbox…');
    await this.see('heading', 'Inbox');
  }

  async signIn(email) {
    await this.fill('Email', email);
    await this.fill('Password', PASSWORD);
    await this.press('button', 'Sign in');
    await this.isSynced();
  }

  isSynced() {
    return this.says('Synced');
  }

  /** What the sync status begins with. */
  async says(word) {
    const status = await this.see('status', 'Sync status');
    const begins = (element, word) => element.textContent.trim().startsWith(word);
    await until(`the status says ${word}`, () => this.#session.run(begins, status, word));
  }

  async workOffline(on) {
    await this.press('button', 'Sync details');
    const toggle = await this.see('switch', 'Work offline');
    const label = await this.#session.run((element) => element.closest('label'), toggle);
    if ((await this.#isChecked(toggle)) !== on) await this.#session.click(label);
    await until(`work offline is ${on}`, async () => (await this.#isChecked(toggle)) === on);
    await this.press('button', 'Sync details');
    await this.gone('switch', 'Work offline');
  }

  #isChecked(element) {
    return this.#session.run((element) => element.checked, element);
  }

  async add(title) {
    const box = await this.see('textbox', 'Add a task');
    await this.#session.type(box, `${title}\uE007`);
  }

  task(title) {
    return this.see('checkbox', title);
  }

  async complete(title) {
    await this.press('checkbox', title);
  }

  /** Titles in their order, those of completed tasks in brackets. */
  titles() {
    return this.#session.run(() =>
      [...document.querySelectorAll('[aria-label="Tasks"] input[type=checkbox]')].map((box) => {
        const title = document.getElementById(box.getAttribute('aria-labelledby'))?.textContent.trim();
        return box.checked ? `[${title}]` : title;
      }),
    );
  }

  async shows(...titles) {
    const wanted = JSON.stringify(titles);
    let last;
    await until(`the list is ${wanted}`, async () => {
      last = JSON.stringify(await this.titles());
      if (last === wanted) return true;
      throw new Error(`it is ${last}`);
    });
  }

  /** Opens a task's editor, and answers with it. */
  async openEditor(title) {
    await this.press('button', `Edit ${title}`);
    return this.see('editor', 'Task');
  }

  async edit(title, fields) {
    const editor = await this.openEditor(title);
    for (const [name, value] of Object.entries(fields)) await this.fill(name, value, editor);
    await this.press('button', 'Close', editor);
    await this.gone('editor', 'Task');
  }

  /** Drags a row by its title to the upper edge of another. */
  async drag(title, above) {
    const middle = (box) => {
      const row = document.getElementById(box.getAttribute('aria-labelledby')).getBoundingClientRect();
      const line = box.closest('li').getBoundingClientRect();
      return [row.left + 5, row.top + row.height / 2, line.left + 60, line.top + 3];
    };
    const [x, y] = await this.#session.run(middle, await this.task(title));
    const [, , toX, toY] = await this.#session.run(middle, await this.task(above));
    const way = [0.25, 0.5, 0.75].map((part) => [x + (toX - x) * part, y + (toY - y) * part]);
    await this.#session.drag([[x, y], [x + 15, y + 8], ...way, [toX, toY], [toX, toY]]);
  }

  /** The page and all its files are on this device, so that it starts without the server. */
  startsAlone() {
    const kept = async () => {
      await navigator.serviceWorker.ready;
      return (await (await caches.open('tsugi-app')).keys()).length > 0;
    };
    return until('the app is on this device', () => this.#session.run(kept));
  }
}
