//! The browser client of Tsugi.

pub mod app;
pub mod browser;
pub mod components;
pub mod routes;
pub mod signals;
pub mod tab;
