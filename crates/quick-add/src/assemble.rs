//! Makes a task from the chosen findings: it works out the first due day, and the text that is left for the title.

use std::ops::Range;

use crate::candidate::{Candidate, Day, Name, Part, Sense};
use crate::choice::Choice;
use crate::context::Context;
use crate::line::{Line, is_blank};
use crate::parsed::{Chip, Parsed, Value, is_separator};
use crate::schedule::Schedule;
use crate::whole::whole;

pub(crate) fn assemble(line: &Line<'_>, candidates: &[Candidate], context: &Context) -> Parsed {
    let (choice, schedule) = whole(line, candidates, context);
    let mut parsed = Parsed {
        title: String::new(),
        due: schedule.due,
        start: schedule.start,
        recurrence: schedule.recurrence.clone(),
        priority: None,
        labels: Vec::new(),
        list: None,
        section: None,
        chips: Vec::new(),
    };
    let mut taken: Vec<Range<usize>> = Vec::new();
    for (index, found) in candidates.iter().enumerate() {
        let Some(value) = value(line, index, found, &choice, &schedule) else {
            continue;
        };
        match &value {
            Value::Priority(priority) => parsed.priority = Some(*priority),
            Value::List(name) => parsed.list = Some(name.clone()),
            Value::Section(name) => parsed.section = Some(name.clone()),
            Value::Label(name) if !parsed.labels.contains(name) => parsed.labels.push(name.clone()),
            Value::Label(_)
            | Value::Due(_)
            | Value::Time(_)
            | Value::Start(_)
            | Value::Repeat(..)
            | Value::Until(_)
            | Value::Count(_)
            | Value::Escape => {}
        }
        taken.push(found.range.clone());
        // The range is set once all chips are known, because chips take separators along.
        parsed.chips.push(Chip { range: 0..0, value });
    }
    take_separators(line, &mut taken, &parsed.chips);
    for (chip, range) in parsed.chips.iter_mut().zip(&taken) {
        chip.range = line.byte(range.start)..line.byte(range.end);
    }
    parsed.title = title(line.text, &parsed.chips);
    parsed
}

/// The value of a finding's chip. None if the finding is not chosen, so that its words stay in the title.
fn value(
    line: &Line<'_>,
    index: usize,
    found: &Candidate,
    choice: &Choice,
    schedule: &Schedule,
) -> Option<Value> {
    let text = |name: &Name| line.slice(name.start..name.end).to_owned();
    let here = |place: Option<usize>| place == Some(index);
    match &found.sense {
        Sense::Day(day) if here(choice.day) => Some(Value::Due(schedule.said(*day))),
        Sense::DayUntil(date) if here(choice.day) => Some(Value::Due(schedule.said(Day::whole(*date)))),
        Sense::DayUntil(_) | Sense::Until(_) | Sense::For(..) if here(choice.until) => {
            schedule.until.map(Value::Until)
        }
        Sense::Time(_) if here(choice.time) => schedule.time.map(Value::Time),
        Sense::Start(date) if here(choice.start) => Some(Value::Start(*date)),
        Sense::Repeat(rule, part) if here(choice.repeat) => {
            let time = part.map(Part::time).filter(|_| choice.time.is_none());
            Some(Value::Repeat(rule.clone(), time))
        }
        Sense::Count(count) if here(choice.count) => Some(Value::Count(*count)),
        Sense::Priority(priority) if here(choice.priority) => Some(Value::Priority(*priority)),
        Sense::List(name) if here(choice.list) => Some(Value::List(text(name))),
        Sense::Section(name) if here(choice.section) => Some(Value::Section(text(name))),
        Sense::Label(name) => Some(Value::Label(text(name))),
        Sense::Escape => Some(Value::Escape),
        Sense::Day(_)
        | Sense::DayUntil(_)
        | Sense::Until(_)
        | Sense::For(..)
        | Sense::Unread
        | Sense::Time(_)
        | Sense::Start(_)
        | Sense::Repeat(..)
        | Sense::Count(_)
        | Sense::Priority(_)
        | Sense::List(_)
        | Sense::Section(_) => None,
    }
}

/// Adds the brackets around a chip to the chip, and the comma or colon between it and a title, because these mean
/// nothing without it.
fn take_separators(line: &Line<'_>, taken: &mut [Range<usize>], chips: &[Chip]) {
    let folded = |at: usize| line.glyphs.get(at).map_or('\0', |glyph| glyph.folded);
    let blank_before = |mut at: usize| {
        while at > 0 && is_blank(folded(at - 1)) {
            at -= 1;
        }
        at
    };
    take_brackets(line, taken, chips);
    let mut free = 0;
    let mut end = line.glyphs.len();
    for index in 0..taken.len() {
        if matches!(chips[index].value, Value::Escape) {
            free = taken[index].end;
            continue;
        }
        let limit = taken.get(index + 1).map_or(line.glyphs.len(), |next| next.start);
        // `Tomorrow: call`
        let begins =
            blank_before(taken[index].start) == free || free == 0 && blank_before(taken[index].start) == 0;
        if begins && taken[index].end < limit && is_separator(folded(taken[index].end)) {
            taken[index].end += 1;
        }
        free = taken[index].end;
    }
    // `call, tomorrow p1`
    for index in (0..taken.len()).rev() {
        let mut behind = taken[index].end;
        while behind < end && is_blank(folded(behind)) {
            behind += 1;
        }
        if behind != end || matches!(chips[index].value, Value::Escape) {
            break;
        }
        let before = blank_before(taken[index].start);
        let limit = index.checked_sub(1).map_or(0, |before| taken[before].end);
        if before > limit && is_separator(folded(before - 1)) {
            taken[index].start = before - 1;
        }
        end = taken[index].start;
    }
}

/// Adds the brackets around several chips to the first and the last of them: `dentist (friday 5pm)`.
fn take_brackets(line: &Line<'_>, taken: &mut [Range<usize>], chips: &[Chip]) {
    let mut first = 0;
    for last in 0..taken.len() {
        let parted = last.checked_sub(1).is_some_and(|before| {
            let between = line.glyphs.get(taken[before].end..taken[last].start);
            let blank = between.is_some_and(|glyphs| {
                glyphs
                    .iter()
                    .all(|glyph| is_blank(glyph.folded) || is_separator(glyph.folded))
            });
            !blank
        });
        if parted || matches!(chips[first].value, Value::Escape) {
            first = last;
        }
        let open = taken[first].start.checked_sub(1);
        let closes = |open: char| {
            matches!(
                (open, line.folded(taken[last].end)),
                ('(', ')') | ('[', ']') | ('【', '】')
            )
        };
        let free = |at: usize| first.checked_sub(1).is_none_or(|before| taken[before].end <= at);
        if let Some(open) = open.filter(|open| free(*open) && closes(line.folded(*open))) {
            taken[first].start = open;
            taken[last].end += 1;
            first = last + 1;
            if first >= taken.len() {
                return;
            }
        }
    }
}

/// The text without its chips. In the place of a chip one space is left, if there was any.
fn title(text: &str, chips: &[Chip]) -> String {
    let mut title = String::new();
    let mut start = 0;
    let mut spaced = false;
    let ends = chips.iter().map(|chip| (chip.range.start, chip.range.end));
    for (end, next) in ends.chain([(text.len(), text.len())]) {
        let piece = text.get(start..end).unwrap_or_default();
        let words = piece.trim();
        spaced |= piece.starts_with(char::is_whitespace);
        // `call tomorrow!` is left as `call!`
        spaced &=
            !words.starts_with(['.', '!', '?', ',', ';', ')', ']']) || piece.starts_with(char::is_whitespace);
        if !words.is_empty() {
            if spaced && !title.is_empty() {
                title.push(' ');
            }
            title.push_str(words);
            spaced = false;
        }
        spaced |= piece.ends_with(char::is_whitespace);
        start = next;
    }
    title
}
