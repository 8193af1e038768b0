//! Goes along a line and asks the grammars at every place what can be read there.

use crate::candidate::{Candidate, Sense};
use crate::context::Context;
use crate::line::{EDGE, Line, is_blank};
use crate::parsed::{Dropped, bare};
use crate::reader::Reader;
use crate::{english, japanese, sign};

/// Everything that can be read in a line, in its order and without overlap, but for what was dropped.
pub(crate) fn scan(line: &mut Line<'_>, context: &Context, dropped: &[Dropped]) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    let mut at = 0;
    while at < line.glyphs.len() {
        let Some((sense, end)) = read(line, at, context, found.last()) else {
            at += 1;
            continue;
        };
        let words = bare(line.slice(at..end));
        let kept = !dropped
            .iter()
            .any(|drop| drop.words == words && sense.can_be(drop.kind));
        if matches!(sense, Sense::Escape) {
            let blank = (end..line.glyphs.len()).find(|at| is_blank(line.folded(*at)));
            line.protect(end..blank.unwrap_or(line.glyphs.len()));
        }
        if kept {
            found.push(Candidate {
                range: at..end,
                sense,
            });
        }
        at = end;
    }
    found
}

fn read(line: &Line<'_>, at: usize, context: &Context, before: Option<&Candidate>) -> Option<(Sense, usize)> {
    let c = Reader::new(line, at);
    if is_blank(c.peek()) {
        return None;
    }
    if c.peek() == '\\' {
        // Two of them begin the name of a computer.
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
        (None, None) => None,
    }
}

/// Whether the title is over here: nothing follows, or something that is no title.
pub(crate) fn ends_title(mut c: Reader<'_>, context: &Context) -> bool {
    if c.at_end() {
        return true;
    }
    c.gap();
    let marked = matches!(c.peek(), '#' | '+' | '@' | '/')
        && is_blank(c.before())
        && !is_blank(c.ahead(1))
        && !c.ahead(1).is_ascii_digit();
    let mut priority = c;
    let ranked = priority.eat_any(&["p", "!!"]).is_some()
        && priority.number(1).is_some_and(|number| (1..=4).contains(&number))
        && priority.ends_word();
    marked || ranked || english::surely(c, context) || japanese::surely(c, context)
}
