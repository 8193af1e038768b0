//! The days on which a task recurs.

use std::collections::BTreeSet;

use super::{CountedFrom, End, Every, NthWeekday, OfMonth, Rule};
use crate::date::{Date, days_in};
use crate::weekday::Weekday;

/// How many months or years are searched for a day that most of them do not have, such as a fifth Monday in
/// February. That one comes within 40 years.
const TRIES: u32 = 600;

impl Rule {
    /// The day of the next instance of a task that was due on `due` and done on `done`. None if the recurrence is
    /// over.
    ///
    /// A rule that counts from the due date takes its first day after `due` that is not before `done`. So a person
    /// who is five days late has one task to do, and not five. A rule that counts from the completion takes its
    /// first day after `done`, with steps that are counted from `done`.
    #[must_use]
    pub fn next(&self, due: Date, done: Date) -> Option<Date> {
        let (anchor, earliest) = match self.from {
            CountedFrom::Due => (due, due.plus(1)?.max(done)),
            CountedFrom::Done => (done, done.plus(1)?),
        };
        let next = self.first(anchor, earliest)?;
        let over = match self.end {
            End::Never => false,
            End::Until(last) => next > last,
            End::Count(count) => count <= 1,
        };
        (!over).then_some(next)
    }

    /// The first day from `from` on that the rule names, whatever its interval and its end. A recurrence begins
    /// there. If the rule names no days, it begins on `from` itself.
    #[must_use]
    pub fn first_day(&self, from: Date) -> Option<Date> {
        let every_one = Self {
            interval: 1,
            ..self.clone()
        };
        every_one.first(from, from)
    }

    /// The first day of the rule from `earliest` on. Its steps are counted from `anchor`.
    fn first(&self, anchor: Date, earliest: Date) -> Option<Date> {
        let interval = u32::from(self.interval.max(1));
        match &self.every {
            Every::Day => {
                let step = i32::from(self.interval.max(1));
                let behind = earliest.number() - anchor.number();
                anchor.plus((behind + step - 1).div_euclid(step) * step)
            }
            Every::Week(weekdays) => first_of_weeks(weekdays, interval, anchor, earliest),
            Every::Month(days) => {
                let skip = (earliest.months() - anchor.months()) / interval * interval;
                let months = (0..TRIES).map(|nth| anchor.months() + skip + nth * interval);
                first_of_months(months, days, anchor, earliest)
            }
            Every::Year(months, days) => {
                let same = BTreeSet::from([anchor.month()]);
                let within = if months.is_empty() { &same } else { months };
                let years = u32::from(earliest.year().saturating_sub(anchor.year())) / interval * interval;
                let years = (0..TRIES).map(|nth| u32::from(anchor.year()) + years + nth * interval);
                let months =
                    years.flat_map(|year| within.iter().map(move |month| year * 12 + u32::from(*month) - 1));
                first_of_months(months, days, anchor, earliest)
            }
        }
    }
}

fn first_of_weeks(weekdays: &BTreeSet<Weekday>, interval: u32, anchor: Date, earliest: Date) -> Option<Date> {
    let same = BTreeSet::from([anchor.weekday()]);
    let on = if weekdays.is_empty() { &same } else { weekdays };
    let monday = anchor.number() - i32::from(anchor.weekday().number());
    let step = 7 * i32::try_from(interval).ok()?;
    let skip = (earliest.number() - monday).div_euclid(step) * step;
    // The candidates are the days of the week in which `earliest` falls, or those of the week one step later.
    let starts = [monday + skip, monday + skip + step];
    let days = starts
        .into_iter()
        .flat_map(|start| on.iter().map(move |weekday| start + i32::from(weekday.number())));
    let number = days.into_iter().find(|number| *number >= earliest.number())?;
    Date::from_number(number)
}

fn first_of_months(
    months: impl Iterator<Item = u32>,
    days: &OfMonth,
    anchor: Date,
    earliest: Date,
) -> Option<Date> {
    for month in months {
        let year = u16::try_from(month / 12).ok()?;
        let of_year = u8::try_from(month % 12 + 1).ok()?;
        // After the last year that can be written, there is no day.
        Date::new(year, of_year, 1)?;
        let on = days_of_month(days, anchor, year, of_year);
        let dates = on.into_iter().filter_map(|day| Date::new(year, of_year, day));
        if let Some(date) = dates.into_iter().find(|date| *date >= earliest) {
            return Some(date);
        }
    }
    None
}

/// The days of one month on which a rule falls, in order.
fn days_of_month(days: &OfMonth, anchor: Date, year: u16, month: u8) -> BTreeSet<u8> {
    let length = days_in(year, month);
    match days {
        OfMonth::Same => BTreeSet::from([anchor.day().min(length)]),
        OfMonth::Days(days) => {
            let day = |day: &i8| match *day {
                ..0 => (length + 1).saturating_sub(day.unsigned_abs()).max(1),
                0.. => day.unsigned_abs().min(length),
            };
            days.iter().map(day).collect()
        }
        OfMonth::Weekdays(weekdays) => (1..=length)
            .filter(|day| {
                let date = Date::new(year, month, *day);
                date.is_some_and(|date| weekdays.iter().any(|wanted| is_nth(*wanted, date, length)))
            })
            .collect(),
    }
}

fn is_nth(wanted: NthWeekday, date: Date, length: u8) -> bool {
    let nth = match wanted.nth {
        None => true,
        Some(nth @ ..0) => (length - date.day()) / 7 + 1 == nth.unsigned_abs(),
        Some(nth) => (date.day() - 1) / 7 + 1 == nth.unsigned_abs(),
    };
    nth && wanted.weekday == date.weekday()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn next(rule: &str, due: &str, done: &str) -> String {
        let rule: Rule = rule.parse().unwrap();
        rule.next(due.parse().unwrap(), done.parse().unwrap())
            .map_or("–".to_owned(), |date| date.to_string())
    }

    /// Rule, due, done, next. 2026-11-24 is a Tuesday.
    const DAYS: &str = "
        FREQ=DAILY 2026-11-24 2026-11-24 2026-11-25
        FREQ=DAILY 2024-02-28 2024-02-28 2024-02-29
        FREQ=DAILY 2026-12-31 2026-12-31 2027-01-01
        -- Late: one for today, and none for each day in between. Early: not again on the day it was due.
        FREQ=DAILY 2026-11-19 2026-11-24 2026-11-24
        FREQ=DAILY 2026-11-24 2026-11-20 2026-11-25
        FREQ=DAILY;INTERVAL=3 2026-11-24 2026-12-01 2026-12-03
        FREQ=DAILY;INTERVAL=3;AFTER=DONE 2026-11-24 2026-12-01 2026-12-04
        FREQ=DAILY;INTERVAL=3;AFTER=DONE 2026-11-24 2026-11-20 2026-11-23
        FREQ=WEEKLY 2026-11-24 2026-11-24 2026-12-01
        FREQ=WEEKLY;BYDAY=MO,TH 2026-11-23 2026-11-23 2026-11-26
        FREQ=WEEKLY;BYDAY=MO,TH 2026-11-26 2026-11-26 2026-11-30
        FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH 2026-11-26 2026-11-26 2026-12-07
        FREQ=WEEKLY;INTERVAL=2;BYDAY=MO 2026-11-23 2026-12-08 2026-12-21
        FREQ=WEEKLY;INTERVAL=2 2026-11-29 2026-11-29 2026-12-13
        FREQ=WEEKLY;AFTER=DONE 2026-11-24 2026-11-27 2026-12-04
        FREQ=WEEKLY;BYDAY=SA,SU 2026-11-28 2026-11-28 2026-11-29
        FREQ=MONTHLY 2026-11-24 2026-11-24 2026-12-24
        FREQ=MONTHLY 2026-01-31 2026-01-31 2026-02-28
        FREQ=MONTHLY 2024-01-30 2024-01-30 2024-02-29
        FREQ=MONTHLY;BYMONTHDAY=31 2026-02-28 2026-02-28 2026-03-31
        FREQ=MONTHLY;BYMONTHDAY=-1 2026-01-31 2026-01-31 2026-02-28
        FREQ=MONTHLY;BYMONTHDAY=-31 2026-01-01 2026-01-01 2026-02-01
        FREQ=MONTHLY;BYMONTHDAY=1,15 2026-11-01 2026-11-01 2026-11-15
        FREQ=MONTHLY;BYMONTHDAY=1,15 2026-11-15 2026-11-15 2026-12-01
        FREQ=MONTHLY;BYMONTHDAY=-1,15 2026-11-15 2026-11-15 2026-11-30
        FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1 2026-11-01 2027-03-02 2027-05-01
        FREQ=MONTHLY;BYDAY=2TU 2026-11-10 2026-11-10 2026-12-08
        FREQ=MONTHLY;BYDAY=-1FR 2026-11-27 2026-11-27 2026-12-25
        FREQ=MONTHLY;BYDAY=5MO 2026-11-30 2026-11-30 2027-03-29
        FREQ=MONTHLY;BYDAY=MO 2026-11-23 2026-11-23 2026-11-30
        FREQ=MONTHLY;BYDAY=1MO,3WE 2026-11-02 2026-11-02 2026-11-18
        FREQ=MONTHLY;AFTER=DONE 2026-11-24 2027-01-31 2027-02-28
        FREQ=YEARLY 2024-02-29 2024-02-29 2025-02-28
        FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29 2027-02-28 2027-02-28 2028-02-29
        FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=3 2026-01-03 2026-01-03 2026-07-03
        FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=3 2026-07-03 2026-07-03 2027-01-03
        FREQ=YEARLY;BYMONTH=11;BYDAY=4TH 2026-11-26 2026-11-26 2027-11-25
        FREQ=YEARLY;INTERVAL=2 2026-11-24 2031-01-01 2032-11-24
        FREQ=YEARLY;BYMONTH=2;BYDAY=5MO 2044-02-29 2044-02-29 2072-02-29
        FREQ=YEARLY;BYMONTH=2;BYDAY=5MO 2072-02-29 2072-02-29 2112-02-29
        -- Ends.
        FREQ=DAILY;COUNT=2 2026-11-24 2026-11-24 2026-11-25
        FREQ=DAILY;COUNT=1 2026-11-24 2026-11-24 –
        FREQ=DAILY;UNTIL=20261125 2026-11-24 2026-11-24 2026-11-25
        FREQ=DAILY;UNTIL=20261125 2026-11-25 2026-11-25 –
        FREQ=DAILY;UNTIL=20261125 2026-11-20 2026-12-01 –
        FREQ=DAILY 9999-12-31 9999-12-31 –
        FREQ=YEARLY;INTERVAL=999 9500-01-01 9500-01-01 –
        FREQ=MONTHLY;INTERVAL=999;BYDAY=5MO 9900-01-29 9900-01-29 –
        FREQ=WEEKLY;INTERVAL=999 9999-12-30 9999-12-31 –
    ";

    #[test]
    fn a_table_of_days() {
        let rows = DAYS.lines().map(str::trim).filter(|row| row.starts_with("FREQ"));
        let mut count = 0;
        for row in rows {
            let [rule, due, done, expected] = row.split(' ').collect::<Vec<_>>()[..] else {
                panic!("not a row: {row}");
            };
            assert_eq!(next(rule, due, done), expected, "{rule} due {due} done {done}");
            count += 1;
        }
        assert!(count > 40, "{count} rows");
    }

    #[test]
    fn the_thirty_first_comes_back_after_a_short_month() {
        let mut rule: Rule = "FREQ=MONTHLY".parse().unwrap();
        let mut due: Date = "2026-01-31".parse().unwrap();
        let mut seen = Vec::new();
        for _ in 0..5 {
            rule = rule.anchored(due);
            due = rule.next(due, due).unwrap();
            seen.push(due.to_string());
        }
        let expected = [
            "2026-02-28",
            "2026-03-31",
            "2026-04-30",
            "2026-05-31",
            "2026-06-30",
        ];
        assert_eq!(seen, expected);
        let leap: Rule = "FREQ=YEARLY".parse().unwrap();
        let leap = leap.anchored("2024-02-29".parse().unwrap());
        assert_eq!(leap.to_string(), "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29");
        let done: Rule = "FREQ=MONTHLY;AFTER=DONE".parse().unwrap();
        assert_eq!(done.clone().anchored("2026-01-31".parse().unwrap()), done);
    }

    /// Rule, from, first day. 2026-11-25 is a Wednesday.
    #[test]
    fn where_a_rule_begins() {
        let rows = [
            ("FREQ=DAILY;INTERVAL=3", "2026-11-25", "2026-11-25"),
            ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "2026-11-25", "2026-12-01"),
            ("FREQ=WEEKLY", "2026-11-25", "2026-11-25"),
            ("FREQ=MONTHLY", "2026-01-31", "2026-01-31"),
            ("FREQ=MONTHLY;BYMONTHDAY=31", "2026-11-25", "2026-11-30"),
            ("FREQ=MONTHLY;INTERVAL=3;BYDAY=-1FR", "2026-11-28", "2026-12-25"),
            ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2026-11-25", "2027-02-28"),
            ("FREQ=YEARLY;INTERVAL=2", "2026-11-25", "2026-11-25"),
        ];
        for (rule, from, expected) in rows {
            let rule: Rule = rule.parse().unwrap();
            let first = rule.first_day(from.parse().unwrap()).unwrap();
            assert_eq!(first.to_string(), expected, "{rule}");
        }
    }

    #[test]
    fn what_is_left_of_a_count() {
        let rest = |text: &str| {
            let rule: Rule = text.parse().unwrap();
            rule.rest().map(|rule| rule.to_string())
        };
        assert_eq!(rest("FREQ=DAILY;COUNT=3").as_deref(), Some("FREQ=DAILY;COUNT=2"));
        assert_eq!(rest("FREQ=DAILY;COUNT=1"), None);
        assert_eq!(rest("FREQ=DAILY").as_deref(), Some("FREQ=DAILY"));
    }

    /// Whether a day belongs to the rule, computed in another and slower way: the steps are counted from the
    /// anchor.
    fn falls_on(rule: &Rule, anchor: Date, day: Date) -> bool {
        let apart = |of: i64| of % i64::from(rule.interval) == 0;
        let days = i64::from(day.number() - anchor.number());
        let week = |date: Date| i64::from(date.number() + 3).div_euclid(7);
        let last = |date: Date| date.day() == days_in(date.year(), date.month());
        let of_month = |of_month: &OfMonth| match of_month {
            OfMonth::Same => day.day() == anchor.day() || (last(day) && day.day() < anchor.day()),
            OfMonth::Days(on) => on.iter().any(|nth| {
                let from_end = i32::from(days_in(day.year(), day.month())) - i32::from(day.day()) + 1;
                let (nth, short) = (i32::from(*nth), i32::from(days_in(day.year(), day.month())));
                match nth {
                    1.. => nth == i32::from(day.day()) || (last(day) && nth > short),
                    ..1 => -nth == from_end || (day.day() == 1 && -nth > short),
                }
            }),
            OfMonth::Weekdays(on) => on.iter().any(|nth| {
                let same: Vec<u8> = (1..=days_in(day.year(), day.month()))
                    .filter(|n| Date::new(day.year(), day.month(), *n).unwrap().weekday() == nth.weekday)
                    .collect();
                match nth.nth {
                    None => same.contains(&day.day()),
                    Some(n @ 1..) => same.get(n as usize - 1) == Some(&day.day()),
                    Some(n) => same.iter().rev().nth(n.unsigned_abs() as usize - 1) == Some(&day.day()),
                }
            }),
        };
        match &rule.every {
            Every::Day => apart(days),
            Every::Week(on) if on.is_empty() => day.weekday() == anchor.weekday() && apart(days / 7),
            Every::Week(on) => on.contains(&day.weekday()) && apart(week(day) - week(anchor)),
            Every::Month(on) => of_month(on) && apart(i64::from(day.months()) - i64::from(anchor.months())),
            Every::Year(months, on) => {
                let within = if months.is_empty() {
                    day.month() == anchor.month()
                } else {
                    months.contains(&day.month())
                };
                within && of_month(on) && apart(i64::from(day.year()) - i64::from(anchor.year()))
            }
        }
    }

    const RULES: [&str; 22] = [
        "FREQ=DAILY",
        "FREQ=DAILY;INTERVAL=5",
        "FREQ=WEEKLY",
        "FREQ=WEEKLY;INTERVAL=3",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,SU",
        "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
        "FREQ=MONTHLY",
        "FREQ=MONTHLY;INTERVAL=5",
        "FREQ=MONTHLY;BYMONTHDAY=-1",
        "FREQ=MONTHLY;BYMONTHDAY=29,31",
        "FREQ=MONTHLY;BYMONTHDAY=-30,2",
        "FREQ=MONTHLY;INTERVAL=7;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYDAY=2TU",
        "FREQ=MONTHLY;BYDAY=-1FR,5SU",
        "FREQ=MONTHLY;INTERVAL=2;BYDAY=1MO",
        "FREQ=MONTHLY;BYDAY=MO,TH",
        "FREQ=YEARLY",
        "FREQ=YEARLY;INTERVAL=3",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=YEARLY;BYMONTH=1,6,12;BYMONTHDAY=-1",
        "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH",
        "FREQ=YEARLY;INTERVAL=2;BYMONTH=3,10;BYDAY=-1SU",
    ];

    /// Goes through the days around two leap years and the turn of a century: the next day is the first one on
    /// which the rule falls.
    #[test]
    fn the_next_is_the_first_that_falls_for_every_due_date_of_years() {
        let spans = [("2023-12-20", 800), ("2099-12-01", 130)];
        for text in RULES {
            let rule: Rule = text.parse().unwrap();
            for (first, days) in spans {
                let first: Date = first.parse().unwrap();
                for due in (0..days).map(|n| first.plus(n).unwrap()) {
                    let found = rule.next(due, due).unwrap();
                    let mut day = due.plus(1).unwrap();
                    while !falls_on(&rule, due, day) {
                        day = day.plus(1).unwrap();
                    }
                    assert_eq!(found, day, "{text} due {due}");
                }
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn late_is_never_past_and_always_falls(nth in 0..RULES.len(), due in 0..40_000_i32, late in 0..4_000_i32) {
            let rule: Rule = RULES[nth].parse().unwrap();
            let due = Date::from_number(due).unwrap();
            let done = due.plus(late).unwrap();
            let next = rule.next(due, done).unwrap();
            prop_assert!(next > due && next >= done);
            prop_assert!(falls_on(&rule, due, next), "{} due {due} done {done}: {next}", RULES[nth]);
            let after = Rule { from: CountedFrom::Done, ..rule };
            prop_assert_eq!(after.next(due, done), after.next(done, done));
        }

        #[test]
        fn no_date_panics(nth in 0..RULES.len(), due in any::<i32>(), done in any::<i32>()) {
            let rule: Rule = RULES[nth].parse().unwrap();
            let within = |number: i32| Date::from_number(number % 3_700_000).unwrap_or(Date::EPOCH);
            let (due, done) = (within(due), within(done));
            prop_assert!(rule.next(due, done).is_none_or(|next| next > due && next >= done));
        }
    }
}
