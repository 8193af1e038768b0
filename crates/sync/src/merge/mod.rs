//! Three-way merge of one field's values: a pure function, with a policy for each field.
//!
//! `base` is the value from which both sides started, `local` is the value of this replica, and `remote` the value of
//! the server. They always stand in this order.

pub mod lines;
mod partly;

use std::collections::BTreeSet;

use crate::entity::{Field, Kind};
use crate::fault::{Fault, planted};
use crate::value::Value;
use lines::merge_lines;
pub use partly::Partly;
use partly::merge_partly;

/// How two changes of one field are brought together when both sides really changed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// A person decides.
    Ask,
    /// The value matters little: the one that was written last wins, by the hybrid clocks. The other one goes into the
    /// merge record.
    LastWriter,
    /// A set: an item that either side added is in the result, and an item that either side removed is not.
    Set,
    /// Two moments of one fact (completed, deleted), or two days: the earlier one wins.
    Earliest,
    /// Text, merged line by line. A person decides if both sides changed the same lines.
    Lines,
}

/// The rule that merged two values. It is recorded with the merge, and shown to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Both sides made the same change.
    Same,
    /// Only one side changed it.
    OneSide,
    /// The sides changed different lines.
    Lines,
    Set,
    Earliest,
    LastWriter,
    /// Moves that would make a cycle together: the later one is taken back. See `replica/crossing`.
    Cycle,
    /// One side completed the task, and the other put it off without knowing that: the task is done. See
    /// `replica/put_off`.
    Done,
}

impl Rule {
    pub const ALL: [Self; 8] = [
        Self::Same,
        Self::OneSide,
        Self::Lines,
        Self::Set,
        Self::Earliest,
        Self::LastWriter,
        Self::Cycle,
        Self::Done,
    ];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::OneSide => "one_side",
            Self::Lines => "lines",
            Self::Set => "set",
            Self::Earliest => "earliest",
            Self::LastWriter => "last_writer",
            Self::Cycle => "cycle",
            Self::Done => "done",
        }
    }

    /// The rule of this name; none if no rule of this version has it.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.as_str() == name)
    }

    /// Whether both sides changed the value, so that people may want to see how it was merged. A change of one side
    /// only is no news.
    #[must_use]
    pub fn is_recorded(self) -> bool {
        match self {
            Self::Same | Self::OneSide => false,
            Self::Lines | Self::Set | Self::Earliest | Self::LastWriter => true,
            Self::Cycle | Self::Done => true,
        }
    }
}

/// Which side was written later, by the hybrid clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Later {
    Local,
    Remote,
}

/// The result of a merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Merged {
    Settled(Value, Rule),
    /// Some places of a text merge, and a person decides on the others. `remote` is the text that stands until then.
    Partly(Partly),
    Ask,
}

/// The policy of a field. A person decides on a field from a later version, because this one does not know how much it
/// matters.
#[must_use]
pub fn policy(kind: &Kind, field: &Field) -> Policy {
    match (kind, field) {
        // A conflict is a record about another entity. The value that was written last wins, so that there is never a
        // conflict about a conflict.
        (Kind::Conflict, _) => Policy::LastWriter,
        // Each field of the rules is on or off, so two different changes of one are never made from the same value.
        (Kind::Policy, _) => Policy::LastWriter,
        (_, Field::Notes | Field::Text) => Policy::Lines,
        (_, Field::Completed | Field::Deleted) => Policy::Earliest,
        (_, Field::Labels) => Policy::Set,
        (_, Field::Position | Field::List | Field::Section | Field::Parent) => Policy::LastWriter,
        (_, Field::Priority | Field::Created | Field::Folder | Field::Colour) => Policy::LastWriter,
        // These can be switched on and off, so there is no earliest moment that counts.
        (_, Field::Archived | Field::Favourite) => Policy::LastWriter,
        // These never change once they are set.
        (_, Field::Series | Field::Task | Field::Author) => Policy::LastWriter,
        (_, Field::Title | Field::Due | Field::Start | Field::Recurrence | Field::Assignee) => Policy::Ask,
        (_, Field::Name | Field::Query | Field::Other(_)) => Policy::Ask,
        (
            _,
            Field::Subject
            | Field::State
            | Field::Base
            | Field::Local
            | Field::Remote
            | Field::Result
            | Field::Rules
            | Field::LocalAuthor
            | Field::RemoteAuthor
            | Field::Before
            | Field::Resolver
            | Field::Merged,
        ) => Policy::LastWriter,
    }
}

/// Merges two changes of one value.
#[must_use]
pub fn merge(policy: Policy, base: &Value, local: &Value, remote: &Value, later: Later) -> Merged {
    if local == remote {
        return Merged::Settled(local.clone(), Rule::Same);
    }
    if remote == base {
        return Merged::Settled(local.clone(), Rule::OneSide);
    }
    if local == base {
        return Merged::Settled(remote.clone(), Rule::OneSide);
    }
    let last = match later {
        Later::Local => local,
        Later::Remote => remote,
    };
    match policy {
        Policy::Ask => Merged::Ask,
        Policy::LastWriter => Merged::Settled(last.clone(), Rule::LastWriter),
        Policy::Set if planted(Fault::SetOfOneSide) => Merged::Settled(local.clone(), Rule::Set),
        Policy::Set => Merged::Settled(merge_sets(base, local, remote), Rule::Set),
        Policy::Earliest => match (local.as_int(), remote.as_int()) {
            (Some(mine), Some(theirs)) => Merged::Settled(Value::Int(mine.min(theirs)), Rule::Earliest),
            // Days are texts that sort in the order of the days.
            (None, None) if local.as_text().is_some() && remote.as_text().is_some() => {
                Merged::Settled(local.min(remote).clone(), Rule::Earliest)
            }
            _ => Merged::Settled(last.clone(), Rule::LastWriter),
        },
        Policy::Lines if planted(Fault::LinesOfOneSide) => Merged::Settled(local.clone(), Rule::Lines),
        Policy::Lines => match merge_lines(text(base), text(local), text(remote)) {
            Some(merged) => Merged::Settled(Value::Text(merged), Rule::Lines),
            None => merge_partly(text(base), text(local), text(remote)).map_or(Merged::Ask, Merged::Partly),
        },
    }
}

fn text(value: &Value) -> &str {
    value.as_text().unwrap_or_default()
}

/// The remote list with the additions and removals of the local one: in order, each item once.
fn merge_sets(base: &Value, local: &Value, remote: &Value) -> Value {
    let [base, local, remote] = [base, local, remote].map(items);
    let kept = remote
        .iter()
        .filter(|item| local.contains(item) || !base.contains(item));
    let added = local.iter().filter(|item| !base.contains(item));
    let merged: BTreeSet<&Value> = kept.chain(added).collect();
    Value::List(merged.into_iter().cloned().collect())
}

fn items(value: &Value) -> &[Value] {
    match value {
        Value::List(items) => items,
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Text(_) | Value::Map(_) => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(value: impl Into<Value>, rule: Rule) -> Merged {
        Merged::Settled(value.into(), rule)
    }

    /// All combinations of a small space: three values on three sides, for every policy, with either side written
    /// later.
    #[test]
    fn truth_table() {
        let policies = [
            Policy::Ask,
            Policy::LastWriter,
            Policy::Earliest,
            Policy::Lines,
            Policy::Set,
        ];
        let space = (0..27 * 2).map(|n| (n % 3 + 1, n / 3 % 3 + 1, n / 9 % 3 + 1, n / 27));
        for (policy, (base, local, remote, later)) in policies
            .into_iter()
            .flat_map(|p| space.clone().map(move |s| (p, s)))
        {
            let later = [Later::Local, Later::Remote][later as usize];
            let values = [base, local, remote].map(|n: i64| match policy {
                Policy::Lines | Policy::Ask => Value::text(n.to_string()),
                Policy::Earliest | Policy::LastWriter => Value::Int(n),
                Policy::Set => Value::List(vec![n.into()]),
            });
            let expected = match (local == remote, remote == base, local == base) {
                (true, _, _) => settled(values[1].clone(), Rule::Same),
                (_, true, _) => settled(values[1].clone(), Rule::OneSide),
                (_, _, true) => settled(values[2].clone(), Rule::OneSide),
                _ => match (policy, later) {
                    (Policy::Ask | Policy::Lines, _) => Merged::Ask,
                    (Policy::LastWriter, Later::Local) => settled(values[1].clone(), Rule::LastWriter),
                    (Policy::LastWriter, Later::Remote) => settled(values[2].clone(), Rule::LastWriter),
                    (Policy::Earliest, _) => settled(local.min(remote), Rule::Earliest),
                    (Policy::Set, _) => {
                        let both = vec![local.min(remote).into(), local.max(remote).into()];
                        settled(Value::List(both), Rule::Set)
                    }
                },
            };
            let merged = merge(policy, &values[0], &values[1], &values[2], later);
            assert_eq!(merged, expected, "{policy:?} {base} {local} {remote} {later:?}");
        }
    }

    #[test]
    fn reopened_here_and_done_again_there_keeps_the_last_word() {
        let merged = |later| merge(Policy::Earliest, &1.into(), &Value::Null, &5.into(), later);
        assert_eq!(merged(Later::Local), settled(Value::Null, Rule::LastWriter));
        assert_eq!(merged(Later::Remote), settled(5, Rule::LastWriter));
    }

    #[test]
    fn sets_take_both_sides_additions_and_removals() {
        let set = |items: &str| Value::List(items.split_whitespace().map(Value::from).collect());
        let rows = [
            ("home", "home garden", "home shop", "garden home shop"),
            ("home shop", "home", "home shop work", "home work"),
            ("a b c", "b c", "a b", "b"),
            ("a", "", "a b", "b"),
        ];
        for (base, local, remote, expected) in rows {
            for (local, remote) in [(local, remote), (remote, local)] {
                let merged = merge(Policy::Set, &set(base), &set(local), &set(remote), Later::Local);
                assert_eq!(
                    merged,
                    settled(set(expected), Rule::Set),
                    "{base} | {local} | {remote}"
                );
            }
        }
        let merged = merge(Policy::Set, &Value::Null, &set("b"), &set("a"), Later::Local);
        assert_eq!(merged, settled(set("a b"), Rule::Set), "from no labels at all");
    }
}
