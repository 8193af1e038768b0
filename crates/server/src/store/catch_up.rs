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

/// What the frames are part of.
enum Envelope {
    Snapshot {
        workspace: WorkspaceId,
        head: Head,
        vector: VersionVector,
        at: Timestamp,
    },
    Delta {
        workspace: WorkspaceId,
        cursor: Revision,
        head: Head,
        at: Timestamp,
    },
}

impl Envelope {
    fn frame(&mut self, entities: Vec<Entity>, authors: Vec<(Revision, Author)>, last: bool) -> Down {
        match self {
            Self::Snapshot {
                workspace,
                head,
                vector,
                at,
            } => Down::Snapshot(Snapshot {
                workspace: *workspace,
                epoch: head.epoch,
                revision: head.revision,
                entities,
                last,
                mark: head.mark,
                vector: if last {
                    std::mem::take(vector)
                } else {
                    VersionVector::default()
                },
                at: *at,
            }),
            Self::Delta {
                workspace,
                cursor,
                head,
                at,
            } => {
                // Only the last part moves the cursor, so a replica that loses the rest asks again from the same cursor.
                let (to, mark) = match last {
                    true => (head.revision, head.mark),
                    false => (*cursor, Mark(0)),
                };
                Down::Delta(Delta {
                    workspace: *workspace,
                    epoch: head.epoch,
                    from: *cursor,
                    to,
                    entities,
                    outcomes: Vec::new(),
                    at: *at,
                    mark,
                    authors: changed_by(authors),
                })
            }
        }
    }
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
pub(super) struct Parts {
    envelope: Envelope,
    done: Vec<Part>,
    entities: Vec<Entity>,
    authors: Vec<(Revision, Author)>,
    bytes: usize,
}

impl Parts {
    /// The frames of a snapshot at `head`, read at `at`.
    pub(super) fn of_snapshot(
        workspace: WorkspaceId,
        head: Head,
        vector: VersionVector,
        at: Timestamp,
    ) -> Self {
        Self::new(Envelope::Snapshot {
            workspace,
            head,
            vector,
            at,
        })
    }

    /// The frames of a delta from the cursor to `head`, whose last change was committed at `at`.
    pub(super) fn of_delta(subscribe: &Subscribe, head: Head, at: Timestamp) -> Self {
        Self::new(Envelope::Delta {
            workspace: subscribe.workspace,
            cursor: subscribe.cursor,
            head,
            at,
        })
    }

    fn new(envelope: Envelope) -> Self {
        Self {
            envelope,
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
        let frame = self.envelope.frame(entities, authors, last);
        self.done.push(Part(frame.to_frame()));
    }

    pub(super) fn finish(mut self) -> Vec<Part> {
        self.cut(true);
        self.done
    }
}
