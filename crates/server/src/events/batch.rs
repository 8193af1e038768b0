//! The changes of one group commit in one workspace.

use std::sync::{Arc, OnceLock};
use std::time::Instant;

use tsugi_sync::entity::Entity;
use tsugi_sync::frame::Form;
use tsugi_sync::ids::{Epoch, Mark, Revision, Timestamp, WorkspaceId};
use tsugi_sync::limits;
use tsugi_sync::protocol::{Author, ChangedBy, Delta, Down, changed_by, named};

use super::Point;
use crate::packed::Packed;
use crate::trace::TraceId;

/// The changes in `(from, to]`. Its frame is written once in each form, by the first session that needs it, and shared by
/// all.
#[derive(Debug)]
pub struct Batch {
    workspace: WorkspaceId,
    epoch: Epoch,
    from: Revision,
    to: Revision,
    mark: Mark,
    entities: Vec<Entity>,
    /// The authors of its changes.
    authors: Vec<(Revision, Author)>,
    at: Timestamp,
    /// The bytes of the frames in which its mutations came, which is about the memory that it takes.
    bytes: usize,
    made: Instant,
    /// Of the mutations that made it, if somebody follows them.
    traces: OnceLock<Arc<[TraceId]>>,
    frames: [OnceLock<Option<Packed>>; 4],
}

impl Batch {
    pub fn new(
        workspace: WorkspaceId,
        epoch: Epoch,
        (from, to, mark): (Revision, Revision, Mark),
        (entities, authors): (Vec<Entity>, Vec<(Revision, Author)>),
        at: Timestamp,
        bytes: usize,
    ) -> Self {
        Self {
            workspace,
            epoch,
            from,
            to,
            mark,
            entities,
            authors,
            at,
            bytes,
            made: Instant::now(),
            traces: OnceLock::new(),
            frames: Default::default(),
        }
    }

    pub fn workspace(&self) -> WorkspaceId {
        self.workspace
    }

    pub fn from(&self) -> Revision {
        self.from
    }

    pub fn to(&self) -> Revision {
        self.to
    }

    /// The mark of the last revision.
    pub fn mark(&self) -> Mark {
        self.mark
    }

    pub(crate) fn at(&self) -> Timestamp {
        self.at
    }

    /// These mutations made it.
    pub(crate) fn traced(&self, traces: Vec<TraceId>) {
        self.traces.get_or_init(|| traces.into());
    }

    /// None unless somebody follows them.
    pub(crate) fn traces(&self) -> Option<&Arc<[TraceId]>> {
        self.traces.get()
    }

    /// When it was made: right after the commit, or after another instance's commit was read.
    pub(crate) fn made(&self) -> Instant {
        self.made
    }

    pub(crate) fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// The point to which it leads.
    pub fn end(&self) -> Point {
        Point {
            epoch: self.epoch,
            revision: self.to,
            mark: self.mark,
        }
    }

    pub fn bytes(&self) -> usize {
        self.bytes
    }

    pub fn entities(&self) -> &[Entity] {
        &self.entities
    }

    /// The authors of changes of this batch, as a delta with these entities names them.
    pub(crate) fn authors_of(&self, entities: &[Entity]) -> Vec<ChangedBy> {
        if self.authors.is_empty() {
            return Vec::new();
        }
        let named = named(entities, self.from, self.to);
        let authors = self.authors.iter();
        changed_by(authors.filter(|(revision, _)| named.contains(revision)).cloned())
    }

    /// Whether it has no changes for the other sessions.
    pub fn is_empty(&self) -> bool {
        self.from == self.to
    }

    /// The frame for all sessions that did not push. None if it would be larger than a frame may be; then they read
    /// from the store in parts.
    pub(crate) fn frame(&self, form: Form) -> Option<Packed> {
        let frame = self.frames[usize::from(form.byte())].get_or_init(|| {
            let delta = Down::Delta(Delta {
                workspace: self.workspace,
                epoch: self.epoch,
                from: self.from,
                to: self.to,
                entities: self.entities.clone(),
                outcomes: Vec::new(),
                at: self.at,
                mark: self.mark,
                authors: self.authors_of(&self.entities),
            });
            let text = delta.to_frame();
            (text.len() <= limits::FRAME_BYTES).then(|| form.pack(text).into())
        });
        frame.clone()
    }
}
