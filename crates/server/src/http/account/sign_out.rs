//! `DELETE /api/v1/session`: signing out. It also succeeds if nobody is signed in.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::cookie;
use crate::app::App;
use crate::http::error::ApiError;
use crate::metrics;

pub(crate) async fn delete(State(app): State<Arc<App>>, headers: HeaderMap) -> Result<Response, ApiError> {
    if let Some(token) = cookie::refresh_token(&headers)
        && let Some((user, sign_in)) = app.store.sign_out(token.hash(), app.clock.now()).await?
    {
        metrics::sign_in("signed_out");
        tracing::info!(%user, %sign_in, "signed out");
        app.events.signed_out(user, sign_in);
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    let cookies = cookie::Writer {
        headers: &headers,
        is_https: app.is_https(),
    };
    if let Some(cookie) = cookies.no_refresh_token() {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
