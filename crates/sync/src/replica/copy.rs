//! Copies: what a replica has that the server may not have, to be taken in by another one. So the edits of a device that
//! will never meet the server, or of one that never has, find their way.
//!
//! A mutation that comes this way keeps the name it had: whoever brings it to the server, it takes effect once.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Replica;
use super::rebase::rebase;
use crate::ids::{MutationId, MutationSeq, ReplicaId};
use crate::log::Entry;
use crate::mutation::Mutation;
use crate::vector::{Causality, VersionVector};

/// What one replica has that the server is not known to have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Copy {
    pub replica: ReplicaId,
    /// What of each replica is included.
    pub vector: VersionVector,
    pub mutations: Vec<(MutationSeq, Mutation)>,
}

impl Replica {
    /// What waits here, to be taken in elsewhere. The log must hold an [`Entry::Exported`] before it is handed out.
    #[must_use]
    pub fn export(&self) -> Copy {
        Copy {
            replica: self.id,
            vector: self.included(),
            mutations: self.outbox.iter().map(|(seq, m)| (*seq, m.clone())).collect(),
        }
    }

    /// What of each replica is in the view: what the server is known to have, and what waits here.
    #[must_use]
    pub fn included(&self) -> VersionVector {
        let mut vector = self.vector.clone();
        for (seq, mutation) in &self.outbox {
            vector.include(name(self.id, *seq, mutation));
        }
        vector
    }

    /// How this replica stands to a copy: whether it has something that the other lacks, as far as is known.
    #[must_use]
    pub fn compare(&self, copy: &Copy) -> Causality {
        self.included().compare(&copy.vector)
    }

    /// What the log must hold once a copy is taken in: its mutations that are not here, each made on what is here, by
    /// its values. One that the server has all the same is answered by its receipt.
    #[must_use]
    pub fn import(&self, copy: &Copy) -> Vec<Entry> {
        let acknowledged = self.acknowledged.iter().map(|(seq, a)| (seq, &a.mutation));
        let parked = self.parked.iter().map(|(seq, parked)| (seq, &parked.mutation));
        let here = self.outbox.iter().chain(acknowledged).chain(parked);
        let here: BTreeSet<MutationId> = here.map(|(seq, m)| name(self.id, *seq, m)).collect();
        let mut entries = Vec::new();
        for (seq, mutation) in &copy.mutations {
            let origin = name(copy.replica, *seq, mutation);
            if origin.replica == self.id || here.contains(&origin) {
                continue;
            }
            let mut mutation = Mutation {
                origin: Some(origin),
                ..mutation.clone()
            };
            let base = self.base(mutation.entity);
            rebase(&mut mutation, base);
            entries.push(Entry::Mutated(mutation));
        }
        entries
    }
}

fn name(replica: ReplicaId, seq: MutationSeq, mutation: &Mutation) -> MutationId {
    mutation.origin.unwrap_or(MutationId { replica, seq })
}
