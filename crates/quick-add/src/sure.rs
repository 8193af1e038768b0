//! Phrases that are never in doubt, in any place. The words after them are not read here, because `title` reads
//! those.

use crate::context::Context;
use crate::line::is_japanese;
use crate::phrases::english::day::Doubt;
use crate::phrases::english::limit::Needs;
use crate::phrases::{english, japanese};
use crate::reader::Reader;
use crate::words::japanese as words;
use crate::words::numeric::Sure;

/// Whether a phrase that is never a part of a title begins here.
pub(crate) fn is_sure(c: Reader<'_>, context: &Context) -> bool {
    in_english(c, context) || in_japanese(c, context)
}

fn in_english(mut c: Reader<'_>, context: &Context) -> bool {
    c.starts_word()
        && (c.attempt(english::repeat::every).is_some()
            || c.attempt(english::repeat::of_every_month).is_some()
            || c.attempt(english::repeat::on_plural).is_some()
            || c.attempt(|c| english::limit::read(c, context).filter(|(_, needs)| *needs == Needs::Nothing))
                .is_some()
            || is_day(c, context)
            || c.attempt(english::clock::span).is_some()
            || c.attempt(english::clock::said).is_some())
}

fn is_day(mut c: Reader<'_>, context: &Context) -> bool {
    let led = c.attempt(english::day::lead).is_some();
    let ordinal = led && c.attempt(|c| english::day::day_of_month(c, context)).is_some();
    let sure = |doubt| match doubt {
        Doubt::None => true,
        Doubt::Numbers => led,
        Doubt::Weekday | Doubt::Person | Doubt::Month | Doubt::Fraction => false,
    };
    ordinal || english::day::phrase(&mut c, context).is_some_and(|(_, doubt)| sure(doubt) && c.ends_word())
}

fn in_japanese(mut c: Reader<'_>, context: &Context) -> bool {
    let first = c.peek();
    (is_japanese(first) || first.is_ascii_digit())
        && words::starts_number(c)
        && (c.attempt(japanese::repeat::read).is_some()
            || c.attempt(japanese::repeat::count).is_some()
            || c.attempt(|c| japanese::clock::read(c, false)).is_some()
            || japanese::day::read(&mut c, context).is_some_and(|(_, sure)| sure == Sure::Yes))
}

/// Whether a time begins here.
pub(crate) fn is_time(mut c: Reader<'_>) -> bool {
    let english = c.starts_word() && c.attempt(english::clock::said).is_some();
    english || words::starts_number(c) && japanese::clock::read(&mut c, true).is_some()
}

/// Whether the name of a weekday begins here.
pub(crate) fn is_weekday(mut c: Reader<'_>) -> bool {
    if c.peek().is_ascii_lowercase() {
        let named = crate::words::english::weekday(c.word().text());
        return named.is_some() && c.ends_word();
    }
    words::weekday(&mut c).is_some()
}
