//! The browser client of Tsugi.

pub mod app;
pub mod browser;
pub mod components;
pub mod intent;
pub mod phrases;
pub mod place;
pub mod routes;
pub mod shortcuts;
pub mod state;
pub mod sync;
