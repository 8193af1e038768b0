// Tasks in SQLite. All updates of one turn of the event loop are one commit, and none is answered before it.

/** `db` is one of better-sqlite3 or of bun:sqlite; both know what is used here. */
export function sqliteStore(db) {
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  db.exec(`CREATE TABLE task (workspace TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
    revision INTEGER NOT NULL, data TEXT NOT NULL, PRIMARY KEY (workspace, id)) WITHOUT ROWID`);
  db.exec('CREATE INDEX task_by_revision ON task (workspace, revision)');
  const find = db.prepare('SELECT version, data FROM task WHERE workspace = ? AND id = ?');
  const put = db.prepare('REPLACE INTO task (workspace, id, version, revision, data) VALUES (?, ?, ?, ?, ?)');
  const after = db.prepare('SELECT id, version, revision, data FROM task WHERE workspace = ? AND revision > ?');
  const [begin, commit] = ['BEGIN IMMEDIATE', 'COMMIT'].map((sql) => db.prepare(sql));
  let head = 0;
  let waiting = [];

  const decide = (workspace, { entity, version, patch }) => {
    const row = find.get(workspace, entity);
    if ((row?.version ?? 0) !== version) return { conflict: { version: row?.version ?? 0, data: JSON.parse(row?.data ?? '{}') } };
    const data = row ? JSON.stringify({ ...JSON.parse(row.data), ...patch }) : JSON.stringify(patch);
    head += 1;
    put.run(workspace, entity, version + 1, head, data);
    return { version: version + 1, revision: head };
  };
  const flush = () => {
    const now = waiting;
    waiting = [];
    begin.run();
    const answers = now.map(({ workspace, updates }) => updates.map((update) => decide(workspace, update)));
    commit.run();
    now.forEach(({ resolve }, index) => resolve(answers[index]));
  };
  return {
    update: (workspace, updates) =>
      new Promise((resolve) => {
        if (waiting.length === 0) setImmediate(flush);
        waiting.push({ workspace, updates, resolve });
      }),
    since: async (workspace, cursor) => ({
      revision: head,
      tasks: cursor >= head ? [] : after.all(workspace, cursor).map((row) => ({ ...row, data: JSON.parse(row.data) })),
    }),
  };
}
