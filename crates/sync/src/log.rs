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

/// One row of the log. Format 1.
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
    /// When the row is not an entry of this format.
    pub fn parse(row: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(row)
    }

    #[must_use]
    pub fn to_row(&self) -> String {
        serde_json::to_string(self)
            .expect("entries hold only strings, integers, lists and maps with string keys")
    }
}
