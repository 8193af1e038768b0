//! Recurrence: the rule by which a task recurs. It is stored as text, in a subset of RFC 5545's recurrence rules
//! with one addition. It uses dates only, so that no change of clocks can move anything. The screen puts a rule
//! into words.
//!
//! If a month is too short for a day, its last day counts instead (RFC 7529 calls this `SKIP=BACKWARD`). RFC 5545
//! would skip the month, which nobody who pays rent on the 31st wants.

mod next;
mod text;

use std::collections::BTreeSet;

use crate::date::Date;
use crate::weekday::Weekday;

pub use text::RuleError;

/// The rule by which a task recurs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub every: Every,
    /// The number of days, weeks, months or years in one step: 1 to [`RULE_NUMBER`](crate::limits::RULE_NUMBER).
    pub interval: u16,
    pub end: End,
    pub from: CountedFrom,
}

/// The days on which the task recurs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Every {
    Day,
    /// On these days of the week. An empty set means the weekday on which the task was due. Weeks begin on Monday.
    Week(BTreeSet<Weekday>),
    Month(OfMonth),
    /// In these months, 1 to 12. An empty set means the month in which the task was due.
    Year(BTreeSet<u8>, OfMonth),
}

/// Days of a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfMonth {
    /// The day on which the task was due.
    Same,
    /// 1 to 31, or −1 to −31 from the end; never empty.
    Days(BTreeSet<i8>),
    /// Never empty.
    Weekdays(BTreeSet<NthWeekday>),
}

impl OfMonth {
    /// One day, from the beginning or from the end.
    #[must_use]
    pub fn day(day: i8) -> Self {
        let mut days = BTreeSet::new();
        days.insert(day);
        Self::Days(days)
    }

    /// One of the weekdays.
    #[must_use]
    pub fn weekday(nth: i8, weekday: Weekday) -> Self {
        let mut days = BTreeSet::new();
        days.insert(NthWeekday {
            nth: Some(nth),
            weekday,
        });
        Self::Weekdays(days)
    }
}

/// The second Tuesday, the last Friday, every Monday. If a month has no fifth one, it has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NthWeekday {
    /// 1 to 5, or −1 to −5 from the end; none means each of them.
    pub nth: Option<i8>,
    pub weekday: Weekday,
}

/// The end of the recurrence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Never,
    /// The last day it may fall on.
    Until(Date),
    /// How many instances are still to come, with this one: 1 means that this is the last.
    Count(u16),
}

/// The day from which the next instance is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountedFrom {
    /// From the day on which this one was due.
    Due,
    /// From the day on which this one was done.
    Done,
}

impl Rule {
    /// The rule of the next instance, with its count reduced. None after the last instance.
    #[must_use]
    pub fn rest(&self) -> Option<Self> {
        let end = match self.end {
            End::Count(..=1) => return None,
            End::Count(count) => End::Count(count - 1),
            End::Never | End::Until(_) => self.end,
        };
        Some(Self { end, ..self.clone() })
    }

    /// The same rule, with the day named that it takes from `due` without naming it. An example: a rule of the 31st
    /// falls on 28 February because the month is short. With the day named, it comes back to 31 March. A rule that
    /// counts from the day of completion is left as it is.
    #[must_use]
    pub fn anchored(self, due: Date) -> Self {
        if self.from == CountedFrom::Done {
            return self;
        }
        let day = || OfMonth::day(i8::try_from(due.day()).unwrap_or(i8::MAX));
        let of_month = |of_month| match of_month {
            OfMonth::Same if due.day() > 28 => day(),
            OfMonth::Same | OfMonth::Days(_) | OfMonth::Weekdays(_) => of_month,
        };
        let every = match self.every {
            Every::Month(days) => Every::Month(of_month(days)),
            Every::Year(mut months, days) => {
                // A rule that names only the day would fall into every month.
                if months.is_empty() && due.day() > 28 && days == OfMonth::Same {
                    months.insert(due.month());
                }
                Every::Year(months, of_month(days))
            }
            Every::Day | Every::Week(_) => self.every,
        };
        Self { every, ..self }
    }
}
