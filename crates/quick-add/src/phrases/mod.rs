//! The phrases of both grammars, each by itself: its meaning, and how sure that is. The words around a phrase are
//! not read here.

pub(crate) mod english;
pub(crate) mod japanese;
