//! Recurrence: how a task comes again. Kept as text, a subset of RFC 5545's recurrence rules with one addition; dates only,
//! so that no change of clocks can move anything. What a rule is called in words is for the screen to say.
//!
//! Where months are too short for a day, the last day of the month takes its place (RFC 7529 calls this `SKIP=BACKWARD`;
//! RFC 5545 would leave the month out, and nobody who pays rent on the 31st wants that).

mod next;
mod text;

use std::collections::BTreeSet;

use crate::date::Date;
use crate::weekday::Weekday;

pub use text::RuleError;

/// How a task comes again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub every: Every,
    /// Of how many days, weeks, months or years each one counts: 1 to [`RULE_NUMBER`](crate::limits::RULE_NUMBER).
    pub interval: u16,
    pub end: End,
    pub from: CountedFrom,
}

/// The days on which it comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Every {
    Day,
    /// On these days of the week; none of them is the day it was due on. Weeks begin on Monday.
    Week(BTreeSet<Weekday>),
    Month(OfMonth),
    /// In these months, 1 to 12; none of them is the month it was due in.
    Year(BTreeSet<u8>, OfMonth),
}

/// Days of a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfMonth {
    /// The day it was due on.
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

/// The second Tuesday, the last Friday, every Monday. In a month without a fifth one there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NthWeekday {
    /// 1 to 5, or −1 to −5 from the end; none is each of them.
    pub nth: Option<i8>,
    pub weekday: Weekday,
}

/// When it is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Never,
    /// The last day it may fall on.
    Until(Date),
    /// How many there are still to come, this one counted: 1 is the last.
    Count(u16),
}

/// From when the next one is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountedFrom {
    /// From when this one was due.
    Due,
    /// From when this one was done.
    Done,
}

impl Rule {
    /// The rule of the next instance: what is left of it. None after the last one.
    #[must_use]
    pub fn rest(&self) -> Option<Self> {
        let end = match self.end {
            End::Count(..=1) => return None,
            End::Count(count) => End::Count(count - 1),
            End::Never | End::Until(_) => self.end,
        };
        Some(Self { end, ..self.clone() })
    }

    /// The rule with the day named that it silently takes from `due`: what falls on the 28th because the month is short
    /// is to come back to the 31st. What counts from when it was done follows the day it was done.
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
                // The day alone would do in every month.
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
