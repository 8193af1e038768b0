//! The HTTP endpoints, and what they share.

pub(crate) mod access;
pub(crate) mod account;
pub(crate) mod address;
pub(crate) mod admin;
pub(crate) mod body;
pub mod error;
pub(crate) mod files;
pub(crate) mod forward;
pub(crate) mod headers;
pub(crate) mod health;
pub(crate) mod keys;
mod monitor;
pub(crate) mod not_found;
pub(crate) mod openapi;
pub(crate) mod origin;
pub(crate) mod poll;
pub(crate) mod sync;
pub(crate) mod tls_only;
