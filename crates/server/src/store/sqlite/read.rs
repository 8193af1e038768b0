//! Reading on from a cursor: as a delta if the cursor belongs to this history, and as a snapshot if it does not.
//!
//! Invariant: everything is read in one transaction, so that all parts show the same moment.

use rusqlite::{Connection, OptionalExtension};
use tsugi_sync::ids::{Mark, MutationSeq, ReplicaId, Revision, Timestamp, UserId, WorkspaceId};
use tsugi_sync::limits;
use tsugi_sync::protocol::{Subscribe, named};
use tsugi_sync::subscription::{Opening, opening, opening_at};
use tsugi_sync::vector::VersionVector;

use super::rows::{Count, MemberView, UuidBlob, author_at, entity_at, member_view, to_sql};
use crate::metrics;
use crate::store::StoreError;
use crate::store::catch_up::{CatchUp, Part, Parts, how, of_others};

/// The same as `catch_up` for a replica that has everything, so that it need not wait for memory.
pub(crate) fn catch_up_at_once(
    connection: &Connection,
    subscribe: &Subscribe,
    user: UserId,
) -> Result<Option<CatchUp>, StoreError> {
    let Some(view) = member_view(connection, subscribe.workspace, user)? else {
        return Ok(Some(CatchUp::NotMember));
    };
    let nothing = opening(subscribe, &view.head) == Ok(Opening::Nothing);
    if nothing {
        metrics::catch_up(how(Opening::Nothing, subscribe, &view.head));
    }
    Ok(nothing.then_some(CatchUp::Nothing(view.head)))
}

/// Reads what `replica` of `user` needs to get from the cursor to the head of the workspace.
pub(crate) fn catch_up(
    connection: &Connection,
    subscribe: &Subscribe,
    (user, replica): (UserId, ReplicaId),
    now: Timestamp,
) -> Result<CatchUp, StoreError> {
    let Some(view) = member_view(connection, subscribe.workspace, user)? else {
        return Ok(CatchUp::NotMember);
    };
    let head = view.head;
    let opening = match opening(subscribe, &head) {
        Ok(opening) => opening,
        Err(cursor) => opening_at(subscribe, &head, mark_at(connection, &view, cursor)?),
    };
    metrics::catch_up(how(opening, subscribe, &head));
    let (parts, vector) = match opening {
        Opening::Nothing => return Ok(CatchUp::Nothing(head)),
        Opening::Delta => (
            delta(connection, subscribe, replica, &view)?,
            vector(connection, &view, subscribe.cursor)?,
        ),
        // The vector goes with the snapshot itself.
        Opening::Snapshot => (
            snapshot(connection, subscribe.workspace, &view, now)?,
            VersionVector::default(),
        ),
    };
    Ok(CatchUp::Parts { head, parts, vector })
}

fn mark_at(connection: &Connection, view: &MemberView, cursor: Revision) -> Result<Option<Mark>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT mark FROM change WHERE workspace = ?1 AND revision = ?2")?;
    let mark = statement.query_row((view.row, to_sql(cursor.0)), |row| row.get::<_, Count>(0));
    Ok(mark.optional()?.map(|mark| Mark(mark.0)))
}

/// The entries of the version vector that changed after `cursor`. If there are too many, those of the replicas that
/// wrote last.
fn vector(connection: &Connection, view: &MemberView, cursor: Revision) -> Result<VersionVector, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT uuid, seq FROM replica WHERE workspace = ?1 AND revision > ?2 ORDER BY seen DESC LIMIT ?3",
    )?;
    let limit = to_sql(limits::VECTOR_REPLICAS as u64);
    let entries = statement.query_map((view.row, to_sql(cursor.0), limit), |row| {
        let replica = ReplicaId(row.get::<_, UuidBlob>(0)?.0);
        Ok((replica, MutationSeq(row.get::<_, Count>(1)?.0)))
    })?;
    Ok(entries.collect::<Result<_, _>>()?)
}

fn snapshot(
    connection: &Connection,
    workspace: WorkspaceId,
    view: &MemberView,
    now: Timestamp,
) -> Result<Vec<Part>, StoreError> {
    let all = vector(connection, view, Revision(0))?;
    let mut parts = Parts::of_snapshot(workspace, view.head, all, now);
    let mut statement = connection
        .prepare_cached("SELECT uuid, kind, fields FROM entity WHERE workspace = ?1 AND deleted = 0")?;
    let mut rows = statement.query([view.row])?;
    while let Some(row) = rows.next()? {
        let size = row.get_ref(2)?.as_bytes().map_or(0, <[u8]>::len);
        parts.add(entity_at(row, 0)?, Vec::new(), size);
    }
    Ok(parts.finish())
}

fn delta(
    connection: &Connection,
    subscribe: &Subscribe,
    replica: ReplicaId,
    view: &MemberView,
) -> Result<Vec<Part>, StoreError> {
    let (cursor, head) = (subscribe.cursor, view.head);
    let at = connection
        .prepare_cached("SELECT committed FROM change WHERE workspace = ?1 AND revision = ?2")?
        .query_row((view.row, to_sql(head.revision.0)), |row| row.get::<_, Count>(0))
        .optional()?;
    let at = at.map_or(Timestamp(0), |at| Timestamp(at.0));
    let mut parts = Parts::of_delta(subscribe, head, at);
    let mut statement = connection.prepare_cached(
        "SELECT uuid, kind, fields FROM entity WHERE id IN
             (SELECT DISTINCT entity FROM change WHERE workspace = ?1 AND revision > ?2)",
    )?;
    let mut rows = statement.query((view.row, to_sql(cursor.0)))?;
    while let Some(row) = rows.next()? {
        let entity = entity_at(row, 0)?.since(cursor);
        let size = serde_json::to_string(&entity.fields)
            .map_err(StoreError::Fields)?
            .len();
        let mut authors = Vec::new();
        for revision in named(std::slice::from_ref(&entity), cursor, head.revision) {
            let by = author_at(connection, view.row, revision)?;
            authors.extend(of_others(by, revision, replica));
        }
        parts.add(entity, authors, size);
    }
    Ok(parts.finish())
}
