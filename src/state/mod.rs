//! The signals of the screen, and what stands behind them: every task on its shelf, in its order.
//!
//! [`shelves`], [`sorted`], [`search`] and [`gestures`] are plain values; [`screen`] turns what a tab holds into what
//! stands in [`store`], the only writer of signals.

pub mod catalog;
pub mod detail;
pub mod gestures;
pub mod keys;
pub mod listing;
pub mod model;
pub mod screen;
pub mod search;
pub mod settings;
pub mod shelves;
pub mod sorted;
pub mod store;
