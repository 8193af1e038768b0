//! Times in English: `at 5pm`, `17:30`, `noon`, and `morning` after a day.

use tsugi_calendar::Time;

use crate::candidate::{Clock, MIDNIGHT, Part};
use crate::reader::Reader;
use crate::words::numeric;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Lead {
    None,
    At,
    By,
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

/// `morning`, `in the morning`, `evening at 8`: the time of a day that comes before it.
pub(crate) fn in_part(c: &mut Reader<'_>) -> Option<Clock> {
    let part = part(c)?;
    let clock = c.attempt(|c| {
        c.gap().then_some(())?;
        c.attempt(said).or_else(|| bare(c))
    });
    let time = clock.map_or(part.time(), |clock| clock.resolve(Some(part)));
    Some(Clock::Sure(time))
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

/// `noon` and `midnight`, which may also be in the name of a meal or a film; and whether a preposition leads to
/// them.
pub(crate) fn named(c: &mut Reader<'_>) -> Option<(Clock, bool)> {
    let led = lead(c) != Lead::None;
    let time = match c.word().text() {
        "noon" | "midday" => Time::NOON,
        "midnight" => MIDNIGHT,
        _ => return None,
    };
    c.ends_word().then_some((Clock::Sure(time), led))
}

/// `from 3pm to 4pm`: a task is due when it begins.
pub(crate) fn span(c: &mut Reader<'_>) -> Option<Clock> {
    c.eat_word(&["from"]).then_some(())?;
    c.gap().then_some(())?;
    let exact = c.attempt(|c| said_without_lead(c, false));
    let first = match exact {
        Some(clock) => clock,
        None => hour(c)?,
    };
    c.gap();
    let dashed = c.eat_any(&["-", "–", "—"]).is_some();
    (dashed || c.eat_word(&["to", "until", "till", "til"])).then_some(())?;
    c.gap();
    let last = c.attempt(|c| said_without_lead(c, false));
    let (first, last) = match (first, exact, last) {
        (first, _, Some(last)) => (first, Some(last)),
        // `work from 9 to 5` may be about anything.
        (first, Some(_), None) => {
            hour(c)?;
            (first, None)
        }
        (_, None, None) => return None,
    };
    c.ends_word().then_some(())?;
    Some(match (first, last) {
        (Clock::Half(time), Some(Clock::Sure(last))) => {
            let later = time.afternoon();
            Clock::Sure(if later < last { later } else { time })
        }
        (first, _) => first,
    })
}

/// `5pm`, `at 5 p.m.`, `17:30`, `5 o'clock`, `at 5 in the morning`
pub(crate) fn said(c: &mut Reader<'_>) -> Option<Clock> {
    let led = lead(c) != Lead::None;
    said_without_lead(c, led)
}

fn said_without_lead(c: &mut Reader<'_>, led: bool) -> Option<Clock> {
    if !led && !numeric::starts_number(*c) {
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

/// `at 5`, which may be an address or a price.
pub(crate) fn bare(c: &mut Reader<'_>) -> Option<Clock> {
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
