// The tasks in memory, and what keeps them: IndexedDB holds packed chunks of a thousand, and a log of the edits since,
// which is never packed.
const CHUNK = 1_000;

/** Every task by its id, in the order of their making. */
export const tasks = new Map();
/** The open ones as people made them; the completed ones, the latest first. */
export const open = [];
export const done = [];

let database;

export async function load() {
  const asked = indexedDB.open('plain', 1);
  asked.onupgradeneeded = () => {
    asked.result.createObjectStore('chunks');
    asked.result.createObjectStore('log', { autoIncrement: true });
  };
  database = await answer(asked);
  const read = database.transaction(['chunks', 'log']);
  const [chunks, log] = await Promise.all(['chunks', 'log'].map((name) => answer(read.objectStore(name).getAll())));
  for (const chunk of chunks) for (const task of JSON.parse(chunk)) tasks.set(task.id, task);
  for (const row of log) {
    const task = JSON.parse(row);
    tasks.set(task.id, { ...tasks.get(task.id), ...task });
  }
  for (const task of tasks.values()) (task.completed ? done : open).push(task);
  done.sort((one, other) => other.completed - one.completed);
}

/** Puts many tasks into the store, for the next load. */
export async function fill(many) {
  const write = database.transaction('chunks', 'readwrite');
  const chunks = write.objectStore('chunks');
  const begun = await answer(chunks.count());
  for (let at = 0; at < many.length; at += CHUNK) chunks.put(JSON.stringify(many.slice(at, at + CHUNK)), begun + at / CHUNK);
  await complete(write);
}

export function add(title) {
  const task = { id: crypto.randomUUID(), title, created: Date.now() };
  tasks.set(task.id, task);
  open.push(task);
  return keep(task);
}

export function rename(task, title) {
  task.title = title;
  return keep({ id: task.id, title });
}

export function toggle(task) {
  task.completed = task.completed ? null : Date.now();
  const [from, to] = task.completed ? [open, done] : [done, open];
  from.splice(from.indexOf(task), 1);
  if (task.completed) to.unshift(task);
  else to.splice(place(to, task), 0, task);
  return keep({ id: task.id, completed: task.completed });
}

/** Open before completed, the newest first. */
export function search(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const found = [...tasks.values()].reverse().filter(({ title }) => {
    const folded = title.toLowerCase();
    return words.every((word) => folded.includes(word));
  });
  return [...found.filter((task) => !task.completed), ...found.filter((task) => task.completed)];
}

function place(sorted, task) {
  const at = sorted.findIndex(({ created }) => created > task.created);
  return at < 0 ? sorted.length : at;
}

/** Resolves when the edit would outlive a power cut. */
function keep(edit) {
  const write = database.transaction('log', 'readwrite', { durability: 'strict' });
  write.objectStore('log').add(JSON.stringify(edit));
  return complete(write);
}

function answer(asked) {
  return new Promise((done, failed) => {
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}

function complete(transaction) {
  return new Promise((done, failed) => {
    transaction.oncomplete = () => done();
    transaction.onabort = () => failed(transaction.error);
  });
}
