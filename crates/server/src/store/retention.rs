//! How much of what is old was forgotten.

use crate::metrics;

/// How much a sweep has forgotten.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// With their receipts.
    pub changes: u64,
    pub tombstones: u64,
    /// From the version vectors.
    pub replicas: u64,
}

impl Swept {
    pub(super) fn add(&mut self, step: Self) {
        self.changes += step.changes;
        self.tombstones += step.tombstones;
        self.replicas += step.replicas;
        metrics::forgotten("changes", step.changes);
        metrics::forgotten("tombstones", step.tombstones);
        metrics::forgotten("replicas", step.replicas);
    }
}
