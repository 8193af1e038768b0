//! A line of the access log for each request, the counts of requests, and the time a request may take.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::HttpBody;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::time::timeout;
use tsugi_sync::limits;
use tsugi_sync::protocol::SYNC_PATH;

use super::error::{ApiCode, ApiError};
use crate::access::{self, Shown};
use crate::app::App;
use crate::connection::Connection;
use crate::metrics;

pub(crate) async fn log(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let matched = request.extensions().get::<MatchedPath>();
    let route = matched.map_or_else(|| "files".to_owned(), |path| path.as_str().to_owned());
    let method = known(request.method());
    let connection = request.extensions().get::<Arc<Connection>>();
    let number = connection.map(|connection| connection.number);
    let address = connection.map(|connection| Shown {
        address: app
            .config
            .trusted_proxies
            .asked_from(connection.peer.ip(), request.headers()),
        is_whole: app.config.access_log_addresses,
    });
    let bytes_in = length(request.headers());
    let response = next.run(request).await;
    let (status, took) = (response.status().as_u16(), started.elapsed());
    access::request(&access::Request {
        connection: number,
        address,
        method,
        route: &route,
        status,
        code: response.extensions().get::<ApiCode>().map(|code| code.as_str()),
        bytes_in,
        bytes_out: length(response.headers()).or_else(|| response.body().size_hint().exact()),
        took,
    });
    metrics::http(route, method, status, took);
    response
}

fn length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
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
