//! Reading on from a cursor: as a delta where the cursor is of this history, as a snapshot where it is not.
//!
//! Invariant: everything is read in one transaction, so that a part never shows what another lacks.

use rusqlite::Connection;
use tsugi_sync::entity::Entity;
use tsugi_sync::ids::{Epoch, Revision, UserId, WorkspaceId};
use tsugi_sync::limits;
use tsugi_sync::protocol::{Delta, Down, Snapshot};

use super::StoreError;
use super::rows::{Count, MemberView, entity_at, member_view, to_sql};

/// One frame of a snapshot or delta, ready to be sent.
pub(crate) struct Part(pub(crate) String);

/// What a replica is to be told to be up to date.
pub(crate) enum CatchUp {
    Parts {
        epoch: Epoch,
        head: Revision,
        parts: Vec<Part>,
    },
    /// Nothing has happened since its cursor.
    Nothing {
        epoch: Epoch,
        head: Revision,
    },
    NotMember,
}

/// The same as `catch_up` where there is nothing to read, and so no memory to wait for.
pub(crate) fn catch_up_at_once(
    connection: &Connection,
    workspace: WorkspaceId,
    user: UserId,
    epoch: Option<Epoch>,
    cursor: Revision,
) -> Result<Option<CatchUp>, StoreError> {
    let Some(view) = member_view(connection, workspace, user)? else {
        return Ok(Some(CatchUp::NotMember));
    };
    let (epoch_now, head) = (view.epoch, view.head);
    let nothing = CatchUp::Nothing {
        epoch: epoch_now,
        head,
    };
    Ok((epoch == Some(epoch_now) && cursor == head).then_some(nothing))
}

/// Reads what `user` needs to get from `cursor` to the head of `workspace`.
pub(crate) fn catch_up(
    connection: &Connection,
    workspace: WorkspaceId,
    user: UserId,
    epoch: Option<Epoch>,
    cursor: Revision,
) -> Result<CatchUp, StoreError> {
    let Some(view) = member_view(connection, workspace, user)? else {
        return Ok(CatchUp::NotMember);
    };
    let (epoch_now, head) = (view.epoch, view.head);
    if epoch == Some(epoch_now) && cursor == head {
        return Ok(CatchUp::Nothing {
            epoch: epoch_now,
            head,
        });
    }
    let parts = match epoch {
        Some(epoch) if epoch == epoch_now && cursor < head => delta(connection, workspace, &view, cursor)?,
        Some(_) | None => snapshot(connection, workspace, &view)?,
    };
    Ok(CatchUp::Parts {
        epoch: epoch_now,
        head,
        parts,
    })
}

fn snapshot(
    connection: &Connection,
    workspace: WorkspaceId,
    view: &MemberView,
) -> Result<Vec<Part>, StoreError> {
    let mut parts = Parts::new(|entities, last| {
        Down::Snapshot(Snapshot {
            workspace,
            epoch: view.epoch,
            revision: view.head,
            entities,
            last,
        })
    });
    let mut statement = connection
        .prepare_cached("SELECT uuid, kind, fields FROM entity WHERE workspace = ?1 AND deleted = 0")?;
    let mut rows = statement.query([view.row])?;
    while let Some(row) = rows.next()? {
        let size = row.get_ref(2)?.as_bytes().map_or(0, <[u8]>::len);
        parts.add(entity_at(row, 0)?, size);
    }
    Ok(parts.finish())
}

fn delta(
    connection: &Connection,
    workspace: WorkspaceId,
    view: &MemberView,
    cursor: Revision,
) -> Result<Vec<Part>, StoreError> {
    let at = connection
        .prepare_cached("SELECT committed FROM change WHERE workspace = ?1 AND revision = ?2")?
        .query_row((view.row, to_sql(view.head.0)), |row| row.get::<_, Count>(0))?;
    let mut parts = Parts::new(|entities, last| {
        Down::Delta(Delta {
            workspace,
            epoch: view.epoch,
            from: cursor,
            // Only the last part moves the cursor: whoever loses the rest asks from the same place again.
            to: if last { view.head } else { cursor },
            entities,
            outcomes: Vec::new(),
            at: tsugi_sync::ids::Timestamp(at.0),
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
        parts.add(entity, size);
    }
    Ok(parts.finish())
}

/// Cuts a list of entities into frames of about the size the protocol names.
struct Parts<F> {
    frame: F,
    done: Vec<Part>,
    entities: Vec<Entity>,
    bytes: usize,
}

impl<F: Fn(Vec<Entity>, bool) -> Down> Parts<F> {
    fn new(frame: F) -> Self {
        Self {
            frame,
            done: Vec::new(),
            entities: Vec::new(),
            bytes: 0,
        }
    }

    fn add(&mut self, entity: Entity, size: usize) {
        // Room for id and kind.
        let size = size + 100;
        if self.bytes + size > limits::PART_BYTES && !self.entities.is_empty() {
            self.cut(false);
        }
        self.bytes += size;
        self.entities.push(entity);
    }

    fn cut(&mut self, last: bool) {
        let entities = std::mem::take(&mut self.entities);
        self.bytes = 0;
        self.done.push(Part((self.frame)(entities, last).to_frame()));
    }

    fn finish(mut self) -> Vec<Part> {
        self.cut(true);
        self.done
    }
}
