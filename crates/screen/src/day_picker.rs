//! The picker of a day and a time: the days of a month as a grid, the days that people pick most, and a phrase that they
//! type. Plain functions.

use tsugi_calendar::{Date, Rule, Time, Weekday};
use tsugi_quick_add::{Context, Parsed, parse};
use tsugi_words::phrases;

/// The number of days in the grid: six weeks, so that it has one height for every month.
pub const GRID_DAYS: i32 = 42;

/// The first day of the grid for the month of `day`: the beginning of the week that has the first of the month.
#[must_use]
pub fn grid_start(day: Date, week_begins: Weekday) -> Date {
    let first = day.start_of_month();
    let before = i32::from(first.weekday().days_since(week_begins));
    first.plus(-before).unwrap_or(first)
}

/// The same day in the month after (`months` is 1) or before (-1), or the last day of that month if it is shorter.
#[must_use]
pub fn months_later(day: Date, months: i32) -> Date {
    let moved = match months {
        0.. => day.plus_months(months.unsigned_abs()),
        _ => {
            let month = i32::from(day.year()) * 12 + i32::from(day.month()) - 1 + months;
            let (year, month) = (month.div_euclid(12), month.rem_euclid(12) + 1);
            let first = u16::try_from(year)
                .ok()
                .and_then(|year| Date::new(year, u8::try_from(month).ok()?, 1));
            first.and_then(|first| {
                Date::new(
                    first.year(),
                    first.month(),
                    day.day().min(first.end_of_month().day()),
                )
            })
        }
    };
    moved.unwrap_or(day)
}

/// The days that people pick most, with their names: today, tomorrow, the weekend, next week and next month.
#[must_use]
pub fn frequent_days(today: Date, week_begins: Weekday) -> Vec<(&'static str, Date)> {
    let after = |days: i32| today.plus(days).unwrap_or(today);
    let until = |weekday: Weekday| i32::from(weekday.days_since(today.weekday()));
    // On a Saturday the weekend is today, so the next one is meant.
    let weekend = match until(Weekday::Saturday) {
        0 => 7,
        days => days,
    };
    let next_week = match until(week_begins) {
        0 => 7,
        days => days,
    };
    let next_month = months_later(today.start_of_month(), 1);
    vec![
        (phrases::today(), today),
        (phrases::tomorrow(), after(1)),
        (phrases::weekend(), after(weekend)),
        (phrases::next_week(), after(next_week)),
        (phrases::next_month(), next_month),
    ]
}

/// The day and the time that a person typed, such as "sat noon" or "12/5 15:00". None unless all of it is understood.
#[must_use]
pub fn read_when(typed: &str, context: &Context) -> Option<(Date, Option<Time>)> {
    // Quick add takes no day that is over. Somebody who writes a whole date means it.
    let (day, time) = typed.trim().split_once(' ').unwrap_or((typed.trim(), ""));
    if let Ok(day) = day.parse() {
        return match time {
            "" => Some((day, None)),
            time => Some((day, Some(read_time(time, context)?))),
        };
    }
    let when = read(typed, context)?.due?;
    Some((when.date, when.time))
}

/// The time that a person typed, such as "3pm" or "15:30". None unless all of it is understood.
#[must_use]
pub fn read_time(typed: &str, context: &Context) -> Option<Time> {
    read_when(typed, context)?.1
}

/// The rule that a person typed, such as "every other Tuesday". None unless all of it is understood.
#[must_use]
pub fn read_rule(typed: &str, context: &Context) -> Option<Rule> {
    read(typed, context)?.recurrence
}

/// What quick add understands, if it understands all of it. The phrase is read as the end of a task, because there a
/// phrase counts as a time rather than as words, and after "on", because `sat` is a day there in any case.
fn read(typed: &str, context: &Context) -> Option<Parsed> {
    const TASK: &str = "Water";
    let reads = |before: &str| {
        let parsed = parse(&[before, " ", typed.trim()].concat(), context);
        (parsed.title == TASK && !parsed.chips.is_empty()).then_some(parsed)
    };
    reads(TASK).or_else(|| reads(&[TASK, " on"].concat()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsugi_quick_add::DateOrder;

    fn date(text: &str) -> Date {
        text.parse().expect("a date")
    }

    fn context() -> Context {
        Context {
            today: date("2026-11-29"),
            now: Time::new(10, 0).expect("a time"),
            week_starts: Weekday::Monday,
            date_order: DateOrder::MonthFirst,
        }
    }

    #[test]
    fn a_month_begins_with_the_week_of_its_first_day() {
        assert_eq!(
            grid_start(date("2026-12-24"), Weekday::Monday),
            date("2026-11-30")
        );
        assert_eq!(
            grid_start(date("2026-12-24"), Weekday::Sunday),
            date("2026-11-29")
        );
        assert_eq!(
            grid_start(date("2027-02-01"), Weekday::Monday),
            date("2027-02-01")
        );
    }

    #[test]
    fn a_month_later_is_a_day_that_exists() {
        assert_eq!(months_later(date("2027-01-31"), 1), date("2027-02-28"));
        assert_eq!(months_later(date("2027-03-31"), -1), date("2027-02-28"));
        assert_eq!(months_later(date("2027-01-15"), -1), date("2026-12-15"));
        assert_eq!(months_later(date("2026-12-15"), 1), date("2027-01-15"));
    }

    #[test]
    fn frequent_days_are_ahead() {
        let days = |today: &str, begins| {
            let days = frequent_days(date(today), begins).into_iter();
            days.map(|(_, day)| day.to_string()).collect::<Vec<_>>()
        };
        let sunday = days("2026-11-29", Weekday::Monday);
        assert_eq!(
            sunday,
            [
                "2026-11-29",
                "2026-11-30",
                "2026-12-05",
                "2026-11-30",
                "2026-12-01"
            ]
        );
        let saturday = days("2026-12-05", Weekday::Sunday);
        assert_eq!(
            saturday,
            [
                "2026-12-05",
                "2026-12-06",
                "2026-12-12",
                "2026-12-06",
                "2027-01-01"
            ]
        );
        let monday = days("2026-11-30", Weekday::Monday);
        assert_eq!(
            monday,
            [
                "2026-11-30",
                "2026-12-01",
                "2026-12-05",
                "2026-12-07",
                "2026-12-01"
            ]
        );
    }

    #[test]
    fn what_is_typed_is_understood_whole_or_not_at_all() {
        let when = |typed: &str| {
            let (day, time) = read_when(typed, &context())?;
            Some(time.map_or(day.to_string(), |time| format!("{day} {time}")))
        };
        for (typed, understood) in [
            ("sat noon", "2026-12-05 12:00"),
            ("2031-05-06", "2031-05-06"),
            ("12/5 15:00", "2026-12-05 15:00"),
            ("tomorrow", "2026-11-30"),
            ("12/01/26", "2026-12-01"),
            ("2020-01-02", "2020-01-02"),
            ("2031-05-06 15:30", "2031-05-06 15:30"),
            ("明日15時", "2026-11-30 15:00"),
            ("next week", "2026-11-30"),
        ] {
            assert_eq!(when(typed).as_deref(), Some(understood), "{typed}");
        }
        for typed in [
            "",
            "call Ann",
            "sat noon p1 x",
            "2031-05-",
            "2031-05-06 at home",
            "every day x",
        ] {
            assert_eq!(when(typed), None, "{typed}");
        }
        let time = |typed: &str| read_time(typed, &context()).map(|time| time.to_string());
        assert_eq!(time("15:30").as_deref(), Some("15:30"));
        assert_eq!(time("3pm").as_deref(), Some("15:00"));
        assert_eq!(time("00:15").as_deref(), Some("00:15"));
        assert_eq!(time("15:"), None);
        let rule = |typed: &str| read_rule(typed, &context()).map(|rule| rule.to_string());
        assert_eq!(
            rule("every other tuesday").as_deref(),
            Some("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU")
        );
        assert_eq!(rule("毎日").as_deref(), Some("FREQ=DAILY"));
        assert_eq!(rule("often"), None);
    }
}
