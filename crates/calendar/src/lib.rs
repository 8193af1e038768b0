//! The one calendar of Tsugi: days, weekdays, times of day, and the rules by which something comes again.
//!
//! Pure: no clock, no time zone rules, no locale. Text is parsed once, at the edge; what is a [`date::Date`] or a
//! [`rule::Rule`] is valid.

pub mod date;
pub mod limits;
pub mod rule;
