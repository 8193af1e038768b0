//! Texts of which some places merge and others do not. The lines that merge are taken, and a person is asked about the
//! other places only. Otherwise ten lines that somebody added would wait in a conflict because of an eleventh.
//!
//! An example. The notes are “milk, eggs, bread”, a line each:
//!
//! ```text
//! local    oat milk, eggs, bread, rye          remote   soy milk, eggs, bread
//! merged   soy milk, eggs, bread, rye          asked    milk → oat milk, or soy milk
//! ```
//! The question is written as three whole texts that differ in the open places only: base “milk, eggs, bread, rye”, local
//! “oat milk, eggs, bread, rye”, and remote, which is the merged text.
//!
//! The guards of `lines` watch this as well: the lines that are taken have to merge by themselves, and none of them may
//! be one that an open place has too, because somebody may have moved a line out of it.

use super::lines::{Piece, merge_lines, pieces, with_end};
use crate::limits;
use crate::sorted_map::SortedMap;
use crate::value::Value;

/// Three texts that differ only in the places about which a person has to decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partly {
    pub base: String,
    pub local: String,
    pub remote: String,
}

/// The lines of a comparison, sorted by what becomes of them.
#[derive(Default)]
struct Sorted<'a> {
    /// The local and the remote text without the open places.
    clear: [Vec<&'a str>; 2],
    /// The lines that one side changed alone, before and after.
    changed: Vec<&'a str>,
    /// Whether the local side changed any of them.
    has_local: bool,
    /// The texts of the question: base, local, remote.
    asked: [Vec<&'a str>; 3],
    /// The lines of the open places, on all sides.
    open: Vec<&'a str>,
}

/// Merges what can be merged; none if that is nothing that the local side wrote, or if it is not clearly apart.
#[must_use]
pub(super) fn merge_partly(base: &str, local: &str, remote: &str) -> Option<Partly> {
    let ended = [base, local, remote].map(|text| text.is_empty() || text.ends_with('\n'));
    let whole = [base, local, remote].map(with_end);
    let lines = [0, 1, 2].map(|side| whole[side].split_inclusive('\n').collect::<Vec<_>>());
    let mut sorted = Sorted::default();
    for piece in pieces(&lines[0], &lines[1], &lines[2])? {
        sorted.take(piece);
    }
    let is_moved =
        |line: &&&str| !line.trim().is_empty() && sorted.changed.iter().any(|changed| changed == *line);
    let [mine, theirs] = sorted.clear.each_ref().map(|lines| lines.concat());
    let [base, local, remote] = sorted.asked.each_ref().map(|lines| lines.concat());
    let is_clear = merge_lines(&whole[0], &mine, &theirs).as_ref() == Some(&base);
    let fits = [&base, &local, &remote]
        .into_iter()
        .all(|text| Value::text(text.as_str()).size() <= limits::VALUE_BYTES);
    if !sorted.has_local || sorted.open.is_empty() || sorted.open.iter().any(|line| is_moved(&line)) {
        return None;
    }
    if !adds_up(&lines, &sorted.asked) {
        return None;
    }
    let cut = |text: String, ended: bool| match ended {
        true => text,
        false => text.strip_suffix('\n').unwrap_or(&text).to_owned(),
    };
    (is_clear && fits).then(|| Partly {
        base: cut(base, ended[0]),
        local: cut(local, ended[1]),
        remote: cut(remote, ended[2]),
    })
}

/// Whether each line is in the three texts of the question as often as the changes of both sides say. A line that both
/// sides took away or added may be one change or two, so it is not counted.
///
/// Suppose that both sides took a line away, and one of them put it back at another place. Then it only looks as if they
/// had agreed.
fn adds_up(given: &[Vec<&str>; 3], asked: &[Vec<&str>; 3]) -> bool {
    let sides = given.iter().chain(asked).enumerate();
    let mut counts: SortedMap<&str, [isize; 6]> = SortedMap::new();
    for (side, line) in sides.flat_map(|(side, lines)| lines.iter().map(move |line| (side, *line))) {
        counts.entry(line).or_default()[side] += 1;
    }
    counts.values().all(|[was, mine, theirs, base, local, remote]| {
        let is_of_both = was != mine && was != theirs;
        is_of_both || mine + theirs - was == local + remote - base
    })
}

impl<'a> Sorted<'a> {
    fn take(&mut self, piece: Piece<'a>) {
        match piece {
            Piece::Same(lines) => self.clear(&lines, &lines, &lines),
            Piece::Local { base, local } => {
                self.clear(&local, &base, &local);
                self.change([&base, &local]);
                self.has_local = true;
            }
            Piece::Remote { base, remote } => {
                self.clear(&base, &remote, &remote);
                self.change([&base, &remote]);
            }
            // Two insertions in one place are both taken, in the order of their text.
            Piece::Both { base, local, remote } if base.is_empty() => {
                let (first, second) = (
                    local.clone().min(remote.clone()),
                    local.clone().max(remote.clone()),
                );
                self.clear(&local, &remote, &[first, second].concat());
                self.change([&local, &remote]);
                self.has_local = true;
            }
            Piece::Both { base, local, remote } => {
                for side in &mut self.clear {
                    side.extend(&base);
                }
                for (text, lines) in self.asked.iter_mut().zip([&base, &local, &remote]) {
                    text.extend(lines);
                    self.open.extend(lines);
                }
            }
        }
    }

    fn clear(&mut self, mine: &[&'a str], theirs: &[&'a str], merged: &[&'a str]) {
        self.clear[0].extend(mine);
        self.clear[1].extend(theirs);
        for text in &mut self.asked {
            text.extend(merged);
        }
    }

    fn change(&mut self, lines: [&Vec<&'a str>; 2]) {
        self.changed.extend(lines.into_iter().flatten());
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts() {
        let base = "milk\neggs\nbread\n";
        type Row<'a> = (&'a str, &'a str, &'a str, Option<[&'a str; 3]>);
        let rows: &[Row<'_>] = &[
            (
                "one line open, one added",
                "oat milk\neggs\nbread\nrye\n",
                "soy milk\neggs\nbread\n",
                Some([
                    "milk\neggs\nbread\nrye\n",
                    "oat milk\neggs\nbread\nrye\n",
                    "soy milk\neggs\nbread\nrye\n",
                ]),
            ),
            (
                "both add, and one line is open",
                "oat milk\neggs\nbread\nrye\n",
                "soy milk\neggs\nbread\noats",
                Some([
                    "milk\neggs\nbread\noats\nrye\n",
                    "oat milk\neggs\nbread\noats\nrye\n",
                    "soy milk\neggs\nbread\noats\nrye",
                ]),
            ),
            (
                "all of it open",
                "oat milk\neggs\nbread\n",
                "soy milk\neggs\nbread\n",
                None,
            ),
            (
                "nothing of this side merges",
                "oat milk\neggs\nbread\n",
                "soy milk\neggs\nBREAD\n",
                None,
            ),
            (
                "moved out of the open place",
                "eggs\nbread\nmilk\n",
                "soy milk\neggs\nbread\n",
                None,
            ),
            (
                "taken away by both, and put elsewhere by one",
                "eggs\nmilk\nbread\nrye\n",
                "eggs\n",
                None,
            ),
            (
                "nothing open",
                "milk\neggs\nbread\nrye\n",
                "soy milk\neggs\nbread\n",
                None,
            ),
        ];
        for (name, local, remote, expected) in rows {
            let merged = merge_partly(base, local, remote);
            let expected = expected.map(|[base, local, remote]| Partly {
                base: base.into(),
                local: local.into(),
                remote: remote.into(),
            });
            assert_eq!(merged, expected, "{name}");
        }
    }

    fn count(text: &str, line: &str) -> isize {
        text.lines().filter(|other| *other == line).count() as isize
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        /// Nothing that a side added or removed gets lost: it is in the merged text, or in the question.
        #[test]
        fn every_change_is_merged_or_asked_about(
            base in prop::collection::vec("[a-e]", 0..8),
            local in prop::collection::vec("[a-h]", 0..9),
            remote in prop::collection::vec("[a-eu-z]", 0..9),
        ) {
            let [base, local, remote] =
                [base, local, remote].map(|lines| lines.iter().map(|line| format!("{line}\n")).collect::<String>());
            if let Some(partly) = merge_partly(&base, &local, &remote) {
                for line in [&base, &local, &remote].into_iter().flat_map(|text| text.lines()) {
                    let [was, mine, theirs] = [&base, &local, &remote].map(|text| count(text, line));
                    let asked = [&partly.base, &partly.local, &partly.remote].map(|text| count(text, line));
                    // If both sides changed how often a line is there, they may have done so in one place.
                    if was == mine || was == theirs {
                        prop_assert_eq!(mine + theirs - was, asked[1] + asked[2] - asked[0], "{} of {:?}", line, partly);
                    }
                }
                // The other side asks the same.
                if let Some(other) = merge_partly(&base, &remote, &local) {
                    prop_assert_eq!((other.base, other.local, other.remote), (partly.base, partly.remote, partly.local));
                }
            }
        }
    }
}
