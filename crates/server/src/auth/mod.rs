//! Accounts and sign-ins. A short-lived access token proves who the user is. A refresh token, in a cookie that
//! scripts cannot read, is used once and gives the next one.

mod access_token;
mod crypto;
pub(crate) mod email;
pub(crate) mod known_device;
pub(crate) mod password;
pub(crate) mod password_rules;
mod signing_keys;
mod verified;

pub(crate) use access_token::{AccessTokens, Claims};
pub(crate) use known_device::KnownDevice;
pub(crate) use password::Passwords;
pub(crate) use signing_keys::PublicKey;
