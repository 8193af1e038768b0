//! Sees to it that no half of a phrase is taken: of the findings that would hold, those that something joins to more stay
//! in the title, and what depends on them stays with them.

use crate::candidate::{Candidate, Sense};
use crate::choice::{Choice, choose};
use crate::context::Context;
use crate::joint;
use crate::line::{Line, is_blank};
use crate::parsed::{is_bracket, is_separator};
use crate::reader::Reader;
use crate::schedule::Schedule;

/// Rounds in which a finding that stays in the title can make others stay. A line that needs more says nothing clearly.
const ROUNDS: usize = 12;

/// Chooses among the findings until none that holds is a part of more.
pub(crate) fn whole(line: &Line<'_>, candidates: &[Candidate], context: &Context) -> (Choice, Schedule) {
    let mut is_left = vec![false; candidates.len()];
    for round in 0.. {
        let mut choice = choose(line, candidates, &is_left);
        let schedule = Schedule::new(&mut choice, candidates, context);
        let parts = parts(line, candidates, &choice);
        let settled = parts.is_empty() && !leave_dependent(candidates, &choice, &mut is_left);
        if settled || candidates.is_empty() {
            return (choice, schedule);
        }
        for index in parts {
            is_left[index] = true;
        }
        if round == ROUNDS {
            leave(candidates, &mut is_left, |_| true);
        }
    }
    unreachable!("each round but the last leaves one more finding in the title")
}

/// The findings that hold and are only a part of what is said.
fn parts(line: &Line<'_>, candidates: &[Candidate], choice: &Choice) -> Vec<usize> {
    let touching = |one: usize, other: usize| {
        let between = line
            .glyphs
            .get(candidates[one].range.end..candidates[other].range.start);
        between.is_some_and(|glyphs| {
            glyphs.iter().all(|glyph| {
                let c = glyph.folded;
                is_blank(c) || is_bracket(c) || (is_separator(c) && c != ':')
            })
        })
    };
    let repeats = choice.repeat.is_some();
    // Whether another finding beside it is a part of the same and does not hold.
    let splits = |other: usize| {
        let sense = &candidates[other].sense;
        // `dinner tomorrow for 2 days`: how long it takes.
        let is_length = matches!(sense, Sense::For(..) | Sense::Count(_)) && !repeats;
        sense.says_when() && !choice.holds(other) && !is_length
    };
    let is_part = |index: usize| {
        let Candidate { range, sense } = &candidates[index];
        let before = index.checked_sub(1).filter(|before| touching(*before, index));
        let after = Some(index + 1).filter(|after| *after < candidates.len() && touching(index, *after));
        let joined_before = match before {
            Some(before) => splits(before),
            None => joint::before(Reader::new(line, range.start), sense),
        };
        let joined_after = match after {
            Some(after) => splits(after),
            None => joint::after(Reader::new(line, range.end), sense),
        };
        joined_before || joined_after
    };
    (0..candidates.len())
        .filter(|index| choice.holds(*index) && is_part(*index))
        .collect()
}

/// Leaves what says nothing right by itself: an end or a day of a repetition that stays in the title, and a time of a day
/// that does. Whether there was any.
fn leave_dependent(candidates: &[Candidate], choice: &Choice, is_left: &mut [bool]) -> bool {
    let is_out = |wanted: &dyn Fn(&Sense) -> bool, is_left: &[bool]| {
        candidates
            .iter()
            .zip(is_left)
            .any(|(found, is_left)| *is_left && wanted(&found.sense))
    };
    if is_out(&|sense| matches!(sense, Sense::Repeat(..)), is_left) && choice.repeat.is_none() {
        return leave(candidates, is_left, |_| true);
    }
    if choice.day.is_some() {
        return false;
    }
    let day_is_out = is_out(
        &|sense| matches!(sense, Sense::Day(_) | Sense::DayUntil(_) | Sense::Start(_)),
        is_left,
    );
    if day_is_out {
        return leave(candidates, is_left, |sense| {
            matches!(sense, Sense::Time(_) | Sense::Repeat(..) | Sense::Start(_))
        });
    }
    // `dinner nov 24 2020 with Ann at 5pm` is not today at five.
    let unread = candidates
        .iter()
        .any(|found| matches!(found.sense, Sense::Unread));
    let alone = unread && choice.repeat.is_none();
    alone && leave(candidates, is_left, |sense| matches!(sense, Sense::Time(_)))
}

/// Leaves these in the title; whether one of them was not left before.
fn leave(candidates: &[Candidate], is_left: &mut [bool], which: impl Fn(&Sense) -> bool) -> bool {
    let mut changed = false;
    for (found, is_left) in candidates.iter().zip(is_left) {
        if found.sense.says_when() && which(&found.sense) && !*is_left {
            *is_left = true;
            changed = true;
        }
    }
    changed
}
