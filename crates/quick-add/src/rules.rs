//! The calendar's rules, made from the few things that a phrase can say.

use std::collections::BTreeSet;

use tsugi_calendar::rule::{CountedFrom, End, Every, NthWeekday, OfMonth};
use tsugi_calendar::{Rule, Weekday};

/// The rule that has no end, and counts from the due day.
pub(crate) fn rule(interval: u16, every: Every) -> Rule {
    Rule {
        every,
        interval,
        end: End::Never,
        from: CountedFrom::Due,
    }
}

pub(crate) fn weekly() -> Every {
    Every::Week(BTreeSet::new())
}

pub(crate) fn monthly() -> Every {
    Every::Month(OfMonth::Same)
}

pub(crate) fn yearly() -> Every {
    Every::Year(BTreeSet::new(), OfMonth::Same)
}

/// Monday to Friday.
pub(crate) fn working_days() -> Every {
    let mut days = BTreeSet::new();
    days.extend(Weekday::ALL.into_iter().take(5));
    Every::Week(days)
}

/// A task of every weekend is due on its Saturday.
pub(crate) fn weekends() -> Every {
    let mut days = BTreeSet::new();
    days.insert(Weekday::Saturday);
    Every::Week(days)
}

/// The days of the month, or which ones of a weekday there are.
pub(crate) fn of_month(places: &BTreeSet<i8>, weekday: Option<Weekday>) -> OfMonth {
    let Some(weekday) = weekday else {
        return OfMonth::Days(places.clone());
    };
    let mut days = BTreeSet::new();
    for nth in places {
        days.insert(NthWeekday {
            nth: Some(*nth),
            weekday,
        });
    }
    OfMonth::Weekdays(days)
}

pub(crate) fn day_of_year(month: u8, day: u8) -> Every {
    let mut months = BTreeSet::new();
    months.insert(month);
    Every::Year(months, OfMonth::day(i8::try_from(day).unwrap_or(i8::MAX)))
}

/// Whether the rule only counts days, weeks, months or years. Only such a rule can count from the day of
/// completion.
pub(crate) fn is_plain(rule: &Rule) -> bool {
    match &rule.every {
        Every::Day | Every::Month(OfMonth::Same) => true,
        Every::Week(days) => days.is_empty(),
        Every::Year(months, OfMonth::Same) => months.is_empty(),
        Every::Month(OfMonth::Days(_) | OfMonth::Weekdays(_))
        | Every::Year(_, OfMonth::Days(_) | OfMonth::Weekdays(_)) => false,
    }
}
