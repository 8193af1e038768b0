//! Forgetting receipts and tombstones that are older than the protocol promises to keep them.
//!
//! ```text
//!        forgotten         horizon                         head
//! ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─┼──────┼──────┼──────┼──────┼──┤
//!   a cursor here gets a    │ here and on it gets a delta
//!   snapshot                └ its mark is still known
//! ```
//! Invariants:
//!
//! - The change at the horizon stays, and so does the one at the head. By their marks, a cursor on them can still be told
//!   from a cursor of another history.
//! - A tombstone is emptied only together with the last of its changes. An empty row stays for ever and says that the entity
//!   was deleted. Otherwise a replica could begin the entity again, and other replicas would still hold the old one.
//! - A history is forgotten from its beginning, without holes.
//! - Each step moves the horizon and deletes below it in one savepoint, so a crash leaves nothing half done. Steps are
//!   small, so that pushes do not wait for them.
//!
//! Left out: making the file smaller. SQLite fills the room again.

use std::time::{Duration, Instant};

use rusqlite::Connection;
use tsugi_sync::ids::Timestamp;

use super::Sqlite;
use super::rows::{Count, to_sql};
use crate::metrics;
use crate::store::StoreError;
use crate::store::retention::{PAGE, STEP_BYTES, STEP_CHANGES, Swept};

impl Sqlite {
    /// Forgets the changes from before `before`, in every workspace, and rests for `pause` between the steps.
    pub(crate) async fn sweep(&self, before: Timestamp, pause: Duration) -> Result<Swept, StoreError> {
        let began = Instant::now();
        let mut swept = Swept::default();
        let mut last = 0;
        loop {
            let page = self
                .read(move |connection| old_histories(connection, last, before))
                .await?;
            for workspace in &page {
                self.forget_all(*workspace, before, pause, &mut swept).await?;
            }
            match page.last() {
                Some(workspace) => last = *workspace,
                None => break,
            }
        }
        let mut last = 0;
        loop {
            let page = self
                .read(move |connection| silent_replicas(connection, last, before))
                .await?;
            match page.last() {
                Some(replica) => last = *replica,
                None => break,
            }
            let retiring = self.write_then(move |connection| retire(connection, &page, before), |_| {});
            swept.add(retiring.await?);
            tokio::time::sleep(pause).await;
        }
        metrics::swept(began.elapsed());
        Ok(swept)
    }

    async fn forget_all(
        &self,
        workspace: i64,
        before: Timestamp,
        pause: Duration,
        swept: &mut Swept,
    ) -> Result<(), StoreError> {
        while let Some(step) = self
            .write_then(move |connection| forget(connection, workspace, before), |_| {})
            .await?
        {
            swept.add(step);
            tokio::time::sleep(pause).await;
        }
        Ok(())
    }
}

/// Workspaces after `last` in which the change that follows the horizon is old.
fn old_histories(connection: &Connection, last: i64, before: Timestamp) -> Result<Vec<i64>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT w.id FROM workspace w WHERE w.id > ?1 AND ?2 > (
             SELECT c.committed FROM change c WHERE c.workspace = w.id AND c.revision > w.horizon
             ORDER BY c.revision LIMIT 1
         ) ORDER BY w.id LIMIT ?3",
    )?;
    let found = statement.query_map((last, to_sql(before.0), to_sql(PAGE)), |row| row.get(0))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// One step in one workspace. None if everything in it is young, or is the head.
fn forget(connection: &Connection, workspace: i64, before: Timestamp) -> Result<Option<Swept>, StoreError> {
    let horizon: i64 = connection
        .prepare_cached("SELECT horizon FROM workspace WHERE id = ?1")?
        .query_row([workspace], |row| row.get(0))?;
    let Some(next) = next_horizon(connection, workspace, horizon, before)? else {
        return Ok(None);
    };
    let tombstones = connection
        .prepare_cached(
            "UPDATE entity SET fields = json_object('deleted', json_extract(fields, '$.deleted'))
             WHERE deleted = 1 AND revision < ?3 AND id IN
                 (SELECT entity FROM change WHERE workspace = ?1 AND revision >= ?2 AND revision < ?3)",
        )?
        .execute((workspace, horizon, next))?;
    let changes = connection
        .prepare_cached("DELETE FROM change WHERE workspace = ?1 AND revision < ?2")?
        .execute((workspace, next))?;
    connection
        .prepare_cached("UPDATE workspace SET horizon = ?2, entities = max(entities - ?3, 0) WHERE id = ?1")?
        .execute((workspace, next, to_sql(tombstones as u64)))?;
    Ok(Some(Swept {
        changes: changes as u64,
        tombstones: tombstones as u64,
        replicas: 0,
    }))
}

/// How far one step goes: over old changes only, up to the first young one, even if the server's clock was wrong at
/// that time.
fn next_horizon(
    connection: &Connection,
    workspace: i64,
    horizon: i64,
    before: Timestamp,
) -> Result<Option<i64>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT revision, committed, octet_length(patch) FROM change
         WHERE workspace = ?1 AND revision > ?2 ORDER BY revision LIMIT ?3",
    )?;
    let mut rows = statement.query((workspace, horizon, to_sql(STEP_CHANGES)))?;
    let (mut next, mut bytes) = (None, 0);
    while let Some(row) = rows.next()? {
        if row.get::<_, Count>(1)?.0 >= before.0 || bytes > STEP_BYTES {
            break;
        }
        next = Some(row.get(0)?);
        bytes += row.get::<_, Count>(2)?.0;
    }
    Ok(next)
}

/// Replicas after `last` that have an entry in the version vector and have not written since.
fn silent_replicas(connection: &Connection, last: i64, before: Timestamp) -> Result<Vec<i64>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT id FROM replica WHERE id > ?1 AND seq > 0 AND seen < ?2 ORDER BY id LIMIT ?3",
    )?;
    let found = statement.query_map((last, to_sql(before.0), to_sql(PAGE)), |row| row.get(0))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Takes them out of the version vector. They stay known, because they still belong to their users.
fn retire(connection: &Connection, replicas: &[i64], before: Timestamp) -> Result<Swept, StoreError> {
    let mut statement =
        connection.prepare_cached("UPDATE replica SET seq = 0, revision = 0 WHERE id = ?1 AND seen < ?2")?;
    let mut swept = Swept::default();
    for replica in replicas {
        swept.replicas += statement.execute((replica, to_sql(before.0)))? as u64;
    }
    Ok(swept)
}
