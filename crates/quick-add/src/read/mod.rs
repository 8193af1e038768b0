//! Reads one place of the line: a phrase that counts there, or a sign.

mod english;
mod japanese;
mod sign;
mod unread;

use crate::candidate::{Candidate, Sense};
use crate::context::Context;
use crate::line::{EDGE, Line, is_blank};
use crate::reader::Reader;

/// The finding that begins at a place, with its end. `before` is the last finding.
pub(crate) fn read(
    line: &Line<'_>,
    at: usize,
    context: &Context,
    before: Option<&Candidate>,
) -> Option<(Sense, usize)> {
    let c = Reader::new(line, at);
    if is_blank(c.peek()) {
        return None;
    }
    if c.peek() == '\\' {
        // Two backslashes begin the name of a computer.
        let escapes = c.starts_word() && !matches!(c.ahead(1), EDGE | '\\') && !is_blank(c.ahead(1));
        return escapes.then_some((Sense::Escape, at + 1));
    }
    let behind_list =
        before.is_some_and(|found| found.range.end == at && matches!(found.sense, Sense::List(_)));
    let mut marked = c;
    if let Some(sense) = sign::read(line, &mut marked, behind_list) {
        return Some((sense, marked.at));
    }
    let touching = before
        .filter(|found| line.slice(found.range.end..at).chars().all(is_blank))
        .map(|found| &found.sense);
    let (mut in_english, mut in_japanese) = (c, c);
    let english = english::read(&mut in_english, context, touching);
    let japanese = japanese::read(&mut in_japanese, context, touching);
    match (english, japanese) {
        (Some(sense), None) => Some((sense, in_english.at)),
        (None, Some(sense)) => Some((sense, in_japanese.at)),
        (Some(sense), Some(_)) if in_english.at > in_japanese.at => Some((sense, in_english.at)),
        (Some(_), Some(sense)) => Some((sense, in_japanese.at)),
        (None, None) => unread::end(c, context).map(|end| (Sense::Unread, end)),
    }
}
