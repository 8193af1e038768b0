//! Times of day, to the minute. The zone is not known here: the code that stores a time adds it.

use std::fmt;
use std::str::FromStr;

use crate::date::{DateError, digits};

/// A time on somebody's clock. Every value is valid, because every constructor checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time {
    hour: u8,
    minute: u8,
}

impl Time {
    pub const NOON: Self = Self { hour: 12, minute: 0 };
    /// The last minute of a day.
    pub const LAST: Self = Self { hour: 23, minute: 59 };

    /// None for a time that clocks do not show.
    #[must_use]
    pub const fn new(hour: u8, minute: u8) -> Option<Self> {
        if hour < 24 && minute < 60 {
            Some(Self { hour, minute })
        } else {
            None
        }
    }

    #[must_use]
    pub fn hour(self) -> u8 {
        self.hour
    }

    #[must_use]
    pub fn minute(self) -> u8 {
        self.minute
    }

    /// The same time in the second half of the day: 3:30 and 15:30 are both 15:30.
    #[must_use]
    pub fn afternoon(self) -> Self {
        Self {
            hour: self.hour % 12 + 12,
            ..self
        }
    }

    /// The time this number of minutes later, and the number of days that pass.
    #[must_use]
    pub fn plus_minutes(self, minutes: u32) -> (u32, Self) {
        let of_day = u32::from(self.hour) * 60 + u32::from(self.minute);
        let total = of_day.saturating_add(minutes);
        let time = Self {
            hour: (total / 60 % 24) as u8,
            minute: (total % 60) as u8,
        };
        (total / (24 * 60), time)
    }
}

impl FromStr for Time {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let (hour, minute) = text.split_once(':').ok_or(DateError)?;
        let part = |text| u8::try_from(digits(text, 2)?).map_err(|_| DateError);
        Self::new(part(hour)?, part(minute)?).ok_or(DateError)
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.hour, self.minute)
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
        let (days, _) = time(23, 59).plus_minutes(u32::MAX);
        assert_eq!(days, u32::MAX / (24 * 60));
        for text in ["00:00", "09:05", "23:59"] {
            assert_eq!(text.parse::<Time>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "9:05",
            "24:00",
            "12:60",
            "12:5",
            "+1:00",
            "１２:00",
            "12:00:00",
        ] {
            assert_eq!(text.parse::<Time>(), Err(DateError), "{text}");
        }
    }
}
