//! Version vectors: which mutations of each replica are included in a state.
//!
//! They tell whether of two states one comes after the other or both have something of their own; a handshake brings
//! them, a snapshot carries them, and the import of an exported copy is decided by them. Bounded: replicas that have
//! not written for longest are retired, and an entry that is missing says "none of it", which at worst asks again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ids::{MutationId, MutationSeq, ReplicaId};
use crate::limits;

/// Per replica, the highest sequence number of those of its mutations that it brought itself and that are included.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct VersionVector(BTreeMap<ReplicaId, MutationSeq>);

/// How two states stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Causality {
    Equal,
    /// This one is included in the other.
    Before,
    /// The other one is included in this.
    After,
    /// Each has something that the other lacks.
    Concurrent,
}

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

    /// The highest mutation of `replica` that is included; 0 where there is none.
    #[must_use]
    pub fn of(&self, replica: ReplicaId) -> MutationSeq {
        self.0.get(&replica).copied().unwrap_or_default()
    }

    /// Includes a mutation. Beyond the limit of replicas, one that is not known yet is left out.
    pub fn include(&mut self, mutation: MutationId) {
        if self.0.len() >= limits::VECTOR_REPLICAS && !self.0.contains_key(&mutation.replica) {
            return;
        }
        let known = self.0.entry(mutation.replica).or_default();
        *known = (*known).max(mutation.seq);
    }

    /// Includes all that `other` includes.
    pub fn join(&mut self, other: &Self) {
        for (replica, seq) in other.iter() {
            self.include(MutationId { replica, seq });
        }
    }

    #[must_use]
    pub fn compare(&self, other: &Self) -> Causality {
        let lacks = |a: &Self, b: &Self| b.iter().any(|(replica, seq)| seq > a.of(replica));
        match (lacks(self, other), lacks(other, self)) {
            (false, false) => Causality::Equal,
            (true, false) => Causality::Before,
            (false, true) => Causality::After,
            (true, true) => Causality::Concurrent,
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

    /// The whole small space: two replicas with 0 to 2 mutations each, on both sides.
    #[test]
    fn before_after_and_concurrent() {
        for (a, b, c, d) in (0..81).map(|n| (n % 3, n / 3 % 3, n / 9 % 3, n / 27 % 3)) {
            let (one, other) = (vector(&[(1, a), (2, b)]), vector(&[(1, c), (2, d)]));
            let expected = match (a.cmp(&c) as i8, b.cmp(&d) as i8) {
                (0, 0) => Causality::Equal,
                (x, y) if x <= 0 && y <= 0 => Causality::Before,
                (x, y) if x >= 0 && y >= 0 => Causality::After,
                _ => Causality::Concurrent,
            };
            assert_eq!(one.compare(&other), expected, "{a} {b} against {c} {d}");
        }
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
