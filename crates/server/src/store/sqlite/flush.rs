//! Writing what a group's pushes change in one workspace.
//!
//! Invariant: a receipt is stored together with its effect, because both are in the caller's transaction.

use rusqlite::Connection;
use tsugi_sync::ids::{EntityId, ReplicaId, Timestamp};

use super::load::RowIds;
use super::rows::to_sql;
use crate::store::StoreError;
use crate::store::writes::{EntityRow, ReplicaRow, Writes};

/// Stores `writes`, and moves the workspace's counter to their revision. Adds the ids of new rows.
pub(super) fn flush(
    connection: &Connection,
    ids: &mut RowIds,
    writes: &Writes,
    now: Timestamp,
) -> Result<(), StoreError> {
    for (id, row) in &writes.entities {
        let stored = store_entity(connection, ids, *id, row)?;
        ids.entities.insert(*id, stored);
    }
    for (id, row) in &writes.replicas {
        let stored = store_replica(connection, ids, *id, row, now)?;
        ids.replicas.insert(*id, stored);
    }
    let mut statement = connection.prepare_cached(
        "INSERT INTO change (workspace, revision, entity, replica, seq, patch, at, committed, tick, mark)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?;
    for change in &writes.changes {
        statement.execute((
            ids.workspace,
            to_sql(change.revision.0),
            ids.entities.get(&change.entity),
            ids.replicas.get(&change.replica),
            to_sql(change.seq.0),
            &change.patch,
            to_sql(change.hlc.at.0),
            to_sql(now.0),
            change.hlc.tick,
            to_sql(change.mark.0),
        ))?;
    }
    connection
        .prepare_cached("UPDATE workspace SET revision = ?2, entities = ?3, mark = ?4 WHERE id = ?1")?
        .execute((
            ids.workspace,
            to_sql(writes.revision.0),
            to_sql(writes.entity_count),
            to_sql(writes.mark.0),
        ))?;
    Ok(())
}

/// Answers the entity's row id.
fn store_entity(
    connection: &Connection,
    ids: &RowIds,
    id: EntityId,
    row: &EntityRow,
) -> Result<i64, StoreError> {
    let revision = to_sql(row.revision.0);
    if let Some(known) = ids.entities.get(&id) {
        connection
            .prepare_cached("UPDATE entity SET fields = ?2, revision = ?3, deleted = ?4 WHERE id = ?1")?
            .execute((known, &row.fields, revision, row.deleted))?;
        return Ok(*known);
    }
    connection
        .prepare_cached(
            "INSERT INTO entity (workspace, uuid, kind, fields, revision, deleted)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute((
            ids.workspace,
            id.0.as_bytes(),
            row.kind.as_str(),
            &row.fields,
            revision,
            row.deleted,
        ))?;
    Ok(connection.last_insert_rowid())
}

/// Answers the replica's row id.
fn store_replica(
    connection: &Connection,
    ids: &RowIds,
    id: ReplicaId,
    row: &ReplicaRow,
    now: Timestamp,
) -> Result<i64, StoreError> {
    let known = match ids.replicas.get(&id) {
        Some(known) => *known,
        None => {
            connection
                .prepare_cached(
                    "INSERT INTO replica (workspace, uuid, account, device, created) VALUES (?1, ?2, ?3, ?4, ?5)",
                )?
                .execute((
                    ids.workspace,
                    id.0.as_bytes(),
                    ids.accounts.get(&row.user),
                    &row.device,
                    to_sql(now.0),
                ))?;
            connection.last_insert_rowid()
        }
    };
    if let Some((seq, revision)) = row.latest {
        connection
            .prepare_cached(
                "UPDATE replica SET device = ?2, seen = ?5,
                     revision = CASE WHEN ?3 > seq THEN ?4 ELSE revision END, seq = max(seq, ?3)
                 WHERE id = ?1",
            )?
            .execute((
                known,
                &row.device,
                to_sql(seq.0),
                to_sql(revision.0),
                to_sql(now.0),
            ))?;
    }
    Ok(known)
}
