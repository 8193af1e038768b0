//! The messages that bring a replica up to date, cut into frames, whatever database they are read from.

use tsugi_sync::entity::Entity;
use tsugi_sync::ids::{Mark, ReplicaId, Revision, Timestamp, WorkspaceId};
use tsugi_sync::limits;
use tsugi_sync::protocol::{Author, Delta, Down, Snapshot, Subscribe, changed_by};
use tsugi_sync::subscription::{Head, Opening};
use tsugi_sync::vector::VersionVector;

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

/// One word for the log. Many snapshots mean that something has happened to the server.
pub(super) fn how(opening: Opening, subscribe: &Subscribe, head: &Head) -> &'static str {
    match (opening, subscribe.epoch) {
        (Opening::Nothing, _) => "nothing",
        (Opening::Delta, _) => "delta",
        (Opening::Snapshot, None) => "snapshot_first",
        (Opening::Snapshot, Some(epoch)) if epoch != head.epoch => "snapshot_epoch",
        (Opening::Snapshot, Some(_)) if subscribe.cursor < head.horizon => "snapshot_horizon",
        (Opening::Snapshot, Some(_)) => "snapshot_other_history",
    }
}

/// The frames of a snapshot at `head`.
pub(super) fn snapshot_parts(
    workspace: WorkspaceId,
    head: Head,
    vector: VersionVector,
    now: Timestamp,
) -> Parts<impl Fn(Vec<Entity>, Vec<(Revision, Author)>, bool) -> Down> {
    Parts::new(move |entities, _, last| {
        Down::Snapshot(Snapshot {
            workspace,
            epoch: head.epoch,
            revision: head.revision,
            entities,
            last,
            mark: head.mark,
            vector: if last {
                vector.clone()
            } else {
                VersionVector::default()
            },
            at: now,
        })
    })
}

/// The frames of a delta from the cursor to `head`, whose last change was committed at `at`.
pub(super) fn delta_parts(
    subscribe: &Subscribe,
    head: Head,
    at: Timestamp,
) -> Parts<impl Fn(Vec<Entity>, Vec<(Revision, Author)>, bool) -> Down + use<>> {
    let (workspace, cursor) = (subscribe.workspace, subscribe.cursor);
    Parts::new(move |entities, authors, last| {
        // Only the last part moves the cursor, so a replica that loses the rest asks again from the same cursor.
        let (to, mark) = match last {
            true => (head.revision, head.mark),
            false => (cursor, Mark(0)),
        };
        Down::Delta(Delta {
            workspace,
            epoch: head.epoch,
            from: cursor,
            to,
            entities,
            outcomes: Vec::new(),
            at,
            mark,
            authors: changed_by(authors),
        })
    })
}

/// The authors that a delta to `replica` names: those of other replicas.
pub(super) fn of_others(
    by: Option<Author>,
    revision: Revision,
    replica: ReplicaId,
) -> Option<(Revision, Author)> {
    by.filter(|by| by.replica != Some(replica))
        .map(|by| (revision, by))
}

/// About the bytes that the author of a change takes. A replica with many changes is named once.
const AUTHOR_BYTES: usize = 40;

/// Cuts a list of entities into frames of about the size that the protocol names.
pub(super) struct Parts<F> {
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

    pub(super) fn add(&mut self, entity: Entity, authors: Vec<(Revision, Author)>, size: usize) {
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

    pub(super) fn finish(mut self) -> Vec<Part> {
        self.cut(true);
        self.done
    }
}
