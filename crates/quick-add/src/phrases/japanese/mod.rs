//! Phrases in Japanese. There are no spaces between words, so each phrase says what may follow it.

pub(crate) mod clock;
pub(crate) mod day;
pub(crate) mod repeat;
