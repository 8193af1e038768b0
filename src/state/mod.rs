//! What the screen shows, and the one place that writes it.

pub mod model;
pub mod screen;
pub mod store;
