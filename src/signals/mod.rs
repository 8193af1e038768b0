//! The signals of the screen, and their only writer.
//!
//! [`screen`] turns what a tab holds into what stands in [`store`]; [`window`] is the part of a list that is in sight.

pub mod screen;
pub mod store;
pub mod window;
