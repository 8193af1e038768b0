//! Times in English: `at 5pm`, `17:30`, `noon`, and `morning` behind a day.

use crate::candidate::{Clock, Part, Sense};
use crate::context::Context;
use crate::numeric;
use crate::reader::Reader;
use crate::scan::ends_title;
use crate::when::Time;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Lead {
    None,
    At,
    By,
}

/// A time, with the preposition that leads to it.
pub(super) fn read(c: &mut Reader<'_>, context: &Context, touching: Option<&Sense>) -> Option<Clock> {
    let start = *c;
    let after_day = touching.is_some_and(Sense::names_days);
    let found = c.attempt(|c| after_day.then(|| in_part(c)).flatten());
    let found = found.or_else(|| c.attempt(named(context, after_day)));
    let found = found.or_else(|| c.attempt(said));
    let found = found.or_else(|| {
        c.attempt(|c| {
            let bare = bare(c)?;
            (after_day || ends_title(*c, context)).then_some(bare)
        })
    })?;
    (!numeric::in_span(start, *c)).then_some(found)
}

/// A time that is in no doubt.
pub(super) fn surely(c: &mut Reader<'_>) -> Option<Clock> {
    said(c)
}

fn lead(c: &mut Reader<'_>) -> Lead {
    if c.eat("@") {
        c.gap();
        return Lead::At;
    }
    let lead = c.attempt(|c| {
        let lead = match c.word().text() {
            "at" | "around" => Lead::At,
            "by" => Lead::By,
            _ => return None,
        };
        c.gap().then_some(lead)
    });
    lead.unwrap_or(Lead::None)
}

/// `morning`, `in the morning`, `evening at 8`, behind a day.
fn in_part(c: &mut Reader<'_>) -> Option<Clock> {
    let part = part(c)?;
    let clock = c.attempt(|c| {
        c.gap().then_some(())?;
        c.attempt(said).or_else(|| bare(c))
    });
    Some(Clock::Sure(
        clock.map_or(part.time(), |clock| clock.resolve(Some(part))),
    ))
}

fn part(c: &mut Reader<'_>) -> Option<Part> {
    c.attempt(|c| (c.eat_word(&["in"]) && c.eat_next_word(&["the"]) && c.gap()).then_some(()));
    let part = match c.word().text() {
        "morning" => Part::Morning,
        "afternoon" => Part::Afternoon,
        "evening" => Part::Evening,
        "night" => Part::Night,
        _ => return None,
    };
    c.ends_word().then_some(part)
}

/// `noon` and `midnight`, which are also what a snack or a film is named after.
fn named(context: &Context, after_day: bool) -> impl Fn(&mut Reader<'_>) -> Option<Clock> {
    move |c| {
        let before = c.word_before();
        let lead = lead(c);
        let time = match c.word().text() {
            "noon" => Time::NOON,
            "midnight" => Time::MIDNIGHT,
            _ => return None,
        };
        let free = ends_title(*c, context) && !matches!(before.text(), "high" | "the" | "until" | "before");
        let holds = c.ends_word() && (after_day || lead != Lead::None || free);
        holds.then_some(Clock::Sure(time))
    }
}

/// `5pm`, `at 5 p.m.`, `17:30`, `5 o'clock`, `at 5 in the morning`
fn said(c: &mut Reader<'_>) -> Option<Clock> {
    lead(c);
    if !numeric::starts_number(*c) && c.before() != '@' {
        return None;
    }
    let minutes = c.attempt(numeric::clock);
    let clock = match minutes {
        Some(clock) => clock,
        None => hour(c)?,
    };
    let half = c.attempt(half_of_day);
    let found = match (clock, half) {
        (Clock::Half(time), Some(half)) => half.of(time),
        // 10:30pm and 12:30pm have two digits
        (Clock::Sure(time), Some(half)) if (1..=12).contains(&time.hour()) => half.of(time),
        (Clock::Sure(_), Some(_)) => return None,
        (clock, None) => {
            let oclock = c.attempt(|c| {
                c.gap();
                c.eat_any(&["o'clock", "o’clock", "oclock"])
            });
            let part = c.attempt(|c| (c.gap() && c.sees(&["in "])).then(|| part(c)).flatten());
            match part {
                Some(part) => Clock::Sure(clock.resolve(Some(part))),
                None if minutes.is_some() || oclock.is_some() => clock,
                None => return None,
            }
        }
    };
    c.ends_word().then_some(found)
}

/// `at 5`, which may be an address or a price: the caller looks what follows.
fn bare(c: &mut Reader<'_>) -> Option<Clock> {
    let led = lead(c) == Lead::At;
    let clock = hour(c)?;
    (led && c.ends_word()).then_some(clock)
}

fn hour(c: &mut Reader<'_>) -> Option<Clock> {
    let number = c.number(2)?;
    let time = Time::new(u8::try_from(number).ok()?, 0)?;
    match number {
        0 => None,
        1..=12 => Some(Clock::Half(time)),
        _ => Some(Clock::Sure(time)),
    }
}

#[derive(Clone, Copy)]
enum HalfOfDay {
    Am,
    Pm,
}

impl HalfOfDay {
    fn of(self, time: Time) -> Clock {
        Clock::Sure(match (self, time.hour()) {
            (Self::Pm, _) => time.afternoon(),
            (Self::Am, 12) => Time::new(0, time.minute()).unwrap_or(time),
            (Self::Am, _) => time,
        })
    }
}

fn half_of_day(c: &mut Reader<'_>) -> Option<HalfOfDay> {
    c.gap();
    let half = match c.eat_any(&["a.m.", "am", "p.m.", "pm"])? {
        0 | 1 => HalfOfDay::Am,
        _ => HalfOfDay::Pm,
    };
    c.ends_word().then_some(half)
}
