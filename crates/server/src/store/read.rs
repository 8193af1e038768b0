//! Reading on from a cursor: as a delta if the cursor belongs to this history, and as a snapshot if it does not.
//!
//! Invariant: everything is read in one transaction, so that all parts show the same moment.

use rusqlite::{Connection, OptionalExtension};
use tsugi_sync::entity::Entity;
use tsugi_sync::ids::{Mark, MutationSeq, ReplicaId, Revision, Timestamp, UserId, WorkspaceId};
use tsugi_sync::limits;
use tsugi_sync::protocol::{Author, Delta, Down, Snapshot, Subscribe, changed_by, named};
use tsugi_sync::subscription::{Head, Opening, opening, opening_at};
use tsugi_sync::vector::VersionVector;

use super::StoreError;
use super::rows::{Count, MemberView, UuidBlob, author_at, entity_at, member_view, to_sql};
use crate::metrics;

/// One frame of a snapshot or delta, ready to be sent.
pub(crate) struct Part(pub(crate) String);

/// The messages that bring a replica up to date.
pub(crate) enum CatchUp {
    Parts {
        head: Head,
        parts: Vec<Part>,
        vector: VersionVector,
    },
    /// Nothing has happened since its cursor.
    Nothing(Head),
    NotMember,
}

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

/// One word for the log. Many snapshots mean that something has happened to the server.
fn how(opening: Opening, subscribe: &Subscribe, head: &Head) -> &'static str {
    match (opening, subscribe.epoch) {
        (Opening::Nothing, _) => "nothing",
        (Opening::Delta, _) => "delta",
        (Opening::Snapshot, None) => "snapshot_first",
        (Opening::Snapshot, Some(epoch)) if epoch != head.epoch => "snapshot_epoch",
        (Opening::Snapshot, Some(_)) if subscribe.cursor < head.horizon => "snapshot_horizon",
        (Opening::Snapshot, Some(_)) => "snapshot_other_history",
    }
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
    let mut parts = Parts::new(|entities, _, last| {
        Down::Snapshot(Snapshot {
            workspace,
            epoch: view.head.epoch,
            revision: view.head.revision,
            entities,
            last,
            mark: view.head.mark,
            vector: if last {
                all.clone()
            } else {
                VersionVector::default()
            },
            at: now,
        })
    });
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
    let mut parts = Parts::new(|entities, authors, last| {
        // Only the last part moves the cursor, so a replica that loses the rest asks again from the same cursor.
        let (to, mark) = match last {
            true => (head.revision, head.mark),
            false => (cursor, Mark(0)),
        };
        Down::Delta(Delta {
            workspace: subscribe.workspace,
            epoch: head.epoch,
            from: cursor,
            to,
            entities,
            outcomes: Vec::new(),
            at,
            mark,
            authors: changed_by(authors),
        })
    });
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
            let other = by.filter(|by| by.replica != Some(replica));
            authors.extend(other.map(|by| (revision, by)));
        }
        parts.add(entity, authors, size);
    }
    Ok(parts.finish())
}

/// About the bytes that the author of a change takes. A replica with many changes is named once.
const AUTHOR_BYTES: usize = 40;

/// Cuts a list of entities into frames of about the size that the protocol names.
struct Parts<F> {
    frame: F,
    done: Vec<Part>,
    entities: Vec<Entity>,
    authors: Vec<(Revision, Author)>,
    bytes: usize,
}

impl<F: Fn(Vec<Entity>, Vec<(Revision, Author)>, bool) -> Down> Parts<F> {
    fn new(frame: F) -> Self {
        Self {
            frame,
            done: Vec::new(),
            entities: Vec::new(),
            authors: Vec::new(),
            bytes: 0,
        }
    }

    fn add(&mut self, entity: Entity, authors: Vec<(Revision, Author)>, size: usize) {
        // Room for id and kind, and for authors.
        let size = size + 100 + authors.len() * AUTHOR_BYTES;
        if self.bytes + size > limits::PART_BYTES && !self.entities.is_empty() {
            self.cut(false);
        }
        self.bytes += size;
        self.entities.push(entity);
        self.authors.extend(authors);
    }

    fn cut(&mut self, last: bool) {
        let entities = std::mem::take(&mut self.entities);
        let authors = std::mem::take(&mut self.authors);
        self.bytes = 0;
        self.done
            .push(Part((self.frame)(entities, authors, last).to_frame()));
    }

    fn finish(mut self) -> Vec<Part> {
        self.cut(true);
        self.done
    }
}
