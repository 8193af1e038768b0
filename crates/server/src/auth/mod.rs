//! Accounts and sign-ins. A short access token proves who; a refresh token, in a cookie that scripts cannot read, is
//! used once and gives the next.

mod access_token;
pub(crate) mod accounts;
mod address;
mod cookie;
mod crypto;
mod email;
mod password;
pub(crate) mod refresh;
pub(crate) mod sign_in;
pub(crate) mod sign_out;
mod signed_in;

pub(crate) use access_token::{AccessTokens, Claims};
pub(crate) use address::Address;
pub(crate) use password::Passwords;
