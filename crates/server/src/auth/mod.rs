//! Accounts and sign-ins. A short access token proves who; a refresh token, in a cookie that scripts cannot read, is
//! used once and gives the next.

mod access_token;
pub(crate) mod accounts;
mod cookie;
mod crypto;
mod email;
mod password;
pub(crate) mod refresh;
pub(crate) mod sign_in;
pub(crate) mod sign_out;
mod signed_in;

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Extension, FromRequestParts};
use axum::http::request::Parts;

pub(crate) use access_token::{AccessTokens, Claims};
pub(crate) use password::Passwords;

use crate::http::error::{ApiCode, ApiError};
use crate::serve::Connection;

/// Who asks, as far as limits of rates go: an IPv4 address, or the network of an IPv6 one.
pub(crate) struct Address(pub(crate) IpAddr);

impl<S: Send + Sync> FromRequestParts<S> for Address {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let connection = Extension::<Arc<Connection>>::from_request_parts(parts, state).await;
        let Ok(Extension(connection)) = connection else {
            return Err(ApiError::new(ApiCode::Internal, "the connection is not known"));
        };
        Ok(Self(match connection.peer.ip().to_canonical() {
            IpAddr::V4(address) => IpAddr::V4(address),
            // Whoever has one address of a /64 has them all.
            IpAddr::V6(address) => IpAddr::V6((u128::from(address) >> 64 << 64).into()),
        }))
    }
}
