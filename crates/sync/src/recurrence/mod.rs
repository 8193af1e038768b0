//! How a task comes again: the rules are the calendar's, and the instances that come of them are tasks.

pub mod instance;

pub use tsugi_calendar::rule::*;
