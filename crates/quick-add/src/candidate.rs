//! The findings of a grammar, before it is known which of them are chosen.

use std::ops::Range;

use tsugi_calendar::{Date, Rule, Time};

use crate::parsed::{ChipKind, Priority};

/// Words of the line, with a meaning that they can have.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    /// Glyphs of the line.
    pub(crate) range: Range<usize>,
    pub(crate) sense: Sense,
}

#[derive(Clone, Debug)]
pub(crate) enum Sense {
    Day(Day),
    /// まで: the end of a recurrence if there is one, and otherwise the day on which the task is due.
    DayUntil(Date),
    Time(Clock),
    Start(Date),
    Repeat(Rule, Option<Part>),
    Until(Date),
    /// `for 2 weeks`: how long a recurrence goes on.
    For(u32, Unit),
    Count(u16),
    Priority(Priority),
    /// Names are places in the line: glyphs.
    Label(Name),
    List(Name),
    Section(Name),
    Escape,
    /// Words about a day or a repetition that cannot be read. No finding beside them may be chosen.
    Unread,
}

impl Sense {
    /// Whether it can become a chip of this kind.
    pub(crate) fn can_be(&self, kind: ChipKind) -> bool {
        match self {
            Self::Day(_) => kind == ChipKind::Due,
            Self::DayUntil(_) => matches!(kind, ChipKind::Due | ChipKind::Until),
            Self::Time(_) => kind == ChipKind::Time,
            Self::Start(_) => kind == ChipKind::Start,
            Self::Repeat(..) => kind == ChipKind::Repeat,
            Self::Until(_) | Self::For(..) => kind == ChipKind::Until,
            Self::Count(_) => kind == ChipKind::Count,
            Self::Priority(_) => kind == ChipKind::Priority,
            Self::Label(_) => kind == ChipKind::Label,
            Self::List(_) => kind == ChipKind::List,
            Self::Section(_) => kind == ChipKind::Section,
            Self::Escape => kind == ChipKind::Escape,
            Self::Unread => false,
        }
    }

    /// The day on which the task is due, if this finding is chosen as the line's day.
    pub(crate) fn day(&self) -> Option<Day> {
        if let Self::DayUntil(date) = self {
            return Some(Day::whole(*date));
        }
        if let Self::Day(day) = self {
            Some(*day)
        } else {
            None
        }
    }

    /// The last day of a recurrence that begins on `first`.
    pub(crate) fn last_day(&self, first: Date) -> Option<Date> {
        if let Self::For(count, unit) = self {
            return unit.after(first, *count)?.plus(-1);
        }
        if let Self::Until(date) | Self::DayUntil(date) = self {
            Some(*date)
        } else {
            None
        }
    }

    pub(crate) fn clock(&self) -> Option<Clock> {
        if let Self::Time(clock) = self {
            Some(*clock)
        } else {
            None
        }
    }

    pub(crate) fn start(&self) -> Option<Date> {
        if let Self::Start(date) = self {
            Some(*date)
        } else {
            None
        }
    }

    pub(crate) fn rule(&self) -> Option<(&Rule, Option<Part>)> {
        if let Self::Repeat(rule, part) = self {
            Some((rule, *part))
        } else {
            None
        }
    }

    pub(crate) fn count(&self) -> Option<u16> {
        if let Self::Count(count) = self {
            Some(*count)
        } else {
            None
        }
    }

    /// Whether a time right after it belongs to it.
    pub(crate) fn names_days(&self) -> bool {
        match self {
            Self::Day(_) | Self::DayUntil(_) | Self::Start(_) | Self::Repeat(..) => true,
            Self::Time(_)
            | Self::Until(_)
            | Self::For(..)
            | Self::Count(_)
            | Self::Priority(_)
            | Self::Label(_)
            | Self::List(_)
            | Self::Section(_)
            | Self::Escape
            | Self::Unread => false,
        }
    }

    /// Whether it says when the task is due, starts or recurs. Only half a phrase of this kind can be wrong.
    pub(crate) fn says_when(&self) -> bool {
        match self {
            Self::Day(_)
            | Self::DayUntil(_)
            | Self::Time(_)
            | Self::Start(_)
            | Self::Repeat(..)
            | Self::Until(_)
            | Self::For(..)
            | Self::Count(_)
            | Self::Unread => true,
            Self::Priority(_) | Self::Label(_) | Self::List(_) | Self::Section(_) | Self::Escape => false,
        }
    }
}

/// The unit of a length of time: days in `3 days`, weeks in 2週間.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Minutes,
    Hours,
    Days,
    Weeks,
    Months,
    Years,
}

impl Unit {
    /// The day that lies this number of units after another: 3 weeks after 1 March is 22 March. None for hours and
    /// minutes, because they are shorter than a day.
    pub(crate) fn after(self, date: Date, count: u32) -> Option<Date> {
        match self {
            Self::Minutes | Self::Hours => None,
            Self::Days => date.plus(i32::try_from(count).ok()?),
            Self::Weeks => date.plus(i32::try_from(count.checked_mul(7)?).ok()?),
            Self::Months => date.plus_months(count),
            Self::Years => date.plus_months(count.checked_mul(12)?),
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Name {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// A day, and the time that the same words give.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Day {
    pub(crate) date: Date,
    pub(crate) hour: Hour,
}

impl Day {
    pub(crate) fn whole(date: Date) -> Self {
        Self {
            date,
            hour: Hour::Unsaid,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hour {
    Unsaid,
    /// `tonight`
    Part(Part),
    /// `in 3 hours`
    Exact(Time),
}

/// Midnight is the end of the day that is named, so that `friday at midnight` is not shown under Saturday.
pub(crate) const MIDNIGHT: Time = Time::LAST;

fn oclock(hour: u8) -> Time {
    Time::new(hour, 0).unwrap_or(Time::NOON)
}

/// A part of the day. It gives a time by itself, and says in which half of the day another time is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Morning,
    Noon,
    Afternoon,
    Evening,
    Night,
}

impl Part {
    pub(crate) fn time(self) -> Time {
        match self {
            Self::Morning => oclock(9),
            Self::Noon => Time::NOON,
            Self::Afternoon => oclock(15),
            Self::Evening => oclock(18),
            Self::Night => oclock(20),
        }
    }

    /// An hour of a twelve-hour clock, in this part of the day.
    pub(crate) fn of(self, time: Time) -> Time {
        match self {
            Self::Morning => time,
            // 11 at noon is before noon.
            Self::Noon if time.hour() == 11 => time,
            // Twelve at night is midnight and not noon.
            Self::Evening | Self::Night if time.hour() == 12 => MIDNIGHT,
            Self::Noon | Self::Afternoon | Self::Evening | Self::Night => time.afternoon(),
        }
    }
}

/// A time in the form in which the line has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Clock {
    Sure(Time),
    /// An hour from 1 to 12 without its half of the day.
    Half(Time),
}

impl Clock {
    /// The time, given the part of the day that the line names elsewhere. Without one, 1 to 6 are in the afternoon.
    pub(crate) fn resolve(self, part: Option<Part>) -> Time {
        match (self, part) {
            (Self::Sure(time), _) => time,
            (Self::Half(time), Some(part)) => part.of(time),
            (Self::Half(time), None) if time.hour() < 7 => time.afternoon(),
            (Self::Half(time), None) => time,
        }
    }
}
