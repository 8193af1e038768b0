//! Accounts and sign-ins. A short access token proves who; a refresh token, in a cookie that scripts cannot read, is
//! used once and gives the next.

mod access_token;
mod crypto;
pub(crate) mod email;
pub(crate) mod known_device;
pub(crate) mod password;
pub(crate) mod password_rules;

pub(crate) use access_token::{AccessTokens, Claims};
pub(crate) use known_device::KnownDevice;
pub(crate) use password::Passwords;
