//! Requests over plain HTTP are refused, unless they come from this machine.
//!
//! Over plain HTTP, everybody on the way reads passwords, tokens and tasks, and can change them. So a request is let in if
//! one of these holds:
//!
//! | the request | why |
//! |---|---|
//! | came over this server's own TLS | |
//! | came from a trusted proxy that says `X-Forwarded-Proto: https` | the proxy ended TLS |
//! | came from a trusted proxy that says nothing, and `--https` is set | the person who runs the server says it |
//! | was made on this machine | nobody is on the way |
//! | any, and `--insecure-http` is set | the network is a closed one |
//! | was passed on by another instance, which proves it | instances share a network of their own |
//! | asks for `/healthz` or `/readyz` | there is nothing in it |
//!
//! A header counts only if a trusted proxy sent it.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::time::Instant;

use super::error::{ApiCode, ApiError};
use super::forward::{PassedOn, passed_on};
use crate::app::App;
use crate::connection::Connection;
use crate::proxies::Proto;
use crate::seldom::Seldom;

static REFUSED: Seldom = Seldom::new();

pub(crate) async fn guard(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let for_monitors = path == "/healthz" || path == "/readyz";
    if for_monitors || is_allowed(&app, &request) {
        return next.run(request).await;
    }
    let peer = request
        .extensions()
        .get::<Arc<Connection>>()
        .map(|connection| connection.peer);
    if let (Some(count), Some(peer)) = (REFUSED.count(Instant::now()), peer) {
        tracing::warn!(%peer, count, "plain HTTP from outside this machine is refused: see --tls-cert, --trusted-proxies and --insecure-http");
    }
    ApiError::new(
        ApiCode::TlsRequired,
        "this server is reached over https only; plain HTTP from another machine is refused",
    )
    .into_response()
}

/// Whether the request surely came over TLS as far as anybody could be on the way.
pub(super) fn is_over_tls(app: &App, request: &Request) -> bool {
    let connection = request.extensions().get::<Arc<Connection>>();
    app.tls.is_some()
        || connection.is_some_and(|connection| {
            app.config
                .trusted_proxies
                .proto(connection.peer.ip(), request.headers())
                == Proto::Https
        })
}

fn is_allowed(app: &App, request: &Request) -> bool {
    let Some(connection) = request.extensions().get::<Arc<Connection>>() else {
        return false;
    };
    app.tls.is_some()
        || app.config.insecure_http
        || is_safe(app, connection, request.headers())
        || matches!(passed_on(app, request.headers()), PassedOn::From(_))
}

fn is_safe(app: &App, connection: &Connection, headers: &HeaderMap) -> bool {
    let (peer, proxies) = (connection.peer.ip(), &app.config.trusted_proxies);
    match proxies.proto(peer, headers) {
        Proto::Https => true,
        Proto::Unsaid if app.config.https && proxies.contains(peer) => true,
        Proto::Unsaid | Proto::Http => proxies.asked_from(peer, headers).is_loopback(),
    }
}
