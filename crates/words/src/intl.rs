//! A port to the rules by which texts are compared, and by which the people of each language write plurals, numbers and dates.

use std::cell::Cell;

use tsugi_calendar::Date;
use tsugi_sync::ids::Timestamp;

/// The plural categories of all languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plural {
    Zero,
    One,
    Two,
    Few,
    Many,
    Other,
}

/// The unit of an elapsed time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Minute,
    Hour,
    Day,
}

/// How much of a date is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateStyle {
    /// "Friday"
    Weekday,
    /// "Mar 18"
    Day,
    /// "Mar 18, 2027"
    DayAndYear,
    /// "Fri, Mar 18"
    LongDay,
    /// "Fri, Mar 18, 2027"
    FullDay,
    /// "March"
    Month,
    /// "March 2027"
    MonthOfYear,
}

/// Writes numbers, dates and times as people of a language do. `language` is a tag such as `ja`.
pub trait Intl {
    /// The category that a count falls into.
    fn plural(&self, language: &'static str, count: usize) -> Plural;
    /// A number with its separators.
    fn number(&self, language: &'static str, number: usize) -> String;
    /// "2 hours ago".
    fn before_now(&self, language: &'static str, count: u64, unit: Unit) -> String;
    fn date(&self, language: &'static str, date: Date, style: DateStyle) -> String;
    /// A time of day: "3:00 PM".
    fn time(&self, language: &'static str, hour: u8, minute: u8) -> String;
    /// A moment in the zone of the device: date and time, short.
    fn moment(&self, language: &'static str, at: Timestamp) -> String;
    /// The name of the device's time zone: `Asia/Tokyo`.
    fn zone(&self) -> String;
    /// The minutes by which the clocks of a zone are ahead of UTC, this many minutes after 1970 began in UTC. None if the
    /// zone is not known.
    fn ahead_of_utc(&self, zone: &str, minute: i64) -> Option<i32>;
    /// The compatibility decomposition of Unicode (NFKD): "é" becomes "e" and an accent.
    fn decompose(&self, text: &str) -> String;
    /// The canonical composition of Unicode (NFC).
    fn compose(&self, text: &str) -> String;
}

thread_local! {
    static PORT: Cell<Option<&'static dyn Intl>> = const { Cell::new(None) };
}

/// Uses this port from now on.
pub fn install(port: &'static dyn Intl) {
    PORT.set(Some(port));
}

/// Asks the port. Without one, a native program uses [`crate::plain::Plain`], and a browser gets the default of `T`.
pub(crate) fn ask<T: Default>(question: impl FnOnce(&dyn Intl) -> T) -> T {
    #[cfg(not(target_arch = "wasm32"))]
    let port = PORT.get().or(Some(&crate::plain::Plain { zone: "UTC" }));
    #[cfg(target_arch = "wasm32")]
    let port = PORT.get();
    port.map_or_else(T::default, question)
}
