//! Three-way merge of one field's values: a policy per field, and a pure function.
//!
//! `base` is what both sides started from, `local` what this replica wants, `remote` what the server has. Always in
//! this order.

use crate::entity::{Field, Kind};
use crate::value::Value;

/// How two changes of one field are brought together when both sides really changed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// A person decides.
    Ask,
    /// Low stakes: what reaches the server last stays; the other value goes into the merge record.
    LastWriter,
    /// Two moments of one fact (done, deleted): the earlier is when it happened.
    Earliest,
    /// Text line by line; a person decides where both changed the same lines.
    Lines,
}

/// Which rule brought two values together. Recorded with the merge, and shown to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Both sides made the same change.
    Same,
    /// Only one side changed it.
    OneSide,
    /// Different lines.
    Lines,
    Earliest,
    LastWriter,
}

impl Rule {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::OneSide => "one_side",
            Self::Lines => "lines",
            Self::Earliest => "earliest",
            Self::LastWriter => "last_writer",
        }
    }

    /// Whether a value that somebody chose is gone from the result, so that it has to be kept elsewhere.
    #[must_use]
    pub fn drops_a_value(self) -> bool {
        match self {
            Self::Same | Self::OneSide | Self::Lines => false,
            Self::Earliest | Self::LastWriter => true,
        }
    }
}

/// What came of a merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Merged {
    Settled(Value, Rule),
    Ask,
}

/// The policy of a field. A field from a later version is asked about: nothing is known of its stakes.
#[must_use]
pub fn policy(kind: &Kind, field: &Field) -> Policy {
    match (kind, field) {
        // A conflict is a record about other entities: what it says last stands, and it never asks about itself.
        (Kind::Conflict, _) => Policy::LastWriter,
        (_, Field::Notes) => Policy::Lines,
        (_, Field::Completed | Field::Deleted) => Policy::Earliest,
        (_, Field::Position | Field::List | Field::Priority | Field::Created) => Policy::LastWriter,
        (_, Field::Title | Field::Due | Field::Name | Field::Other(_)) => Policy::Ask,
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
            | Field::RemoteAuthor,
        ) => Policy::LastWriter,
    }
}

/// Brings two changes of one value together.
#[must_use]
pub fn merge(policy: Policy, base: &Value, local: &Value, remote: &Value) -> Merged {
    if local == remote {
        return Merged::Settled(local.clone(), Rule::Same);
    }
    if remote == base {
        return Merged::Settled(local.clone(), Rule::OneSide);
    }
    if local == base {
        return Merged::Settled(remote.clone(), Rule::OneSide);
    }
    match policy {
        Policy::Ask => Merged::Ask,
        Policy::LastWriter => Merged::Settled(local.clone(), Rule::LastWriter),
        Policy::Earliest => match (local.as_int(), remote.as_int()) {
            (Some(mine), Some(theirs)) => Merged::Settled(Value::Int(mine.min(theirs)), Rule::Earliest),
            _ => Merged::Settled(local.clone(), Rule::LastWriter),
        },
        Policy::Lines => match merge_lines(text(base), text(local), text(remote)) {
            Some(merged) => Merged::Settled(Value::Text(merged), Rule::Lines),
            None => Merged::Ask,
        },
    }
}

fn text(value: &Value) -> &str {
    value.as_text().unwrap_or_default()
}

/// Merges two edits of one text when they lie apart: each side's edit is the one run of lines between what it left
/// alone at the start and at the end. None where the runs touch: somebody has to read it.
///
/// Linear in the texts, and it never moves or doubles a line it did not see changed.
fn merge_lines(base: &str, local: &str, remote: &str) -> Option<String> {
    let base: Vec<&str> = base.split_inclusive('\n').collect();
    let local: Vec<&str> = local.split_inclusive('\n').collect();
    let remote: Vec<&str> = remote.split_inclusive('\n').collect();
    let mine = Edit::between(&base, &local);
    let theirs = Edit::between(&base, &remote);
    let (first, second) = if mine.start <= theirs.start {
        (&mine, &theirs)
    } else {
        (&theirs, &mine)
    };
    // At least one line that both left alone must stand between the two.
    if first.end >= second.start {
        return None;
    }
    let parts = [
        &base[..first.start],
        first.lines,
        &base[first.end..second.start],
        second.lines,
        &base[second.end..],
    ];
    Some(parts.concat().concat())
}

/// The run `start..end` of the base's lines, and the lines that take its place.
struct Edit<'a> {
    start: usize,
    end: usize,
    lines: &'a [&'a str],
}

impl<'a> Edit<'a> {
    fn between(base: &[&str], edited: &'a [&'a str]) -> Self {
        let start = base.iter().zip(edited).take_while(|(a, b)| a == b).count();
        let room = base.len().min(edited.len()) - start;
        let tail = base
            .iter()
            .rev()
            .zip(edited.iter().rev())
            .take(room)
            .take_while(|(a, b)| a == b)
            .count();
        Self {
            start,
            end: base.len() - tail,
            lines: &edited[start..edited.len() - tail],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn settled(value: impl Into<Value>, rule: Rule) -> Merged {
        Merged::Settled(value.into(), rule)
    }

    /// The whole small space: three values on three sides, for every policy.
    #[test]
    fn truth_table() {
        for policy in [Policy::Ask, Policy::LastWriter, Policy::Earliest, Policy::Lines] {
            for base in 1..=3_i64 {
                for local in 1..=3 {
                    for remote in 1..=3 {
                        let values = [base, local, remote].map(|n| match policy {
                            Policy::Lines | Policy::Ask => Value::text(n.to_string()),
                            Policy::Earliest | Policy::LastWriter => Value::Int(n),
                        });
                        let expected = match (local == remote, remote == base, local == base) {
                            (true, _, _) => settled(values[1].clone(), Rule::Same),
                            (_, true, _) => settled(values[1].clone(), Rule::OneSide),
                            (_, _, true) => settled(values[2].clone(), Rule::OneSide),
                            _ => match policy {
                                Policy::Ask | Policy::Lines => Merged::Ask,
                                Policy::LastWriter => settled(values[1].clone(), Rule::LastWriter),
                                Policy::Earliest => settled(local.min(remote), Rule::Earliest),
                            },
                        };
                        let merged = merge(policy, &values[0], &values[1], &values[2]);
                        assert_eq!(merged, expected, "{policy:?} {base} {local} {remote}");
                    }
                }
            }
        }
    }

    #[test]
    fn reopened_here_and_done_again_there_keeps_the_last_word() {
        let merged = merge(Policy::Earliest, &1.into(), &Value::Null, &5.into());
        assert_eq!(merged, settled(Value::Null, Rule::LastWriter));
    }

    #[test]
    fn lines() {
        let base = "milk\neggs\nbread\n";
        let rows = [
            (
                "apart",
                "MILK\neggs\nbread\n",
                "milk\neggs\nbread\nrye\n",
                Some("MILK\neggs\nbread\nrye\n"),
            ),
            (
                "one removes, one adds",
                "eggs\nbread\n",
                "milk\neggs\nbread\nrye\n",
                Some("eggs\nbread\nrye\n"),
            ),
            (
                "the same line",
                "MILK\neggs\nbread\n",
                "Milk!\neggs\nbread\n",
                None,
            ),
            ("neighbours", "MILK\neggs\nbread\n", "milk\nEGGS\nbread\n", None),
            (
                "both add at the end",
                "milk\neggs\nbread\na\n",
                "milk\neggs\nbread\nb\n",
                None,
            ),
            ("all removed there", "MILK\neggs\nbread\n", "", None),
        ];
        for (name, local, remote, expected) in rows {
            assert_eq!(merge_lines(base, local, remote).as_deref(), expected, "{name}");
            assert_eq!(
                merge_lines(base, remote, local).as_deref(),
                expected,
                "{name}, sides swapped"
            );
        }
    }

    #[test]
    fn repeated_lines_are_not_doubled() {
        assert_eq!(merge_lines("a\na\na\n", "a\na\n", "a\na\na\na\n"), None);
    }

    proptest! {
        #[test]
        fn line_merge_has_no_side(base in text(), local in text(), remote in text()) {
            prop_assert_eq!(merge_lines(&base, &local, &remote), merge_lines(&base, &remote, &local));
        }

        #[test]
        fn line_merge_keeps_each_added_line_once(base in text(), local in text(), remote in text()) {
            let count = |text: &str, line: &str| text.lines().filter(|l| *l == line).count() as i64;
            if let Some(merged) = merge_lines(&base, &local, &remote) {
                for line in [&base, &local, &remote].into_iter().flat_map(|text| text.lines()) {
                    let expected = count(&local, line) + count(&remote, line) - count(&base, line);
                    prop_assert_eq!(count(&merged, line), expected, "{}", line);
                }
            }
        }
    }

    fn text() -> impl Strategy<Value = String> {
        prop::collection::vec("[abc]", 0..7)
            .prop_map(|lines| lines.iter().map(|l| format!("{l}\n")).collect())
    }
}
