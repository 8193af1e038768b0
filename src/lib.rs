//! The browser client of Tsugi.

pub mod components;
pub mod intent;
pub mod routes;
pub mod state;
