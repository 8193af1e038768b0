//! Days and times written in digits, which both languages share.

use tsugi_calendar::{Date, Time};

use crate::candidate::{Clock, MIDNIGHT};
use crate::context::{Context, DateOrder};
use crate::line::{EDGE, is_blank};
use crate::reader::Reader;
use crate::words::japanese;

/// How sure it is that digits are a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sure {
    /// With its year, or with its weekday beside it.
    Yes,
    /// `11/27`, `24.12.`: a day, unless the words around mean something else.
    Mostly,
    /// `1/2`, `5/8`, which mean a fraction just as often.
    Hardly,
}

/// A day in digits. None if another weekday follows in brackets, because one of the two is a mistake.
pub(crate) fn day(c: &mut Reader<'_>, context: &Context) -> Option<(Date, Sure)> {
    c.attempt(|c| {
        let found = c
            .attempt(|c| year_first(c, context))
            .map(|date| (date, Sure::Yes));
        let found = found.or_else(|| c.attempt(|c| strokes(c, context)));
        let (date, sure) = found.or_else(|| dotted(c, context))?;
        let weekday = c.attempt(japanese::bracketed_weekday);
        let sure = if weekday.is_some() { Sure::Yes } else { sure };
        weekday
            .is_none_or(|weekday| weekday == date.weekday())
            .then_some((date, sure))
    })
}

/// `24.12.`, `24.12.2026`: the day is always first, and without a year a stop follows the month.
fn dotted(c: &mut Reader<'_>, context: &Context) -> Option<(Date, Sure)> {
    let start = c.at;
    let day = c.number(2)?;
    let month = c.eat(".").then(|| c.number(2)).flatten()?;
    c.eat(".").then_some(())?;
    // `1.2.` numbers a heading, and `17.1.` a version at the end of a sentence.
    let in_full = c.at - start == "24.12.".len();
    let year = c.attempt(year);
    let date = month_day(context, year, month, day)?;
    let sure = match year {
        Some(_) => Sure::Yes,
        None => Sure::Mostly,
    };
    let alone = c.peek() == EDGE || is_blank(c.peek()) || matches!(c.peek(), ',' | ')' | ']' | ':');
    let holds = if year.is_some() {
        ends_number(*c)
    } else {
        alone && in_full
    };
    holds.then_some((date, sure))
}

/// `2026-11-27` or `2026/11/27`. A day in the past is not taken, because no task is due then.
fn year_first(c: &mut Reader<'_>, context: &Context) -> Option<Date> {
    let mut ahead = *c;
    let year = year(&mut ahead)?;
    let stroke = ["-", "/"].into_iter().find(|stroke| ahead.eat(stroke))?;
    let month = ahead.number(2)?;
    let day = ahead.eat(stroke).then(|| ahead.number(2)).flatten()?;
    let date = date(year, month, day)?;
    let holds = ends_number(ahead) && date >= context.today;
    holds.then(|| {
        *c = ahead;
        date
    })
}

/// `11/27`, `11/27/2026` or `11/27/26`, in the person's order, or in the other one if only that gives a day.
fn strokes(c: &mut Reader<'_>, context: &Context) -> Option<(Date, Sure)> {
    let one = c.number(2)?;
    let two = c.eat("/").then(|| c.number(2)).flatten()?;
    let year = if c.eat("/") {
        Some(
            c.attempt(year)
                .or_else(|| two_digits(c).map(|year| 2000 + year))?,
        )
    } else {
        None
    };
    // 24/7 means round the clock, 7/11 is a shop and 9/11 an attack.
    if !ends_number(*c) || matches!((one, two), (24, 7) | (7 | 9, 11)) && year.is_none() {
        return None;
    }
    let (month, day) = match context.date_order {
        DateOrder::MonthFirst => (one, two),
        DateOrder::DayFirst => (two, one),
    };
    let date = month_day(context, year, month, day).or_else(|| month_day(context, year, day, month))?;
    let sure = match year {
        Some(_) => Sure::Yes,
        None if is_fraction(one, two) => Sure::Hardly,
        None => Sure::Mostly,
    };
    Some((date, sure))
}

/// Whether it may be a fraction, as of cups and inches.
fn is_fraction(one: u32, two: u32) -> bool {
    let of_inch = matches!(two, 2 | 4 | 8 | 16) && one % 2 == 1 && one < two;
    of_inch || matches!((one, two), (1 | 2, 3) | (1 | 2, 5))
}

/// Four digits.
pub(crate) fn year(c: &mut Reader<'_>) -> Option<u32> {
    let mut ahead = *c;
    let year = ahead.number(4)?;
    (ahead.at - c.at == 4).then(|| {
        *c = ahead;
        year
    })
}

/// Two digits, leading zero and all.
pub(crate) fn two_digits(c: &mut Reader<'_>) -> Option<u32> {
    let mut ahead = *c;
    let number = ahead.number(2)?;
    (ahead.at - c.at == 2).then(|| {
        *c = ahead;
        number
    })
}

/// A day of the calendar, from numbers of any size.
pub(crate) fn date(year: u32, month: u32, day: u32) -> Option<Date> {
    Date::new(
        u16::try_from(year).ok()?,
        u8::try_from(month).ok()?,
        u8::try_from(day).ok()?,
    )
}

/// The day of the named year, unless it is over; without a year, the next such day.
pub(crate) fn month_day(context: &Context, year: Option<u32>, month: u32, day: u32) -> Option<Date> {
    match year {
        Some(year) => date(year, month, day).filter(|date| *date >= context.today),
        None => context
            .today
            .next_year_day(u8::try_from(month).ok()?, u8::try_from(day).ok()?),
    }
}

/// `17:30` means exactly that. `5:30`, with one digit, may be in either half of the day.
pub(crate) fn clock(c: &mut Reader<'_>) -> Option<Clock> {
    let mut ahead = *c;
    let hour = ahead.number(2)?;
    let digits = ahead.at - c.at;
    let minute = ahead.eat(":").then(|| two_digits(&mut ahead)).flatten()?;
    let time = time(hour, minute)?;
    *c = ahead;
    let half = digits == 1 && hour > 0;
    Some(if half {
        Clock::Half(time)
    } else {
        Clock::Sure(time)
    })
}

/// A time from numbers of any size; 24:00 is midnight.
pub(crate) fn time(hour: u32, minute: u32) -> Option<Time> {
    if (hour, minute) == (24, 0) {
        return Some(MIDNIGHT);
    }
    Time::new(u8::try_from(hour).ok()?, u8::try_from(minute).ok()?)
}

fn ends_number(c: Reader<'_>) -> bool {
    c.ends_word() || c.peek() == '('
}

/// Whether a number can begin here. After another number, a sign or a letter it is a part of something else.
pub(crate) fn starts_number(c: Reader<'_>) -> bool {
    c.starts_word() && c.peek().is_ascii_digit()
}
