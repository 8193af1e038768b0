//! Reading on from a cursor: as a delta if the cursor belongs to this history, and as a snapshot if it does not.
//!
//! Invariant: everything is read in one transaction that sees one moment.

use std::collections::BTreeMap;

use deadpool_postgres::Transaction;
use tokio_postgres::{IsolationLevel, Row};
use tsugi_sync::entity::Entity;
use tsugi_sync::ids::{Mark, MutationSeq, ReplicaId, Revision, Timestamp, UserId, WorkspaceId};
use tsugi_sync::limits;
use tsugi_sync::protocol::{Author, Subscribe, named};
use tsugi_sync::subscription::{Head, Opening, opening, opening_at};
use tsugi_sync::vector::VersionVector;

use super::Postgres;
use super::rows::{author, count, entity, get, head, to_sql};
use crate::metrics;
use crate::store::StoreError;
use crate::store::catch_up::{CatchUp, Part, Parts, how, of_others};
use crate::store::role::Role;

/// A workspace as one of its members sees it.
pub(super) struct MemberView {
    pub(super) head: Head,
    pub(super) role: Role,
}

const MEMBER: &str = "SELECT w.epoch, w.revision, w.mark, w.horizon, m.role FROM workspace w \
    JOIN membership m ON m.workspace = w.id WHERE w.id = $1 AND m.account = $2";
const MARK: &str = "SELECT mark FROM change WHERE workspace = $1 AND revision = $2";
const VECTOR: &str = "SELECT id, seq FROM replica WHERE workspace = $1 AND revision > $2 \
    ORDER BY seen DESC LIMIT $3";
const LIVING: &str = "SELECT id, kind, fields FROM entity WHERE workspace = $1 AND NOT deleted";
const COMMITTED: &str = "SELECT committed FROM change WHERE workspace = $1 AND revision = $2";
const CHANGED: &str = "SELECT e.id, e.kind, e.fields FROM entity e WHERE e.workspace = $1 AND e.id IN \
    (SELECT c.entity FROM change c WHERE c.workspace = $1 AND c.revision > $2)";
const AUTHORS: &str = "SELECT c.revision, r.account, r.device, c.at, c.tick, c.replica FROM change c \
    JOIN replica r ON r.workspace = c.workspace AND r.id = c.replica \
    WHERE c.workspace = $1 AND c.revision = ANY($2)";

impl Postgres {
    /// The workspace, if the user is a member of it. A workspace that does not exist and one of other users look the same.
    pub(super) async fn member(
        &self,
        workspace: WorkspaceId,
        user: UserId,
    ) -> Result<Option<MemberView>, StoreError> {
        let client = self.reads.get().await?;
        let statement = client.prepare_cached(MEMBER).await?;
        let row = client.query_opt(&statement, &[&workspace.0, &user.0]).await?;
        row.map(|row| member(&row)).transpose()
    }

    pub(in crate::store) async fn catch_up_at_once(
        &self,
        subscribe: &Subscribe,
        user: UserId,
    ) -> Result<Option<CatchUp>, StoreError> {
        let Some(view) = self.member(subscribe.workspace, user).await? else {
            return Ok(Some(CatchUp::NotMember));
        };
        let nothing = opening(subscribe, &view.head) == Ok(Opening::Nothing);
        if nothing {
            metrics::catch_up(how(Opening::Nothing, subscribe, &view.head));
        }
        Ok(nothing.then_some(CatchUp::Nothing(view.head)))
    }

    pub(in crate::store) async fn catch_up(
        &self,
        subscribe: &Subscribe,
        (user, replica): (UserId, ReplicaId),
        now: Timestamp,
    ) -> Result<CatchUp, StoreError> {
        let mut client = self.reads.get().await?;
        let moment = client
            .build_transaction()
            .isolation_level(IsolationLevel::RepeatableRead)
            .read_only(true)
            .start()
            .await?;
        let caught_up = read(&moment, subscribe, (user, replica), now).await?;
        moment.commit().await?;
        Ok(caught_up)
    }
}

fn member(row: &Row) -> Result<MemberView, StoreError> {
    let role: String = get(row, 4)?;
    Ok(MemberView {
        head: head(row, 0)?,
        role: Role::from_name(&role).ok_or_else(|| StoreError::Damaged("no such role".into()))?,
    })
}

async fn read(
    moment: &Transaction<'_>,
    subscribe: &Subscribe,
    (user, replica): (UserId, ReplicaId),
    now: Timestamp,
) -> Result<CatchUp, StoreError> {
    let workspace = subscribe.workspace;
    let statement = moment.prepare_cached(MEMBER).await?;
    let Some(row) = moment.query_opt(&statement, &[&workspace.0, &user.0]).await? else {
        return Ok(CatchUp::NotMember);
    };
    let head = member(&row)?.head;
    let opening = match opening(subscribe, &head) {
        Ok(opening) => opening,
        Err(cursor) => opening_at(subscribe, &head, mark_at(moment, workspace, cursor).await?),
    };
    metrics::catch_up(how(opening, subscribe, &head));
    let (parts, vector) = match opening {
        Opening::Nothing => return Ok(CatchUp::Nothing(head)),
        Opening::Delta => (
            delta(moment, subscribe, replica, head).await?,
            vector(moment, workspace, subscribe.cursor).await?,
        ),
        // The vector goes with the snapshot itself.
        Opening::Snapshot => (
            snapshot(moment, workspace, head, now).await?,
            VersionVector::default(),
        ),
    };
    Ok(CatchUp::Parts { head, parts, vector })
}

pub(super) async fn mark_at(
    moment: &Transaction<'_>,
    workspace: WorkspaceId,
    cursor: Revision,
) -> Result<Option<Mark>, StoreError> {
    let statement = moment.prepare_cached(MARK).await?;
    let row = moment
        .query_opt(&statement, &[&workspace.0, &to_sql(cursor.0)])
        .await?;
    row.map(|row| count(&row, 0).map(Mark)).transpose()
}

/// The entries of the version vector that changed after `cursor`. If there are too many, those of the replicas that
/// wrote last.
async fn vector(
    moment: &Transaction<'_>,
    workspace: WorkspaceId,
    cursor: Revision,
) -> Result<VersionVector, StoreError> {
    let statement = moment.prepare_cached(VECTOR).await?;
    let limit = to_sql(limits::VECTOR_REPLICAS as u64);
    let rows = moment
        .query(&statement, &[&workspace.0, &to_sql(cursor.0), &limit])
        .await?;
    let entry = |row: &Row| Ok((ReplicaId(get(row, 0)?), MutationSeq(count(row, 1)?)));
    rows.iter().map(entry).collect()
}

async fn snapshot(
    moment: &Transaction<'_>,
    workspace: WorkspaceId,
    head: Head,
    now: Timestamp,
) -> Result<Vec<Part>, StoreError> {
    let all = vector(moment, workspace, Revision(0)).await?;
    let mut parts = Parts::of_snapshot(workspace, head, all, now);
    let statement = moment.prepare_cached(LIVING).await?;
    for row in moment.query(&statement, &[&workspace.0]).await? {
        let size = get::<&[u8]>(&row, 2)?.len();
        parts.add(entity(&row, 0)?, Vec::new(), size);
    }
    Ok(parts.finish())
}

async fn delta(
    moment: &Transaction<'_>,
    subscribe: &Subscribe,
    replica: ReplicaId,
    head: Head,
) -> Result<Vec<Part>, StoreError> {
    let (workspace, cursor) = (subscribe.workspace, subscribe.cursor);
    let at = committed(moment, workspace, head.revision).await?;
    let (entities, _) = changed(moment, workspace, cursor).await?;
    let authors = authors(moment, workspace, named(&entities, cursor, head.revision)).await?;
    let mut parts = Parts::of_delta(subscribe, head, at);
    for entity in entities {
        let size = serde_json::to_string(&entity.fields)
            .map_err(StoreError::Fields)?
            .len();
        let named = named(std::slice::from_ref(&entity), cursor, head.revision);
        let by = named
            .into_iter()
            .filter_map(|revision| of_others(authors.get(&revision).cloned(), revision, replica))
            .collect();
        parts.add(entity, by, size);
    }
    Ok(parts.finish())
}

/// What has changed in entities after `cursor`, and about how many bytes the whole entities have.
pub(super) async fn changed(
    moment: &Transaction<'_>,
    workspace: WorkspaceId,
    cursor: Revision,
) -> Result<(Vec<Entity>, usize), StoreError> {
    let statement = moment.prepare_cached(CHANGED).await?;
    let rows = moment
        .query(&statement, &[&workspace.0, &to_sql(cursor.0)])
        .await?;
    let (mut entities, mut bytes) = (Vec::with_capacity(rows.len()), 0);
    for row in rows {
        bytes += get::<&[u8]>(&row, 2)?.len();
        entities.push(entity(&row, 0)?.since(cursor));
    }
    Ok((entities, bytes))
}

/// When the change of this revision was committed.
pub(super) async fn committed(
    moment: &Transaction<'_>,
    workspace: WorkspaceId,
    revision: Revision,
) -> Result<Timestamp, StoreError> {
    let statement = moment.prepare_cached(COMMITTED).await?;
    let row = moment
        .query_opt(&statement, &[&workspace.0, &to_sql(revision.0)])
        .await?;
    row.map_or(Ok(Timestamp(0)), |row| count(&row, 0).map(Timestamp))
}

/// The authors of the changes of these revisions.
pub(super) async fn authors(
    moment: &Transaction<'_>,
    workspace: WorkspaceId,
    revisions: impl IntoIterator<Item = Revision>,
) -> Result<BTreeMap<Revision, Author>, StoreError> {
    let numbers: Vec<i64> = revisions.into_iter().map(|revision| to_sql(revision.0)).collect();
    let statement = moment.prepare_cached(AUTHORS).await?;
    let rows = moment.query(&statement, &[&workspace.0, &numbers]).await?;
    let named = |row: &Row| Ok((Revision(count(row, 0)?), author(row, 1)?));
    rows.iter().map(named).collect()
}
