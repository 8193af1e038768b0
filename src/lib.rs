//! The browser client of Tsugi.

pub mod app;
pub mod browser;
pub mod components;
pub mod intent;
pub mod phrases;
pub mod routes;
pub mod state;
pub mod sync;
