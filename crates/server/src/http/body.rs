//! JSON bodies: bounded, declared as JSON, and with errors of our own kind.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde::de::DeserializeOwned;

use super::error::{ApiCode, ApiError};

pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let declared = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        let kind = declared
            .and_then(|text| text.split(';').next())
            .unwrap_or_default();
        if !kind.trim().eq_ignore_ascii_case("application/json") {
            return Err(ApiError::new(
                ApiCode::Invalid,
                "the body must be application/json",
            ));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
            match rejection.into_response().status() {
                StatusCode::PAYLOAD_TOO_LARGE => ApiError::new(ApiCode::TooLarge, "the body is too large"),
                _ => ApiError::new(ApiCode::Invalid, "the body did not arrive whole"),
            }
        })?;
        let value = serde_json::from_slice(&bytes);
        // The answer names the place and not the text, because the text may be a password.
        value.map(Self).map_err(|error| {
            let place = format!("line {}, column {}", error.line(), error.column());
            ApiError::new(
                ApiCode::Invalid,
                format!("the body is not what is expected, at {place}"),
            )
        })
    }
}
