//! Days of the calendar. There is no clock and no time zone rule here, because a date is the same date everywhere.
//!
//! Days are counted from 1970-01-01 in the proleptic Gregorian calendar, in closed form, after H. Hinnant,
//! “chrono-Compatible Low-Level Date Algorithms” (2013): years begin in March, so that the leap day is the last one.

use std::fmt;
use std::str::FromStr;

use crate::weekday::Weekday;

/// A day of the calendar, without a place. It is never a moment, so it does not move with time zones. Every value
/// is a valid day, because every constructor checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// The day from which days are counted.
    pub const EPOCH: Self = Self {
        year: 1970,
        month: 1,
        day: 1,
    };
    /// The last day that can be written: years have four digits.
    pub const LAST: Self = Self {
        year: 9999,
        month: 12,
        day: 31,
    };

    /// The day with this year, month and day of the month. None if there is no such day.
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let date = Self { year, month, day };
        let valid =
            year <= Self::LAST.year && (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
        valid.then_some(date)
    }

    #[must_use]
    pub fn year(self) -> u16 {
        self.year
    }

    /// 1 to 12.
    #[must_use]
    pub fn month(self) -> u8 {
        self.month
    }

    /// 1 to 31.
    #[must_use]
    pub fn day(self) -> u8 {
        self.day
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

    /// The day with this number. None if its year does not have four digits.
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

    /// The day this number of days later, or earlier if it is negative.
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

    /// Months since year 0. They are used to count in steps of months.
    pub(crate) fn months(self) -> u32 {
        u32::from(self.year) * 12 + u32::from(self.month) - 1
    }
}

/// The number of days of a month.
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

/// A number of exactly this number of digits.
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

#[cfg(test)]
mod tests {
    use super::*;

    /// For every day that can be written: it follows the one before in number, weekday and calendar.
    #[test]
    fn every_day_of_ten_thousand_years() {
        let first = Date::new(0, 1, 1).unwrap();
        assert_eq!(Date::from_number(first.number() - 1), None);
        assert_eq!(Date::from_number(Date::LAST.number() + 1), None);
        assert_eq!(Date::new(1970, 1, 1).unwrap().number(), 0);
        assert_eq!(Date::new(2026, 11, 24).unwrap().weekday(), Weekday::Tuesday);
        let (mut expected, mut weekday) = (first, first.weekday().number());
        for number in first.number()..=Date::LAST.number() {
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
            assert_eq!(Date::LAST.plus(days), None);
        }
        assert_eq!(Date::LAST.plus(-1), Date::new(9999, 12, 30));
    }
}
