//! Phrases in English.

pub(crate) mod clock;
pub(crate) mod day;
pub(crate) mod limit;
pub(crate) mod repeat;
