//! Recurrence: a rule in words, and the rule that each control of the picker makes. Plain functions.

use std::collections::BTreeSet;

use tsugi_calendar::rule::{CountedFrom, End, Every, NthWeekday, OfMonth, Rule};
use tsugi_calendar::{Date, Weekday};
use tsugi_sync::limits;

use tsugi_words::intl::DateStyle;
use tsugi_words::phrases;

/// The unit in which a rule counts the distance between two times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Day,
    Week,
    Month,
    Year,
}

impl Unit {
    pub const ALL: [Self; 4] = [Self::Day, Self::Week, Self::Month, Self::Year];

    #[must_use]
    pub fn of(rule: &Rule) -> Self {
        match rule.every {
            Every::Day => Self::Day,
            Every::Week(_) => Self::Week,
            Every::Month(_) => Self::Month,
            Every::Year(..) => Self::Year,
        }
    }

    /// "Every day", "Every 3 weeks".
    #[must_use]
    pub fn every(self, interval: u16) -> String {
        let interval = usize::from(interval);
        match self {
            Self::Day => phrases::every_day(interval),
            Self::Week => phrases::every_week(interval),
            Self::Month => phrases::every_month(interval),
            Self::Year => phrases::every_year(interval),
        }
    }
}

/// A rule in words: "Every 2 weeks on Monday and Thursday, until Dec 31, 2026".
#[must_use]
pub fn say(rule: &Rule) -> String {
    let every = Unit::of(rule).every(rule.interval);
    let days = match &rule.every {
        Every::Day => None,
        Every::Week(days) if is_working_week(days) && rule.interval == 1 => {
            return with_end(phrases::every_working_day().to_owned(), rule);
        }
        Every::Week(days) => joined(days.iter().map(|day| weekday_name(*day))),
        Every::Month(days) => of_month(days),
        Every::Year(months, OfMonth::Same) => {
            let months = joined(months.iter().map(|month| month_name(*month)));
            let said = months.map(|months| phrases::every_in(&every, &months));
            return with_end(said.unwrap_or(every), rule);
        }
        Every::Year(months, OfMonth::Days(days)) => {
            let dates = months.iter().flat_map(|month| {
                let date = |day: &i8| date_name(*month, *day);
                days.iter().map(date).collect::<Vec<_>>()
            });
            joined(dates)
        }
        Every::Year(months, days @ OfMonth::Weekdays(_)) => {
            let months = joined(months.iter().map(|month| month_name(*month)));
            let days = of_month(days);
            days.zip(months)
                .map(|(days, months)| phrases::days_of(&days, &months))
        }
    };
    let said = days.map(|days| phrases::every_on(&every, &days));
    with_end(said.unwrap_or(every), rule)
}

fn with_end(every: String, rule: &Rule) -> String {
    let every = match rule.from {
        CountedFrom::Due => every,
        CountedFrom::Done => phrases::every_after_done(&every),
    };
    match rule.end {
        End::Never => every,
        End::Until(last) => phrases::every_until(&every, &phrases::date(last, DateStyle::DayAndYear)),
        End::Count(count) => phrases::every_count(usize::from(count), &every),
    }
}

fn is_working_week(days: &BTreeSet<Weekday>) -> bool {
    Weekday::ALL.iter().take(5).eq(days)
}

fn of_month(days: &OfMonth) -> Option<String> {
    match days {
        OfMonth::Same => None,
        OfMonth::Days(days) => joined(days.iter().map(|day| day_of_month(*day))),
        OfMonth::Weekdays(days) => joined(days.iter().map(|day| nth_weekday(*day))),
    }
}

fn day_of_month(day: i8) -> String {
    let nth = usize::from(day.unsigned_abs());
    match day {
        -1 => phrases::last_day().to_owned(),
        ..0 => phrases::day_before_end(nth),
        _ => phrases::day_of_month(nth),
    }
}

fn nth_weekday(day: NthWeekday) -> String {
    let name = weekday_name(day.weekday);
    match day.nth {
        None => phrases::each_weekday(&name),
        Some(-1) => phrases::last_weekday(&name),
        Some(nth @ ..0) => phrases::weekday_before_end(usize::from(nth.unsigned_abs()), &name),
        Some(nth) => phrases::nth_weekday(usize::from(nth.unsigned_abs()), &name),
    }
}

/// The name of a weekday: "Monday".
#[must_use]
pub fn weekday_name(day: Weekday) -> String {
    // 2 March 2026 is a Monday.
    let date = Date::new(2026, 3, day.number() + 2);
    date.map(|date| phrases::date(date, DateStyle::Weekday))
        .unwrap_or_default()
}

/// As many letters of a weekday's name as are needed to tell weekdays apart: two in English, one in Japanese.
#[must_use]
pub fn weekday_letters(day: Weekday) -> String {
    let name = weekday_name(day);
    let count = if name.is_ascii() { 2 } else { 1 };
    name.chars().take(count).collect()
}

fn month_name(month: u8) -> String {
    let date = Date::new(2026, month, 1);
    date.map(|date| phrases::date(date, DateStyle::Month))
        .unwrap_or_default()
}

/// A day of a month: "Mar 3". The year is a leap year, so that 29 February has a name too.
fn date_name(month: u8, day: i8) -> String {
    let date = u8::try_from(day).ok().and_then(|day| Date::new(2024, month, day));
    match date {
        Some(date) => phrases::date(date, DateStyle::Day),
        None => phrases::days_of(&day_of_month(day), &month_name(month)),
    }
}

/// Names in a row: "one, two and three"; none if there are no names.
fn joined(names: impl Iterator<Item = String>) -> Option<String> {
    let names: Vec<String> = names.collect();
    let (last, first) = names.split_last()?;
    Some(match first {
        [] => last.clone(),
        [first, more @ ..] => {
            let together = more
                .iter()
                .fold(first.clone(), |all, next| phrases::and_more(&all, next));
            phrases::and_last(&together, last)
        }
    })
}

/// The choices of days of a month that the picker offers. A rule that says more stays as it is until the person
/// chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MonthDays {
    Same,
    Day(i8),
    Last,
    Nth(i8, Weekday),
    /// The rule has several days of the month.
    Several,
}

impl MonthDays {
    #[must_use]
    pub fn of(days: &OfMonth) -> Self {
        match days {
            OfMonth::Same => Self::Same,
            OfMonth::Days(days) => match days.iter().collect::<Vec<_>>().as_slice() {
                [-1] => Self::Last,
                [day @ 1..=31] => Self::Day(**day),
                _ => Self::Several,
            },
            OfMonth::Weekdays(days) => match days.iter().collect::<Vec<_>>().as_slice() {
                [
                    NthWeekday {
                        nth: Some(nth @ (-1 | 1..=5)),
                        weekday,
                    },
                ] => Self::Nth(*nth, *weekday),
                _ => Self::Several,
            },
        }
    }
}

/// A rule that counts in `unit`; none without a unit. The other parts of the rule stay if the new unit allows them.
#[must_use]
pub fn with_unit(rule: Option<&Rule>, unit: Option<Unit>) -> Option<Rule> {
    let every = match unit? {
        Unit::Day => Every::Day,
        Unit::Week => Every::Week(BTreeSet::new()),
        Unit::Month => Every::Month(OfMonth::Same),
        Unit::Year => Every::Year(BTreeSet::new(), OfMonth::Same),
    };
    Some(match rule {
        Some(rule) if Some(Unit::of(rule)) == unit => rule.clone(),
        Some(rule) => Rule {
            every,
            ..rule.clone()
        },
        None => Rule {
            every,
            interval: 1,
            end: End::Never,
            from: CountedFrom::Due,
        },
    })
}

/// The rule with another interval, within the limit.
#[must_use]
pub fn with_interval(rule: &Rule, interval: u16) -> Rule {
    Rule {
        interval: interval.clamp(1, limits::RULE_NUMBER),
        ..rule.clone()
    }
}

/// A weekly rule with this weekday, or without it.
#[must_use]
pub fn with_weekday(rule: &Rule, day: Weekday, on: bool) -> Rule {
    let mut rule = rule.clone();
    if let Every::Week(days) = &mut rule.every {
        match on {
            true => days.insert(day),
            false => days.remove(&day),
        };
    }
    rule
}

/// A monthly rule on these days of the month.
#[must_use]
pub fn with_month_days(rule: &Rule, days: MonthDays) -> Rule {
    let of_month = match days {
        MonthDays::Same => OfMonth::Same,
        MonthDays::Day(day) => OfMonth::day(day.clamp(1, 31)),
        MonthDays::Last => OfMonth::day(-1),
        MonthDays::Nth(nth, weekday) => OfMonth::weekday(nth, weekday),
        MonthDays::Several => return rule.clone(),
    };
    Rule {
        every: match &rule.every {
            Every::Month(_) => Every::Month(of_month),
            Every::Year(months, _) => Every::Year(months.clone(), of_month),
            Every::Day | Every::Week(_) => rule.every.clone(),
        },
        ..rule.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsugi_words::phrases::Language;

    fn rule(text: &str) -> Rule {
        text.parse().expect("a rule")
    }

    #[test]
    fn rules_are_said_in_english_and_japanese() {
        let table = [
            ("FREQ=DAILY", "Every day", "毎日"),
            (
                "FREQ=DAILY;INTERVAL=3;AFTER=DONE",
                "Every 3 days after it is done",
                "完了後 3日ごと",
            ),
            ("FREQ=WEEKLY", "Every week", "毎週"),
            ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "Every weekday", "平日"),
            ("FREQ=WEEKLY;BYDAY=SU", "Every week on Sunday", "毎週日曜日"),
            (
                "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,TH",
                "Every 2 weeks on Monday, Wednesday and Thursday",
                "2週間ごと月曜日・水曜日・木曜日",
            ),
            ("FREQ=MONTHLY", "Every month", "毎月"),
            (
                "FREQ=MONTHLY;BYMONTHDAY=1,22",
                "Every month on the 1st and the 22nd",
                "毎月1日・22日",
            ),
            (
                "FREQ=MONTHLY;BYMONTHDAY=-1",
                "Every month on the last day",
                "毎月末日",
            ),
            (
                "FREQ=MONTHLY;BYMONTHDAY=-3",
                "Every month on the 3rd last day",
                "毎月末日から3日目",
            ),
            (
                "FREQ=MONTHLY;INTERVAL=3;BYDAY=2TU",
                "Every 3 months on the 2nd Tuesday",
                "3か月ごと第2火曜日",
            ),
            (
                "FREQ=MONTHLY;BYDAY=-1FR",
                "Every month on the last Friday",
                "毎月最終金曜日",
            ),
            (
                "FREQ=MONTHLY;BYDAY=-2FR",
                "Every month on the 2nd last Friday",
                "毎月最後から2番目の金曜日",
            ),
            (
                "FREQ=MONTHLY;BYDAY=MO",
                "Every month on every Monday",
                "毎月毎週月曜日",
            ),
            ("FREQ=YEARLY", "Every year", "毎年"),
            (
                "FREQ=YEARLY;BYMONTH=3,9",
                "Every year in March and September",
                "毎年3月・9月",
            ),
            (
                "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
                "Every year on Feb 29",
                "毎年2月29日",
            ),
            (
                "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH",
                "Every year on the 4th Thursday of November",
                "毎年11月の第4木曜日",
            ),
            (
                "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1",
                "Every year on the last day of February",
                "毎年2月の末日",
            ),
            (
                "FREQ=DAILY;COUNT=1",
                "Every day, for the last time",
                "毎日、今回が最後",
            ),
            ("FREQ=DAILY;COUNT=5", "Every day, 5 times", "毎日、あと5回"),
            (
                "FREQ=DAILY;UNTIL=20261231",
                "Every day, until Dec 31, 2026",
                "毎日、2026年12月31日まで",
            ),
        ];
        for (text, english, japanese) in table {
            assert_eq!(say(&rule(text)), english, "{text}");
            phrases::speak(Language::Ja);
            assert_eq!(say(&rule(text)), japanese, "{text}");
            phrases::speak(Language::En);
        }
    }

    #[test]
    fn the_picker_changes_what_it_is_asked_to_and_nothing_else() {
        let every_day = with_unit(None, Some(Unit::Day)).expect("a unit");
        assert_eq!(every_day.to_string(), "FREQ=DAILY");
        assert_eq!(with_unit(Some(&every_day), None), None);
        let fortnight = rule("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;UNTIL=20271231;AFTER=DONE");
        assert_eq!(
            with_unit(Some(&fortnight), Some(Unit::Week)),
            Some(fortnight.clone())
        );
        let monthly = with_unit(Some(&fortnight), Some(Unit::Month)).expect("a unit");
        assert_eq!(
            monthly.to_string(),
            "FREQ=MONTHLY;INTERVAL=2;UNTIL=20271231;AFTER=DONE"
        );
        let both = with_weekday(&fortnight, Weekday::Thursday, true);
        assert_eq!(
            with_weekday(&both, Weekday::Monday, false).every,
            rule("FREQ=WEEKLY;BYDAY=TH").every
        );
        assert_eq!(with_interval(&fortnight, 0).interval, 1);
        assert_eq!(with_interval(&fortnight, 5_000).interval, limits::RULE_NUMBER);
    }

    #[test]
    fn days_of_the_month_come_back_as_they_were_chosen() {
        let monthly = rule("FREQ=MONTHLY");
        for days in [
            MonthDays::Same,
            MonthDays::Day(31),
            MonthDays::Last,
            MonthDays::Nth(-1, Weekday::Friday),
        ] {
            let Every::Month(chosen) = with_month_days(&monthly, days).every else {
                panic!("a month stays one");
            };
            assert_eq!(MonthDays::of(&chosen), days);
        }
        let several = rule("FREQ=MONTHLY;BYMONTHDAY=1,15");
        assert_eq!(with_month_days(&several, MonthDays::Several), several);
        let yearly = with_month_days(&rule("FREQ=YEARLY;BYMONTH=3"), MonthDays::Last);
        assert_eq!(yearly.to_string(), "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=-1");
    }
}
