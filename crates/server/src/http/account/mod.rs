//! `POST /api/v1/accounts` and everything under `/api/v1/session`: accounts, and who is signed in.

mod cookie;
pub(crate) mod create;
pub(crate) mod refresh;
pub(crate) mod sign_in;
pub(crate) mod sign_out;
mod signed_in;
