//! Chooses between findings, if a line says more than a task can have.

use crate::candidate::{Candidate, Sense};
use crate::line::{Line, is_blank};
use crate::parsed::{is_bracket, is_separator};

/// The chosen findings by their kind, as indexes into the list of candidates.
#[derive(Debug, Default)]
pub(crate) struct Choice {
    pub(crate) day: Option<usize>,
    pub(crate) time: Option<usize>,
    pub(crate) start: Option<usize>,
    pub(crate) repeat: Option<usize>,
    pub(crate) until: Option<usize>,
    pub(crate) count: Option<usize>,
    pub(crate) priority: Option<usize>,
    pub(crate) list: Option<usize>,
    pub(crate) section: Option<usize>,
}

/// Of several days or times, the ones at the end of the line come first, then the ones at its beginning, then the
/// first of the rest (`tomorrow prepare monday meeting`). `may` says which candidates count at all. Of several
/// signs, such as two priorities, the last one counts, because people write a correction behind the word that it
/// corrects.
pub(crate) fn choose(line: &Line<'_>, candidates: &[Candidate], may: &dyn Fn(&Sense) -> bool) -> Choice {
    let places = places(line, candidates);
    let best = |holds: &dyn Fn(&Sense) -> bool| {
        (0..candidates.len())
            .filter(|index| may(&candidates[*index].sense) && holds(&candidates[*index].sense))
            .min_by_key(|index| places[*index])
    };
    let last = |holds: &dyn Fn(&Sense) -> bool| candidates.iter().rposition(|found| holds(&found.sense));
    let repeat = best(&|sense| matches!(sense, Sense::Repeat(..)));
    let repeats = repeat.is_some();
    let until = best(&|sense| matches!(sense, Sense::Until(_) | Sense::DayUntil(_) | Sense::For(..)));
    Choice {
        day: best(&|sense| {
            matches!(sense, Sense::Day(_)) || (!repeats && matches!(sense, Sense::DayUntil(_)))
        }),
        time: best(&|sense| matches!(sense, Sense::Time(_))),
        start: best(&|sense| matches!(sense, Sense::Start(_))),
        repeat,
        until: until.filter(|_| repeats),
        // A rule ends on a day or after a number of times, but not both.
        count: best(&|sense| matches!(sense, Sense::Count(_))).filter(|_| repeats && until.is_none()),
        priority: last(&|sense| matches!(sense, Sense::Priority(_))),
        list: last(&|sense| matches!(sense, Sense::List(_))),
        section: last(&|sense| matches!(sense, Sense::Section(_))),
    }
}

impl Choice {
    /// Whether a finding that says when is chosen.
    pub(crate) fn holds(&self, index: usize) -> bool {
        let places = [
            self.day,
            self.time,
            self.start,
            self.repeat,
            self.until,
            self.count,
        ];
        places.contains(&Some(index))
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    End,
    Beginning,
    Middle,
}

/// The place of each finding. Findings next to each other have the same place.
fn places(line: &Line<'_>, candidates: &[Candidate]) -> Vec<Place> {
    let empty = |range: std::ops::Range<usize>| {
        line.glyphs.get(range).is_some_and(|glyphs| {
            glyphs.iter().all(|glyph| {
                let c = glyph.folded;
                is_blank(c) || is_separator(c) || is_bracket(c) || matches!(c, '.' | '!' | '。')
            })
        })
    };
    let mut places = vec![Place::Middle; candidates.len()];
    let mut start = 0;
    for (place, found) in places.iter_mut().zip(candidates) {
        if !empty(start..found.range.start) {
            break;
        }
        *place = Place::Beginning;
        start = found.range.end;
    }
    let mut end = line.glyphs.len();
    for (place, found) in places.iter_mut().zip(candidates).rev() {
        if !empty(found.range.end..end) {
            break;
        }
        *place = Place::End;
        end = found.range.start;
    }
    places
}
