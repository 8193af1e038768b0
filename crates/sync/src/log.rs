//! The local log: everything that ever changed a replica, in order. A replica is a pure fold over it, so every tab
//! of a browser that reads the same rows holds the same bytes.
//!
//! The storage gives each row a key. Keys rise, and none is used again. The key of an [`Entry::Mutated`] row is the
//! mutation's sequence number. So one step writes a mutation and numbers it, whichever tab does it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::entity::Entity;
use crate::ids::{Epoch, Mark, MutationSeq, Revision, Timestamp};
use crate::mutation::Mutation;
use crate::protocol::{Delta, is_unmarked, is_zero};
use crate::vector::VersionVector;

/// The format of the rows that this build writes. A row without a number has format 1. A row that an earlier build
/// would misread gets a higher number, as its first member: `{"format":2,"entry":…`. A new member that earlier builds
/// may skip does not need one.
pub const FORMAT: u32 = 1;

/// One row of the log.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "entry", rename_all = "snake_case")]
pub enum Entry {
    /// A person changed something; it waits for the server.
    Mutated(Mutation),
    /// The server sent changes or answers.
    Received(Delta),
    /// These waiting mutations were settled. What is left of them follows in the same transaction, as new mutations.
    Superseded { seqs: Vec<MutationSeq> },
    /// A part of a snapshot. The last part makes the snapshot replace the base.
    Bootstrapped {
        epoch: Epoch,
        revision: Revision,
        entities: Vec<Entity>,
        last: bool,
        #[serde(skip_serializing_if = "is_unmarked")]
        mark: Mark,
        #[serde(skip_serializing_if = "VersionVector::is_empty")]
        vector: VersionVector,
        /// When it was read, by the server's clock; 0 if that is not known.
        #[serde(skip_serializing_if = "is_zero")]
        at: Timestamp,
    },
    /// An earlier version exported a copy of the waiting mutations, so somebody else may bring them to the server, one
    /// by one. This row is read, and not written any more.
    Exported,
    /// The server has more mutations of some replicas than this replica knew. It said so at a handshake.
    Learned { vector: VersionVector },
    /// A person gave up a refused mutation.
    Discarded { seq: MutationSeq },
    /// Rows were unreadable, so the whole state must be fetched from the server. Waiting mutations stay.
    Distrusted,
}

impl Entry {
    /// Reads a row: first its kind, and then the members of that kind. So nothing has to be kept before its kind is
    /// known.
    ///
    /// # Errors
    /// When a later version wrote the row, or it is damaged.
    pub fn parse(row: &str) -> Result<Self, RowError> {
        let Outside { format, entry } = members(row)?;
        if format > FORMAT {
            return Err(RowError::Later);
        }
        Ok(match &*entry {
            "mutated" => Self::Mutated(members(row)?),
            "received" => Self::Received(members(row)?),
            "superseded" => {
                let Superseded { seqs } = members(row)?;
                Self::Superseded { seqs }
            }
            "bootstrapped" => {
                let Bootstrapped {
                    epoch,
                    revision,
                    entities,
                    last,
                    mark,
                    vector,
                    at,
                } = members(row)?;
                Self::Bootstrapped {
                    epoch,
                    revision,
                    entities,
                    last,
                    mark,
                    vector,
                    at,
                }
            }
            "exported" => Self::Exported,
            "learned" => {
                let Learned { vector } = members(row)?;
                Self::Learned { vector }
            }
            "discarded" => {
                let Discarded { seq } = members(row)?;
                Self::Discarded { seq }
            }
            "distrusted" => Self::Distrusted,
            _ => return Err(RowError::Later),
        })
    }

    #[must_use]
    pub fn to_row(&self) -> String {
        serde_json::to_string(self)
            .expect("entries hold only strings, integers, lists and maps with string keys")
    }
}

/// Why a row cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RowError {
    /// The row is not damaged, and may be somebody's edit. The app has to be updated, and the row must stay where it
    /// is.
    #[error("a later version of the app wrote it")]
    Later,
    #[error("not a row of the log: {0}")]
    Damaged(String),
}

/// The members of a row of a known kind. All others are skipped.
fn members<'de, T: Deserialize<'de>>(row: &'de str) -> Result<T, RowError> {
    serde_json::from_str(row).map_err(|error| RowError::Damaged(error.to_string()))
}

/// The members that rows of every format have.
#[derive(Deserialize)]
struct Outside<'a> {
    #[serde(default)]
    format: u32,
    #[serde(borrow)]
    entry: Cow<'a, str>,
}

// The members of the rows that have no type of their own.

#[derive(Deserialize)]
struct Superseded {
    seqs: Vec<MutationSeq>,
}

#[derive(Deserialize)]
struct Bootstrapped {
    epoch: Epoch,
    revision: Revision,
    entities: Vec<Entity>,
    last: bool,
    #[serde(default)]
    mark: Mark,
    #[serde(default)]
    vector: VersionVector,
    #[serde(default)]
    at: Timestamp,
}

#[derive(Deserialize)]
struct Learned {
    vector: VersionVector,
}

#[derive(Deserialize)]
struct Discarded {
    seq: MutationSeq,
}
