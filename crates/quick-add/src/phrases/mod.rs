//! The phrases of both grammars, by themselves: what they say, and how sure that is. What stands around a phrase is not
//! looked at here.

pub(crate) mod english;
pub(crate) mod japanese;
