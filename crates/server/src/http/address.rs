//! Who asks, as far as limits of rates go.
//!
//! A connection from this machine is a proxy's, or its own user's. A proxy adds the address it was asked from to the
//! end of `X-Forwarded-For`, and nobody from outside reaches the loopback interface without it: so there, and only
//! there, the last entry is believed. Without one, nothing is known and no limit by address holds.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Extension, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;

use crate::connection::Connection;
use crate::http::error::{ApiCode, ApiError};

/// An IPv4 address, or the network of an IPv6 one; none when it is not known.
pub(crate) struct Address(pub(crate) Option<IpAddr>);

impl<S: Send + Sync> FromRequestParts<S> for Address {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let connection = Extension::<Arc<Connection>>::from_request_parts(parts, state).await;
        let Ok(Extension(connection)) = connection else {
            return Err(ApiError::new(ApiCode::Internal, "the connection is not known"));
        };
        Ok(Self(
            asked_from(connection.peer.ip(), &parts.headers).map(network),
        ))
    }
}

fn asked_from(peer: IpAddr, headers: &HeaderMap) -> Option<IpAddr> {
    let peer = peer.to_canonical();
    if !peer.is_loopback() {
        return Some(peer);
    }
    let line = headers
        .get_all("x-forwarded-for")
        .iter()
        .next_back()?
        .to_str()
        .ok()?;
    line.rsplit(',').next()?.trim().parse().ok()
}

fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        // Whoever has one address of a /64 has them all.
        IpAddr::V6(address) => IpAddr::V6((u128::from(address) >> 64 << 64).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_machine_itself_may_speak_for_others() {
        let mut headers = HeaderMap::new();
        let (loopback, outside): (IpAddr, IpAddr) = ([127, 0, 0, 1].into(), [192, 0, 2, 1].into());
        assert_eq!(asked_from(loopback, &headers), None);
        headers.append("x-forwarded-for", "203.0.113.9, 198.51.100.1".parse().unwrap());
        assert_eq!(asked_from(loopback, &headers), Some([198, 51, 100, 1].into()));
        assert_eq!(asked_from(outside, &headers), Some(outside));
        headers.append("x-forwarded-for", "198.51.100.2".parse().unwrap());
        assert_eq!(asked_from(loopback, &headers), Some([198, 51, 100, 2].into()));
    }

    #[test]
    fn a_network_is_one_asker() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8::1"), of("2001:db8::2"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
    }
}
