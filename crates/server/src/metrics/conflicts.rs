//! The measurements of conflicts, as far as a server can know them: replicas decide, and record what they decided.
//!
//! | `how` | the record |
//! |---|---|
//! | `merged` | a rule merged both sides, and nobody was asked |
//! | `asked` | a person has to decide |
//! | `settled` | a person has decided |
//! | `undone` | a decision was taken back |
//!
//! The time that a person took is known if the record and the decision came to the same instance, and if fewer than
//! [`REMEMBERED`] other records came between them.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use metrics::{Unit, counter, describe_counter, describe_histogram, histogram};
use tsugi_sync::entity::{Field, Kind};
use tsugi_sync::ids::{EntityId, Timestamp};
use tsugi_sync::mutation::PushedMutation;
use tsugi_sync::value::Value;

const REMEMBERED: usize = 4_096;

pub(super) fn describe() {
    describe_counter!(
        "tsugi_conflicts_total",
        "Mutations answered with a conflict, by the kind of their entity."
    );
    describe_counter!(
        "tsugi_conflict_records_total",
        "Conflicts and merges that replicas recorded, and conflicts that people settled."
    );
    describe_counter!(
        "tsugi_conflict_decisions_total",
        "Conflicts merged without asking, asked about, settled or undone, by the kind of their entity."
    );
    describe_histogram!(
        "tsugi_conflict_settled_seconds",
        Unit::Seconds,
        "From the record of a conflict to a person's decision, by the devices' clocks."
    );
}

/// Mutations in conflict, of entities of one kind.
pub(crate) fn conflicts(kind: &'static str, count: u64) {
    counter!("tsugi_conflicts_total", "kind" => kind).increment(count);
}

/// Conflicts and merges that replicas recorded, and conflicts that somebody settled.
pub(crate) fn conflict_records(recorded: u64, settled: u64) {
    for (what, count) in [("recorded", recorded), ("settled", settled)] {
        counter!("tsugi_conflict_records_total", "what" => what).increment(count);
    }
}

/// What a mutation says of a conflict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Decision {
    how: How,
    /// The kind of the entity that the conflict is about, if the mutation says it.
    kind: &'static str,
    conflict: EntityId,
    at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    Merged,
    Asked,
    Settled,
    Undone,
}

impl Decision {
    /// None if the mutation is not about the state of a conflict.
    pub(crate) fn read(mutation: &PushedMutation) -> Option<Self> {
        if mutation.kind != Kind::Conflict {
            return None;
        }
        let state = mutation.set.get(&Field::State)?.as_text()?;
        let how = match (state, mutation.base.is_empty()) {
            ("merged", true) => How::Merged,
            ("open", true) => How::Asked,
            ("resolved", _) => How::Settled,
            ("merged" | "open", false) => How::Undone,
            _ => return None,
        };
        Some(Self {
            how,
            kind: subject(mutation.set.get(&Field::Subject)),
            conflict: mutation.entity,
            at: mutation.at,
        })
    }

    /// Counts it, because it is stored.
    pub(crate) fn tell(self) {
        let how = match self.how {
            How::Merged => "merged",
            How::Asked => "asked",
            How::Settled => "settled",
            How::Undone => "undone",
        };
        let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
        let open = open.get_or_insert_default();
        let kind = match self.how {
            How::Asked => {
                open.remember(self.conflict, self.at, self.kind);
                self.kind
            }
            How::Settled => match open.records.remove(&self.conflict) {
                Some((since, kind)) => {
                    let took = Duration::from_millis(self.at.since(since));
                    histogram!("tsugi_conflict_settled_seconds").record(took);
                    kind
                }
                None => self.kind,
            },
            How::Merged | How::Undone => self.kind,
        };
        counter!("tsugi_conflict_decisions_total", "how" => how, "kind" => kind).increment(1);
    }
}

/// The records that wait for a person.
static OPEN: Mutex<Option<Open>> = Mutex::new(None);

#[derive(Debug, Default)]
struct Open {
    records: HashMap<EntityId, (Timestamp, &'static str)>,
    in_order: VecDeque<EntityId>,
}

impl Open {
    fn remember(&mut self, conflict: EntityId, at: Timestamp, kind: &'static str) {
        while self.in_order.len() >= REMEMBERED {
            if let Some(oldest) = self.in_order.pop_front() {
                self.records.remove(&oldest);
            }
        }
        self.in_order.push_back(conflict);
        self.records.insert(conflict, (at, kind));
    }
}

/// Kinds as a closed set: no label comes from the text that a replica pushes.
fn subject(subject: Option<&Value>) -> &'static str {
    let Some(Value::List(parts)) = subject else {
        return "unsaid";
    };
    let Some(Value::Text(kind)) = parts.first() else {
        return "unsaid";
    };
    match Kind::from(kind.as_str()) {
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
