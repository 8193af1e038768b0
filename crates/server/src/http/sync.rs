//! `GET /api/v1/sync`: from a request to a session.

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::extract::rejection::ExtensionRejection;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::response::Response;
use tsugi_sync::limits;

use super::address::Address;
use super::error::{ApiCode, ApiError};
use crate::app::App;
use crate::connection::Connection;
use crate::metrics;
use crate::places::Full;
use crate::session;

/// Nearly all memory of an idle socket is its buffers.
const READ_BUFFER: usize = 4 * 1024;
const WRITE_BUFFER: usize = 4 * 1024;
/// Frames a little above the limit are read, so that the answer is an `error` and not a reset.
pub(crate) const SLACK: usize = 64 * 1024;

pub(crate) async fn upgrade(
    State(app): State<Arc<App>>,
    connection: Result<Extension<Arc<Connection>>, ExtensionRejection>,
    Address(address): Address,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, ApiError> {
    let upgrade = upgrade.map_err(|_| ApiError::new(ApiCode::Invalid, "this endpoint speaks WebSocket"))?;
    let Ok(Extension(connection)) = connection else {
        return Err(ApiError::new(ApiCode::Internal, "the connection is not known"));
    };
    if *app.drain.borrow() {
        metrics::turned_away("draining");
        return Err(ApiError::new(ApiCode::Draining, "the server is going away"));
    }
    // A connection that a proxy passes on is counted by the address it was asked from, as soon as it stays.
    let place = match connection.place.address {
        Some(counted) if counted == address => None,
        Some(_) | None => Some(app.places.join(address).map_err(|Full| too_many_of_address())?),
    };
    let upgrade = upgrade
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_write_buffer_size(2 * limits::FRAME_BYTES + WRITE_BUFFER)
        .max_message_size(limits::FRAME_BYTES + SLACK)
        .max_frame_size(limits::FRAME_BYTES + SLACK)
        .on_failed_upgrade(|error| tracing::debug!(%error, "an upgrade failed"));
    Ok(upgrade.on_upgrade(move |socket| async move {
        session::run(socket, app, connection).await;
        drop(place);
    }))
}

pub(super) fn too_many_of_address() -> ApiError {
    metrics::turned_away("too_many_of_address");
    let wait = Duration::from_secs(10);
    ApiError::retry(ApiCode::RateLimited, "too many connections of this address", wait)
}
