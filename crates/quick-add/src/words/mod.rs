//! The words of both grammars, and what is written in digits.

pub(crate) mod english;
pub(crate) mod japanese;
pub(crate) mod numeric;
