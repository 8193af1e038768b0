//! From layout 1 to layout 2: the history is written again, in its own order, because each mark follows from the one
//! before.

use rusqlite::Connection;
use tsugi_sync::ids::Mark;
use uuid::Uuid;

use crate::store::sqlite::rows::{Count, UuidBlob, to_sql};

pub(super) fn run(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(include_str!("from_1.sql"))?;
    copy_changes(connection)?;
    connection.execute_batch(include_str!("from_1_end.sql"))
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
        mark = next(mark, row.get::<_, UuidBlob>(2)?.0, row.get::<_, Count>(3)?.0);
        copy.execute((of, revision, to_sql(mark.0)))?;
    }
    Ok(())
}

/// The mark after this one, as servers made it when this layout was new: of the mutation's name alone.
fn next(mark: Mark, replica: Uuid, seq: u64) -> Mark {
    let seq = seq.to_be_bytes();
    let bytes = replica.as_bytes().iter().chain(&seq);
    let hash = bytes.fold((mark.0 as u32) ^ 0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
    });
    Mark(u64::from(hash))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use rusqlite::Connection;
    use uuid::Uuid;

    use super::run;
    use crate::store::sqlite::open::open_writer;

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
        let golden = include_str!("../../../../tests/golden/layout-1.sql");
        connection
            .execute_batch("PRAGMA journal_mode = WAL; PRAGMA foreign_keys = OFF;")
            .unwrap();
        connection.execute_batch(golden).unwrap();
        // With a tiny cache, written pages are in the file's log long before the commit.
        connection
            .execute_batch("PRAGMA foreign_keys = ON; PRAGMA cache_size = 1; BEGIN IMMEDIATE;")
            .unwrap();
        let before = length(&file("a.db-wal"));
        run(&connection).unwrap();
        assert!(
            length(&file("a.db-wal")) > before,
            "there is something to be left over"
        );

        // A crash leaves the files as they are at this moment.
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
