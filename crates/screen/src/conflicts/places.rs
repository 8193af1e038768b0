//! Notes of two sides, place by place: what is the same, what one side changed, and where a person has to decide.

use tsugi_sync::merge::lines::{Piece, pieces};

use crate::conflicts::card::Version;

/// What a person takes in one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Take {
    Both,
    Version(Version),
}

/// A stretch of the notes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stretch {
    /// The same on both sides.
    Same(String),
    /// One side changed it, and the other did not.
    Of(Version, String),
    /// Both changed it. The number counts such places from 0.
    Asked {
        nth: usize,
        first: String,
        second: String,
        before: String,
    },
}

/// The notes of a conflict, in stretches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    pub stretches: Vec<Stretch>,
    /// How many places a person has to decide.
    pub asked: usize,
}

/// Compares two texts with the one before. If they are too long to compare, the whole is one place.
#[must_use]
pub fn places(before: &str, first: &str, second: &str) -> Places {
    let sides = [before, first, second].map(lines);
    let [from, one, other] = [0, 1, 2].map(|side| sides[side].iter().map(String::as_str).collect::<Vec<_>>());
    let compared = pieces(&from, &one, &other).unwrap_or_else(|| {
        let (base, local, remote) = (from, one, other);
        vec![Piece::Both { base, local, remote }]
    });
    let mut places = Places::default();
    for piece in compared {
        let stretch = match piece {
            Piece::Same(lines) => Stretch::Same(lines.concat()),
            Piece::Local { local, .. } => Stretch::Of(Version::First, local.concat()),
            Piece::Remote { remote, .. } => Stretch::Of(Version::Second, remote.concat()),
            Piece::Both { base, local, remote } => {
                places.asked += 1;
                Stretch::Asked {
                    nth: places.asked - 1,
                    first: local.concat(),
                    second: remote.concat(),
                    before: base.concat(),
                }
            }
        };
        places.stretches.push(stretch);
    }
    places
}

/// The lines of a text, each with a line break at its end.
fn lines(text: &str) -> Vec<String> {
    text.lines().map(|line| format!("{line}\n")).collect()
}

impl Places {
    /// Whether taking this version in each place gives that version to the letter, because no other side has changed
    /// anything elsewhere.
    #[must_use]
    pub fn is_only(&self, version: Version) -> bool {
        let is_own = |stretch: &Stretch| match stretch {
            Stretch::Of(of, _) => *of == version,
            Stretch::Same(_) | Stretch::Asked { .. } => true,
        };
        self.stretches.iter().all(is_own)
    }

    /// The notes with what was taken in each place; none while a place is undecided.
    #[must_use]
    pub fn text(&self, taken: &[Option<Take>]) -> Option<String> {
        let mut text = String::new();
        for stretch in &self.stretches {
            match stretch {
                Stretch::Same(lines) | Stretch::Of(_, lines) => text.push_str(lines),
                Stretch::Asked {
                    nth,
                    first,
                    second,
                    before,
                } => match (*taken.get(*nth)?)? {
                    Take::Both => {
                        text.push_str(first);
                        text.push_str(second);
                    }
                    Take::Version(Version::First) => text.push_str(first),
                    Take::Version(Version::Second) => text.push_str(second),
                    Take::Version(Version::Before | Version::Now) => text.push_str(before),
                },
            }
        }
        Some(text.strip_suffix('\n').unwrap_or(&text).to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_the_line_that_both_changed_is_asked() {
        let before = "milk\neggs\nAsk for a room.\nbread";
        let places = places(
            before,
            "milk\neggs\nA garden.\nbread\nrye",
            "oat milk\neggs\nA view.\nbread",
        );
        assert_eq!(places.asked, 1);
        let text = |take| places.text(&[Some(take)]);
        assert_eq!(
            text(Take::Both).as_deref(),
            Some("oat milk\neggs\nA garden.\nA view.\nbread\nrye")
        );
        let second = Take::Version(Version::Second);
        assert_eq!(
            text(second).as_deref(),
            Some("oat milk\neggs\nA view.\nbread\nrye")
        );
        assert_eq!(places.text(&[None]), None);
    }

    #[test]
    fn new_notes_on_both_sides_are_one_place() {
        let places = places("", "milk", "eggs\nbread");
        assert_eq!(places.asked, 1);
        assert_eq!(
            places.text(&[Some(Take::Both)]).as_deref(),
            Some("milk\neggs\nbread")
        );
    }

    #[test]
    fn ten_thousand_equal_lines_and_a_hundred_kilobytes_stay_whole() {
        let many = "- the same line\n".repeat(10_000);
        let (first, second) = (format!("{many}here"), format!("{many}there"));
        let places = places(&many, &first, &second);
        let kept = places.text(&vec![Some(Take::Version(Version::First)); places.asked]);
        assert_eq!(kept.as_deref(), Some(first.as_str()));
    }

    proptest! {
        /// If a person keeps both, every new line of either side is in the result.
        #[test]
        fn who_keeps_both_loses_no_new_line(
            before in "([a-d]\n){0,6}", first in "([a-h]\n){0,6}", second in "([a-h]\n){0,6}"
        ) {
            let places = places(&before, &first, &second);
            let text = places.text(&vec![Some(Take::Both); places.asked]).unwrap_or_default();
            for side in [&first, &second] {
                let new = side.lines().filter(|line| !before.contains(line));
                for line in new {
                    prop_assert!(text.lines().any(|kept| kept == line), "{line} of {side:?} in {text:?}");
                }
            }
        }
    }
}
