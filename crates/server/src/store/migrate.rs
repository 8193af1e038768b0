//! From an earlier layout to the next. Each step runs within one transaction, and is never changed once it has shipped.

use rusqlite::Connection;
use tsugi_sync::ids::{Mark, MutationId, MutationSeq, ReplicaId};

use super::rows::{Count, UuidBlob, to_sql};
use super::schema::{CHANGE, RECEIPT};

/// Marks, ticks, horizons, and what of each replica is included.
///
/// The history is written anew, in its own order: each mark follows from the one before.
pub(super) fn from_1(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "ALTER TABLE workspace ADD COLUMN mark INTEGER NOT NULL DEFAULT 0;
         ALTER TABLE workspace ADD COLUMN horizon INTEGER NOT NULL DEFAULT 0;
         ALTER TABLE replica ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;
         ALTER TABLE replica ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
         ALTER TABLE replica ADD COLUMN seen INTEGER NOT NULL DEFAULT 0;
         UPDATE replica SET (seq, revision, seen) = (
             SELECT c.seq, c.revision, c.committed FROM change c
             WHERE c.replica = replica.id ORDER BY c.seq DESC LIMIT 1
         ) WHERE EXISTS (SELECT 1 FROM change c WHERE c.replica = replica.id);
         ALTER TABLE change RENAME TO change_1;",
    )?;
    connection.execute_batch(CHANGE)?;
    copy_changes(connection)?;
    connection.execute_batch("DROP TABLE change_1;")?;
    connection.execute_batch(RECEIPT)?;
    connection.execute_batch(
        "UPDATE workspace SET mark = coalesce(
             (SELECT c.mark FROM change c WHERE c.workspace = workspace.id AND c.revision = workspace.revision), 0);",
    )
}

fn copy_changes(connection: &Connection) -> rusqlite::Result<()> {
    let mut changes = connection.prepare(
        "SELECT c.workspace, c.revision, r.uuid, c.seq FROM change_1 c JOIN replica r ON r.id = c.replica
         ORDER BY c.workspace, c.revision",
    )?;
    let mut copy = connection.prepare(
        "INSERT INTO change (workspace, revision, entity, replica, seq, patch, at, tick, committed, mark)
         SELECT workspace, revision, entity, replica, seq, patch, at, 0, committed, ?3
         FROM change_1 WHERE workspace = ?1 AND revision = ?2",
    )?;
    let mut rows = changes.query([])?;
    let (mut workspace, mut mark) = (None, Mark(0));
    while let Some(row) = rows.next()? {
        let (of, revision): (i64, i64) = (row.get(0)?, row.get(1)?);
        if workspace != Some(of) {
            (workspace, mark) = (Some(of), Mark(0));
        }
        mark = mark.next(MutationId {
            replica: ReplicaId(row.get::<_, UuidBlob>(2)?.0),
            seq: MutationSeq(row.get::<_, Count>(3)?.0),
        });
        copy.execute((of, revision, to_sql(mark.0)))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use rusqlite::Connection;
    use uuid::Uuid;

    use super::super::schema::open_writer;
    use super::from_1;

    fn marks(connection: &Connection) -> Vec<(i64, i64, i64)> {
        let mut statement = connection
            .prepare("SELECT workspace, revision, mark FROM change ORDER BY 1, 2")
            .unwrap();
        let marks = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
        marks.unwrap().map(Result::unwrap).collect()
    }

    fn length(path: &Path) -> u64 {
        std::fs::metadata(path).unwrap().len()
    }

    #[test]
    fn a_crash_at_its_end_leaves_what_was_and_the_next_start_does_it_again() {
        let dir = std::env::temp_dir().join(format!("tsugi-migrate-{}", Uuid::new_v4()));
        std::fs::create_dir(&dir).unwrap();
        let file = |name: &str| dir.join(name);
        let connection = Connection::open(file("a.db")).unwrap();
        let golden = include_str!("../../tests/golden/layout-1.sql");
        connection
            .execute_batch("PRAGMA journal_mode = WAL; PRAGMA foreign_keys = OFF;")
            .unwrap();
        connection.execute_batch(golden).unwrap();
        // A tiny cache: what is written is in the file's log long before the commit.
        connection
            .execute_batch("PRAGMA foreign_keys = ON; PRAGMA cache_size = 1; BEGIN IMMEDIATE;")
            .unwrap();
        let before = length(&file("a.db-wal"));
        from_1(&connection).unwrap();
        assert!(
            length(&file("a.db-wal")) > before,
            "there is something to be left over"
        );

        // What a crash leaves: the files as they are at this moment.
        std::fs::copy(file("a.db"), file("b.db")).unwrap();
        std::fs::copy(file("a.db-wal"), file("b.db-wal")).unwrap();
        let left = Connection::open(file("b.db")).unwrap();
        let version: i32 = left
            .query_row("PRAGMA user_version", [], |row| row.get(0))
            .unwrap();
        let columns = "SELECT count(*) FROM pragma_table_info('change')";
        let columns: i32 = left.query_row(columns, [], |row| row.get(0)).unwrap();
        assert_eq!((version, columns), (1, 8), "layout 1, all of it");
        drop(left);

        connection.execute_batch("COMMIT").unwrap();
        let again = open_writer(&file("b.db")).unwrap();
        assert_eq!(marks(&again), marks(&connection));
        assert_eq!(marks(&again).len(), 88);
        std::fs::remove_dir_all(dir).unwrap();
    }
}
