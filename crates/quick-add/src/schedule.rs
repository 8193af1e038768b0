//! Works out from the chosen findings when a task is first due.

use tsugi_calendar::rule::End;
use tsugi_calendar::{Date, Rule, Time};

use crate::candidate::{Candidate, Day, Hour, Part, Sense};
use crate::choice::Choice;
use crate::context::Context;
use crate::when::When;

/// When the task is due, when it starts, and how it recurs.
#[derive(Debug)]
pub(crate) struct Schedule {
    pub(crate) due: Option<When>,
    pub(crate) start: Option<Date>,
    pub(crate) recurrence: Option<Rule>,
    /// The last day of the recurrence, if the line says one.
    pub(crate) until: Option<Date>,
    /// The meaning of the line's words for a time, given the rest of the line.
    pub(crate) time: Option<Time>,
}

impl Schedule {
    /// Works out the schedule. A finding that turns out not to count is taken out of `choice`.
    pub(crate) fn new(choice: &mut Choice, candidates: &[Candidate], context: &Context) -> Self {
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
            let first = first(rule, day, start, due_time, context);
            if first.is_none() {
                choice.repeat = None;
            }
            first.map(|date| (rule.clone(), date))
        });
        let date = match (&rule, day) {
            (Some((_, first)), _) => Some(*first),
            (None, Some(day)) => Some(day.date),
            // A time alone means the next moment at which clocks show it.
            (None, None) => due_time.and_then(|time| next_at(time, context)),
        };
        let recurrence = rule.map(|(mut rule, first)| {
            rule.end = end(choice, candidates, first);
            rule
        });
        let until = recurrence.as_ref().and_then(|rule| match rule.end {
            End::Until(last) => Some(last),
            End::Never | End::Count(_) => None,
        });
        Self {
            due: date.map(|date| When { date, time: due_time }),
            start,
            recurrence,
            until,
            time,
        }
    }

    /// The meaning of the words for a day by themselves.
    pub(crate) fn said(&self, day: Day) -> When {
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

/// The time that the words for a day or a recurrence give, unless it is over: `tonight`, typed late, means only
/// today.
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

/// The first day of a rule, from the named day on; or else from the start; or else from today, unless the time is
/// over.
fn first(
    rule: &Rule,
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
    rule.first_day(from)
}

fn next_at(time: Time, context: &Context) -> Option<Date> {
    if time > context.now {
        return Some(context.today);
    }
    context.today.plus(1)
}

/// The end of a rule. A person does not mean an end before the beginning, so its words stay in the title.
fn end(choice: &mut Choice, candidates: &[Candidate], first: Date) -> End {
    let sense = |place: Option<usize>| place.and_then(|at| candidates.get(at)).map(|found| &found.sense);
    if let Some(date) = sense(choice.until).and_then(|sense| sense.last_day(first)) {
        if date >= first {
            return End::Until(date);
        }
        choice.until = None;
    }
    sense(choice.count)
        .and_then(Sense::count)
        .map_or(End::Never, End::Count)
}
