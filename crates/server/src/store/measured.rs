//! Measurements of the mutations of a group: counted while the mutations are decided on, and reported once the
//! group is stored.

use std::collections::BTreeMap;
use std::time::Duration;

use tsugi_sync::entity::Kind;
use tsugi_sync::ids::{Revision, Timestamp};
use tsugi_sync::mutation::PushedMutation;
use tsugi_sync::protocol::{Fate, Outcome};

use crate::metrics;

#[derive(Debug, Default)]
pub(super) struct Measured {
    /// How long accepted mutations had waited on their devices, by the devices' clocks.
    waited: Vec<Duration>,
    /// Mutations in conflict, by the kind of their entity.
    conflicts: BTreeMap<&'static str, u64>,
    /// Conflicts and merges that were recorded, and conflicts that somebody settled.
    recorded: u64,
    settled: u64,
}

impl Measured {
    /// `from` is the head before the mutation was decided on.
    pub(super) fn add(&mut self, mutation: &PushedMutation, fate: &Fate, from: Revision, now: Timestamp) {
        match fate {
            Fate::Accepted { revision, .. } if *revision > from => {
                self.waited.push(Duration::from_millis(now.since(mutation.at)));
                if mutation.kind == Kind::Conflict {
                    let count = if mutation.base.is_empty() {
                        &mut self.recorded
                    } else {
                        &mut self.settled
                    };
                    *count += 1;
                }
            }
            Fate::Conflict { .. } => *self.conflicts.entry(known(&mutation.kind)).or_default() += 1,
            Fate::Accepted { .. } | Fate::Refused { .. } => {}
        }
    }

    /// Gives the numbers to the metrics, because the group is stored now.
    pub(super) fn tell(&self) {
        for waited in &self.waited {
            metrics::waited(*waited);
        }
        for (kind, count) in &self.conflicts {
            metrics::conflicts(kind, *count);
        }
        metrics::conflict_records(self.recorded, self.settled);
    }
}

pub(super) fn tell_fates(outcomes: &[Outcome]) {
    for outcome in outcomes {
        metrics::fate(match &outcome.fate {
            Fate::Accepted { .. } => "accepted",
            Fate::Conflict { .. } => "conflict",
            Fate::Refused { .. } => "refused",
        });
    }
}

/// Kinds as a closed set: no label of a metric may come from the text that a replica pushes.
fn known(kind: &Kind) -> &'static str {
    match kind {
        Kind::Task => "task",
        Kind::List => "list",
        Kind::Section => "section",
        Kind::Folder => "folder",
        Kind::Label => "label",
        Kind::Comment => "comment",
        Kind::Filter => "filter",
        Kind::Conflict => "conflict",
        Kind::Policy => "policy",
        Kind::Other(_) => "other",
    }
}
