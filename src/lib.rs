//! The browser client of Tsugi.

pub mod app;
pub mod browser;
pub mod components;
pub mod handover;
pub mod lab;
mod parts;
pub mod rest;
pub mod routes;
pub mod shell;
pub mod signals;
pub mod tab;
