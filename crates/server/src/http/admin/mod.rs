//! `/admin`: a page for the person who runs the server, and the JSON behind it. It only shows; nothing can be changed by it.
//!
//! Invariants: page, style, script and JSON are given to the same people as `/metrics`; from a browser the token is a
//! password. Nothing in them is a secret, a text that a user typed, or a whole address.

mod diagnostics;
mod series;
mod status;

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};

use super::error::{ApiCode, ApiError};
use super::monitor::may_browse;
use crate::app::App;
use crate::connection::Connection;

const PAGE: &str = include_str!("page.html");
const SCRIPT: &str = include_str!("page.js");
const STYLE: &str = concat!(
    include_str!("../../../../../style/tokens.css"),
    include_str!("page.css")
);
/// The token is the password; the name can be any.
const ASK: HeaderValue = HeaderValue::from_static("Basic realm=\"Tsugi\", charset=\"UTF-8\"");

/// Lets only those in who may see the numbers. A browser is asked for the token, if there is one.
pub(crate) async fn guard(
    State(app): State<Arc<App>>,
    Extension(connection): Extension<Arc<Connection>>,
    request: Request,
    next: Next,
) -> Response {
    if may_browse(&app, &connection, request.headers()) {
        return next.run(request).await;
    }
    let mut answer = ApiError::new(ApiCode::NotFound, "there is nothing here").into_response();
    if app.config.metrics_token.is_some() {
        *answer.status_mut() = StatusCode::UNAUTHORIZED;
        answer.headers_mut().insert(header::WWW_AUTHENTICATE, ASK);
    }
    answer
}

pub(crate) async fn page() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], PAGE)
}

pub(crate) async fn script() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], SCRIPT)
}

pub(crate) async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE)
}

pub(crate) async fn status(State(app): State<Arc<App>>) -> impl IntoResponse {
    Json(status::of(&app).await)
}
