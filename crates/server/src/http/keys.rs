//! `GET /.well-known/jwks.json`: the public keys with which others can check access tokens (RFC 7517).

use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use serde::Serialize;

use super::error::{ApiCode, ApiError};
use crate::app::App;
use crate::auth::PublicKey;

/// Ten minutes. A key is published for days before it signs.
const CACHE: &str = "public, max-age=600";

#[derive(Serialize)]
struct KeySet {
    keys: Vec<PublicKey>,
}

pub(crate) async fn published(State(app): State<Arc<App>>) -> Result<impl IntoResponse, ApiError> {
    let keys = app.tokens.published(app.clock.now());
    let body = serde_json::to_string(&KeySet { keys })
        .map_err(|_| ApiError::new(ApiCode::Internal, "the server could not do it"))?;
    let headers = [
        (header::CONTENT_TYPE, "application/jwk-set+json"),
        (header::CACHE_CONTROL, CACHE),
    ];
    Ok((headers, body))
}
