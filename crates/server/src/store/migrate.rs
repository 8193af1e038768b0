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
