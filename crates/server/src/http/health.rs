//! For monitors: whether the process is up, whether it should get traffic, and its measurements.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;

use super::error::{ApiCode, ApiError};
use crate::app::App;
use crate::connection::Connection;
use crate::proxies::is_forwarded;

pub(crate) async fn alive() -> &'static str {
    "ok\n"
}

pub(crate) async fn ready(State(app): State<Arc<App>>) -> Result<&'static str, ApiError> {
    if app.leaving.has_begun() {
        return Err(ApiError::new(ApiCode::Draining, "the server is going away"));
    }
    let read = app.store.can_read().await;
    let written = app.store.can_write().await;
    match (read, written) {
        (Ok(()), Ok(true)) => Ok("ready\n"),
        (Ok(()), Ok(false)) => Err(not_ready("the store cannot be written to: the disk may be full")),
        (Err(error), _) | (_, Err(error)) => {
            tracing::error!(%error, "the store does not answer");
            Err(not_ready("the store does not answer"))
        }
    }
}

fn not_ready(why: &str) -> ApiError {
    ApiError::new(ApiCode::NotReady, why)
}

/// The numbers tell much about the users of a server and their times. So the metrics are given only to a request
/// with the token, if the server has one. Otherwise they are given only to a connection from this machine that does
/// not pass on another client's request.
pub(crate) async fn metrics(
    State(app): State<Arc<App>>,
    Extension(connection): Extension<Arc<Connection>>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, ApiError> {
    let may = match &app.config.metrics_token {
        Some(token) => bearer(&headers).is_some_and(|given| token.is(given)),
        None => connection.peer.ip().to_canonical().is_loopback() && !is_forwarded(&headers),
    };
    if !may {
        return Err(ApiError::new(ApiCode::NotFound, "there is nothing here"));
    }
    app.prometheus.run_upkeep();
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind)], app.prometheus.render()))
}

fn bearer(headers: &HeaderMap) -> Option<&[u8]> {
    let value = headers.get(header::AUTHORIZATION)?.as_bytes();
    let (scheme, token) = value.split_at_checked(7)?;
    scheme
        .eq_ignore_ascii_case(b"bearer ")
        .then(|| token.trim_ascii())
}
