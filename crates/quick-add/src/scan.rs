//! Goes along a line and collects the findings.

use crate::candidate::{Candidate, Sense};
use crate::context::Context;
use crate::line::{Line, is_blank};
use crate::parsed::{Dropped, bare};
use crate::read::read;

/// All findings of a line, in its order and without overlap, except those that the person dropped.
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
