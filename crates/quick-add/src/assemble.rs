//! Makes a task of the findings that hold: works out when it is first due, and what is left for the title.

use std::ops::Range;

use crate::candidate::{Candidate, Day, Hour, Name, Part, Sense};
use crate::choice::{Choice, choose};
use crate::context::Context;
use crate::date::Date;
use crate::line::{Line, is_blank};
use crate::parsed::{Chip, Parsed, Value, is_bracket, is_separator};
use crate::recurrence::{End, Recurrence};
use crate::when::{Time, When};

pub(crate) fn assemble(line: &Line<'_>, candidates: &[Candidate], context: &Context) -> Parsed {
    let mut choice = choose(line, candidates);
    let schedule = Schedule::new(&mut choice, candidates, context);
    let mut parsed = Parsed {
        title: String::new(),
        due: schedule.due,
        start: schedule.start,
        recurrence: schedule.recurrence,
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
            | Value::Repeat(_)
            | Value::Until(_)
            | Value::Count(_)
            | Value::Escape => {}
        }
        taken.push(found.range.clone());
        // The range is set when all are known, since separators go with chips.
        parsed.chips.push(Chip { range: 0..0, value });
    }
    take_separators(line, &mut taken, &parsed.chips);
    for (chip, range) in parsed.chips.iter_mut().zip(&taken) {
        chip.range = line.byte(range.start)..line.byte(range.end);
    }
    parsed.title = title(line.text, &parsed.chips);
    parsed
}

/// What a finding's chip says; none where it does not hold and its words stay in the title.
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
        Sense::DayUntil(date) | Sense::Until(date) if here(choice.until) => Some(Value::Until(*date)),
        Sense::Time(_) if here(choice.time) => schedule.time.map(Value::Time),
        Sense::Start(date) if here(choice.start) => Some(Value::Start(*date)),
        Sense::Repeat(rule, _) if here(choice.repeat) => Some(Value::Repeat(*rule)),
        Sense::Count(count) if here(choice.count) => Some(Value::Count(*count)),
        Sense::Priority(priority) if here(choice.priority) => Some(Value::Priority(*priority)),
        Sense::List(name) if here(choice.list) => Some(Value::List(text(name))),
        Sense::Section(name) if here(choice.section) => Some(Value::Section(text(name))),
        Sense::Label(name) => Some(Value::Label(text(name))),
        Sense::Escape => Some(Value::Escape),
        Sense::Day(_)
        | Sense::DayUntil(_)
        | Sense::Until(_)
        | Sense::Time(_)
        | Sense::Start(_)
        | Sense::Repeat(..)
        | Sense::Count(_)
        | Sense::Priority(_)
        | Sense::List(_)
        | Sense::Section(_) => None,
    }
}

/// When the task is due, starts and comes again.
#[derive(Debug)]
struct Schedule {
    due: Option<When>,
    start: Option<Date>,
    recurrence: Option<Recurrence>,
    /// What the line's words for a time mean, with all the rest of the line.
    time: Option<Time>,
}

impl Schedule {
    /// Takes out of the choice what turns out not to hold.
    fn new(choice: &mut Choice, candidates: &[Candidate], context: &Context) -> Self {
        let sense = |place: Option<usize>| place.and_then(|at| candidates.get(at)).map(|found| &found.sense);
        let day = sense(choice.day).and_then(Sense::day);
        let start = sense(choice.start).and_then(Sense::start);
        let rule = sense(choice.repeat).and_then(Sense::rule);
        let part_of_rule = rule.and_then(|(_, part)| part);
        let part_of_day = day.and_then(|day| match day.hour {
            Hour::Part(part) => Some(part),
            Hour::Unsaid | Hour::Exact(_) => None,
        });
        let clock = sense(choice.time).and_then(Sense::clock);
        let time = clock.map(|clock| clock.resolve(part_of_rule.or(part_of_day)));
        let due_time = time.or_else(|| default_time(day, part_of_rule, context));
        let rule = rule.and_then(|(rule, _)| {
            let first = first(&rule, day, start, due_time, context);
            if first.is_none() {
                choice.repeat = None;
            }
            first.map(|date| (rule, date))
        });
        let date = match (&rule, day) {
            (Some((_, first)), _) => Some(*first),
            (None, Some(day)) => Some(day.date),
            // A time alone is the next time that it is so late.
            (None, None) => due_time.and_then(|time| next_at(time, context)),
        };
        let recurrence = rule.map(|(mut rule, first)| {
            rule.end = end(choice, candidates, first);
            rule
        });
        Self {
            due: date.map(|date| When { date, time: due_time }),
            start,
            recurrence,
            time,
        }
    }

    /// What the words for a day say by themselves.
    fn said(&self, day: Day) -> When {
        let time = match day.hour {
            Hour::Unsaid => None,
            Hour::Part(_) | Hour::Exact(_) => self.due.and_then(|due| due.time),
        };
        When {
            date: day.date,
            time: time.filter(|_| self.time.is_none()),
        }
    }
}

/// The time that the words for a day or a recurrence say, unless it is over: `tonight`, typed late, is just today.
fn default_time(day: Option<Day>, part_of_rule: Option<Part>, context: &Context) -> Option<Time> {
    match (part_of_rule, day) {
        (Some(part), _) => Some(part.time()),
        (None, Some(day)) => match day.hour {
            Hour::Unsaid => None,
            Hour::Exact(time) => Some(time),
            Hour::Part(part) => {
                Some(part.time()).filter(|time| day.date > context.today || *time > context.now)
            }
        },
        (None, None) => None,
    }
}

/// The first day of a rule: from the day that is named, or the start, or today unless the time is over.
fn first(
    rule: &Recurrence,
    day: Option<Day>,
    start: Option<Date>,
    time: Option<Time>,
    context: &Context,
) -> Option<Date> {
    let from = match (day, start) {
        (Some(day), _) => day.date,
        (None, Some(start)) if start > context.today => start,
        (None, _) => match time {
            Some(time) => next_at(time, context)?,
            None => context.today,
        },
    };
    rule.first(from)
}

fn next_at(time: Time, context: &Context) -> Option<Date> {
    if time > context.now {
        return Some(context.today);
    }
    context.today.plus_days(1)
}

/// The end of a rule. One that is over before it begins is not meant: its words stay in the title.
fn end(choice: &mut Choice, candidates: &[Candidate], first: Date) -> End {
    let sense = |place: Option<usize>| place.and_then(|at| candidates.get(at)).map(|found| &found.sense);
    if let Some(date) = sense(choice.until).and_then(Sense::last_day) {
        if date >= first {
            return End::Until(date);
        }
        choice.until = None;
    }
    sense(choice.count)
        .and_then(Sense::count)
        .map_or(End::Never, End::Count)
}

/// Gives the brackets around a chip to it, and the comma or colon between it and a title: they are nothing without it.
fn take_separators(line: &Line<'_>, taken: &mut [Range<usize>], chips: &[Chip]) {
    let folded = |at: usize| line.glyphs.get(at).map_or('\0', |glyph| glyph.folded);
    let blank_before = |mut at: usize| {
        while at > 0 && is_blank(folded(at - 1)) {
            at -= 1;
        }
        at
    };
    let mut free = 0;
    let mut end = line.glyphs.len();
    for index in 0..taken.len() {
        let range = taken[index].clone();
        if matches!(chips[index].value, Value::Escape) {
            free = range.end;
            continue;
        }
        let limit = taken.get(index + 1).map_or(line.glyphs.len(), |next| next.start);
        let bracketed = range.start > free
            && range.end < limit
            && is_bracket(folded(range.start - 1))
            && is_bracket(folded(range.end))
            && folded(range.start - 1) != folded(range.end);
        if bracketed {
            taken[index] = range.start - 1..range.end + 1;
        }
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

/// The text without its chips. Where a chip was, one space is left if there was any.
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
