// The glance: the screen as it was left, shown before the app is there. It is drawn from data that this file has kept on
// this device, as plain nodes. Only the line that adds a task is live. When the app shows its own screen, the words in
// that line, the caret and the focus go over to it.
//
// The data are forgotten at sign-out: they count only together with the profile, and go with it.

const KEY = 'tsugi.glance';
const MOST_ROWS = 40;
const MOST_CHARACTERS = 200_000;
const REST_MS = 2_000;
const SVG = 'http://www.w3.org/2000/svg';
/** What is kept of a node. */
const ATTRIBUTES = ['class', 'd', 'viewBox', 'x', 'y', 'width', 'height', 'rx', 'placeholder', 'data-rank', 'data-priority', 'data-colour', 'aria-current'];
/** What is not kept, or is there only for a moment. */
const PASSING = '[popover], [hidden], dialog, .menu__list, .problem, .understood, .visually-hidden, .skip';

/** Which build drew the screen. Another one may have other styles. */
const build = document.querySelector('meta[name="tsugi-app"]').dataset.script + document.querySelector('link[rel="stylesheet"]').getAttribute('href');
const profile = () => localStorage.getItem('tsugi.profile');
const live = () => document.getElementById('quick-add');
let glance;
/** What is typed in the glance: entered lines that wait for the app, and the line itself. */
const typed = { lines: [], field: null };

try {
  const kept = JSON.parse(localStorage.getItem(KEY) ?? 'null');
  if (!profile()) localStorage.removeItem(KEY);
  else if (kept?.profile === profile() && kept.build === build && kept.path === location.pathname) show(kept);
  addEventListener('pagehide', keep);
  let rest;
  for (const event of ['pointerup', 'keyup']) {
    addEventListener(event, () => {
      clearTimeout(rest);
      rest = setTimeout(keep, REST_MS);
    }, { passive: true, capture: true });
  }
} catch (error) {
  // Without this storage there is no glance, and the app comes a moment later.
  console.warn('no glance:', error);
}

function keep() {
  try {
    keepScreen();
  } catch (error) {
    console.warn('no glance:', error);
  }
}

function keepScreen() {
  if (glance?.isConnected) {
    // The page goes before the app has come. What was typed waits for the next start.
    const kept = JSON.parse(localStorage.getItem(KEY) ?? 'null');
    return kept && localStorage.setItem(KEY, JSON.stringify({ ...kept, lines: typed.lines, line: typed.field?.value }));
  }
  const main = document.getElementById('main');
  if (!profile() || !main?.querySelector('.list-head') || main.querySelector('.skeleton')) return localStorage.removeItem(KEY);
  const { lang, dir, dataset } = document.documentElement;
  const kept = {
    profile: profile(),
    build,
    path: location.pathname,
    day: new Date().toDateString(),
    root: { lang, dir, theme: dataset.theme },
    screen: [...document.body.children].map(dataOf).filter(Boolean),
  };
  const text = JSON.stringify(kept);
  // Anything older than this screen is not the last one.
  localStorage.removeItem(KEY);
  if (text.length <= MOST_CHARACTERS) localStorage.setItem(KEY, text);
}

/** The data of a node: a text, or a name with attributes and children. */
function dataOf(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.nodeType !== Node.ELEMENT_NODE || node.matches(PASSING) || node.id === 'tsugi-stopped') return null;
  const kept = {};
  for (const name of ATTRIBUTES) if (node.hasAttribute(name)) kept[name] = node.getAttribute(name);
  if (node.style.cssText) kept.style = node.style.cssText;
  if (node.checked) kept.checked = true;
  if (node === live()) kept.value = node.value;
  const children = [...node.childNodes].slice(0, node.matches('.tasks') ? MOST_ROWS : Infinity);
  return [node.localName, kept, ...children.map(dataOf).filter((child) => child !== null)];
}

function show({ day, root, screen, lines = [], line }) {
  Object.assign(document.documentElement, { lang: root.lang, dir: root.dir });
  if (root.theme) document.documentElement.dataset.theme = root.theme;
  const isToday = day === new Date().toDateString();
  glance = document.createElement('div');
  glance.id = 'glance';
  glance.ariaBusy = 'true';
  glance.append(...screen.map((data) => nodeOf(data, isToday)));
  const field = glance.querySelector('.quick-add__input');
  for (const still of glance.querySelectorAll('.header, .sidebar, .bottom-bar, .list-head, .tasks-room, .board, .quick-add button')) {
    still.inert = true;
    still.ariaHidden = 'true';
  }
  document.body.append(glance);
  const before = field?.value;
  if (field && line !== undefined) field.value = line;
  typed.lines.push(...lines);
  typed.field = field;
  handOver(field, before);
}

function nodeOf(data, isToday) {
  if (typeof data === 'string') return document.createTextNode(data);
  const [name, { style, checked, value, ...attributes }, ...children] = data;
  const isSvg = ['svg', 'path', 'g', 'rect'].includes(name);
  const node = isSvg ? document.createElementNS(SVG, name) : document.createElement(name);
  for (const [key, kept] of Object.entries(attributes)) if (ATTRIBUTES.includes(key)) node.setAttribute(key, kept);
  if (style) node.style.cssText = style;
  if (node.classList.contains('check')) Object.assign(node, { type: 'checkbox', checked: checked === true });
  if (value !== undefined) Object.assign(node, { value, ariaLabel: attributes.placeholder });
  // "Tomorrow" is wrong on another day.
  if (!isToday && node.classList.contains('due')) return document.createTextNode('');
  node.append(...children.map((child) => nodeOf(child, isToday)));
  return node;
}

/** Waits for the app's own screen, and gives it what was typed. `before` is the line as the screen was left. */
function handOver(field, before) {
  const { lines } = typed;
  let composing = false;
  field?.form?.addEventListener('submit', (event) => event.preventDefault());
  field?.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.isComposing || !field.value.trim()) return;
    event.preventDefault();
    lines.push(field.value);
    field.value = '';
  });
  field?.addEventListener('compositionstart', () => (composing = true));
  field?.addEventListener('compositionend', () => {
    composing = false;
    if (isListed) finish();
  });
  let isListed = false;
  const finish = async () => {
    isListed = true;
    if (composing || !glance.isConnected) return;
    const isFocused = document.activeElement === field;
    const { value = '', selectionStart, selectionEnd } = field ?? {};
    glance.remove();
    const box = live();
    if (!box) return;
    if (isFocused) box.focus();
    for (const line of lines.splice(0)) {
      write(box, line);
      box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
      // The app empties the line when it has taken it. One that it refuses waits for the person.
      while (box.isConnected && box.value) await new Promise((next) => setTimeout(next, 20));
    }
    // The app may know a later line than the screen that was kept. It gives way only to words of now.
    if (value !== before) write(box, value);
    if (isFocused) box.setSelectionRange(selectionStart, selectionEnd);
  };
  addEventListener('tsugi-listed', finish, { once: true });
}

function write(box, text) {
  box.value = text;
  box.dispatchEvent(new Event('input', { bubbles: true }));
}
