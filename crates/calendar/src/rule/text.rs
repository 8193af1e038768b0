//! Rules as text: `FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR;UNTIL=20271231`.
//!
//! A rule is read leniently (in any order, in lower case, with `RRULE:` before it), and written in one way only. So
//! two devices that mean the same rule have the same value.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use super::{CountedFrom, End, Every, NthWeekday, OfMonth, Rule};
use crate::date::{Date, digits};
use crate::limits;
use crate::weekday::Weekday;

/// Why a text is not a rule of this version. The text is kept as it is, and the task does not recur.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    #[error("a rule has at most {max} bytes", max = limits::RULE_BYTES)]
    TooLong,
    #[error("“{0}” is not a part of a rule that can be read")]
    Part(String),
    #[error("“{0}” stands twice in the rule")]
    Twice(String),
    #[error("the rule does not say how often: FREQ=DAILY, WEEKLY, MONTHLY or YEARLY")]
    NoFrequency,
    #[error("{0} does not go with this kind of rule")]
    DoesNotFit(&'static str),
}

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("MO", Weekday::Monday),
    ("TU", Weekday::Tuesday),
    ("WE", Weekday::Wednesday),
    ("TH", Weekday::Thursday),
    ("FR", Weekday::Friday),
    ("SA", Weekday::Saturday),
    ("SU", Weekday::Sunday),
];

#[derive(Clone, Copy, PartialEq)]
enum Frequency {
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

/// The parts of a rule, as they are in the text.
#[derive(Default)]
struct Parts {
    frequency: Option<Frequency>,
    interval: Option<u16>,
    by_day: Option<BTreeSet<NthWeekday>>,
    by_month_day: Option<BTreeSet<i8>>,
    by_month: Option<BTreeSet<u8>>,
    until: Option<Date>,
    count: Option<u16>,
    after_done: Option<()>,
    week_start: Option<()>,
}

impl FromStr for Rule {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        if text.len() > limits::RULE_BYTES {
            return Err(RuleError::TooLong);
        }
        let upper = text.trim().to_ascii_uppercase();
        let mut parts = Parts::default();
        for part in upper.strip_prefix("RRULE:").unwrap_or(&upper).split(';') {
            parts.take(part)?;
        }
        parts.into_rule()
    }
}

impl Parts {
    fn take(&mut self, part: &str) -> Result<(), RuleError> {
        let unread = || RuleError::Part(part.to_owned());
        let (name, value) = part.split_once('=').ok_or_else(unread)?;
        let fresh = match name {
            "FREQ" => put(&mut self.frequency, frequency(value)),
            "INTERVAL" => put(&mut self.interval, number(value)),
            "COUNT" => put(&mut self.count, number(value)),
            "UNTIL" => put(&mut self.until, until(value)),
            "BYDAY" => put(&mut self.by_day, set(value, nth_weekday)),
            "BYMONTHDAY" => put(&mut self.by_month_day, set(value, |day| signed(day, 31))),
            "BYMONTH" => put(&mut self.by_month, set(value, month)),
            "AFTER" => put(&mut self.after_done, (value == "DONE").then_some(())),
            // Weeks begin on Monday in this calendar, too, so this part changes nothing.
            "WKST" => put(&mut self.week_start, (value == "MO").then_some(())),
            _ => None,
        };
        match fresh {
            Some(true) => Ok(()),
            Some(false) => Err(RuleError::Twice(name.to_owned())),
            None => Err(unread()),
        }
    }

    fn into_rule(self) -> Result<Rule, RuleError> {
        let interval = self.interval.unwrap_or(1);
        let frequency = self.frequency.ok_or(RuleError::NoFrequency)?;
        let end = match (self.until, self.count) {
            (Some(_), Some(_)) => return Err(RuleError::DoesNotFit("COUNT beside UNTIL")),
            (Some(last), None) => End::Until(last),
            (None, Some(count)) => End::Count(count),
            (None, None) => End::Never,
        };
        let numbered = self
            .by_day
            .iter()
            .flatten()
            .any(|NthWeekday { nth, .. }| nth.is_some());
        let weekdays = || {
            let mut weekdays = BTreeSet::new();
            weekdays.extend(self.by_day.iter().flatten().map(|day| day.weekday));
            weekdays
        };
        let of_month = match (&self.by_month_day, &self.by_day) {
            (Some(_), Some(_)) => return Err(RuleError::DoesNotFit("BYDAY beside BYMONTHDAY")),
            (Some(days), None) => OfMonth::Days(days.clone()),
            (None, Some(days)) => OfMonth::Weekdays(days.clone()),
            (None, None) => OfMonth::Same,
        };
        let fits = |fits: bool, what| {
            if fits {
                Ok(())
            } else {
                Err(RuleError::DoesNotFit(what))
            }
        };
        let daily_or_weekly = matches!(frequency, Frequency::Daily | Frequency::Weekly);
        fits(
            self.by_month.is_none() || frequency == Frequency::Yearly,
            "BYMONTH",
        )?;
        fits(self.by_month_day.is_none() || !daily_or_weekly, "BYMONTHDAY")?;
        fits(!numbered || !daily_or_weekly, "BYDAY with a number")?;
        let every = match frequency {
            // "Every day that is one of these weekdays" is the same as "every week on these".
            Frequency::Daily if self.by_day.is_some() => {
                fits(interval == 1, "BYDAY beside INTERVAL")?;
                Every::Week(weekdays())
            }
            Frequency::Daily => Every::Day,
            Frequency::Weekly => Every::Week(weekdays()),
            Frequency::Monthly => Every::Month(of_month),
            Frequency::Yearly => {
                // Without BYMONTH, RFC 5545 counts these through the whole year.
                let days_of_the_year = self.by_month.is_none() && of_month != OfMonth::Same;
                fits(!days_of_the_year, "a day without BYMONTH")?;
                Every::Year(self.by_month.unwrap_or_default(), of_month)
            }
        };
        let from = match self.after_done {
            Some(()) => CountedFrom::Done,
            None => CountedFrom::Due,
        };
        Ok(Rule {
            every,
            interval,
            end,
            from,
        })
    }
}

/// Puts a part in its place. None if the part cannot be read, false if there was one already.
fn put<T>(place: &mut Option<T>, part: Option<T>) -> Option<bool> {
    Some(place.replace(part?).is_none())
}

fn frequency(text: &str) -> Option<Frequency> {
    match text {
        "DAILY" => Some(Frequency::Daily),
        "WEEKLY" => Some(Frequency::Weekly),
        "MONTHLY" => Some(Frequency::Monthly),
        "YEARLY" => Some(Frequency::Yearly),
        _ => None,
    }
}

fn number(text: &str) -> Option<u16> {
    let number = text
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse())?;
    number
        .ok()
        .filter(|number| (1..=limits::RULE_NUMBER).contains(number))
}

fn signed(text: &str, most: i8) -> Option<i8> {
    let bare = text.strip_prefix(['+', '-']).unwrap_or(text);
    let plain = !bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_digit());
    let number: i8 = plain.then(|| text.parse())?.ok()?;
    (number != 0 && (-most..=most).contains(&number)).then_some(number)
}

fn month(text: &str) -> Option<u8> {
    let month = u8::try_from(number(text)?).ok()?;
    (month <= 12).then_some(month)
}

/// The last day. Calendar programs may write a time after it, which is left out.
fn until(text: &str) -> Option<Date> {
    let day = text.split('T').next()?;
    let part = |range, count| digits(day.get(range)?, count).ok();
    let small = |range| u8::try_from(part(range, 2)?).ok();
    if day.len() != 8 {
        return None;
    }
    Date::new(part(0..4, 4)?, small(4..6)?, small(6..8)?)
}

fn nth_weekday(text: &str) -> Option<NthWeekday> {
    let (nth, name) = text.split_at_checked(text.len().checked_sub(2)?)?;
    let (_, weekday) = WEEKDAYS.into_iter().find(|(known, _)| *known == name)?;
    let nth = match nth {
        "" => None,
        nth => Some(signed(nth, 5)?),
    };
    Some(NthWeekday { nth, weekday })
}

/// The values are inserted one by one, here and below. Collecting would sort them first, and each sort adds
/// kilobytes in the browser.
fn set<T: Ord>(text: &str, one: impl Fn(&str) -> Option<T>) -> Option<BTreeSet<T>> {
    let mut set = BTreeSet::new();
    for part in text.split(',') {
        set.insert(one(part)?);
    }
    Some(set)
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, months, days) = match &self.every {
            Every::Day => ("DAILY", None, None),
            Every::Week(weekdays) => {
                let each = |weekday: &Weekday| NthWeekday {
                    nth: None,
                    weekday: *weekday,
                };
                let mut on = BTreeSet::new();
                on.extend(weekdays.iter().map(each));
                ("WEEKLY", None, Some(OfMonth::Weekdays(on)))
            }
            Every::Month(days) => ("MONTHLY", None, Some(days.clone())),
            Every::Year(months, days) => ("YEARLY", Some(months), Some(days.clone())),
        };
        write!(f, "FREQ={name}")?;
        if self.interval != 1 {
            write!(f, ";INTERVAL={}", self.interval)?;
        }
        if let Some(months) = months {
            write_set(f, "BYMONTH", months.iter())?;
        }
        match &days {
            Some(OfMonth::Days(days)) => write_set(f, "BYMONTHDAY", days.iter())?,
            Some(OfMonth::Weekdays(days)) => write_set(f, "BYDAY", days.iter())?,
            Some(OfMonth::Same) | None => {}
        }
        match self.end {
            End::Never => {}
            End::Until(last) => {
                write!(f, ";UNTIL={:04}{:02}{:02}", last.year(), last.month(), last.day())?;
            }
            End::Count(count) => write!(f, ";COUNT={count}")?,
        }
        match self.from {
            CountedFrom::Due => Ok(()),
            CountedFrom::Done => f.write_str(";AFTER=DONE"),
        }
    }
}

/// Writes a part with several values; nothing if there are none.
fn write_set<T: fmt::Display>(
    f: &mut fmt::Formatter<'_>,
    name: &str,
    items: impl Iterator<Item = T>,
) -> fmt::Result {
    for (nth, item) in items.enumerate() {
        match nth {
            0 => write!(f, ";{name}={item}")?,
            _ => write!(f, ",{item}")?,
        }
    }
    Ok(())
}

impl fmt::Display for NthWeekday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, _) = WEEKDAYS[usize::from(self.weekday.number())];
        match self.nth {
            Some(nth) => write!(f, "{nth}{name}"),
            None => f.write_str(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_is_written_as_it_is_read() {
        let same = [
            "FREQ=DAILY",
            "FREQ=DAILY;INTERVAL=3;AFTER=DONE",
            "FREQ=WEEKLY",
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH",
            "FREQ=MONTHLY",
            "FREQ=MONTHLY;BYMONTHDAY=-1",
            "FREQ=MONTHLY;BYMONTHDAY=1,15",
            "FREQ=MONTHLY;BYDAY=2TU",
            "FREQ=MONTHLY;BYDAY=-1FR;COUNT=5",
            "FREQ=MONTHLY;BYDAY=MO",
            "FREQ=YEARLY;UNTIL=20271231",
            "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=3",
            "FREQ=YEARLY;INTERVAL=4;BYMONTH=2,11;BYDAY=1MO",
        ];
        for text in same {
            assert_eq!(text.parse::<Rule>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn others_ways_of_writing_come_to_the_same() {
        let rows = [
            (
                "rrule:byday=th,mo;freq=weekly;interval=1;wkst=mo",
                "FREQ=WEEKLY;BYDAY=MO,TH",
            ),
            (
                "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR",
                "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
            ),
            ("FREQ=MONTHLY;BYDAY=+2TU,+2TU", "FREQ=MONTHLY;BYDAY=2TU"),
            ("FREQ=YEARLY;UNTIL=20271231T235959Z", "FREQ=YEARLY;UNTIL=20271231"),
        ];
        for (text, expected) in rows {
            assert_eq!(text.parse::<Rule>().unwrap().to_string(), expected);
        }
    }

    #[test]
    fn what_is_no_rule_of_this_version() {
        let part = |part: &str| RuleError::Part(part.to_owned());
        let rows = [
            ("", part("")),
            ("every day", part("EVERY DAY")),
            ("INTERVAL=2", RuleError::NoFrequency),
            ("FREQ=HOURLY", part("FREQ=HOURLY")),
            ("FREQ=DAILY;INTERVAL=0", part("INTERVAL=0")),
            ("FREQ=DAILY;INTERVAL=1000", part("INTERVAL=1000")),
            ("FREQ=DAILY;INTERVAL=+2", part("INTERVAL=+2")),
            ("FREQ=DAILY;COUNT=0", part("COUNT=0")),
            ("FREQ=DAILY;UNTIL=20230229", part("UNTIL=20230229")),
            ("FREQ=DAILY;UNTIL=2023-02-2", part("UNTIL=2023-02-2")),
            ("FREQ=DAILY;UNTIL=２０", part("UNTIL=２０")),
            ("FREQ=DAILY;AFTER=TEA", part("AFTER=TEA")),
            ("FREQ=DAILY;BYSETPOS=1", part("BYSETPOS=1")),
            ("FREQ=WEEKLY;WKST=SU", part("WKST=SU")),
            ("FREQ=WEEKLY;BYDAY=", part("BYDAY=")),
            ("FREQ=WEEKLY;BYDAY=XX", part("BYDAY=XX")),
            ("FREQ=WEEKLY;BYDAY=字", part("BYDAY=字")),
            ("FREQ=MONTHLY;BYDAY=6MO", part("BYDAY=6MO")),
            ("FREQ=MONTHLY;BYDAY=0MO", part("BYDAY=0MO")),
            ("FREQ=MONTHLY;BYMONTHDAY=32", part("BYMONTHDAY=32")),
            ("FREQ=MONTHLY;BYMONTHDAY=--1", part("BYMONTHDAY=--1")),
            ("FREQ=YEARLY;BYMONTH=13", part("BYMONTH=13")),
            ("FREQ=DAILY;FREQ=DAILY", RuleError::Twice("FREQ".to_owned())),
            (
                "FREQ=DAILY;COUNT=1;UNTIL=20270101",
                RuleError::DoesNotFit("COUNT beside UNTIL"),
            ),
            (
                "FREQ=WEEKLY;BYDAY=1MO",
                RuleError::DoesNotFit("BYDAY with a number"),
            ),
            ("FREQ=WEEKLY;BYMONTHDAY=1", RuleError::DoesNotFit("BYMONTHDAY")),
            ("FREQ=MONTHLY;BYMONTH=1", RuleError::DoesNotFit("BYMONTH")),
            (
                "FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR",
                RuleError::DoesNotFit("BYDAY beside BYMONTHDAY"),
            ),
            (
                "FREQ=YEARLY;BYDAY=-1FR",
                RuleError::DoesNotFit("a day without BYMONTH"),
            ),
            (
                "FREQ=DAILY;INTERVAL=2;BYDAY=MO",
                RuleError::DoesNotFit("BYDAY beside INTERVAL"),
            ),
        ];
        for (text, expected) in rows {
            assert_eq!(text.parse::<Rule>(), Err(expected), "{text}");
        }
        let long = format!("FREQ=DAILY;{}", "X".repeat(limits::RULE_BYTES));
        assert_eq!(long.parse::<Rule>(), Err(RuleError::TooLong));
    }

    fn rule() -> impl Strategy<Value = Rule> {
        let weekday = || (0..7_usize).prop_map(|nth| Weekday::ALL[nth]);
        let nth = prop::option::of((1..=5_i8, any::<bool>()).prop_map(|(n, end)| if end { -n } else { n }));
        let of_month = prop_oneof![
            Just(OfMonth::Same),
            prop::collection::btree_set(
                (1..=31_i8, any::<bool>()).prop_map(|(n, end)| if end { -n } else { n }),
                1..4
            )
            .prop_map(OfMonth::Days),
            prop::collection::btree_set(
                (nth, weekday()).prop_map(|(nth, weekday)| NthWeekday { nth, weekday }),
                1..4
            )
            .prop_map(OfMonth::Weekdays),
        ];
        let every = prop_oneof![
            Just(Every::Day),
            prop::collection::btree_set(weekday(), 0..4).prop_map(Every::Week),
            of_month.clone().prop_map(Every::Month),
            (prop::collection::btree_set(1..=12_u8, 1..4), of_month).prop_map(|(m, d)| Every::Year(m, d)),
            Just(Every::Year(BTreeSet::new(), OfMonth::Same)),
        ];
        let end = prop_oneof![
            Just(End::Never),
            (1..=999_u16).prop_map(End::Count),
            (0..800_000_i32).prop_map(|number| End::Until(Date::from_number(number).unwrap())),
        ];
        (
            every,
            1..=999_u16,
            end,
            prop_oneof![Just(CountedFrom::Due), Just(CountedFrom::Done)],
        )
            .prop_map(|(every, interval, end, from)| Rule {
                every,
                interval,
                end,
                from,
            })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn every_rule_survives_its_text(rule in rule()) {
            let text = rule.to_string();
            prop_assert!(text.len() <= limits::RULE_BYTES);
            prop_assert_eq!(text.parse::<Rule>(), Ok(rule));
        }

        #[test]
        fn no_text_panics(text in "(FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)|;|BYDAY=|UNTIL=|COUNT=|[-+0-9A-Z,字]){0,8}") {
            if let Ok(rule) = text.parse::<Rule>() {
                prop_assert_eq!(rule.to_string().parse::<Rule>(), Ok(rule));
            }
        }
    }
}
