//! For monitors: whether the process is up, whether it should get traffic, and its measurements.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;

use super::error::{ApiCode, ApiError};
use super::monitor::may_see;
use crate::app::App;
use crate::connection::Connection;
use crate::ready::NotReady;

pub(crate) async fn alive() -> &'static str {
    "ok\n"
}

pub(crate) async fn ready(State(app): State<Arc<App>>) -> Result<&'static str, ApiError> {
    match app.is_ready().await {
        Ok(()) => Ok("ready\n"),
        Err(NotReady::Draining) => Err(ApiError::new(ApiCode::Draining, "the server is going away")),
        Err(NotReady::Full) => Err(not_ready("the store cannot be written to: the disk may be full")),
        Err(NotReady::Silent) => Err(not_ready("the store does not answer")),
    }
}

fn not_ready(why: &str) -> ApiError {
    ApiError::new(ApiCode::NotReady, why)
}

pub(crate) async fn metrics(
    State(app): State<Arc<App>>,
    Extension(connection): Extension<Arc<Connection>>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, ApiError> {
    if !may_see(&app, &connection, &headers) {
        return Err(ApiError::new(ApiCode::NotFound, "there is nothing here"));
    }
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind)], app.measure().await))
}
