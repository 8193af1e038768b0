//! Makes sure that no half of a phrase is taken. If a word joins a finding to more, the line says something that
//! was not read, and then nothing that says when is taken from it. A person sees a missing chip at once, but not a
//! wrong date.

use crate::candidate::{Candidate, Sense};
use crate::choice::{Choice, choose};
use crate::context::Context;
use crate::joint;
use crate::line::{Line, is_blank};
use crate::parsed::{bare, is_bracket, is_separator};
use crate::reader::Reader;
use crate::schedule::Schedule;

/// Chooses among the findings. Either all those that say when count, or none of them does.
pub(crate) fn whole(line: &Line<'_>, candidates: &[Candidate], context: &Context) -> (Choice, Schedule) {
    let mut choice = choose(line, candidates, &|_| true);
    let mut schedule = Schedule::new(&mut choice, candidates, context);
    let is_part = |index: usize| choice.holds(index) && is_part(line, candidates, &choice, index);
    if (0..candidates.len()).any(is_part) || contradicts(candidates, &choice) {
        choice = choose(line, candidates, &|sense| !sense.says_when());
        schedule = Schedule::new(&mut choice, candidates, context);
    }
    (choice, schedule)
}

/// Whether a chosen finding is only a part of its phrase.
fn is_part(line: &Line<'_>, candidates: &[Candidate], choice: &Choice, index: usize) -> bool {
    let Candidate { range, sense } = &candidates[index];
    let before = index
        .checked_sub(1)
        .filter(|before| touch(line, &candidates[*before], &candidates[index]));
    let after = Some(index + 1)
        .filter(|after| *after < candidates.len() && touch(line, &candidates[index], &candidates[*after]));
    // Whether another finding beside it belongs to the same phrase and is not chosen.
    let splits = |other: usize| {
        let sense = &candidates[other].sense;
        // `dinner tomorrow for 2 days` says how long it takes.
        let is_length = matches!(sense, Sense::For(..) | Sense::Count(_)) && choice.repeat.is_none();
        sense.says_when() && !choice.holds(other) && !is_length
    };
    let joined_before = match before {
        Some(before) => splits(before),
        None => joint::before(Reader::new(line, range.start), sense),
    };
    let joined_after = match after {
        Some(after) => splits(after) || spans(line, &candidates[index], &candidates[after].sense),
        None => joint::after(Reader::new(line, range.end), sense),
    };
    let limits = |other: usize| is_period(line, &candidates[other]);
    let limited =
        matches!(sense, Sense::Repeat(..)) && (before.is_some_and(limits) || after.is_some_and(limits));
    joined_before || joined_after || limited
}

/// `every day next week` ends with that week, and no rule can say that.
fn is_period(line: &Line<'_>, found: &Candidate) -> bool {
    let periods = [
        "next week",
        "next month",
        "next year",
        "next weekend",
        "this weekend",
        "来週",
        "来月",
        "再来週",
        "再来月",
        "週末",
    ];
    let words = bare(line.slice(found.range.clone())).to_ascii_lowercase();
    matches!(found.sense, Sense::Day(_)) && periods.contains(&words.as_str())
}

/// Whether there are only spaces, commas and brackets between two findings.
fn touch(line: &Line<'_>, one: &Candidate, other: &Candidate) -> bool {
    let between = line.glyphs.get(one.range.end..other.range.start);
    between.is_some_and(|glyphs| {
        glyphs.iter().all(|glyph| {
            let c = glyph.folded;
            is_blank(c) || is_bracket(c) || (is_separator(c) && c != ':')
        })
    })
}

/// Whether a finding and the next one are a span: 15時から 金曜, 8時まで 月曜.
fn spans(line: &Line<'_>, one: &Candidate, next: &Sense) -> bool {
    let mut last = Reader::new(line, one.range.end.saturating_sub(2));
    let leads = last.eat_any(&["から", "まで"]).is_some();
    match (&one.sense, next) {
        (Sense::Time(_), next) => leads && next.says_when(),
        (_, Sense::Day(_) | Sense::DayUntil(_) | Sense::Time(_)) => {
            leads && !matches!(one.sense, Sense::Count(_))
        }
        _ => false,
    }
}

/// Whether the chosen findings contradict each other, so that the person meant more than was read.
fn contradicts(candidates: &[Candidate], choice: &Choice) -> bool {
    let is_other_time = |(index, found): (usize, &Candidate)| {
        matches!(found.sense, Sense::Time(_)) && choice.time != Some(index)
    };
    let is_unread = |found: &Candidate| matches!(found.sense, Sense::Unread);
    if choice.repeat.is_some() {
        // `9am and 9pm pills every day`: a rule has one time.
        return candidates.iter().enumerate().any(is_other_time);
    }
    // `dinner nov 24 2020 with Ann at 5pm` is not today at five, and `starting monday at 9am` is not either.
    let alone = choice.time.is_some() && choice.day.is_none();
    alone && (choice.start.is_some() || candidates.iter().any(is_unread))
}
