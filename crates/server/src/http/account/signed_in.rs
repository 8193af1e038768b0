//! The answer to a person who has just signed in or refreshed.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tsugi_sync::ids::{Timestamp, UserId, WorkspaceId};
use uuid::Uuid;

use super::cookie;
use crate::app::App;
use crate::auth::{KnownDevice, password};
use crate::http::error::{ApiCode, ApiError};
use crate::secret::RefreshToken;
use crate::store::NewSignIn;

/// Bytes of a device's name.
const DEVICE_BYTES: usize = tsugi_sync::limits::HELLO_TEXT_BYTES;

pub(super) struct SignedIn {
    pub(super) user: UserId,
    pub(super) email: String,
    pub(super) workspace: WorkspaceId,
    pub(super) sign_in: Uuid,
    pub(super) refresh: RefreshToken,
}

#[derive(Serialize)]
struct Body {
    token: String,
    expires_in_ms: u64,
    user: User,
    workspace: WorkspaceId,
}

#[derive(Serialize)]
struct User {
    id: UserId,
    email: String,
}

impl SignedIn {
    pub(super) fn answer(
        self,
        app: &App,
        headers: &HeaderMap,
        status: StatusCode,
    ) -> Result<Response, ApiError> {
        let internal = || ApiError::new(ApiCode::Internal, "the server could not do it");
        let token = app
            .tokens
            .issue(self.user, self.sign_in, app.clock.now())
            .ok_or_else(internal)?;
        let lifetime = app.config.limits.refresh_lifetime.as_secs();
        let device = cookie::device(headers).unwrap_or_else(KnownDevice::new);
        let device = device.signed_in(&self.email, &app.device_keys);
        let cookies = cookie::Writer {
            headers,
            is_https: app.is_https(),
        };
        let refresh = cookies
            .refresh_token(&self.refresh, lifetime)
            .ok_or_else(internal)?;
        let device = cookies.device(&device).ok_or_else(internal)?;
        let body = Json(Body {
            token,
            expires_in_ms: app.tokens.lifetime_ms(),
            user: User {
                id: self.user,
                email: self.email,
            },
            workspace: self.workspace,
        });
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.append(header::SET_COOKIE, refresh);
        headers.append(header::SET_COOKIE, device);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        Ok(response)
    }
}

/// A new sign-in's rows and its first refresh token.
pub(super) fn new_sign_in(app: &Arc<App>, device: String, now: Timestamp) -> (NewSignIn, RefreshToken) {
    let refresh = RefreshToken::random();
    let new = NewSignIn {
        id: Uuid::new_v4(),
        device,
        refresh: refresh.hash(),
        expires: now.plus(milliseconds(app.config.limits.refresh_lifetime)),
        now,
    };
    (new, refresh)
}

pub(super) fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

pub(super) fn check_device(device: &str) -> Result<(), ApiError> {
    match device.len() <= DEVICE_BYTES {
        true => Ok(()),
        false => Err(ApiError::new(ApiCode::Invalid, "the device's name is too long")),
    }
}

pub(super) fn busy(error: &password::PasswordError) -> ApiError {
    match error {
        password::PasswordError::Busy => {
            let message = "too many others are signing in; try again";
            ApiError::retry(ApiCode::Busy, message, Duration::from_secs(1))
        }
        password::PasswordError::Failed => {
            tracing::error!("a password could not be hashed");
            ApiError::new(ApiCode::Internal, "the server could not do it")
        }
    }
}
