//! Days of the calendar and times on the clocks of a place. No clock and no time zone rules: a date is a date wherever
//! one is, and what a moment is in a zone is for the outside to say.
//!
//! Days are counted from 1970-01-01 in the proleptic Gregorian calendar, in closed form, after H. Hinnant,
//! “chrono-Compatible Low-Level Date Algorithms” (2013): years begin in March, so that the leap day is the last one.

use std::fmt;
use std::str::FromStr;

use crate::limits;

/// A day of the calendar, nowhere in particular. Never a moment: it does not move with time zones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    pub year: u16,
    pub month: u8,
    pub day: u8,
}

/// A day of the week, Monday first, as ISO 8601 has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Weekday {
    pub const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];

    /// 0 for Monday to 6 for Sunday.
    #[must_use]
    pub fn number(self) -> u8 {
        self as u8
    }
}

/// The last day that can be written: years have four digits.
const LAST: Date = Date {
    year: 9999,
    month: 12,
    day: 31,
};

impl Date {
    /// The day, if there is one.
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let date = Self { year, month, day };
        let valid =
            year <= LAST.year && (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
        valid.then_some(date)
    }

    /// Days since 1970-01-01; negative before.
    #[must_use]
    pub fn number(self) -> i32 {
        let (month, day) = (i32::from(self.month), i32::from(self.day));
        let year = i32::from(self.year) - i32::from(month <= 2);
        let era = year.div_euclid(400);
        let of_era = year.rem_euclid(400);
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
    }

    /// The day with this number; none where its year has not four digits.
    #[must_use]
    pub fn from_number(number: i32) -> Option<Self> {
        let shifted = number.checked_add(719_468)?;
        let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * of_year + 2) / 153;
        let month = (shifted_month + 2) % 12 + 1;
        let year = year_of_era + era * 400 + i32::from(month <= 2);
        Self::new(
            u16::try_from(year).ok()?,
            u8::try_from(month).ok()?,
            u8::try_from(of_year - (153 * shifted_month + 2) / 5 + 1).ok()?,
        )
    }

    /// So many days later, or earlier.
    #[must_use]
    pub fn plus(self, days: i32) -> Option<Self> {
        Self::from_number(self.number().checked_add(days)?)
    }

    #[must_use]
    pub fn weekday(self) -> Weekday {
        // 1970-01-01 was a Thursday.
        let nth = (self.number() + 3).rem_euclid(7);
        Weekday::ALL[usize::try_from(nth).unwrap_or_default()]
    }

    /// Months since year 0, for counting in steps of months.
    pub(crate) fn months(self) -> u32 {
        u32::from(self.year) * 12 + u32::from(self.month) - 1
    }
}

/// Days of a month.
#[must_use]
pub fn days_in(year: u16, month: u8) -> u8 {
    let leap = (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// When a task is due, or can be begun.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Due {
    On(Date),
    /// A time on the clocks of a place: `2026-11-24T15:00[Asia/Tokyo]`.
    At {
        date: Date,
        hour: u8,
        minute: u8,
        zone: String,
    },
}

impl Due {
    #[must_use]
    pub fn date(&self) -> Date {
        match self {
            Self::On(date) | Self::At { date, .. } => *date,
        }
    }

    /// The same time of day in the same place, on another day.
    #[must_use]
    pub fn on(&self, date: Date) -> Self {
        match self {
            Self::On(_) => Self::On(date),
            Self::At {
                hour, minute, zone, ..
            } => Self::At {
                date,
                hour: *hour,
                minute: *minute,
                zone: zone.clone(),
            },
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a date: write it as 2026-11-24")]
pub struct DateError;

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let [year, month, day]: [&str; 3] = text
            .split('-')
            .collect::<Vec<_>>()
            .try_into()
            .map_err(|_| DateError)?;
        let small = |text| u8::try_from(digits(text, 2)?).map_err(|_| DateError);
        Self::new(digits(year, 4)?, small(month)?, small(day)?).ok_or(DateError)
    }
}

/// A number of just so many digits.
pub(crate) fn digits(text: &str, count: usize) -> Result<u16, DateError> {
    if text.len() != count || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(DateError);
    }
    text.parse().map_err(|_| DateError)
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl FromStr for Due {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let Some((date, rest)) = text.split_once('T') else {
            return text.parse().map(Self::On);
        };
        let (time, zone) = rest
            .strip_suffix(']')
            .and_then(|rest| rest.split_once('['))
            .ok_or(DateError)?;
        let (hour, minute) = time.split_once(':').ok_or(DateError)?;
        let part = |text, below: u8| {
            u8::try_from(digits(text, 2)?)
                .ok()
                .filter(|number| *number < below)
                .ok_or(DateError)
        };
        let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'_' | b'-' | b'+');
        if zone.is_empty() || zone.len() > limits::ZONE_BYTES || !zone.bytes().all(known) {
            return Err(DateError);
        }
        Ok(Self::At {
            date: date.parse()?,
            hour: part(hour, 24)?,
            minute: part(minute, 60)?,
            zone: zone.to_owned(),
        })
    }
}

impl fmt::Display for Due {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::On(date) => date.fmt(f),
            Self::At {
                date,
                hour,
                minute,
                zone,
            } => write!(f, "{date}T{hour:02}:{minute:02}[{zone}]"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        for text in [
            "2024-02-29",
            "2000-02-29",
            "2026-12-31",
            "2026-11-24T15:00[Asia/Tokyo]",
            "2026-01-01T00:00[UTC]",
        ] {
            assert_eq!(text.parse::<Due>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "2023-02-29",
            "1900-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-1-1",
            "+026-01-01",
            "2026-01-01T1:00",
            "2026-01-01T24:00[UTC]",
            "2026-01-01T12:00[]",
            "2026-01-01T12:00[<b>]",
            "2026-01-01-01",
            "２０２６-01-01",
        ] {
            assert_eq!(text.parse::<Due>(), Err(DateError), "{text}");
        }
    }

    /// Every day there is: each follows the one before, in number, weekday and calendar.
    #[test]
    fn every_day_of_ten_thousand_years() {
        let first = Date::new(0, 1, 1).unwrap();
        assert_eq!(Date::from_number(first.number() - 1), None);
        assert_eq!(Date::from_number(LAST.number() + 1), None);
        assert_eq!(Date::new(1970, 1, 1).unwrap().number(), 0);
        assert_eq!(Date::new(2026, 11, 24).unwrap().weekday(), Weekday::Tuesday);
        let (mut expected, mut weekday) = (first, first.weekday().number());
        for number in first.number()..=LAST.number() {
            let date = Date::from_number(number).unwrap();
            assert_eq!(date, expected);
            assert_eq!(date.number(), number);
            assert_eq!(date.weekday().number(), weekday);
            weekday = (weekday + 1) % 7;
            expected.day += 1;
            if expected.day > days_in(date.year, date.month) {
                (expected.month, expected.day) = (expected.month + 1, 1);
            }
            if expected.month > 12 {
                (expected.year, expected.month) = (expected.year + 1, 1);
            }
        }
        assert_eq!(expected.year, 10_000, "all of them");
    }

    #[test]
    fn no_number_is_too_large() {
        for days in [i32::MIN, i32::MAX, -4_000_000, 4_000_000] {
            assert_eq!(LAST.plus(days), None);
        }
        assert_eq!(LAST.plus(-1), Date::new(9999, 12, 30));
    }

    #[test]
    fn another_day_keeps_time_and_place() {
        let due: Due = "2026-11-24T15:00[Asia/Tokyo]".parse().unwrap();
        let moved = due.on(Date::new(2026, 12, 1).unwrap());
        assert_eq!(moved.to_string(), "2026-12-01T15:00[Asia/Tokyo]");
    }
}
