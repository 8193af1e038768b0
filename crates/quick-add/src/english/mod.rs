//! The English grammar.

mod clock;
mod day;
mod doubt;
mod limit;
mod repeat;
mod words;

use crate::candidate::Sense;
use crate::context::Context;
use crate::reader::Reader;

/// What stands here, behind `touching`. Moves behind it.
pub(crate) fn read(c: &mut Reader<'_>, context: &Context, touching: Option<&Sense>) -> Option<Sense> {
    let first = c.peek();
    if !c.starts_word() || !(first.is_ascii_alphanumeric() || first == '@') {
        return None;
    }
    c.attempt(repeat::every)
        .or_else(|| c.attempt(|c| repeat::adverb(c, context)))
        .or_else(|| c.attempt(|c| limit::read(c, context, touching)))
        .or_else(|| c.attempt(|c| day::read(c, context, touching)).map(Sense::Day))
        .or_else(|| c.attempt(|c| clock::read(c, context, touching)).map(Sense::Time))
}

/// Whether something stands here that is never words. Asks nothing about what comes after it: that would go round in
/// circles.
pub(crate) fn surely(c: Reader<'_>, context: &Context) -> bool {
    let mut ahead = c;
    c.starts_word()
        && (ahead.attempt(repeat::every).is_some()
            || ahead.attempt(|c| limit::read(c, context, None)).is_some()
            || ahead.attempt(|c| day::surely(c, context)).is_some()
            || ahead.attempt(clock::surely).is_some())
}
