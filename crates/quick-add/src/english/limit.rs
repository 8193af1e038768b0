//! Where a recurrence begins and ends: `starting monday`, `until dec 31`, `for 5 times`.

use super::day;
use super::doubt::Doubt;
use super::words;
use crate::candidate::Sense;
use crate::context::Context;
use crate::date::Date;
use crate::reader::Reader;

pub(super) fn read(c: &mut Reader<'_>, context: &Context, touching: Option<&Sense>) -> Option<Sense> {
    let begins = c.at_start();
    let word = c.word();
    match word.text() {
        "start" if begins => None,
        "start" | "starts" | "starting" | "beginning" => {
            c.eat_next_word(&["on", "from"]);
            date(c, context).map(Sense::Start)
        }
        // A letter from Monday is no start.
        "from" if matches!(touching, Some(Sense::Repeat(..) | Sense::Time(_))) => {
            date(c, context).map(Sense::Start)
        }
        "until" | "till" | "til" | "ending" => {
            c.eat_next_word(&["on"]);
            date(c, context).map(Sense::Until)
        }
        // `5 times` alone is how often a day.
        "for" => {
            c.gap().then_some(())?;
            times(c).map(Sense::Count)
        }
        _ => None,
    }
}

fn date(c: &mut Reader<'_>, context: &Context) -> Option<Date> {
    c.gap().then_some(())?;
    let (day, doubt) = day::phrase(c, context)?;
    (doubt != Doubt::Person && c.ends_word()).then_some(day.date)
}

fn times(c: &mut Reader<'_>) -> Option<u16> {
    let count = c
        .attempt(|c| c.number(3))
        .or_else(|| c.attempt(|c| words::number(c.word().text())))?;
    let count = u16::try_from(count).ok().filter(|count| *count > 0)?;
    c.eat_next_word(&["time", "times"]).then_some(count)
}
