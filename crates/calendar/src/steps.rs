//! From one day to another by months, weeks and weekdays. The answer is none beyond the year 9999.

use crate::date::{Date, days_in};
use crate::weekday::Weekday;

impl Date {
    /// The same day of the month, this number of months later: 15 March plus 2 is 15 May. In a month that is too short,
    /// the last day: 31 January plus 1 is 28 February.
    #[must_use]
    pub fn plus_months(self, months: u32) -> Option<Self> {
        let count = self.months().checked_add(months)?;
        let year = u16::try_from(count / 12).ok()?;
        let month = (count % 12 + 1) as u8;
        Self::new(year, month, self.day().min(days_in(year, month)))
    }

    #[must_use]
    pub fn start_of_month(self) -> Self {
        self.of_same_month(1).unwrap_or(self)
    }

    #[must_use]
    pub fn end_of_month(self) -> Self {
        self.of_same_month(days_in(self.year(), self.month()))
            .unwrap_or(self)
    }

    fn of_same_month(self, day: u8) -> Option<Self> {
        Self::new(self.year(), self.month(), day)
    }

    /// The first day from this one on that is this weekday.
    #[must_use]
    pub fn weekday_from(self, weekday: Weekday) -> Option<Self> {
        self.plus(i32::from(weekday.days_since(self.weekday())))
    }

    /// A weekday of a later week: `weeks` weeks after the one that contains this day. `first` is the day on which weeks
    /// begin.
    #[must_use]
    pub fn in_week(self, weeks: u32, weekday: Weekday, first: Weekday) -> Option<Self> {
        let start = self.number() - i32::from(self.weekday().days_since(first));
        let days = i32::try_from(weeks).ok()?.checked_mul(7)?;
        Self::from_number(start.checked_add(days)? + i32::from(weekday.days_since(first)))
    }

    /// The first day from this one on with this month and day of the month. For 29 February that may take eight
    /// years.
    #[must_use]
    pub fn next_year_day(self, month: u8, day: u8) -> Option<Self> {
        (self.year()..=self.year() + 8)
            .filter_map(|year| Self::new(year, month, day))
            .find(|date| *date >= self)
    }

    /// The first day from this one on with this day of the month. Months that are too short are skipped.
    #[must_use]
    pub fn next_month_day(self, day: u8) -> Option<Self> {
        (0..3)
            .filter_map(|months| self.start_of_month().plus_months(months)?.of_same_month(day))
            .find(|date| *date >= self)
    }

    /// The nth such weekday of this day's month, or the last one for −1.
    #[must_use]
    pub fn nth_weekday(self, nth: i8, weekday: Weekday) -> Option<Self> {
        if nth < 0 {
            let last = self.end_of_month();
            return self.of_same_month(last.day() - last.weekday().days_since(weekday));
        }
        let first = self.start_of_month().weekday_from(weekday)?;
        let weeks = u8::try_from(nth).ok()?.checked_sub(1)?;
        self.of_same_month(first.day().checked_add(weeks.checked_mul(7)?)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn months_and_weeks() {
        assert_eq!(day("2027-01-31").plus_months(1), Some(day("2027-02-28")));
        assert_eq!(day("2028-01-31").plus_months(1), Some(day("2028-02-29")));
        assert_eq!(day("2026-11-25").plus_months(14), Some(day("2028-01-25")));
        assert_eq!(day("2097-03-01").next_year_day(2, 29), Some(day("2104-02-29")));
        assert_eq!(day("2026-02-10").next_month_day(31), Some(day("2026-03-31")));
        let nth = |nth, weekday| day("2026-11-25").nth_weekday(nth, weekday);
        assert_eq!(nth(1, Weekday::Sunday), Some(day("2026-11-01")));
        assert_eq!(nth(5, Weekday::Sunday), Some(day("2026-11-29")));
        assert_eq!(nth(5, Weekday::Tuesday), None);
        assert_eq!(nth(0, Weekday::Tuesday), None);
        assert_eq!(nth(i8::MAX, Weekday::Tuesday), None);
        assert_eq!(nth(-1, Weekday::Monday), Some(day("2026-11-30")));
        assert_eq!(nth(-1, Weekday::Sunday), Some(day("2026-11-29")));
    }

    #[test]
    fn the_ends_of_the_calendar() {
        let (first, last) = (day("0000-01-01"), Date::LAST);
        assert_eq!(last.plus_months(1), None);
        assert_eq!(last.plus_months(u32::MAX), None);
        assert_eq!(last.next_year_day(1, 1), None);
        assert_eq!(last.next_month_day(1), None);
        assert_eq!(last.weekday_from(Weekday::Monday), None);
        assert_eq!(last.in_week(u32::MAX, Weekday::Monday, Weekday::Monday), None);
        // The first day of the year 0 is a Saturday, and the week before it cannot be written.
        assert_eq!(first.in_week(0, Weekday::Saturday, Weekday::Monday), Some(first));
        assert_eq!(first.in_week(0, Weekday::Friday, Weekday::Monday), None);
    }
}
