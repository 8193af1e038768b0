//! Writing what a group's pushes change, for all workspaces of the group at once, and committing.
//!
//! Invariants: a receipt is stored together with its effect. The statements and the commit are sent together. PostgreSQL
//! answers a commit with "done" even if an earlier statement of the transaction has failed, and then rolls it back. So the
//! commit counts only if every statement before it was answered well.

use std::collections::BTreeMap;

use deadpool_postgres::Client;
use tsugi_sync::ids::{Timestamp, WorkspaceId};
use uuid::Uuid;

use super::rows::{Parameter, to_sql};
use crate::store::StoreError;
use crate::store::writes::Writes;

const ENTITIES: &str = "INSERT INTO entity (workspace, id, kind, fields, revision, deleted) \
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::bytea[], $5::bigint[], $6::boolean[]) \
    ON CONFLICT (workspace, id) DO UPDATE SET fields = excluded.fields, revision = excluded.revision, \
    deleted = excluded.deleted";
const REPLICAS: &str = "INSERT INTO replica (workspace, id, account, device, created, seq, revision, seen) \
    SELECT n.workspace, n.id, n.account, n.device, $4::bigint, n.seq, n.revision, CASE WHEN n.seq > 0 THEN $4::bigint ELSE 0 END \
    FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $5::bytea[], $6::bigint[], $7::bigint[]) \
        AS n (workspace, id, account, device, seq, revision) \
    ON CONFLICT (workspace, id) DO UPDATE SET device = excluded.device, seen = excluded.seen, \
        revision = CASE WHEN excluded.seq > replica.seq THEN excluded.revision ELSE replica.revision END, \
        seq = greatest(replica.seq, excluded.seq) \
    WHERE excluded.seq > 0";
const CHANGES: &str = "INSERT INTO change \
    (workspace, revision, entity, replica, seq, patch, at, tick, committed, mark) \
    SELECT n.workspace, n.revision, n.entity, n.replica, n.seq, n.patch, n.at, n.tick, $9, n.mark \
    FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::uuid[], $5::bigint[], $6::bytea[], $7::bigint[], \
        $8::bigint[], $10::bigint[]) AS n (workspace, revision, entity, replica, seq, patch, at, tick, mark)";
const WORKSPACES: &str = "UPDATE workspace w SET revision = n.revision, entities = n.entities, mark = n.mark \
    FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[]) AS n (id, revision, entities, mark) \
    WHERE w.id = n.id";

/// All rows of a table, by column.
#[derive(Default)]
struct Columns<'a> {
    entity: EntityColumns<'a>,
    replica: ReplicaColumns<'a>,
    change: ChangeColumns<'a>,
    workspace: WorkspaceColumns,
}

#[derive(Default)]
struct EntityColumns<'a> {
    workspace: Vec<Uuid>,
    id: Vec<Uuid>,
    kind: Vec<&'a [u8]>,
    fields: Vec<&'a [u8]>,
    revision: Vec<i64>,
    deleted: Vec<bool>,
}

#[derive(Default)]
struct ReplicaColumns<'a> {
    workspace: Vec<Uuid>,
    id: Vec<Uuid>,
    account: Vec<Uuid>,
    device: Vec<&'a [u8]>,
    seq: Vec<i64>,
    revision: Vec<i64>,
}

#[derive(Default)]
struct ChangeColumns<'a> {
    workspace: Vec<Uuid>,
    revision: Vec<i64>,
    entity: Vec<Uuid>,
    replica: Vec<Uuid>,
    seq: Vec<i64>,
    patch: Vec<&'a [u8]>,
    at: Vec<i64>,
    tick: Vec<i64>,
    mark: Vec<i64>,
}

#[derive(Default)]
struct WorkspaceColumns {
    id: Vec<Uuid>,
    revision: Vec<i64>,
    entities: Vec<i64>,
    mark: Vec<i64>,
}

impl<'a> Columns<'a> {
    fn add(&mut self, workspace: WorkspaceId, writes: &'a Writes) {
        for (id, row) in &writes.entities {
            let columns = &mut self.entity;
            columns.workspace.push(workspace.0);
            columns.id.push(id.0);
            columns.kind.push(row.kind.as_str().as_bytes());
            columns.fields.push(row.fields.as_bytes());
            columns.revision.push(to_sql(row.revision.0));
            columns.deleted.push(row.deleted);
        }
        for (id, row) in &writes.replicas {
            let columns = &mut self.replica;
            let (seq, revision) = row.latest.unwrap_or_default();
            columns.workspace.push(workspace.0);
            columns.id.push(id.0);
            columns.account.push(row.user.0);
            columns.device.push(row.device.as_bytes());
            columns.seq.push(to_sql(seq.0));
            columns.revision.push(to_sql(revision.0));
        }
        for row in &writes.changes {
            let columns = &mut self.change;
            columns.workspace.push(workspace.0);
            columns.revision.push(to_sql(row.revision.0));
            columns.entity.push(row.entity.0);
            columns.replica.push(row.replica.0);
            columns.seq.push(to_sql(row.seq.0));
            columns.patch.push(row.patch.as_bytes());
            columns.at.push(to_sql(row.hlc.at.0));
            columns.tick.push(row.hlc.tick.into());
            columns.mark.push(to_sql(row.mark.0));
        }
        let columns = &mut self.workspace;
        columns.id.push(workspace.0);
        columns.revision.push(to_sql(writes.revision.0));
        columns.entities.push(to_sql(writes.entity_count));
        columns.mark.push(to_sql(writes.mark.0));
    }
}

/// Stores all that takes effect, and commits.
pub(super) async fn flush(
    client: &Client,
    all: &BTreeMap<WorkspaceId, Writes>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut columns = Columns::default();
    for (workspace, writes) in all {
        columns.add(*workspace, writes);
    }
    let Columns {
        entity,
        replica,
        change,
        workspace,
    } = &columns;
    let now = to_sql(now.0);
    let (entities, replicas, changes, workspaces) = tokio::try_join!(
        client.prepare_cached(ENTITIES),
        client.prepare_cached(REPLICAS),
        client.prepare_cached(CHANGES),
        client.prepare_cached(WORKSPACES),
    )?;
    let of_entities: [Parameter<'_>; 6] = [
        &entity.workspace,
        &entity.id,
        &entity.kind,
        &entity.fields,
        &entity.revision,
        &entity.deleted,
    ];
    let of_replicas: [Parameter<'_>; 7] = [
        &replica.workspace,
        &replica.id,
        &replica.account,
        &now,
        &replica.device,
        &replica.seq,
        &replica.revision,
    ];
    let of_changes: [Parameter<'_>; 10] = [
        &change.workspace,
        &change.revision,
        &change.entity,
        &change.replica,
        &change.seq,
        &change.patch,
        &change.at,
        &change.tick,
        &now,
        &change.mark,
    ];
    let of_workspaces: [Parameter<'_>; 4] = [
        &workspace.id,
        &workspace.revision,
        &workspace.entities,
        &workspace.mark,
    ];
    let (entities, replicas, changes, workspaces, committed) = tokio::join!(
        biased;
        client.execute(&entities, &of_entities),
        client.execute(&replicas, &of_replicas),
        client.execute(&changes, &of_changes),
        client.execute(&workspaces, &of_workspaces),
        client.batch_execute("COMMIT"),
    );
    replicas?;
    let whole = entities? == entity.id.len() as u64
        && changes? == change.workspace.len() as u64
        && workspaces? == workspace.id.len() as u64;
    committed?;
    match whole {
        true => Ok(()),
        // Nothing of ours makes that possible: it is said rather than believed.
        false => Err(StoreError::Damaged(
            "PostgreSQL stored fewer rows than it was given".into(),
        )),
    }
}
