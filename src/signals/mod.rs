//! The signals of the screen. Nothing outside this module writes them.
//!
//! [`screen`] writes the state of a tab into [`store`], and [`window`] has the types for the part of a list that is in
//! sight.

pub mod screen;
pub mod store;
pub mod window;
