//! Reading what the pushes of a group name, for all workspaces of the group at once.
//!
//! ```text
//! BEGIN ─► lock the workspaces, in the order of their ids ─► roles, replicas, receipts, entities
//! ```
//! All of it is sent together, so it costs one way there and back. Each statement sees what was committed before it began,
//! and the lock comes first, so all of them see the same state of the locked workspaces.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use deadpool_postgres::Client;
use tokio_postgres::Row;
use tsugi_sync::ids::{EntityId, MutationId, MutationSeq, ReplicaId, Revision, UserId, WorkspaceId};
use tsugi_sync::sequencer::Receipt;
use uuid::Uuid;

use super::rows::{Parameter, author, count, entity, get, head, to_sql};
use crate::store::StoreError;
use crate::store::needs::{Loaded, Made, Needs};
use crate::store::role::Role;

const LOCK: &str = "SELECT id, epoch, revision, mark, horizon, entities FROM workspace \
    WHERE id = ANY($1) ORDER BY id FOR UPDATE";
const ROLES: &str = "SELECT m.workspace, m.account, m.role FROM membership m \
    JOIN unnest($1::uuid[], $2::uuid[]) AS n (workspace, account) USING (workspace, account)";
const REPLICAS: &str = "SELECT r.workspace, r.id, r.account FROM replica r \
    JOIN unnest($1::uuid[], $2::uuid[]) AS n (workspace, id) USING (workspace, id)";
const RECEIPTS: &str = "SELECT c.workspace, c.replica, c.seq, c.revision, c.entity, c.patch FROM change c \
    JOIN unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS n (workspace, replica, seq) \
    USING (workspace, replica, seq)";
const ENTITIES: &str = "SELECT e.workspace, e.id, e.kind, e.fields FROM entity e \
    JOIN unnest($1::uuid[], $2::uuid[]) AS n (workspace, id) USING (workspace, id)";
const MADE: &str = "SELECT c.revision, c.seq, r.account, r.device, c.at, c.tick, c.replica FROM change c \
    JOIN replica r ON r.workspace = c.workspace AND r.id = c.replica \
    WHERE c.workspace = $1 AND c.revision = ANY($2)";

/// Pairs of ids, as two arrays for `unnest`.
#[derive(Default)]
struct Pairs(Vec<Uuid>, Vec<Uuid>);

impl Pairs {
    fn add(&mut self, workspace: WorkspaceId, ids: impl Iterator<Item = Uuid>) {
        for id in ids {
            self.0.push(workspace.0);
            self.1.push(id);
        }
    }
}

/// Begins the transaction, locks the workspaces and reads what is needed in them. A workspace that does not exist is not in
/// the answer.
pub(super) async fn load(
    client: &Client,
    needs: &BTreeMap<WorkspaceId, Needs>,
) -> Result<BTreeMap<WorkspaceId, Loaded>, StoreError> {
    let workspaces: Vec<Uuid> = needs.keys().map(|workspace| workspace.0).collect();
    let (mut members, mut replicas, mut entities) = <(Pairs, Pairs, Pairs)>::default();
    let mut receipts = (Pairs::default(), Vec::new());
    for (workspace, needs) in needs {
        members.add(*workspace, needs.users.iter().map(|user| user.0));
        replicas.add(*workspace, needs.replicas.iter().map(|replica| replica.0));
        entities.add(*workspace, needs.entities.iter().map(|entity| entity.0));
        receipts
            .0
            .add(*workspace, needs.mutations.iter().map(|id| id.replica.0));
        receipts
            .1
            .extend(needs.mutations.iter().map(|id| to_sql(id.seq.0)));
    }
    let (lock, roles, of_replicas, of_receipts, of_entities) = tokio::try_join!(
        client.prepare_cached(LOCK),
        client.prepare_cached(ROLES),
        client.prepare_cached(REPLICAS),
        client.prepare_cached(RECEIPTS),
        client.prepare_cached(ENTITIES),
    )?;
    let (of_members, of_known): ([Parameter<'_>; 2], [Parameter<'_>; 2]) =
        ([&members.0, &members.1], [&replicas.0, &replicas.1]);
    let (of_done, of_found): ([Parameter<'_>; 3], [Parameter<'_>; 2]) = (
        [&receipts.0.0, &receipts.0.1, &receipts.1],
        [&entities.0, &entities.1],
    );
    let of_locked: [Parameter<'_>; 1] = [&workspaces];
    // They are sent in this order, without waiting for each other's answers.
    let (began, locked, roles, known, done, found) = tokio::join!(
        biased;
        client.batch_execute("BEGIN"),
        client.query(&lock, &of_locked),
        client.query(&roles, &of_members),
        client.query(&of_replicas, &of_known),
        client.query(&of_receipts, &of_done),
        client.query(&of_entities, &of_found),
    );
    began?;
    let mut loaded = empty(locked?)?;
    for row in roles? {
        let (of, role): (_, String) = (at(&mut loaded, &row)?, get(&row, 2)?);
        let role = Role::from_name(&role).ok_or_else(|| StoreError::Damaged("no such role".into()))?;
        of.roles.insert(UserId(get(&row, 1)?), role);
    }
    for row in known? {
        let owner = UserId(get(&row, 2)?);
        at(&mut loaded, &row)?
            .replicas
            .insert(ReplicaId(get(&row, 1)?), owner);
    }
    for row in done? {
        let (id, receipt) = receipt(&row)?;
        at(&mut loaded, &row)?.receipts.insert(id, receipt);
    }
    for row in found? {
        let entity = entity(&row, 1).map(Arc::new).map_err(|damage| damage.to_string());
        at(&mut loaded, &row)?
            .entities
            .insert(EntityId(get(&row, 1)?), entity);
    }
    Ok(loaded)
}

fn empty(locked: Vec<Row>) -> Result<BTreeMap<WorkspaceId, Loaded>, StoreError> {
    let mut loaded = BTreeMap::new();
    for row in locked {
        let nothing = Loaded {
            head: head(&row, 1)?,
            entity_count: count(&row, 5)?,
            roles: BTreeMap::new(),
            replicas: BTreeMap::new(),
            receipts: BTreeMap::new(),
            entities: BTreeMap::new(),
            made: BTreeMap::new(),
        };
        loaded.insert(WorkspaceId(get(&row, 0)?), nothing);
    }
    Ok(loaded)
}

/// The workspace that a row names in its first column.
fn at<'a>(loaded: &'a mut BTreeMap<WorkspaceId, Loaded>, row: &Row) -> Result<&'a mut Loaded, StoreError> {
    let workspace = WorkspaceId(get(row, 0)?);
    loaded
        .get_mut(&workspace)
        .ok_or_else(|| StoreError::Damaged("rows of a workspace that does not exist".into()))
}

fn receipt(row: &Row) -> Result<(MutationId, Receipt), StoreError> {
    let id = MutationId {
        replica: ReplicaId(get(row, 1)?),
        seq: MutationSeq(count(row, 2)?),
    };
    let patch: &[u8] = get(row, 5)?;
    let receipt = Receipt {
        revision: Revision(count(row, 3)?),
        entity: EntityId(get(row, 4)?),
        set: serde_json::from_slice(patch).map_err(StoreError::Fields)?,
    };
    Ok((id, receipt))
}

/// Reads who made the changes at these revisions.
pub(super) async fn load_made(
    client: &Client,
    workspace: WorkspaceId,
    revisions: &BTreeSet<Revision>,
    loaded: &mut Loaded,
) -> Result<(), StoreError> {
    let numbers: Vec<i64> = revisions.iter().map(|revision| to_sql(revision.0)).collect();
    let statement = client.prepare_cached(MADE).await?;
    let rows = client.query(&statement, &[&workspace.0, &numbers]).await?;
    for revision in revisions {
        loaded.made.insert(*revision, None);
    }
    for row in rows {
        let made = Made {
            author: author(&row, 2)?,
            seq: MutationSeq(count(&row, 1)?),
        };
        loaded.made.insert(Revision(count(&row, 0)?), Some(made));
    }
    Ok(())
}
