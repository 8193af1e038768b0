//! Times on a person's clock. The zone is not known here: whoever stores a time adds it.

use std::fmt;

use crate::date::Date;

/// A time of day, to the minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time {
    hour: u8,
    minute: u8,
}

impl Time {
    pub(crate) const MORNING: Self = Self { hour: 9, minute: 0 };
    pub(crate) const NOON: Self = Self { hour: 12, minute: 0 };
    pub(crate) const AFTERNOON: Self = Self { hour: 15, minute: 0 };
    pub(crate) const EVENING: Self = Self { hour: 18, minute: 0 };
    pub(crate) const NIGHT: Self = Self { hour: 20, minute: 0 };
    /// Midnight ends the day it is said of, so that `friday at midnight` is not shown under Saturday.
    pub(crate) const MIDNIGHT: Self = Self { hour: 23, minute: 59 };

    /// None for a time that clocks do not show.
    #[must_use]
    pub fn new(hour: u8, minute: u8) -> Option<Self> {
        (hour < 24 && minute < 60).then_some(Self { hour, minute })
    }

    #[must_use]
    pub fn hour(self) -> u8 {
        self.hour
    }

    #[must_use]
    pub fn minute(self) -> u8 {
        self.minute
    }

    /// The same time in the other half of the day, for hours of a twelve-hour clock.
    pub(crate) fn afternoon(self) -> Self {
        Self {
            hour: self.hour % 12 + 12,
            ..self
        }
    }

    /// So many minutes later: days that pass, and the time then.
    pub(crate) fn plus_minutes(self, minutes: u32) -> (u32, Self) {
        let total = u32::from(self.hour) * 60 + u32::from(self.minute) + minutes;
        let time = Self {
            hour: (total / 60 % 24) as u8,
            minute: (total % 60) as u8,
        };
        (total / (24 * 60), time)
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.hour, self.minute)
    }
}

/// When a task is due: a day, or a time of that day on the person's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When {
    pub date: Date,
    pub time: Option<Time>,
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.time {
            None => self.date.fmt(f),
            Some(time) => write!(f, "{}T{time}", self.date),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        let time = |hour, minute| Time::new(hour, minute).unwrap();
        assert_eq!(Time::new(24, 0), None);
        assert_eq!(Time::new(0, 60), None);
        assert_eq!(time(12, 30).afternoon(), time(12, 30));
        assert_eq!(time(1, 30).afternoon(), time(13, 30));
        assert_eq!(time(23, 50).plus_minutes(20), (1, time(0, 10)));
        assert_eq!(time(0, 0).plus_minutes(48 * 60), (2, time(0, 0)));
    }
}
