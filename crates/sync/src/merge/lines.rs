//! Three-way merge of texts, line by line: diff3 (Khanna, Kunal and Pierce, 2007) over the difference algorithm of
//! Myers (1986). The work has a limit, and guards watch the result. If the changes of the two sides are not clearly
//! apart, a person decides.
//!
//! Notes are lists more often than prose: two people add lines at the end, or tick neighbouring lines. So changes may
//! touch, as long as no line of the base is changed by both sides. If both sides insert lines in one place, both
//! insertions are kept, in the order of their text, because that order is the same on both devices.
//!
//! There are two guards. Changes that touch must have no line in common. And each line has to be in the result exactly
//! as often as the additions and removals of both sides say, so that repeated lines are never doubled or dropped.

use crate::limits;
use crate::sorted_map::SortedMap;
use std::borrow::Cow;

/// A text with the changes of both sides; none if a person has to decide.
#[must_use]
pub(super) fn merge_lines(base: &str, local: &str, remote: &str) -> Option<String> {
    let ended = [base, local, remote].map(|text| text.ends_with('\n'));
    let whole = [base, local, remote].map(with_end);
    let [base, local, remote] = [0, 1, 2].map(|side| whole[side].split_inclusive('\n').collect::<Vec<_>>());
    let mine = hunks(&base, &local)?;
    let theirs = hunks(&base, &remote)?;
    let mut merged: Vec<&str> = Vec::new();
    let mut done = 0;
    let (mut mine, mut theirs) = (mine.iter().peekable(), theirs.iter().peekable());
    loop {
        let next = match (mine.peek(), theirs.peek()) {
            // The same change on both sides is one change.
            (Some(a), Some(b)) if a.place() == b.place() => {
                theirs.next();
                mine.next()
            }
            (Some(a), Some(b)) if collide(a, b, &base) => return None,
            (Some(a), Some(b)) if b.place() < a.place() => theirs.next(),
            (Some(_), _) => mine.next(),
            (None, _) => theirs.next(),
        };
        let Some(hunk) = next else { break };
        merged.extend(&base[done..hunk.start]);
        merged.extend(&hunk.lines);
        done = hunk.end;
    }
    merged.extend(&base[done..]);
    if !counts_add_up([&base, &local, &remote], &merged) {
        return None;
    }
    let mut text = merged.concat();
    // Whether the last line ends with a line break is merged by itself.
    let ends = if ended[1] == ended[0] { ended[2] } else { ended[1] };
    if !ends {
        text.truncate(text.strip_suffix('\n').unwrap_or(&text).len());
    }
    Some(text)
}

/// The text with a line break after its last line, so that this one is a line like all others.
pub(super) fn with_end(text: &str) -> Cow<'_, str> {
    match text.is_empty() || text.ends_with('\n') {
        true => Cow::Borrowed(text),
        false => Cow::Owned(format!("{text}\n")),
    }
}

/// The lines `start..end` of the base, and the lines that replace them.
struct Hunk<'a> {
    start: usize,
    end: usize,
    lines: Vec<&'a str>,
}

impl<'a> Hunk<'a> {
    fn place(&self) -> (usize, usize, &[&'a str]) {
        (self.start, self.end, &self.lines)
    }
}

/// A stretch of a three-way comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// The same on both sides: unchanged, or changed in the same way.
    Same(Vec<&'a str>),
    /// Only the local side changed it.
    Local { base: Vec<&'a str>, local: Vec<&'a str> },
    /// Only the remote side changed it.
    Remote {
        base: Vec<&'a str>,
        remote: Vec<&'a str>,
    },
    /// Both sides changed it, in different ways.
    Both {
        base: Vec<&'a str>,
        local: Vec<&'a str>,
        remote: Vec<&'a str>,
    },
}

/// The comparison of two edited texts with their base, each given as lines or words; none if it would be too much work.
/// The pieces are in order, and together they hold every line of all three texts.
#[must_use]
pub fn pieces<'a>(base: &[&'a str], local: &[&'a str], remote: &[&'a str]) -> Option<Vec<Piece<'a>>> {
    let (mine, theirs) = (hunks(base, local)?, hunks(base, remote)?);
    let mut pieces = Vec::new();
    let (mut mine, mut theirs) = (mine.into_iter().peekable(), theirs.into_iter().peekable());
    let mut done = 0;
    loop {
        let start = match (mine.peek(), theirs.peek()) {
            (Some(a), Some(b)) => a.start.min(b.start),
            (Some(hunk), None) | (None, Some(hunk)) => hunk.start,
            (None, None) => break,
        };
        if done < start {
            pieces.push(Piece::Same(base[done..start].to_vec()));
        }
        // The changes that share a line, or insert in the same place, are looked at together.
        let mut end = start;
        let (mut ours, mut others) = (Vec::new(), Vec::new());
        loop {
            let meets = |hunk: &Hunk<'_>| hunk.start < end || hunk.start == start;
            if let Some(hunk) = mine.next_if(meets) {
                end = end.max(hunk.end);
                ours.push(hunk);
            } else if let Some(hunk) = theirs.next_if(meets) {
                end = end.max(hunk.end);
                others.push(hunk);
            } else {
                break;
            }
        }
        let base_part = base[start..end].to_vec();
        let (local, remote) = (apply(base, &ours, start, end), apply(base, &others, start, end));
        pieces.push(match (ours.is_empty(), others.is_empty()) {
            (_, true) => Piece::Local {
                base: base_part,
                local,
            },
            (true, false) => Piece::Remote {
                base: base_part,
                remote,
            },
            (false, false) if local == remote => Piece::Same(local),
            (false, false) => Piece::Both {
                base: base_part,
                local,
                remote,
            },
        });
        done = end;
    }
    if done < base.len() {
        pieces.push(Piece::Same(base[done..].to_vec()));
    }
    Some(pieces)
}

/// The lines `start..end` of the base, with these changes.
fn apply<'a>(base: &[&'a str], hunks: &[Hunk<'a>], start: usize, end: usize) -> Vec<&'a str> {
    let mut lines = Vec::new();
    let mut done = start;
    for hunk in hunks {
        lines.extend(&base[done..hunk.start]);
        lines.extend(&hunk.lines);
        done = hunk.end;
    }
    lines.extend(&base[done..end]);
    lines
}

/// Whether a person has to look at two changes: both change the same line, or they touch and have a line in common.
fn collide<'a>(a: &Hunk<'a>, b: &Hunk<'a>, base: &[&'a str]) -> bool {
    let touch = a.start <= b.end && b.start <= a.end;
    let overlap = a.start < b.end && b.start < a.end;
    let lines = |hunk: &Hunk<'a>| [&base[hunk.start..hunk.end], &hunk.lines].concat();
    overlap || (touch && lines(a).iter().any(|line| lines(b).contains(line)))
}

/// The changes from `base` to `edited`; none if finding them would be too much work.
fn hunks<'a>(base: &[&str], edited: &[&'a str]) -> Option<Vec<Hunk<'a>>> {
    if base.len().max(edited.len()) > limits::MERGE_LINES {
        return None;
    }
    let head = base.iter().zip(edited).take_while(|(a, b)| a == b).count();
    let room = base.len().min(edited.len()) - head;
    let tails = base.iter().rev().zip(edited.iter().rev());
    let tail = tails.take(room).take_while(|(a, b)| a == b).count();
    let inner = (&base[head..base.len() - tail], &edited[head..edited.len() - tail]);
    let mut hunks = Vec::new();
    let (mut at, mut to) = (head, head);
    let ends = (base.len() - tail, edited.len() - tail);
    let matches = common(inner.0, inner.1)?
        .into_iter()
        .map(|(x, y)| (x + head, y + head));
    for (x, y) in matches.chain([ends]) {
        if (at, to) != (x, y) {
            hunks.push(Hunk {
                start: at,
                end: x,
                lines: edited[to..y].to_vec(),
            });
        }
        (at, to) = (x + 1, y + 1);
    }
    Some(hunks)
}

/// The pairs of equal lines that a shortest edit script keeps, in order.
fn common(a: &[&str], b: &[&str]) -> Option<Vec<(usize, usize)>> {
    let (n, m) = (a.len() as isize, b.len() as isize);
    let bound = (n + m).min(limits::MERGE_DIFFERENCES as isize);
    // For each number of differences: how far one gets with them along each diagonal.
    let mut reached: Vec<Vec<isize>> = Vec::new();
    let mut furthest = vec![0_isize; 2 * bound as usize + 3];
    let at = |k: isize| (k + bound + 1) as usize;
    for d in 0..=bound {
        reached.push(furthest.clone());
        for k in (-d..=d).step_by(2) {
            let down = k == -d || (k != d && furthest[at(k - 1)] < furthest[at(k + 1)]);
            let mut x = if down {
                furthest[at(k + 1)]
            } else {
                furthest[at(k - 1)] + 1
            };
            while x < n && x - k < m && a[x as usize] == b[(x - k) as usize] {
                x += 1;
            }
            furthest[at(k)] = x;
            if x >= n && x - k >= m {
                return Some(walk_back(&reached, (n, m), at));
            }
        }
    }
    None
}

fn walk_back(
    reached: &[Vec<isize>],
    (mut x, mut y): (isize, isize),
    at: impl Fn(isize) -> usize,
) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for (d, before) in reached.iter().enumerate().rev() {
        let (d, k) = (d as isize, x - y);
        let down = k == -d || (k != d && before[at(k - 1)] < before[at(k + 1)]);
        let previous = if down { k + 1 } else { k - 1 };
        let from = if d == 0 { 0 } else { before[at(previous)] };
        let floor = (from, from - if d == 0 { 0 } else { previous });
        // The equal lines come after the step down or to the right.
        let step = match (d, down) {
            (0, _) => (0, 0),
            (_, true) => (floor.0, floor.1 + 1),
            (_, false) => (floor.0 + 1, floor.1),
        };
        while x > step.0 && y > step.1 {
            (x, y) = (x - 1, y - 1);
            pairs.push((x as usize, y as usize));
        }
        (x, y) = floor;
    }
    pairs.reverse();
    pairs
}

fn counts_add_up([base, local, remote]: [&[&str]; 3], merged: &[&str]) -> bool {
    let sides = [base, local, remote, merged];
    let lines = sides.into_iter().flatten();
    let mut counts: SortedMap<&str, [isize; 4]> = lines.map(|line| (*line, [0; 4])).collect();
    for (side, lines) in sides.into_iter().enumerate() {
        for line in lines {
            counts.entry(line).or_default()[side] += 1;
        }
    }
    // A change that both sides made in the same way counts once. Then each side has the line as often as the other. If
    // both sides added the same line in different places, the result would have it twice.
    counts.iter().all(|(line, &[base, local, remote, merged])| {
        let doubled = local > base && remote > base && !line.trim().is_empty();
        (merged == local + remote - base && !doubled) || (local == remote && merged == local)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
            (
                "neighbours",
                "MILK\neggs\nbread\n",
                "milk\nEGGS\nbread\n",
                Some("MILK\nEGGS\nbread\n"),
            ),
            (
                "both add at the end",
                "milk\neggs\nbread\na\n",
                "milk\neggs\nbread\nb\n",
                Some("milk\neggs\nbread\na\nb\n"),
            ),
            (
                "both add, and some of it is the same",
                "milk\neggs\nbread\nrye\n",
                "milk\neggs\nbread\nrye\noats\n",
                None,
            ),
            (
                "the last line here, one more there",
                "milk\neggs\nBREAD\n",
                "milk\neggs\nbread\nrye\n",
                Some("milk\neggs\nBREAD\nrye\n"),
            ),
            (
                "one line more amid what was removed",
                "milk\neggs\nrye\nbread\n",
                "milk\n",
                None,
            ),
            ("all removed there", "MILK\neggs\nbread\n", "", None),
            (
                "first and last here, the middle there",
                "MILK\neggs\nBREAD\n",
                "milk\neggs\nbread\n",
                Some("MILK\neggs\nBREAD\n"),
            ),
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
    fn a_line_that_both_added_in_different_places_is_not_doubled() {
        let base = "a\nb\nc\nd\n";
        assert_eq!(
            merge_lines(base, "a\nmilk\nb\nc\nd\n", "a\nb\nc\nmilk\nd\n"),
            None
        );
        let blank = merge_lines(base, "a\n\nb\nc\nd\n", "a\nb\nc\n\nd\n");
        assert_eq!(blank.as_deref(), Some("a\n\nb\nc\n\nd\n"), "but for blank ones");
    }

    #[test]
    fn a_last_line_without_an_end_is_a_line() {
        assert_eq!(
            merge_lines("a\nb", "a\nb\nc", "a\nb\nd").as_deref(),
            Some("a\nb\nc\nd")
        );
        assert_eq!(merge_lines("a\nb", "A\nb", "a\nb\n").as_deref(), Some("A\nb\n"));
        assert_eq!(merge_lines("", "a", "b").as_deref(), Some("a\nb"));
    }

    #[test]
    fn several_changes_on_each_side() {
        let base = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
        let local = "one\n2\n3\n4\nfive\n6\n7\n8\n9\n";
        let remote = "1\n2\nthree\n4\n5\n6\n8\n9\nten\n";
        let merged = "one\n2\nthree\n4\nfive\n6\n8\n9\nten\n";
        assert_eq!(merge_lines(base, local, remote).as_deref(), Some(merged));
    }

    #[test]
    fn the_same_change_on_both_sides_is_one_change() {
        let (base, local, remote) = ("a\nb\nc\nd\n", "A\nb\nc\nd\n", "A\nb\nc\nD\n");
        assert_eq!(merge_lines(base, local, remote).as_deref(), Some("A\nb\nc\nD\n"));
    }

    #[test]
    fn repeated_lines_are_not_doubled() {
        assert_eq!(merge_lines("a\na\na\n", "a\na\n", "a\na\na\na\n"), None);
    }

    #[test]
    fn the_work_is_bounded() {
        let numbers = |from: usize, count| (from..from + count).map(|n| format!("{n}\n")).collect::<String>();
        let (base, other) = (numbers(0, 3_000), numbers(10_000, 3_000));
        assert_eq!(
            merge_lines(&base, &other, &format!("{base}end\n")),
            None,
            "too different"
        );
        let long = numbers(0, limits::MERGE_LINES + 1);
        assert_eq!(
            merge_lines(&long, &format!("x\n{long}"), &format!("{long}y\n")),
            None,
            "too long"
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn it_has_no_side(base in text(), local in text(), remote in text()) {
            prop_assert_eq!(merge_lines(&base, &local, &remote), merge_lines(&base, &remote, &local));
        }

        #[test]
        fn one_side_alone_is_taken_as_it_is(base in text(), local in text()) {
            prop_assert_eq!(merge_lines(&base, &local, &base), Some(local));
        }

        #[test]
        fn what_was_left_alone_apart_from_an_edit_is_the_shortest_difference(a in text(), b in text()) {
            let lines = |text: &str| text.split_inclusive('\n').map(str::to_owned).collect::<Vec<_>>();
            let (a, b) = (lines(&a), lines(&b));
            let [x, y]: [Vec<&str>; 2] = [&a, &b].map(|lines| lines.iter().map(String::as_str).collect());
            let pairs = common(&x, &y).expect("short");
            prop_assert!(pairs.iter().all(|(i, j)| x[*i] == y[*j]));
            prop_assert!(pairs.windows(2).all(|w| w[0].0 < w[1].0 && w[0].1 < w[1].1));
            // Longest common subsequence by the book.
            let mut table = vec![vec![0; y.len() + 1]; x.len() + 1];
            for i in 0..x.len() {
                for j in 0..y.len() {
                    table[i + 1][j + 1] = match x[i] == y[j] {
                        true => table[i][j] + 1,
                        false => table[i][j + 1].max(table[i + 1][j]),
                    };
                }
            }
            prop_assert_eq!(pairs.len(), table[x.len()][y.len()]);
        }
    }

    fn text() -> impl Strategy<Value = String> {
        prop::collection::vec("[abcd]", 0..9)
            .prop_map(|lines| lines.iter().map(|l| format!("{l}\n")).collect())
    }
}
