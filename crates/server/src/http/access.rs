//! The access log, the counts of requests, and the time a request may take.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::time::timeout;
use tsugi_sync::limits;
use tsugi_sync::protocol::SYNC_PATH;

use super::error::{ApiCode, ApiError};
use crate::app::App;
use crate::connection::Connection;
use crate::metrics;

pub(crate) async fn log(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let matched = request.extensions().get::<MatchedPath>();
    let route = matched.map_or_else(|| "files".to_owned(), |path| path.as_str().to_owned());
    let method = known(request.method());
    let peer = request
        .extensions()
        .get::<Arc<Connection>>()
        .map(|connection| connection.peer);
    let response = next.run(request).await;
    let (status, took) = (response.status().as_u16(), started.elapsed());
    tracing::info!(
        peer = peer.map(tracing::field::display),
        method,
        route,
        status,
        milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        "request"
    );
    metrics::http(route, method, status, took);
    response
}

/// Methods as a closed set, because a client must not be able to invent labels.
fn known(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

/// Answers a request that takes too long, most likely because its body comes byte by byte. A request that listens
/// is held on purpose.
pub(crate) async fn deadline(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let held = match request.uri().path() {
        SYNC_PATH => Duration::from_millis(limits::LISTEN_MS),
        _ => Duration::ZERO,
    };
    match timeout(app.config.limits.request_deadline + held, next.run(request)).await {
        Ok(response) => response,
        Err(_) => ApiError::new(ApiCode::TimedOut, "the request took too long").into_response(),
    }
}
