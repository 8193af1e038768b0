//! The signals of the screen. Nothing outside this module writes them.
//!
//! [`arrival`] says whether a part of the app is there. [`front`] has the signals of the account screen, which are there first. [`screen`] writes the state of a tab into [`store`], and [`window`] has the types for the part of a list that is in
//! sight.

pub mod arrival;
pub mod front;
pub mod screen;
pub mod store;
pub mod window;
