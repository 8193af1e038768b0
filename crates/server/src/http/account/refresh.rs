//! `POST /api/v1/session/refresh`: a fresh access token for the refresh token in the cookie, and its successor.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use tokio::time::Instant;

use super::cookie;
use super::signed_in::{SignedIn, milliseconds};
use crate::app::App;
use crate::http::address::Address;
use crate::http::error::{ApiCode, ApiError};
use crate::metrics;
use crate::secret::RefreshToken;
use crate::store::{Presented, Rotation, StoreError};

pub(crate) async fn create(
    State(app): State<Arc<App>>,
    Address(address): Address,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let unknown = || {
        metrics::sign_in("refresh_unknown");
        ApiError::new(ApiCode::Unauthenticated, "sign in first")
    };
    let presented = cookie::refresh_token(&headers).ok_or_else(unknown)?;
    app.attempts.refresh(address, Instant::now()).map_err(|wait| {
        metrics::sign_in("rate_limited");
        ApiError::retry(ApiCode::RateLimited, "too many attempts; try again later", wait)
    })?;
    let successor = successor_of(&app, &presented).await?;
    let limits = &app.config.limits;
    let presented = Presented {
        token: presented.hash(),
        successor: successor.hash(),
        now: app.clock.now(),
        lifetime_ms: milliseconds(limits.refresh_lifetime),
        grace_ms: milliseconds(limits.refresh_grace),
    };
    let rotation = app.store.rotate(presented).await?;
    if !matches!(rotation, Rotation::Unknown) {
        app.attempts.was_known(address);
    }
    match rotation {
        Rotation::Rotated {
            user,
            email,
            sign_in,
            workspace,
        } => {
            metrics::sign_in("refreshed");
            let signed_in = SignedIn {
                user,
                email,
                workspace,
                sign_in,
                refresh: successor,
            };
            signed_in.answer(&app, &headers, StatusCode::OK)
        }
        Rotation::Unknown => Err(unknown()),
        Rotation::Expired => {
            metrics::sign_in("refresh_expired");
            Err(ApiError::new(
                ApiCode::SessionExpired,
                "it has been too long: sign in again",
            ))
        }
        Rotation::Revoked { sign_in, user } => {
            metrics::sign_in("refresh_revoked");
            tracing::warn!(%user, %sign_in, "a refresh token of an ended sign-in");
            app.events.signed_out(user, sign_in);
            Err(ApiError::new(
                ApiCode::SessionRevoked,
                "this sign-in has ended: sign in again",
            ))
        }
    }
}

/// The successor that the token has already, if that was made with the other secret that is accepted; otherwise the one
/// that it gets with the secret that signs. So a token whose answer was lost while the secret was changed still leads on.
async fn successor_of(app: &App, presented: &RefreshToken) -> Result<RefreshToken, StoreError> {
    if let Some(key) = &app.refresh_keys.previous {
        let before = presented.successor(key);
        if app.store.knows_token(before.hash()).await? {
            return Ok(before);
        }
    }
    Ok(presented.successor(&app.refresh_keys.current))
}
