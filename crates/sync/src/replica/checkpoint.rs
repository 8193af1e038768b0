//! Checkpoints: a replica's whole state in packed parts. A checkpoint replaces the rows of the log up to a position.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Acknowledged, Parked, Replica};
use crate::entity::{Entity, Field};
use crate::hlc::Hlc;
use crate::ids::{Epoch, Mark, MutationSeq, ReplicaId, Revision, WorkspaceId};
use crate::mutation::Mutation;
use crate::protocol::Author;
use crate::vector::VersionVector;

/// The first part of a checkpoint.
#[derive(Debug, Serialize, Deserialize)]
struct Header {
    format: u32,
    id: ReplicaId,
    workspace: WorkspaceId,
    epoch: Option<Epoch>,
    basis: Option<Epoch>,
    cursor: Revision,
    position: u64,
    #[serde(default)]
    mark: Mark,
    #[serde(default)]
    vector: VersionVector,
    #[serde(default)]
    clock: Hlc,
    #[serde(default)]
    one_by_one: MutationSeq,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    movers: Vec<(Revision, Author)>,
    /// How many parts, this one included, hold everything except what is completed or deleted.
    #[serde(default)]
    first: usize,
}

/// Any later part. Each part can be read alone, so that a damaged part does no harm to the others.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Part {
    Outbox(Vec<(MutationSeq, Mutation)>),
    Parked(Vec<(MutationSeq, Parked)>),
    Acknowledged(Vec<(MutationSeq, Acknowledged)>),
    Base(Vec<Arc<Entity>>),
}

/// History: 1 was the first. 2 added marks, version vectors, clocks and acknowledged mutations.
const CHECKPOINT_FORMAT: u32 = 2;
const WAITING_PER_PART: usize = 200;
const ENTITIES_PER_PART: usize = 1000;

/// Why a checkpoint cannot be used at all.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    #[error("the checkpoint has no readable header: {0}")]
    Header(String),
    #[error(
        "the checkpoint has format {0}, from a later version of the app; this one reads {CHECKPOINT_FORMAT}"
    )]
    Later(u32),
    #[error("the checkpoint belongs to another workspace or replica")]
    Foreign,
}

impl Replica {
    /// The whole state in packed parts, which replaces the rows of the log up to [`Self::position`]. None while a
    /// snapshot is half received. Once those rows are deleted, a tab that has not folded all of them starts from the
    /// checkpoint.
    #[must_use]
    pub fn checkpoint(&self) -> Option<Checkpoint> {
        if self.is_bootstrapping() {
            return None;
        }
        let (done, living): (Vec<_>, Vec<_>) =
            self.base.values().cloned().partition(|entity| is_done(entity));
        let mut parts = in_parts(
            self.outbox.iter().map(|(seq, of)| (seq, of.as_ref())),
            Part::Outbox,
        );
        parts.extend(in_parts(self.parked.iter(), Part::Parked));
        parts.extend(in_parts(self.acknowledged.iter(), Part::Acknowledged));
        let base = |entities: &[Arc<Entity>]| Part::Base(entities.to_vec());
        parts.extend(living.chunks(ENTITIES_PER_PART).map(base));
        let first = 1 + parts.len();
        parts.extend(done.chunks(ENTITIES_PER_PART).map(base));
        let header = Header {
            format: CHECKPOINT_FORMAT,
            id: self.id,
            workspace: self.workspace,
            epoch: self.epoch,
            basis: self.basis,
            cursor: self.cursor,
            position: self.position,
            mark: self.mark,
            vector: self.vector.clone(),
            clock: self.clock,
            one_by_one: self.one_by_one,
            movers: self.movers.iter().map(|(at, by)| (*at, by.clone())).collect(),
            first,
        };
        Some(Checkpoint {
            header: Some(header),
            parts: parts.into_iter(),
        })
    }

    /// A replica from a checkpoint, and the indexes of the parts that could not be read. If there are any, the base
    /// cannot be trusted: the caller has to fetch it again.
    ///
    /// # Errors
    /// When the header cannot be read, comes from a later version, or belongs to another replica or workspace.
    pub fn restore(
        id: ReplicaId,
        workspace: WorkspaceId,
        parts: &[String],
    ) -> Result<(Self, Vec<usize>), CheckpointError> {
        let mut parts = parts.iter();
        let mut restoring = Restoring::begin(id, workspace, parts.next().map(String::as_str))?;
        parts.for_each(|part| restoring.part(part));
        Ok(restoring.finish())
    }
}

/// Whether an entity is completed or deleted. People look at those last.
fn is_done(entity: &Entity) -> bool {
    entity.is_deleted() || !entity.value(&Field::Completed).is_null()
}

fn in_parts<'a, T: Clone + 'a>(
    mutations: impl Iterator<Item = (&'a MutationSeq, &'a T)>,
    part: fn(Vec<(MutationSeq, T)>) -> Part,
) -> Vec<Part> {
    let mutations: Vec<_> = mutations.map(|(seq, of)| (*seq, of.clone())).collect();
    let parts = mutations.chunks(WAITING_PER_PART);
    parts.map(|mutations| part(mutations.to_vec())).collect()
}

/// A checkpoint that is being made. Making each part takes some milliseconds, at the moment when it is asked for. All
/// parts show the replica as it was when the checkpoint was begun.
#[derive(Debug)]
pub struct Checkpoint {
    header: Option<Header>,
    parts: std::vec::IntoIter<Part>,
}

impl Iterator for Checkpoint {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        match self.header.take() {
            Some(header) => Some(to_json(&header)),
            None => self.parts.next().map(|part| to_json(&part)),
        }
    }
}

/// A replica that is being read from a checkpoint, part by part.
#[derive(Debug)]
pub struct Restoring {
    replica: Replica,
    first: usize,
    read: usize,
    unreadable: Vec<usize>,
}

impl Restoring {
    /// # Errors
    /// When the header cannot be read, comes from a later version, or belongs to another replica or workspace.
    pub fn begin(
        id: ReplicaId,
        workspace: WorkspaceId,
        header: Option<&str>,
    ) -> Result<Self, CheckpointError> {
        let mut restoring = Self {
            replica: Replica::new(id, workspace),
            first: 0,
            read: 1,
            unreadable: Vec::new(),
        };
        let Some(header) = header else {
            return Ok(restoring);
        };
        let header: Header =
            serde_json::from_str(header).map_err(|e| CheckpointError::Header(e.to_string()))?;
        if header.format > CHECKPOINT_FORMAT {
            return Err(CheckpointError::Later(header.format));
        }
        if (header.id, header.workspace) != (id, workspace) {
            return Err(CheckpointError::Foreign);
        }
        let replica = &mut restoring.replica;
        replica.epoch = header.epoch;
        replica.basis = header.basis;
        replica.cursor = header.cursor;
        replica.position = header.position;
        replica.mark = header.mark;
        replica.vector = header.vector;
        replica.clock = header.clock;
        replica.one_by_one = header.one_by_one;
        replica.movers.extend(header.movers);
        restoring.first = header.first;
        Ok(restoring)
    }

    /// Takes in the next part.
    pub fn part(&mut self, part: &str) {
        let replica = &mut self.replica;
        match serde_json::from_str(part) {
            Ok(Part::Outbox(waiting)) => waiting.into_iter().for_each(|(seq, m)| replica.enqueue(seq, m)),
            Ok(Part::Parked(parked)) => replica.parked.extend(parked),
            Ok(Part::Acknowledged(acknowledged)) => replica.acknowledged.extend(acknowledged),
            Ok(Part::Base(entities)) => replica.base.extend(entities.into_iter().map(|e| (e.id, e))),
            Err(_) => self.unreadable.push(self.read),
        }
        self.read += 1;
    }

    /// The replica as read so far, at the moment when only completed and deleted entities are missing. It may be
    /// shown, but nothing may be written or pushed from it.
    #[must_use]
    pub fn first_look(&self) -> Option<Replica> {
        (self.read == self.first && self.unreadable.is_empty()).then(|| self.replica.clone())
    }

    /// The replica, and the indexes of the parts that could not be read.
    #[must_use]
    pub fn finish(self) -> (Replica, Vec<usize>) {
        (self.replica, self.unreadable)
    }
}

fn to_json(part: &impl Serialize) -> String {
    serde_json::to_string(part)
        .expect("checkpoints hold only strings, integers, lists and maps with string keys")
}
