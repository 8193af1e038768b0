//! The Japanese grammar. There are no spaces between words, so each phrase says what may follow it.

mod clock;
mod day;
mod repeat;
mod words;

use crate::candidate::Sense;
use crate::context::Context;
use crate::line::is_japanese;
use crate::reader::Reader;

/// What stands here, behind `touching`. Moves behind it.
pub(crate) fn read(c: &mut Reader<'_>, context: &Context, touching: Option<&Sense>) -> Option<Sense> {
    let first = c.peek();
    if !(is_japanese(first) || first.is_ascii_digit()) || !words::starts_number(*c) {
        return None;
    }
    let after_day = touching.is_some_and(Sense::names_days);
    c.attempt(repeat::read)
        .or_else(|| c.attempt(repeat::count))
        .or_else(|| c.attempt(|c| clock::read(c, after_day)).map(Sense::Time))
        .or_else(|| c.attempt(|c| day::read(c, context)))
}

/// Whether something stands here that is never words.
pub(crate) fn surely(mut c: Reader<'_>, context: &Context) -> bool {
    read(&mut c, context, None).is_some()
}
