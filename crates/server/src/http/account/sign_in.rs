//! `POST /api/v1/session`: signing in.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use tokio::time::Instant;

use super::cookie;
use super::signed_in::{SignedIn, busy, check_device, new_sign_in};
use crate::app::App;
use crate::auth::{email, password_rules};
use crate::http::address::Address;
use crate::http::body::Body;
use crate::http::error::{ApiCode, ApiError};
use crate::metrics;
use crate::secret::Password;

#[derive(Deserialize)]
pub(crate) struct Request {
    email: String,
    password: Password,
    #[serde(default)]
    device: String,
}

pub(crate) async fn create(
    State(app): State<Arc<App>>,
    Address(address): Address,
    headers: HeaderMap,
    Body(request): Body<Request>,
) -> Result<Response, ApiError> {
    let wrong = || {
        metrics::sign_in("wrong_credentials");
        ApiError::new(ApiCode::WrongCredentials, "the email or the password is wrong")
    };
    let email = email::normalise(&request.email).ok_or_else(wrong)?;
    if !password_rules::has_length(&request.password) {
        return Err(wrong());
    }
    check_device(&request.device)?;
    let device = cookie::device(&headers).and_then(|device| device.known_to(&email, &app.device_keys));
    let attempt = app
        .attempts
        .sign_in(address, &email, device, Instant::now())
        .map_err(|wait| {
            metrics::sign_in("rate_limited");
            ApiError::retry(ApiCode::RateLimited, "too many attempts; try again later", wait)
        })?;
    let account = app.store.account_by_email(email.clone()).await?;
    let hash = account.as_ref().map(|account| account.password.clone());
    let right = match app.passwords.verify(request.password, hash).await {
        Ok(right) => right,
        Err(error) => {
            app.attempts.give_back(attempt);
            return Err(busy(&error));
        }
    };
    let account = account.filter(|_| right).ok_or_else(wrong)?;
    app.attempts.give_back(attempt);
    let (sign_in, refresh) = new_sign_in(&app, request.device, app.clock.now());
    let id = sign_in.id;
    app.store.sign_in(account.user, sign_in).await?;
    metrics::sign_in("signed_in");
    tracing::info!(user = %account.user, sign_in = %id, "signed in");
    let signed_in = SignedIn {
        user: account.user,
        email,
        workspace: account.workspace,
        sign_in: id,
        refresh,
    };
    signed_in.answer(&app, &headers, StatusCode::OK)
}
