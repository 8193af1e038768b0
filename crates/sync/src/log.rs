//! The local log: everything that ever changed a replica, in order. A replica is a pure fold over it, so every tab
//! of a browser that reads the same rows holds the same bytes.
//!
//! The storage gives each row a rising key that is never used again. The key of a [`Entry::Mutated`] row is the
//! mutation's sequence number: writing a mutation and numbering it are one step, whichever tab does it.

use serde::{Deserialize, Serialize};

use crate::entity::Entity;
use crate::ids::{Epoch, Mark, MutationSeq, Revision, Timestamp};
use crate::mutation::Mutation;
use crate::protocol::{Delta, is_unmarked, is_zero};
use crate::vector::VersionVector;

/// The format of the rows that this build writes; no number stands for 1. A row that an earlier build would misread,
/// and not just pass over a member of it, gets a later number as its first member: `{"format":2,"entry":…`.
pub const FORMAT: u32 = 1;

/// One row of the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "snake_case")]
pub enum Entry {
    /// A person changed something; it waits for the server.
    Mutated(Mutation),
    /// The server said something.
    Received(Delta),
    /// These waiting mutations were settled: what is left of them follows as new mutations in the same transaction.
    Superseded { seqs: Vec<MutationSeq> },
    /// A part of the whole state as the server has it. The last part takes the place of the base.
    Bootstrapped {
        epoch: Epoch,
        revision: Revision,
        entities: Vec<Entity>,
        last: bool,
        #[serde(default, skip_serializing_if = "is_unmarked")]
        mark: Mark,
        #[serde(default, skip_serializing_if = "VersionVector::is_empty")]
        vector: VersionVector,
        /// When it was read, by the server's clock; 0 where it is not known.
        #[serde(default, skip_serializing_if = "is_zero")]
        at: Timestamp,
    },
    /// An earlier version handed out a copy of what waits: somebody else may bring it to the server, one by one. This row
    /// is read, and not written any more.
    Exported,
    /// What more of each replica the server has, as it said at a handshake.
    Learned { vector: VersionVector },
    /// A person gave up a refused mutation.
    Discarded { seq: MutationSeq },
    /// Rows were unreadable: what the server has must be fetched whole. Waiting mutations stay.
    Distrusted,
}

impl Entry {
    /// Reads a row.
    ///
    /// # Errors
    /// When a later version wrote the row, or it is damaged.
    pub fn parse(row: &str) -> Result<Self, RowError> {
        if row.starts_with(r#"{"format":"#) && Outside::is_later(row) {
            return Err(RowError::Later);
        }
        serde_json::from_str(row).map_err(|error| match Outside::is_later(row) {
            true => RowError::Later,
            false => RowError::Damaged(error.to_string()),
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
    /// It is in order, and somebody's edit perhaps: the app must be brought up to date, and the row left where it is.
    #[error("a later version of the app wrote it")]
    Later,
    #[error("not a row of the log: {0}")]
    Damaged(String),
}

/// What rows of every format have in common.
#[derive(Deserialize)]
struct Outside {
    #[serde(default)]
    format: u32,
    entry: String,
}

/// Every entry of this format.
const ENTRIES: [&str; 8] = [
    "mutated",
    "received",
    "superseded",
    "bootstrapped",
    "learned",
    "discarded",
    "distrusted",
    "exported",
];

impl Outside {
    fn is_later(row: &str) -> bool {
        serde_json::from_str::<Self>(row)
            .is_ok_and(|row| row.format > FORMAT || !ENTRIES.contains(&row.entry.as_str()))
    }
}
