//! How much of what is old is forgotten in one step, and was in all.

use crate::metrics;

/// How many changes one step forgets.
pub(super) const STEP_CHANGES: u64 = 128;
/// Approximate bytes of changes that one step forgets.
pub(super) const STEP_BYTES: u64 = 1024 * 1024;
/// How many workspaces are looked at in one step, and how many replicas are retired in one.
pub(super) const PAGE: u64 = 256;

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
