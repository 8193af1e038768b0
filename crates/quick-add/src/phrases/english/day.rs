//! Days in English: `tomorrow`, `next fri`, `nov 27`, `in 2 weeks`.

use tsugi_calendar::{Date, Weekday};

use crate::candidate::{Day, Hour, Part, Unit};
use crate::context::Context;
use crate::line::is_blank;
use crate::reader::Reader;
use crate::words::english as words;
use crate::words::numeric::{self, Sure};

/// The reason why a phrase may mean something else than a day.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doubt {
    None,
    /// `sun`, `sat`, `wed`, `mon`
    Weekday,
    /// `tom`
    Person,
    /// `may 3`, `march 3`
    Month,
    /// `11/16`
    Numbers,
    /// `1/2`
    Fraction,
}

/// The preposition that leads to a day.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lead {
    On,
    Due,
    For,
}

pub(crate) fn lead(c: &mut Reader<'_>) -> Option<Lead> {
    let word = c.word();
    let lead = match word.text() {
        "on" | "by" => Lead::On,
        "for" => Lead::For,
        "due" => {
            c.eat(":");
            c.eat_next_word(&["on", "by"]);
            Lead::Due
        }
        _ => return None,
    };
    c.gap().then_some(lead)
}

/// A day by itself. The caller has to check that a word ends there.
pub(crate) fn phrase(c: &mut Reader<'_>, context: &Context) -> Option<(Day, Doubt)> {
    c.attempt(|c| {
        if c.eat_word(&["the"]) {
            c.gap();
            let found = c
                .attempt(|c| day_after_tomorrow(c, context))
                .or_else(|| c.attempt(|c| ordinal_day_and_month(c, context)))
                .or_else(|| edge_of(c, context))?;
            return Some((Day::whole(found), Doubt::None));
        }
        if c.peek() == '+' {
            return shorthand(c, context).map(|date| (Day::whole(date), Doubt::None));
        }
        if c.peek().is_ascii_digit() {
            in_digits(c, context).map(|(date, doubt)| (Day::whole(date), doubt))
        } else {
            in_words(c, context)
        }
    })
}

fn in_digits(c: &mut Reader<'_>, context: &Context) -> Option<(Date, Doubt)> {
    if let Some((date, sure)) = c.attempt(|c| numeric::day(c, context)) {
        let doubt = match sure {
            Sure::Yes => Doubt::None,
            Sure::Mostly => Doubt::Numbers,
            Sure::Hardly => Doubt::Fraction,
        };
        return Some((date, doubt));
    }
    if let Some(date) = c.attempt(|c| ordinal_day_and_month(c, context)) {
        return Some((date, Doubt::None));
    }
    let date = c.attempt(|c| {
        let day = c.number(2)?;
        c.gap().then_some(())?;
        let (month, doubt) = words::month(c.word().text())?;
        c.ends_word().then_some(())?;
        let date = numeric::month_day(context, year(c), month, day)?;
        // `review PR 12 dec 5`: which of the two numbers is the day?
        let mut next = *c;
        let other = next.gap() && next.number(2).is_some() && next.ends_word();
        (!other).then_some(())?;
        Some((date, if doubt { Doubt::Month } else { Doubt::None }))
    });
    date.or_else(|| {
        // 3 days from now
        let count = c.number(3)?;
        c.gap();
        let unit = words::unit(c.word().text())?;
        let day = later(context, count, unit)?;
        let from = c.eat_next_word(&["from"]) && c.eat_next_word(&["now", "today"]);
        (from && day.hour == Hour::Unsaid).then_some((day.date, Doubt::None))
    })
}

/// `+3d`, `+2w`
fn shorthand(c: &mut Reader<'_>, context: &Context) -> Option<Date> {
    c.eat("+").then_some(())?;
    let count = c.number(3)?;
    let unit = match c.word().text() {
        "d" => Unit::Days,
        "w" => Unit::Weeks,
        "mo" => Unit::Months,
        "y" => Unit::Years,
        word => words::unit(word)?,
    };
    unit.after(context.today, count)
}

/// `27th of november 2027`
fn ordinal_day_and_month(c: &mut Reader<'_>, context: &Context) -> Option<Date> {
    let day = ordinal(c)?;
    c.eat_next_word(&["of"]);
    c.gap().then_some(())?;
    let (month, _) = words::month(c.word().text())?;
    c.ends_word().then_some(())?;
    numeric::month_day(context, year(c), month, day)
}

/// `15th`, with the right letters or with wrong ones, because people mistype them.
pub(crate) fn ordinal(c: &mut Reader<'_>) -> Option<u32> {
    let number = c.number(2)?;
    let suffix = c.word();
    (matches!(suffix.text(), "st" | "nd" | "rd" | "th") && c.ends_word() && (1..=31).contains(&number))
        .then_some(number)
}

/// `the 15th`, `15th of next month`, after a preposition.
pub(crate) fn day_of_month(c: &mut Reader<'_>, context: &Context) -> Option<Day> {
    if c.eat_word(&["the"]) {
        c.gap();
    }
    let day = u8::try_from(ordinal(c)?).ok()?;
    let mut from = context.today;
    c.attempt(|c| {
        c.eat_next_word(&["of"]).then_some(())?;
        if c.eat_next_word(&["next"]) {
            from = from.start_of_month().plus_months(1)?;
        } else {
            c.eat_next_word(&["the", "this"]);
        }
        c.eat_next_word(&["month"]).then_some(())
    });
    from.next_month_day(day).map(Day::whole)
}

/// The year after a day, with or without a comma.
fn year(c: &mut Reader<'_>) -> Option<u32> {
    c.attempt(|c| {
        c.eat(",");
        c.gap().then_some(())?;
        let year = numeric::year(c)?;
        (c.ends_word() && (1000..3000).contains(&year)).then_some(year)
    })
}

fn in_words(c: &mut Reader<'_>, context: &Context) -> Option<(Day, Doubt)> {
    let start = *c;
    let today = context.today;
    let word = c.word();
    let sure = |date: Option<Date>| Some((Day::whole(date?), Doubt::None));
    match word.text() {
        "today" => sure(Some(today)),
        "tomorrow" | "tomorow" | "tommorow" | "tmr" | "tmrw" => sure(today.plus(1)),
        "tom" => Some((Day::whole(today.plus(1)?), Doubt::Person)),
        "tonight" => Some((part_of(today, Part::Night), Doubt::None)),
        "day" => {
            *c = start;
            sure(Some(day_after_tomorrow(c, context)?))
        }
        "in" => relative(c, context, start).map(|day| (day, Doubt::None)),
        "next" => sure(Some(next(c, context)?)),
        "this" => this(c, context).map(|day| (day, Doubt::None)),
        "eom" => sure(Some(today.end_of_month())),
        "end" | "last" | "first" => {
            *c = start;
            sure(Some(edge_of(c, context)?))
        }
        text => {
            if let Some((weekday, doubt)) = words::weekday(text) {
                return on_weekday(c, context, weekday, doubt);
            }
            let (month, doubt) = words::month(text)?;
            let date = month_and_day(c, context, month)?;
            Some((Day::whole(date), if doubt { Doubt::Month } else { Doubt::None }))
        }
    }
}

fn part_of(date: Date, part: Part) -> Day {
    Day {
        date,
        hour: Hour::Part(part),
    }
}

fn day_after_tomorrow(c: &mut Reader<'_>, context: &Context) -> Option<Date> {
    let found = c.eat_word(&["day"]) && c.eat_next_word(&["after"]) && c.eat_next_word(&["tomorrow"]);
    found.then(|| context.today.plus(2)).flatten()
}

/// `mon`, `friday next week`, `fri, nov 27`, `fri 27th`. Today's weekday means the day a week later, because nobody
/// calls today by its name. None if the date after it is another weekday, because one of the two is a mistake.
fn on_weekday(c: &mut Reader<'_>, context: &Context, weekday: Weekday, doubt: bool) -> Option<(Day, Doubt)> {
    // `fri. lunch`
    c.attempt(|c| (c.eat(".") && is_blank(c.peek())).then_some(()));
    let exact = c.attempt(|c| {
        c.eat(",");
        c.gap().then_some(())?;
        c.eat_word(&["the"]).then(|| c.gap());
        let named = c.attempt(|c| {
            let (month, _) = words::month(c.word().text())?;
            month_and_day(c, context, month)
        });
        let counted = || c.attempt(|c| in_digits(c, context)).map(|(date, _)| date);
        named
            .or_else(counted)
            .or_else(|| context.today.next_month_day(u8::try_from(ordinal(c)?).ok()?))
            .filter(|_| c.ends_word())
    });
    if let Some(date) = exact {
        return (date.weekday() == weekday).then_some((Day::whole(date), Doubt::None));
    }
    if c.attempt(|c| (c.eat_next_word(&["next"]) && c.eat_next_word(&["week"])).then_some(()))
        .is_some()
    {
        let date = context.today.in_week(1, weekday, context.week_starts)?;
        return Some((Day::whole(date), Doubt::None));
    }
    let date = context.today.plus(1)?.weekday_from(weekday)?;
    let doubt = if doubt { Doubt::Weekday } else { Doubt::None };
    Some((Day::whole(date), doubt))
}

/// The day and the year after a month's name: `27`, `27th, 2027`.
pub(crate) fn month_and_day(c: &mut Reader<'_>, context: &Context, month: u32) -> Option<Date> {
    let day = bare_month_day(c)?;
    numeric::month_day(context, year(c), month, day)
}

pub(crate) fn bare_month_day(c: &mut Reader<'_>) -> Option<u32> {
    c.eat(".");
    c.gap().then_some(())?;
    c.attempt(ordinal).or_else(|| {
        let day = c.number(2)?;
        c.ends_word().then_some(day)
    })
}

/// `in 3 days`, `in an hour`
fn relative(c: &mut Reader<'_>, context: &Context, start: Reader<'_>) -> Option<Day> {
    c.gap().then_some(())?;
    let count = c
        .attempt(|c| c.number(3))
        .or_else(|| c.attempt(|c| words::number(c.word().text())))?;
    c.gap().then_some(())?;
    let unit = words::unit(c.word().text())?;
    // `once in a week` says how often, not when.
    let often = matches!(start.word_before().text(), "once" | "twice" | "times");
    if often || c.peek() == '\'' {
        return None;
    }
    later(context, count, unit)
}

fn later(context: &Context, count: u32, unit: Unit) -> Option<Day> {
    let today = context.today;
    let minutes = |minutes: u32| {
        let (days, time) = context.now.plus_minutes(minutes);
        Some(Day {
            date: today.plus(i32::try_from(days).ok()?)?,
            hour: Hour::Exact(time),
        })
    };
    match unit {
        Unit::Minutes => minutes(count),
        Unit::Hours => minutes(count * 60),
        Unit::Days | Unit::Weeks | Unit::Months | Unit::Years => unit.after(today, count).map(Day::whole),
    }
}

fn next(c: &mut Reader<'_>, context: &Context) -> Option<Date> {
    c.gap().then_some(())?;
    let today = context.today;
    let in_next_week = |weekday| today.in_week(1, weekday, context.week_starts);
    let word = c.word();
    match word.text() {
        "week" => {
            let weekday = c.attempt(|c| {
                c.gap().then_some(())?;
                c.eat_word(&["on"]).then(|| c.gap());
                let (weekday, _) = words::weekday(c.word().text())?;
                c.ends_word().then_some(weekday)
            });
            in_next_week(weekday.unwrap_or(Weekday::Monday))
        }
        "month" => today.start_of_month().plus_months(1),
        "year" => numeric::date(u32::from(today.year()) + 1, 1, 1),
        // On a Sunday only today is left of this weekend, and the next one is six days away.
        "weekend" => this_weekend(today)?.plus(6)?.weekday_from(Weekday::Saturday),
        text => in_next_week(words::weekday(text)?.0),
    }
}

fn this(c: &mut Reader<'_>, context: &Context) -> Option<Day> {
    c.gap().then_some(())?;
    let today = context.today;
    let word = c.word();
    match word.text() {
        "afternoon" => Some(part_of(today, Part::Afternoon)),
        "evening" => Some(part_of(today, Part::Evening)),
        "weekend" => this_weekend(today).map(Day::whole),
        text => {
            let (weekday, _) = words::weekday(text)?;
            let this = today.in_week(0, weekday, context.week_starts);
            // `this monday`, said on a Wednesday, is still to come.
            this.filter(|date| *date >= today)
                .or_else(|| today.weekday_from(weekday))
                .map(Day::whole)
        }
    }
}

/// Its Saturday; on a Sunday, today.
fn this_weekend(today: Date) -> Option<Date> {
    if today.weekday() == Weekday::Sunday {
        return Some(today);
    }
    today.weekday_from(Weekday::Saturday)
}

/// `end of month`, `last day of next month`, `first day of december`, `end of the year`
fn edge_of(c: &mut Reader<'_>, context: &Context) -> Option<Date> {
    let last = match c.word().text() {
        "end" | "last" => true,
        "first" => false,
        _ => return None,
    };
    let day = c.eat_next_word(&["day"]);
    if !(day || c.word_before().text() == "end") || !c.eat_next_word(&["of"]) {
        return None;
    }
    let next = c.eat_next_word(&["next"]);
    if !next {
        c.eat_next_word(&["the", "this"]);
    }
    c.gap().then_some(())?;
    let this_year = u32::from(context.today.year()) + u32::from(next);
    let (first, final_day) = match c.word().text() {
        "month" => {
            let first = context.today.start_of_month().plus_months(u32::from(next))?;
            (first, first.end_of_month())
        }
        "year" => (numeric::date(this_year, 1, 1)?, numeric::date(this_year, 12, 31)?),
        name if !next => {
            let (month, _) = words::month(name)?;
            let month = u8::try_from(month).ok()?;
            // The present month is not over yet.
            let from = context.today.start_of_month();
            let first = if last { from } else { context.today }.next_year_day(month, 1)?;
            (first, first.end_of_month())
        }
        _ => return None,
    };
    let date = if last { final_day } else { first };
    (date >= context.today).then_some(date)
}
