//! The beginning and the end of a recurrence: `starting monday`, `until dec 31`, `for 5 times`, `for 2 weeks`.

use tsugi_calendar::Date;

use super::day::{self, Doubt};
use crate::candidate::{Sense, Unit};
use crate::context::Context;
use crate::reader::Reader;
use crate::words::english as words;

/// The condition under which a phrase counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Needs {
    Nothing,
    /// In "a letter from Monday" and in `start monday report`, nothing starts.
    Before,
}

pub(crate) fn read(c: &mut Reader<'_>, context: &Context) -> Option<(Sense, Needs)> {
    let begins = c.at_start();
    let word = c.word();
    match word.text() {
        "start" if begins => None,
        "start" | "starts" | "starting" | "beginning" => {
            c.eat_next_word(&["on", "from"]);
            date(c, context).map(|date| (Sense::Start(date), Needs::Nothing))
        }
        "from" => date(c, context).map(|date| (Sense::Start(date), Needs::Before)),
        "until" | "till" | "til" | "ending" | "ends" | "through" | "thru" => {
            c.eat_next_word(&["on"]);
            date(c, context).map(|date| (Sense::Until(date), Needs::Nothing))
        }
        // `5 times` alone says how often a day.
        "for" => {
            c.gap().then_some(())?;
            c.eat_word(&["the"]).then(|| c.gap());
            c.eat_word(&["next"]).then(|| c.gap());
            length(c).map(|sense| (sense, Needs::Nothing))
        }
        _ => None,
    }
}

fn date(c: &mut Reader<'_>, context: &Context) -> Option<Date> {
    c.gap().then_some(())?;
    let (day, doubt) = day::phrase(c, context)?;
    (doubt != Doubt::Person && c.ends_word()).then_some(day.date)
}

/// `5 times`, `10 days`, `a month`
fn length(c: &mut Reader<'_>) -> Option<Sense> {
    let count = c
        .attempt(|c| c.number(3))
        .or_else(|| c.attempt(|c| words::number(c.word().text())))?;
    let count = u16::try_from(count).ok().filter(|count| *count > 0)?;
    if c.eat_next_word(&["time", "times"]) {
        return Some(Sense::Count(count));
    }
    c.gap();
    match words::unit(c.word().text())? {
        Unit::Minutes | Unit::Hours => None,
        unit @ (Unit::Days | Unit::Weeks | Unit::Months | Unit::Years) => {
            c.ends_word().then_some(Sense::For(u32::from(count), unit))
        }
    }
}
