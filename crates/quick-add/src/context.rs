//! The day, the time and the habits of the person, which decide what a phrase means. The crate has no clock and no
//! locale of its own.

use tsugi_calendar::{Date, Time, Weekday};

/// Where and when the person is typing.
///
/// ```
/// use tsugi_calendar::{Date, Time, Weekday};
/// use tsugi_quick_add::{Context, DateOrder};
/// let context = Context {
///     today: Date::new(2026, 11, 25).unwrap(),
///     now: Time::new(10, 0).unwrap(),
///     week_starts: Weekday::Monday,
///     date_order: DateOrder::MonthFirst,
/// };
/// # let _ = context;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context {
    /// Today, on the person's calendar.
    pub today: Date,
    /// The time on the person's clock.
    pub now: Time,
    /// The first day of the person's week. It decides which days `next friday` and 来週火曜 are.
    pub week_starts: Weekday,
    /// How the person reads `4/5`.
    pub date_order: DateOrder,
}

/// The order of month and day in a date written with strokes and without a leading year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrder {
    /// `11/27`, as in the United States and Japan.
    MonthFirst,
    /// `27/11`, as in most of Europe.
    DayFirst,
}
