//! Version vectors: which mutations of each replica are included in a state.
//!
//! The handshake brings them and a snapshot carries them, so that a replica knows which of its own mutations the server
//! has. Their size has a limit: the replicas that have not written for longest are left out. A missing entry says "none
//! of its mutations", and the worst that follows is that something is sent again.

use serde::{Deserialize, Serialize};

use crate::ids::{MutationId, MutationSeq, ReplicaId};
use crate::limits;
use crate::sorted_map::SortedMap;

/// For each replica, the highest sequence number among its included mutations. A mutation that another replica brought
/// to the server does not count.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct VersionVector(SortedMap<ReplicaId, MutationSeq>);

impl VersionVector {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = (ReplicaId, MutationSeq)> {
        self.0.iter().map(|(replica, seq)| (*replica, *seq))
    }

    /// The highest mutation of `replica` that is included; 0 if there is none.
    #[must_use]
    pub fn of(&self, replica: ReplicaId) -> MutationSeq {
        self.0.get(&replica).copied().unwrap_or_default()
    }

    /// Includes a mutation. If the vector is full, a replica that is not in it yet is left out.
    pub fn include(&mut self, mutation: MutationId) {
        if self.0.len() >= limits::VECTOR_REPLICAS && !self.0.contains_key(&mutation.replica) {
            return;
        }
        let known = self.0.entry(mutation.replica).or_default();
        *known = (*known).max(mutation.seq);
    }

    /// Includes everything that `other` includes.
    pub fn join(&mut self, other: &Self) {
        for (replica, seq) in other.iter() {
            self.include(MutationId { replica, seq });
        }
    }
}

impl FromIterator<(ReplicaId, MutationSeq)> for VersionVector {
    fn from_iter<I: IntoIterator<Item = (ReplicaId, MutationSeq)>>(entries: I) -> Self {
        let mut vector = Self::default();
        for (replica, seq) in entries {
            vector.include(MutationId { replica, seq });
        }
        vector
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn vector(entries: &[(u128, u64)]) -> VersionVector {
        let entry = |(replica, seq): &(u128, u64)| (ReplicaId(Uuid::from_u128(*replica)), MutationSeq(*seq));
        entries.iter().map(entry).collect()
    }

    #[test]
    fn joined_it_includes_both_and_never_less() {
        let mut one = vector(&[(1, 5), (2, 1)]);
        one.join(&vector(&[(1, 3), (3, 2)]));
        assert_eq!(one, vector(&[(1, 5), (2, 1), (3, 2)]));
    }

    #[test]
    fn it_is_bounded() {
        let many: Vec<_> = (0..2 * limits::VECTOR_REPLICAS as u128).map(|n| (n, 1)).collect();
        assert_eq!(vector(&many).len(), limits::VECTOR_REPLICAS);
    }
}
