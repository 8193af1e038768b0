//! The address for which a request counts, for endpoints that ask for it.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Extension, FromRequestParts};
use axum::http::request::Parts;
use tokio::time::Instant;

use super::error::{ApiCode, ApiError};
use super::forward::{PassedOn, passed_on};
use crate::app::App;
use crate::connection::Connection;
use crate::proxies::{is_forwarded, network};
use crate::seldom::Seldom;

static UNTRUSTED: Seldom = Seldom::new();
static UNREADABLE: Seldom = Seldom::new();

/// An IPv4 address, or the network of an IPv6 one.
pub(crate) struct Address(pub(crate) IpAddr);

impl FromRequestParts<Arc<App>> for Address {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let connection = Extension::<Arc<Connection>>::from_request_parts(parts, app).await;
        let Ok(Extension(connection)) = connection else {
            return Err(ApiError::new(ApiCode::Internal, "the connection is not known"));
        };
        if let PassedOn::From(address) = passed_on(app, &parts.headers) {
            return Ok(Self(network(address)));
        }
        let (peer, proxies) = (connection.peer.ip(), &app.config.trusted_proxies);
        let address = proxies.asked_from(peer, &parts.headers);
        let is_trusted = proxies.contains(peer);
        if is_trusted && address == peer.to_canonical() {
            if let Some(count) = UNREADABLE.count(Instant::now()) {
                tracing::warn!(%peer, count, "a trusted proxy sends no X-Forwarded-For that can be read: its requests count as its own");
            }
        } else if !is_trusted
            && is_forwarded(&parts.headers)
            && let Some(count) = UNTRUSTED.count(Instant::now())
        {
            tracing::warn!(%peer, count, "X-Forwarded-For of an address that is not among trusted_proxies is not believed");
        }
        Ok(Self(network(address)))
    }
}
