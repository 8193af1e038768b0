//! How a task comes again: what was understood, and its text as a rule after RFC 5545. As in the sync core, the last day of a
//! month takes the place of one that the month is too short for.

use std::fmt;

use crate::date::{Date, Weekday};

/// A set of weekdays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weekdays(u8);

impl Weekdays {
    pub(crate) const WORKING: Self = Self(0b001_1111);

    pub(crate) fn insert(&mut self, weekday: Weekday) {
        self.0 |= 1 << weekday as u8;
    }

    #[must_use]
    pub fn contains(self, weekday: Weekday) -> bool {
        self.0 & (1 << weekday as u8) != 0
    }

    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn iter(self) -> impl Iterator<Item = Weekday> {
        Weekday::ALL.into_iter().filter(move |day| self.contains(*day))
    }
}

/// Places in a month: days, or which of a weekday's. From 1 up to 31; −1 is the last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ordinals(u32);

impl Ordinals {
    pub(crate) const LAST: Self = Self(1);

    /// Bit 0 is the last. Others than those above are not there, and are not put in.
    fn bit(ordinal: i8) -> u32 {
        match ordinal {
            -1 => 1,
            1..=31 => 1 << ordinal,
            _ => 0,
        }
    }

    pub(crate) fn insert(&mut self, ordinal: i8) {
        self.0 |= Self::bit(ordinal);
    }

    #[must_use]
    pub fn contains(self, ordinal: i8) -> bool {
        self.0 & Self::bit(ordinal) != 0
    }

    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// In order, the last at the end.
    pub fn iter(self) -> impl Iterator<Item = i8> {
        (1..=31)
            .chain([-1])
            .filter(move |ordinal| self.contains(*ordinal))
    }
}

/// Which days a rule is about. Where it names none, it counts from the task's due date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    Daily,
    Weekly(Weekdays),
    /// Days of the month.
    Monthly(Ordinals),
    /// Which of a weekday in the month, up to the fifth.
    MonthlyNth(Ordinals, Weekday),
    /// A month and a day in it.
    Yearly(Option<(u8, u8)>),
}

/// When a recurrence is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Never,
    /// The last day on which the task may be due.
    Until(Date),
    /// How often the task comes in all.
    Count(u16),
}

/// How a task comes again. Its text, by `to_string`, is a subset of RFC 5545's rules.
///
/// ```
/// # use tsugi_quick_add::{parse, Context, Date, DateOrder, Time, Weekday};
/// # let context = Context {
/// #     today: Date::new(2026, 11, 25).unwrap(),
/// #     now: Time::new(10, 0).unwrap(),
/// #     week_starts: Weekday::Monday,
/// #     date_order: DateOrder::MonthFirst,
/// # };
/// let parsed = parse("gym every other week on mon and thu until dec 31", &context);
/// let rule = parsed.recurrence.unwrap().to_string();
/// assert_eq!(rule, "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;UNTIL=20261231");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recurrence {
    pub pattern: Pattern,
    /// Every how many days, weeks, months or years; at least 1.
    pub interval: u16,
    pub end: End,
    /// Counted from the day the task was done, not from the day it was due.
    pub after_done: bool,
}

/// Days that are looked through for the first that fits, which is at most a year away.
const HORIZON_DAYS: u32 = 366 + 1;

impl Recurrence {
    pub(crate) fn every(interval: u16, pattern: Pattern) -> Self {
        Self {
            pattern,
            interval,
            end: End::Never,
            after_done: false,
        }
    }

    /// The first day from `from` on that the pattern names.
    pub(crate) fn first(&self, from: Date) -> Option<Date> {
        (0..HORIZON_DAYS)
            .map_while(|days| from.plus_days(days))
            .find(|date| self.fits(*date))
    }

    /// Whether the rule only counts days, weeks, months or years. Only such a one can count from when a task was done.
    pub(crate) fn is_plain(&self) -> bool {
        match &self.pattern {
            Pattern::Daily => true,
            Pattern::Weekly(days) => days.is_empty(),
            Pattern::Monthly(days) => days.is_empty(),
            Pattern::MonthlyNth(..) => false,
            Pattern::Yearly(day) => day.is_none(),
        }
    }

    fn fits(&self, date: Date) -> bool {
        let ends_month = date == date.end_of_month();
        // A day that the month is too short for is its last day, as whoever pays rent on the 31st means it.
        let is_day =
            |day: i8| day == date.day() as i8 || (ends_month && (day == -1 || day > date.day() as i8));
        match &self.pattern {
            Pattern::Daily | Pattern::Yearly(None) => true,
            Pattern::Weekly(days) => days.is_empty() || days.contains(date.weekday()),
            Pattern::Monthly(days) => days.is_empty() || days.iter().any(is_day),
            Pattern::MonthlyNth(nths, weekday) => nths
                .iter()
                .any(|nth| date.nth_weekday(nth, *weekday) == Some(date)),
            Pattern::Yearly(Some((month, day))) => date.month() == *month && is_day(*day as i8),
        }
    }
}

impl fmt::Display for Recurrence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.pattern {
            Pattern::Daily => "FREQ=DAILY",
            Pattern::Weekly(_) => "FREQ=WEEKLY",
            Pattern::Monthly(_) | Pattern::MonthlyNth(..) => "FREQ=MONTHLY",
            Pattern::Yearly(_) => "FREQ=YEARLY",
        })?;
        if self.interval > 1 {
            write!(f, ";INTERVAL={}", self.interval)?;
        }
        match &self.pattern {
            Pattern::Daily | Pattern::Yearly(None) => {}
            Pattern::Weekly(days) => {
                for (index, day) in days.iter().enumerate() {
                    f.write_str(if index == 0 { ";BYDAY=" } else { "," })?;
                    f.write_str(day.code())?;
                }
            }
            Pattern::Monthly(days) => {
                for (index, day) in days.iter().enumerate() {
                    f.write_str(if index == 0 { ";BYMONTHDAY=" } else { "," })?;
                    write!(f, "{day}")?;
                }
            }
            Pattern::MonthlyNth(nths, weekday) => {
                for (index, nth) in nths.iter().enumerate() {
                    f.write_str(if index == 0 { ";BYDAY=" } else { "," })?;
                    write!(f, "{nth}{}", weekday.code())?;
                }
            }
            Pattern::Yearly(Some((month, day))) => write!(f, ";BYMONTH={month};BYMONTHDAY={day}")?,
        }
        match self.end {
            End::Never => {}
            End::Until(date) => write!(f, ";UNTIL={:04}{:02}{:02}", date.year(), date.month(), date.day())?,
            End::Count(count) => write!(f, ";COUNT={count}")?,
        }
        f.write_str(if self.after_done { ";AFTER=DONE" } else { "" })
    }
}
