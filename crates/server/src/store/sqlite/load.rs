//! Reading what the pushes of a group name, and keeping the row ids for the writes.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension};
use tsugi_sync::ids::{EntityId, MutationId, MutationSeq, ReplicaId, Revision, UserId, WorkspaceId};
use tsugi_sync::sequencer::Receipt;

use super::rows::{Count, UuidBlob, author_at, entity_at, member_view, to_sql};
use crate::store::StoreError;
use crate::store::needs::{Loaded, Made, Needs};

/// The row ids of what was loaded.
#[derive(Debug, Default)]
pub(super) struct RowIds {
    pub(super) workspace: i64,
    pub(super) accounts: BTreeMap<UserId, i64>,
    pub(super) replicas: BTreeMap<ReplicaId, i64>,
    pub(super) entities: BTreeMap<EntityId, i64>,
}

/// Reads what is needed in the workspace. None if none of the users is a member.
pub(super) fn load(
    connection: &Connection,
    workspace: WorkspaceId,
    needs: &Needs,
) -> Result<Option<(Loaded, RowIds)>, StoreError> {
    let mut ids = RowIds::default();
    let mut roles = BTreeMap::new();
    let mut of_workspace = None;
    for user in &needs.users {
        let Some(view) = member_view(connection, workspace, *user)? else {
            continue;
        };
        ids.workspace = view.row;
        ids.accounts.insert(*user, view.account);
        roles.insert(*user, view.role);
        of_workspace = Some((view.head, view.entities));
    }
    let Some((head, entity_count)) = of_workspace else {
        return Ok(None);
    };
    let mut loaded = Loaded {
        head,
        entity_count,
        roles,
        replicas: BTreeMap::new(),
        receipts: BTreeMap::new(),
        entities: BTreeMap::new(),
        made: BTreeMap::new(),
    };
    load_replicas(connection, needs, &mut ids, &mut loaded)?;
    load_receipts(connection, needs, &ids, &mut loaded)?;
    load_entities(connection, needs, &mut ids, &mut loaded)?;
    Ok(Some((loaded, ids)))
}

fn load_replicas(
    connection: &Connection,
    needs: &Needs,
    ids: &mut RowIds,
    loaded: &mut Loaded,
) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT r.id, a.uuid FROM replica r JOIN account a ON a.id = r.account
         WHERE r.workspace = ?1 AND r.uuid = ?2",
    )?;
    for replica in &needs.replicas {
        let found = statement.query_row((ids.workspace, replica.0.as_bytes()), |row| {
            Ok((row.get(0)?, UserId(row.get::<_, UuidBlob>(1)?.0)))
        });
        if let Some((row, owner)) = found.optional()? {
            ids.replicas.insert(*replica, row);
            loaded.replicas.insert(*replica, owner);
        }
    }
    Ok(())
}

fn load_receipts(
    connection: &Connection,
    needs: &Needs,
    ids: &RowIds,
    loaded: &mut Loaded,
) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT change.revision, entity.uuid, change.patch FROM change JOIN entity ON entity.id = change.entity
         WHERE change.replica = ?1 AND change.seq = ?2",
    )?;
    let mut any = connection
        .prepare_cached("SELECT 1 FROM change WHERE replica = ?1 AND seq >= ?2 AND seq <= ?3 LIMIT 1")?;
    for (replica, row) in &ids.replicas {
        let of = |seq| MutationId {
            replica: *replica,
            seq,
        };
        let seqs = needs
            .mutations
            .range(of(MutationSeq(0))..=of(MutationSeq(u64::MAX)));
        let (Some(first), Some(last)) = (seqs.clone().next(), seqs.clone().next_back()) else {
            continue;
        };
        // Mostly all of them are new, which one look into the index shows.
        if !any.exists((row, to_sql(first.seq.0), to_sql(last.seq.0)))? {
            continue;
        }
        for id in seqs {
            let found = statement.query_row((row, to_sql(id.seq.0)), |row| {
                Ok((
                    row.get::<_, Count>(0)?,
                    row.get::<_, UuidBlob>(1)?,
                    row.get::<_, String>(2)?,
                ))
            });
            if let Some((revision, entity, patch)) = found.optional()? {
                let receipt = Receipt {
                    revision: Revision(revision.0),
                    entity: EntityId(entity.0),
                    set: serde_json::from_str(&patch).map_err(StoreError::Fields)?,
                };
                loaded.receipts.insert(*id, receipt);
            }
        }
    }
    Ok(())
}

fn load_entities(
    connection: &Connection,
    needs: &Needs,
    ids: &mut RowIds,
    loaded: &mut Loaded,
) -> Result<(), StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT id, uuid, kind, fields FROM entity WHERE workspace = ?1 AND uuid = ?2")?;
    for id in &needs.entities {
        let mut rows = statement.query((ids.workspace, id.0.as_bytes()))?;
        if let Some(row) = rows.next()? {
            ids.entities.insert(*id, row.get(0)?);
            let entity = entity_at(row, 1).map_err(|damage| damage.to_string());
            loaded.entities.insert(*id, entity);
        }
    }
    Ok(())
}

/// Reads who made the changes at these revisions.
pub(super) fn load_made(
    connection: &Connection,
    workspace: i64,
    revisions: &BTreeSet<Revision>,
    loaded: &mut Loaded,
) -> Result<(), StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT seq FROM change WHERE workspace = ?1 AND revision = ?2")?;
    for revision in revisions {
        let made = match author_at(connection, workspace, *revision)? {
            None => None,
            Some(author) => {
                let seq = statement
                    .query_row((workspace, to_sql(revision.0)), |row| row.get::<_, Count>(0))?
                    .0;
                Some(Made {
                    author,
                    seq: MutationSeq(seq),
                })
            }
        };
        loaded.made.insert(*revision, made);
    }
    Ok(())
}
