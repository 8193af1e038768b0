// A list of tasks written by hand: no framework, no WebAssembly. It is what the app's list is held against
// (docs/performance.md says what it leaves out).
import { add, done, fill, load, open, rename, search, tasks, toggle } from './tasks.js';

/** Pixels above and below the window in which rows are there already. */
const AROUND = 900;
/** Rows come and go by so many, as the app's do. */
const CHUNK = 16;

const get = (selector) => document.querySelector(selector);
const [list, heading, count] = ['.tasks', '.list-head__title', '.list-head__count'].map(get);
const [above, below] = get('.tasks-room').querySelectorAll(':scope > div');
const [quickAdd, searchInput, editor] = ['#quick-add', '#search', 'aside'].map(get);
const number = new Intl.NumberFormat('en');

let view = 'inbox';
let found = [];
let editing;
/** The height of a row, measured once there is one. */
let height = 44;
/** The rows that are in the document, by task. */
let rows = new Map();

const shown = {
  inbox: { title: 'Inbox', of: (at) => (at < open.length ? open[at] : done[at - open.length]), total: () => tasks.size },
  completed: { title: 'Completed', of: (at) => done[at], total: () => done.length },
  search: { title: 'Search', of: (at) => found[at], total: () => found.length },
};

function draw() {
  const { of, total } = shown[view];
  const all = total();
  const top = -list.parentElement.getBoundingClientRect().top;
  const first = Math.min(Math.max(0, Math.floor((top - AROUND) / height / CHUNK) * CHUNK), all);
  const end = Math.min(all, Math.ceil((top + innerHeight + AROUND) / height / CHUNK) * CHUNK);
  const fresh = new Map();
  let before = null;
  for (let at = first; at < end; at++) {
    const task = of(at);
    const row = rows.get(task) ?? make(task);
    rows.delete(task);
    fresh.set(task, row);
    row.ariaPosInSet = at + 1;
    row.ariaSetSize = all;
    const place = before ? before.nextSibling : list.firstChild;
    if (place !== row) list.insertBefore(row, place);
    before = row;
  }
  for (const row of rows.values()) row.remove();
  rows = fresh;
  above.style.height = `${first * height}px`;
  below.style.height = `${(all - end) * height}px`;
}

function make(task) {
  const row = template.content.firstElementChild.cloneNode(true);
  row.dataset.task = task.id;
  const title = row.querySelector('.task__title');
  title.id = `title-${task.id}`;
  const check = row.querySelector('.check');
  check.setAttribute('aria-labelledby', title.id);
  row.querySelector('.task__edit').ariaLabel = `Edit ${task.title}`;
  row.task = task;
  show(row);
  return row;
}

function show(row) {
  row.classList.toggle('task--done', Boolean(row.task.completed));
  row.querySelector('.task__title').textContent = row.task.title;
  row.querySelector('.check').checked = Boolean(row.task.completed);
}

function say() {
  heading.textContent = shown[view].title;
  const all = shown[view].total();
  const tasks = `${number.format(all)} task${all === 1 ? '' : 's'}`;
  count.textContent = { inbox: `${number.format(open.length)} open`, completed: tasks, search: all ? `${tasks} found` : 'Nothing found' }[view];
  for (const link of document.querySelectorAll('.sidebar__link')) link.ariaCurrent = link.hash === `#${view}` ? 'page' : null;
}

const template = document.createElement('template');
template.innerHTML = `
  <li class="task"><div class="task__line">
    <button type="button" class="task__edit"></button>
    <label class="task__check"><input type="checkbox" class="check"></label>
    <span class="task__title"></span>
    <span class="task__signs"></span>
    <span class="task__due"></span>
  </div></li>`.replaceAll(/>\s+</g, '><');

get('nav').addEventListener('click', (event) => {
  event.preventDefault();
  view = event.target.hash.slice(1);
  get('.search').hidden = view !== 'search';
  get('form').hidden = view !== 'inbox';
  scrollTo(0, 0);
  say();
  draw();
});

list.addEventListener('click', ({ target }) => {
  const { task } = target.closest('.task');
  if (target.matches('.check')) {
    toggle(task);
    show(rows.get(task));
    say();
    draw();
    return;
  }
  editing = task;
  editor.hidden = false;
  get('.workspace').classList.add('workspace--beside');
  const input = editor.querySelector('textarea');
  input.value = task.title;
  input.focus();
});

editor.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter') return;
  event.preventDefault();
  rename(editing, event.target.value);
  show(rows.get(editing));
  editor.hidden = true;
  get('.workspace').classList.remove('workspace--beside');
});

quickAdd.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || !quickAdd.value.trim()) return;
  event.preventDefault();
  add(quickAdd.value.trim());
  quickAdd.value = '';
  say();
  draw();
});

searchInput.addEventListener('input', () => {
  found = search(searchInput.value);
  say();
  draw();
});

addEventListener('scroll', draw);
addEventListener('resize', draw);

const loaded = load();
globalThis.fill = (many) => loaded.then(() => fill(many));
await loaded;
say();
draw();
height = list.firstElementChild?.getBoundingClientRect().height ?? height;
draw();
