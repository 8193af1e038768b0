// Tasks in PostgreSQL. A single update is one statement; a batch is one transaction of two.

const TABLE = `
  DROP TABLE IF EXISTS task;
  DROP SEQUENCE IF EXISTS revision;
  CREATE SEQUENCE revision;
  CREATE TABLE task (workspace uuid NOT NULL, id uuid NOT NULL, version bigint NOT NULL, revision bigint NOT NULL,
    data jsonb NOT NULL, PRIMARY KEY (workspace, id));
  CREATE INDEX task_by_revision ON task (workspace, revision)`;

const CHANGE = `UPDATE task SET data = task.data || new.data, version = task.version + 1, revision = nextval('revision')
  FROM unnest($2::uuid[], $3::bigint[], $4::jsonb[]) AS new (id, version, data)
  WHERE task.workspace = $1 AND task.id = new.id AND task.version = new.version
  RETURNING task.id, task.version, task.revision`;
const CREATE = `INSERT INTO task (workspace, id, version, revision, data)
  SELECT $1, id, 1, nextval('revision'), data FROM unnest($2::uuid[], $3::jsonb[]) AS new (id, data)
  ON CONFLICT DO NOTHING RETURNING id, version, revision`;
const CHANGE_ONE = `UPDATE task SET data = data || $4, version = version + 1, revision = nextval('revision')
  WHERE workspace = $1 AND id = $2 AND version = $3 RETURNING id, version, revision`;
const CREATE_ONE = `INSERT INTO task (workspace, id, version, revision, data) VALUES ($1, $2, 1, nextval('revision'), $3)
  ON CONFLICT DO NOTHING RETURNING id, version, revision`;
const AFTER = 'SELECT id, version, revision, data FROM task WHERE workspace = $1 AND revision > $2';
const NOW = 'SELECT id, version, data FROM task WHERE workspace = $1 AND id = ANY($2)';

const numbers = (row) => ({ ...row, version: Number(row.version), revision: Number(row.revision) });

export async function postgresStore(pool) {
  await pool.query(TABLE);
  const query = (on, name, text, values) => on.query({ name, text, values });

  const one = async (workspace, { entity, version, patch }) => {
    const result =
      version === 0
        ? await query(pool, 'create one', CREATE_ONE, [workspace, entity, patch])
        : await query(pool, 'change one', CHANGE_ONE, [workspace, entity, version, patch]);
    return result.rows;
  };
  const many = async (workspace, updates) => {
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      const [create, change] = [updates.filter((u) => u.version === 0), updates.filter((u) => u.version > 0)];
      const ids = (list) => list.map((update) => update.entity);
      const patches = (list) => list.map((update) => JSON.stringify(update.patch));
      const rows = [];
      if (create.length > 0) rows.push(...(await query(client, 'create', CREATE, [workspace, ids(create), patches(create)])).rows);
      if (change.length > 0) {
        const values = [workspace, ids(change), change.map((update) => update.version), patches(change)];
        rows.push(...(await query(client, 'change', CHANGE, values)).rows);
      }
      await client.query('COMMIT');
      return rows;
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    } finally {
      client.release();
    }
  };
  return {
    update: async (workspace, updates) => {
      const rows = updates.length === 1 ? await one(workspace, updates[0]) : await many(workspace, updates);
      const done = new Map(rows.map((row) => [row.id, numbers(row)]));
      const missing = updates.filter((update) => !done.has(update.entity)).map((update) => update.entity);
      const current = new Map();
      if (missing.length > 0) {
        for (const row of (await query(pool, 'now', NOW, [workspace, missing])).rows) current.set(row.id, numbers(row));
      }
      return updates.map(({ entity }) => done.get(entity) ?? { conflict: current.get(entity) ?? { version: 0 } });
    },
    since: async (workspace, cursor) => {
      const tasks = (await query(pool, 'after', AFTER, [workspace, cursor])).rows.map(numbers);
      return { tasks, revision: tasks.reduce((most, task) => Math.max(most, task.revision), cursor) };
    },
  };
}
