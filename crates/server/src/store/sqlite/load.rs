//! Reading what the pushes of a group name and the writer does not know, and keeping the row ids for the writes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension};
use tsugi_sync::ids::{EntityId, MutationId, MutationSeq, ReplicaId, Revision, UserId, WorkspaceId};
use tsugi_sync::sequencer::Receipt;

use super::known::{Known, KnownReplica};
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

/// Reads what is needed in the workspace and not known. None if none of the users is a member.
pub(super) fn load(
    connection: &Connection,
    known: &mut Known,
    workspace: WorkspaceId,
    needs: &Needs,
) -> Result<Option<(Loaded, RowIds)>, StoreError> {
    let mut ids = RowIds::default();
    let mut roles = BTreeMap::new();
    let mut of_workspace = None;
    for user in &needs.users {
        if known.member(workspace, *user).is_none() {
            let Some(view) = member_view(connection, workspace, *user)? else {
                continue;
            };
            known.learn_member(workspace, *user, &view);
        }
        if let Some((of, account, role)) = known.member(workspace, *user) {
            ids.workspace = of.row;
            ids.accounts.insert(*user, account);
            roles.insert(*user, role);
            of_workspace = Some((of.head, of.entity_count));
        }
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
    for replica in &needs.replicas {
        let Some(of) = load_replica(connection, known, (workspace, ids.workspace), *replica)? else {
            continue;
        };
        ids.replicas.insert(*replica, of.row);
        loaded.replicas.insert(*replica, of.owner);
        load_receipts(connection, needs, (*replica, of), &mut loaded)?;
    }
    load_entities(connection, known, workspace, needs, (&mut ids, &mut loaded))?;
    Ok(Some((loaded, ids)))
}

fn load_replica(
    connection: &Connection,
    known: &mut Known,
    (workspace, row): (WorkspaceId, i64),
    id: ReplicaId,
) -> Result<Option<KnownReplica>, StoreError> {
    if let Some(replica) = known.replica(workspace, id) {
        return Ok(Some(replica));
    }
    let mut statement = connection.prepare_cached(
        "SELECT r.id, a.uuid, (SELECT max(c.seq) FROM change c WHERE c.replica = r.id)
         FROM replica r JOIN account a ON a.id = r.account WHERE r.workspace = ?1 AND r.uuid = ?2",
    )?;
    let found = statement.query_row((row, id.0.as_bytes()), |row| {
        Ok(KnownReplica {
            row: row.get(0)?,
            owner: UserId(row.get::<_, UuidBlob>(1)?.0),
            latest: MutationSeq(row.get::<_, Option<Count>>(2)?.map_or(0, |seq| seq.0)),
        })
    });
    let found = found.optional()?;
    if let Some(replica) = found {
        known.learn_replica(workspace, id, replica);
    }
    Ok(found)
}

fn load_receipts(
    connection: &Connection,
    needs: &Needs,
    (replica, of): (ReplicaId, KnownReplica),
    loaded: &mut Loaded,
) -> Result<(), StoreError> {
    let id = |seq| MutationId { replica, seq };
    // Mostly all mutations are newer than the last one that took effect.
    let mut asked = needs
        .mutations
        .range(id(MutationSeq(0))..=id(of.latest))
        .peekable();
    if asked.peek().is_none() {
        return Ok(());
    }
    let mut statement = connection.prepare_cached(
        "SELECT change.revision, entity.uuid, change.patch FROM change JOIN entity ON entity.id = change.entity
         WHERE change.replica = ?1 AND change.seq = ?2",
    )?;
    for id in asked {
        let found = statement.query_row((of.row, to_sql(id.seq.0)), |row| {
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
    Ok(())
}

fn load_entities(
    connection: &Connection,
    known: &mut Known,
    workspace: WorkspaceId,
    needs: &Needs,
    (ids, loaded): (&mut RowIds, &mut Loaded),
) -> Result<(), StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT id, uuid, kind, fields FROM entity WHERE workspace = ?1 AND uuid = ?2")?;
    for id in &needs.entities {
        if let Some(known) = known.entity(workspace, *id) {
            ids.entities.insert(*id, known.row);
            loaded.entities.insert(*id, Ok(Arc::clone(&known.entity)));
            continue;
        }
        let mut rows = statement.query((ids.workspace, id.0.as_bytes()))?;
        let Some(row) = rows.next()? else {
            continue;
        };
        let row_id = row.get(0)?;
        ids.entities.insert(*id, row_id);
        let entity = entity_at(row, 1)
            .map(Arc::new)
            .map_err(|damage| damage.to_string());
        if let Ok(entity) = &entity {
            let bytes = row.get_ref(3)?.as_bytes().map_or(0, <[u8]>::len);
            known.learn_entity(workspace, row_id, entity, bytes);
        }
        loaded.entities.insert(*id, entity);
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
