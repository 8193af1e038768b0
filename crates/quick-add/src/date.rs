//! Days of the calendar, and as much arithmetic as phrases need. Proleptic Gregorian, years 1 to 9999.

use std::fmt;
use std::str::FromStr;

/// A day of the calendar, nowhere in particular. There is no invalid one: every constructor checks.
///
/// ```
/// use tsugi_quick_add::{Date, Weekday};
/// let date: Date = "2026-11-25".parse().unwrap();
/// assert_eq!(date.weekday(), Weekday::Wednesday);
/// assert_eq!("2026-02-29".parse::<Date>().ok(), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

/// Days in 400 years, after which the calendar repeats itself.
const CYCLE: i32 = 146_097;

impl Date {
    /// None for a day that the calendar does not have.
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let valid = (1..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in(year, month)).contains(&day);
        valid.then_some(Self { year, month, day })
    }

    #[must_use]
    pub fn year(self) -> u16 {
        self.year
    }

    #[must_use]
    pub fn month(self) -> u8 {
        self.month
    }

    #[must_use]
    pub fn day(self) -> u8 {
        self.day
    }

    #[must_use]
    pub fn weekday(self) -> Weekday {
        // Day 0 of the count, 1 March of the year 0, is a Wednesday.
        Weekday::ALL[(self.number() + 2).rem_euclid(7) as usize]
    }

    /// The day so many days later; none beyond the year 9999.
    #[must_use]
    pub fn plus_days(self, days: u32) -> Option<Self> {
        let days = i32::try_from(days).ok()?;
        Self::from_number(self.number().checked_add(days)?)
    }

    /// The same day so many months later, or the last one of a month that is too short.
    #[must_use]
    pub fn plus_months(self, months: u32) -> Option<Self> {
        let count = u32::from(self.year) * 12 + u32::from(self.month - 1);
        let count = count.checked_add(months)?;
        let year = u16::try_from(count / 12).ok()?;
        let month = (count % 12 + 1) as u8;
        Self::new(year, month, self.day.min(days_in(year, month)))
    }

    #[must_use]
    pub fn end_of_month(self) -> Self {
        Self {
            day: days_in(self.year, self.month),
            ..self
        }
    }

    #[must_use]
    pub fn start_of_month(self) -> Self {
        Self { day: 1, ..self }
    }

    /// Days since 1 March of the year 0: a year that begins in March has its leap day at its end.
    fn number(self) -> i32 {
        let (year, month, day) = (i32::from(self.year), i32::from(self.month), i32::from(self.day));
        let (year, month) = if month <= 2 {
            (year - 1, month + 9)
        } else {
            (year, month - 3)
        };
        year * 365 + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1
    }

    fn from_number(number: i32) -> Option<Self> {
        let (cycle, rest) = (number.div_euclid(CYCLE), number.rem_euclid(CYCLE));
        let year = (rest - rest / 1460 + rest / 36_524 - rest / 146_096) / 365;
        let day_of_year = rest - (365 * year + year / 4 - year / 100);
        let month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month + 2) / 5 + 1;
        let (month, carry) = if month < 10 {
            (month + 3, 0)
        } else {
            (month - 9, 1)
        };
        let year = u16::try_from(cycle * 400 + year + carry).ok()?;
        Self::new(year, month as u8, day as u8)
    }

    /// The first such weekday from this day on.
    pub(crate) fn weekday_from(self, weekday: Weekday) -> Option<Self> {
        self.plus_days(weekday.days_since(self.weekday()))
    }

    /// The day of the week that contains this one, counted from the week's first day.
    pub(crate) fn in_week(self, weeks: u32, weekday: Weekday, first: Weekday) -> Option<Self> {
        let start = self.number() - self.weekday().days_since(first) as i32;
        let days = i32::try_from(weeks).ok()?.checked_mul(7)? + weekday.days_since(first) as i32;
        Self::from_number(start.checked_add(days)?)
    }

    /// The next such day of the year from this one on; for 29 February that may take eight years.
    pub(crate) fn next_year_day(self, month: u8, day: u8) -> Option<Self> {
        (self.year..self.year + 9)
            .filter_map(|year| Self::new(year, month, day))
            .find(|date| *date >= self)
    }

    /// The next such day of the month from this one on, passing over months that are too short.
    pub(crate) fn next_month_day(self, day: u8) -> Option<Self> {
        (0..3)
            .filter_map(|months| {
                let month = self.start_of_month().plus_months(months)?;
                Self::new(month.year, month.month, day)
            })
            .find(|date| *date >= self)
    }

    /// The nth such weekday of this day's month, or the last one for −1.
    pub(crate) fn nth_weekday(self, nth: i8, weekday: Weekday) -> Option<Self> {
        if nth < 0 {
            let last = self.end_of_month();
            let back = last.weekday().days_since(weekday) as u8;
            return Self::new(self.year, self.month, last.day - back);
        }
        let first = self.start_of_month().weekday_from(weekday)?;
        let day = first.day + 7 * (u8::try_from(nth).ok()?.checked_sub(1)?);
        Self::new(self.year, self.month, day)
    }
}

fn days_in(year: u16, month: u8) -> u8 {
    let leap = (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// Not a day of the calendar, or not written as `2026-11-24`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateError;

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a date: write it as 2026-11-24")
    }
}

impl std::error::Error for DateError {}

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let bytes = text.as_bytes();
        let number = |range: std::ops::Range<usize>| {
            bytes.get(range)?.iter().try_fold(0_u16, |number, byte| {
                byte.is_ascii_digit()
                    .then(|| number * 10 + u16::from(byte - b'0'))
            })
        };
        let dashes = bytes.len() == 10 && bytes[4] == b'-' && bytes[7] == b'-';
        let read = || Self::new(number(0..4)?, number(5..7)? as u8, number(8..10)? as u8);
        dashes.then(read).flatten().ok_or(DateError)
    }
}

/// A day of the week; which one begins the week is the locale's business.
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

    /// How many days this weekday comes after another.
    pub(crate) fn days_since(self, other: Self) -> u32 {
        (self as u32 + 7 - other as u32) % 7
    }

    /// As a recurrence rule writes it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Monday => "MO",
            Self::Tuesday => "TU",
            Self::Wednesday => "WE",
            Self::Thursday => "TH",
            Self::Friday => "FR",
            Self::Saturday => "SA",
            Self::Sunday => "SU",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_four_centuries_follows_the_one_before() {
        let mut date = Date::new(1899, 12, 31).unwrap();
        assert_eq!(date.weekday(), Weekday::Sunday);
        while date.year() < 2300 {
            let next = date.plus_days(1).unwrap();
            let expected = Date::new(date.year, date.month, date.day + 1)
                .or_else(|| Date::new(date.year, date.month + 1, 1))
                .or_else(|| Date::new(date.year + 1, 1, 1));
            assert_eq!(Some(next), expected);
            assert_eq!(next.weekday().days_since(date.weekday()), 1);
            assert_eq!(next.to_string().parse(), Ok(next));
            date = next;
        }
    }

    #[test]
    fn the_ends_of_the_calendar() {
        let last = Date::new(9999, 12, 31).unwrap();
        assert_eq!(last.plus_days(1), None);
        assert_eq!(last.plus_months(1), None);
        assert_eq!(last.plus_days(u32::MAX), None);
        assert_eq!(last.plus_months(u32::MAX), None);
        assert_eq!(last.next_year_day(1, 1), None);
        assert_eq!(
            Date::new(1, 1, 1)
                .unwrap()
                .in_week(0, Weekday::Monday, Weekday::Monday),
            Date::new(1, 1, 1)
        );
        assert_eq!(
            Date::new(1, 1, 1)
                .unwrap()
                .in_week(0, Weekday::Sunday, Weekday::Sunday),
            None
        );
    }

    #[test]
    fn months_and_weeks() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(day("2027-01-31").plus_months(1), Some(day("2027-02-28")));
        assert_eq!(day("2028-01-31").plus_months(1), Some(day("2028-02-29")));
        assert_eq!(day("2026-11-25").plus_months(14), Some(day("2028-01-25")));
        assert_eq!(day("2097-03-01").next_year_day(2, 29), Some(day("2104-02-29")));
        assert_eq!(day("2026-02-10").next_month_day(31), Some(day("2026-03-31")));
        let nth = |nth, weekday| day("2026-11-25").nth_weekday(nth, weekday);
        assert_eq!(nth(1, Weekday::Sunday), Some(day("2026-11-01")));
        assert_eq!(nth(5, Weekday::Sunday), Some(day("2026-11-29")));
        assert_eq!(nth(5, Weekday::Tuesday), None);
        assert_eq!(nth(-1, Weekday::Monday), Some(day("2026-11-30")));
        assert_eq!(nth(-1, Weekday::Sunday), Some(day("2026-11-29")));
    }
}
