//! Days and times written in digits, which both languages share.

use crate::candidate::Clock;
use crate::context::{Context, DateOrder};
use crate::date::Date;
use crate::reader::Reader;
use crate::when::Time;

/// A day in digits, and whether it can as well be a fraction (`1/2`).
pub(crate) fn day(c: &mut Reader<'_>, context: &Context) -> Option<(Date, bool)> {
    let mut ahead = *c;
    let found = year_first(&mut ahead, context).map(|date| (date, false));
    let found = found.or_else(|| strokes(&mut ahead, context))?;
    let mut bracket = ahead;
    // 11/27(金)
    if bracket.eat("(")
        && bracket
            .eat_any(&["月", "火", "水", "木", "金", "土", "日"])
            .is_some()
    {
        bracket.eat_any(&["曜日", "曜"]);
        if bracket.eat(")") {
            ahead = bracket;
        }
    }
    *c = ahead;
    Some(found)
}

/// `2026-11-27` or `2026/11/27`, not in the past: no task is due then.
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

/// `11/27`, `11/27/2026` or `11/27/26`, in the person's order, or in the other where only that gives a day.
fn strokes(c: &mut Reader<'_>, context: &Context) -> Option<(Date, bool)> {
    let mut ahead = *c;
    let one = ahead.number(2)?;
    let two = ahead.eat("/").then(|| ahead.number(2)).flatten()?;
    let mut behind = ahead;
    let year = if behind.eat("/") {
        let year = year(&mut behind).or_else(|| two_digits(&mut behind).map(|year| 2000 + year))?;
        ahead = behind;
        Some(year)
    } else {
        None
    };
    if !ends_number(ahead) || (one, two) == (24, 7) {
        return None;
    }
    let (month, day) = match context.date_order {
        DateOrder::MonthFirst => (one, two),
        DateOrder::DayFirst => (two, one),
    };
    let found = month_day(context, year, month, day).or_else(|| month_day(context, year, day, month))?;
    *c = ahead;
    let fraction = year.is_none() && matches!((one, two), (1, 2..=4) | (2, 3) | (3, 4));
    Some((found, fraction))
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

/// The day of this year, unless it is in the past; without a year, the next one there is.
pub(crate) fn month_day(context: &Context, year: Option<u32>, month: u32, day: u32) -> Option<Date> {
    match year {
        Some(year) => date(year, month, day).filter(|date| *date >= context.today),
        None => context
            .today
            .next_year_day(u8::try_from(month).ok()?, u8::try_from(day).ok()?),
    }
}

/// `17:30` as it stands; `5:30`, with one digit, may be either half of the day.
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
        return Some(Time::MIDNIGHT);
    }
    Time::new(u8::try_from(hour).ok()?, u8::try_from(minute).ok()?)
}

fn ends_number(c: Reader<'_>) -> bool {
    c.ends_word() || c.peek() == '('
}

/// Whether a number can begin here: behind another number, a sign or a letter it is part of something else.
pub(crate) fn starts_number(c: Reader<'_>) -> bool {
    c.starts_word() && c.peek().is_ascii_digit()
}

/// Whether a time is one end of a span of time (`2pm - 3pm`, 10時〜11時). A task has one time, so a span is words.
pub(crate) fn in_span(start: Reader<'_>, end: Reader<'_>) -> bool {
    let mut ahead = end;
    ahead.gap();
    if ahead
        .eat_any(&["-", "–", "—", "~", "〜", "から", "to ", "till ", "until "])
        .is_some()
    {
        ahead.gap();
        ahead.eat_any(&["午前", "午後", "翌"]);
        if ahead.peek().is_ascii_digit() {
            return true;
        }
    }
    let mut back = start;
    let step = |back: &mut Reader<'_>| back.at = back.at.saturating_sub(1);
    while back.before() == ' ' {
        step(&mut back);
    }
    let behind = match back.before() {
        '-' | '–' | '—' | '~' | '〜' => 1,
        'ら' if back.at > 1 => 2,
        'o' if back.word_before().text() == "to" => 2,
        'l' if back.word_before().text() == "till" => 4,
        'l' if back.word_before().text() == "until" => 5,
        _ => return false,
    };
    back.at -= behind;
    while back.before() == ' ' {
        step(&mut back);
    }
    let before = back.before();
    let hour = matches!(back.word_before().text(), "am" | "pm" | "noon");
    before.is_ascii_digit() || matches!(before, '時' | '分' | '半') || hour
}
