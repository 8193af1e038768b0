//! The one calendar of Tsugi: days, weekdays, times of day, and the rules by which a task recurs.
//!
//! It is pure: no clock, no time zone rules, no locale. A text is parsed once, at the edge, so every [`Date`],
//! [`Time`], [`Due`] and [`Rule`] is valid.
//!
//! ```
//! use tsugi_calendar::{Date, Rule, Weekday};
//!
//! let date: Date = "2026-11-25".parse().unwrap();
//! assert_eq!(date.weekday(), Weekday::Wednesday);
//! let rule: Rule = "FREQ=MONTHLY;BYMONTHDAY=-1".parse().unwrap();
//! assert_eq!(rule.first_day(date).unwrap().to_string(), "2026-11-30");
//! ```

pub mod date;
pub mod due;
pub mod limits;
pub mod rule;
mod steps;
pub mod time;
pub mod weekday;

pub use date::{Date, DateError};
pub use due::Due;
pub use rule::Rule;
pub use time::Time;
pub use weekday::Weekday;
