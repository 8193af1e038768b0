//! Checkpoints: a replica's whole state in packed parts, to stand in for the log up to a position.

use serde::{Deserialize, Serialize};

use super::{Acknowledged, Parked, Replica};
use crate::entity::Entity;
use crate::hlc::Hlc;
use crate::ids::{Epoch, Mark, MutationSeq, ReplicaId, Revision, WorkspaceId};
use crate::mutation::Mutation;
use crate::vector::VersionVector;

/// The first part of a checkpoint.
#[derive(Serialize, Deserialize)]
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
}

/// Any later part. Each can be read alone, so that a damaged one takes no other with it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Part {
    Outbox(Vec<(MutationSeq, Mutation)>),
    Parked(Vec<(MutationSeq, Parked)>),
    Acknowledged(Vec<(MutationSeq, Acknowledged)>),
    Base(Vec<Entity>),
}

/// History: 1, the first. 2, marks, version vectors, clocks and acknowledged mutations.
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
    /// The whole state in packed parts, to stand in for the log up to [`Self::position`]. None while a snapshot is
    /// half received. Once those rows are gone, a tab that has not folded them all starts from the checkpoint.
    #[must_use]
    pub fn checkpoint(&self) -> Option<Vec<String>> {
        if self.is_bootstrapping() {
            return None;
        }
        let Self {
            id,
            workspace,
            epoch,
            basis,
            cursor,
            position,
            mark,
            clock,
            one_by_one,
            ..
        } = *self;
        let header = Header {
            format: CHECKPOINT_FORMAT,
            id,
            workspace,
            epoch,
            basis,
            cursor,
            position,
            mark,
            vector: self.vector.clone(),
            clock,
            one_by_one,
        };
        let outbox: Vec<_> = self.outbox.iter().map(|(seq, m)| (*seq, m.clone())).collect();
        let parked: Vec<_> = self.parked.iter().map(|(seq, p)| (*seq, p.clone())).collect();
        let acknowledged: Vec<_> = self
            .acknowledged
            .iter()
            .map(|(seq, a)| (*seq, a.clone()))
            .collect();
        let base: Vec<_> = self.base.values().cloned().collect();
        let parts = outbox
            .chunks(WAITING_PER_PART)
            .map(|chunk| Part::Outbox(chunk.to_vec()));
        let parts = parts.chain(
            parked
                .chunks(WAITING_PER_PART)
                .map(|chunk| Part::Parked(chunk.to_vec())),
        );
        let parts = parts.chain(
            acknowledged
                .chunks(WAITING_PER_PART)
                .map(|chunk| Part::Acknowledged(chunk.to_vec())),
        );
        let parts = parts.chain(
            base.chunks(ENTITIES_PER_PART)
                .map(|chunk| Part::Base(chunk.to_vec())),
        );
        Some(
            [to_json(&header)]
                .into_iter()
                .chain(parts.map(|part| to_json(&part)))
                .collect(),
        )
    }

    /// A replica from a checkpoint, and the indexes of the parts that could not be read. With any of those, the base
    /// is not to be trusted: it must be fetched again.
    ///
    /// # Errors
    /// When nothing can be made of it.
    pub fn restore(
        id: ReplicaId,
        workspace: WorkspaceId,
        parts: &[String],
    ) -> Result<(Self, Vec<usize>), CheckpointError> {
        let mut replica = Self::new(id, workspace);
        let Some(header) = parts.first() else {
            return Ok((replica, Vec::new()));
        };
        let header: Header =
            serde_json::from_str(header).map_err(|e| CheckpointError::Header(e.to_string()))?;
        if header.format > CHECKPOINT_FORMAT {
            return Err(CheckpointError::Later(header.format));
        }
        if (header.id, header.workspace) != (id, workspace) {
            return Err(CheckpointError::Foreign);
        }
        replica.epoch = header.epoch;
        replica.basis = header.basis;
        replica.cursor = header.cursor;
        replica.position = header.position;
        replica.mark = header.mark;
        replica.vector = header.vector;
        replica.clock = header.clock;
        replica.one_by_one = header.one_by_one;
        let mut unreadable = Vec::new();
        for (index, part) in parts.iter().enumerate().skip(1) {
            match serde_json::from_str(part) {
                Ok(Part::Outbox(waiting)) => waiting.into_iter().for_each(|(seq, m)| replica.enqueue(seq, m)),
                Ok(Part::Parked(parked)) => replica.parked.extend(parked),
                Ok(Part::Acknowledged(acknowledged)) => replica.acknowledged.extend(acknowledged),
                Ok(Part::Base(entities)) => replica.base.extend(entities.into_iter().map(|e| (e.id, e))),
                Err(_) => unreadable.push(index),
            }
        }
        Ok((replica, unreadable))
    }
}

fn to_json(part: &impl Serialize) -> String {
    serde_json::to_string(part)
        .expect("checkpoints hold only strings, integers, lists and maps with string keys")
}
