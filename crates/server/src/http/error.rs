//! Errors of the HTTP API: a status, and `{"code", "message"}`, perhaps with a `reason`.

use std::time::Duration;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::store::StoreError;

/// Every code of the HTTP API. `docs/protocol.md` explains them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ApiCode {
    /// The request does not have the form that the endpoint takes.
    Invalid,
    /// The body is larger than any request here needs.
    TooLarge,
    /// There is no account with this email and password.
    WrongCredentials,
    /// There is no refresh token, or it is not known.
    Unauthenticated,
    /// The refresh token has ended: sign in.
    SessionExpired,
    /// The sign-in was ended, by its user or because its refresh token was used twice.
    SessionRevoked,
    /// A page of another origin asks.
    ForeignOrigin,
    /// Another machine asks over plain HTTP.
    TlsRequired,
    EmailTaken,
    WorkspaceTaken,
    RateLimited,
    /// Too many others are signing in right now.
    Busy,
    NotFound,
    MethodNotAllowed,
    TimedOut,
    Draining,
    /// The store cannot be read or written.
    NotReady,
    Internal,
}

impl ApiCode {
    /// All of them, for documents and tests.
    pub const ALL: &[Self] = &[
        Self::Invalid,
        Self::TooLarge,
        Self::WrongCredentials,
        Self::Unauthenticated,
        Self::SessionExpired,
        Self::SessionRevoked,
        Self::ForeignOrigin,
        Self::TlsRequired,
        Self::EmailTaken,
        Self::WorkspaceTaken,
        Self::RateLimited,
        Self::Busy,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::TimedOut,
        Self::Draining,
        Self::NotReady,
        Self::Internal,
    ];

    /// As it stands in answers.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::TooLarge => "too_large",
            Self::WrongCredentials => "wrong_credentials",
            Self::Unauthenticated => "unauthenticated",
            Self::SessionExpired => "session_expired",
            Self::SessionRevoked => "session_revoked",
            Self::ForeignOrigin => "foreign_origin",
            Self::TlsRequired => "tls_required",
            Self::EmailTaken => "email_taken",
            Self::WorkspaceTaken => "workspace_taken",
            Self::RateLimited => "rate_limited",
            Self::Busy => "busy",
            Self::NotFound => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::TimedOut => "timed_out",
            Self::Draining => "draining",
            Self::NotReady => "not_ready",
            Self::Internal => "internal",
        }
    }

    fn status(self) -> StatusCode {
        match self {
            Self::Invalid => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::WrongCredentials | Self::Unauthenticated | Self::SessionExpired | Self::SessionRevoked => {
                StatusCode::UNAUTHORIZED
            }
            Self::ForeignOrigin | Self::TlsRequired => StatusCode::FORBIDDEN,
            Self::EmailTaken | Self::WorkspaceTaken => StatusCode::CONFLICT,
            Self::RateLimited => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy | Self::Draining | Self::NotReady => StatusCode::SERVICE_UNAVAILABLE,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::TimedOut => StatusCode::REQUEST_TIMEOUT,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// The part of an `invalid` request that a person can mend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The email address.
    Email,
    /// The password is too short or too long.
    PasswordLength,
    /// The password is one of the first that are guessed.
    PasswordCommon,
}

impl Reason {
    /// All of them, for documents and tests.
    pub const ALL: &[Self] = &[Self::Email, Self::PasswordLength, Self::PasswordCommon];
}

/// The wait before another try, if nothing better is known.
const SOON: Duration = Duration::from_secs(4);

#[derive(Debug)]
pub(crate) struct ApiError {
    code: ApiCode,
    reason: Option<Reason>,
    message: String,
    retry_after: Option<Duration>,
}

impl ApiError {
    /// An error that passes has a time after which to try again; without another one, it is a few seconds.
    pub(crate) fn new(code: ApiCode, message: impl Into<String>) -> Self {
        let status = code.status();
        let passes = status == StatusCode::TOO_MANY_REQUESTS || status == StatusCode::SERVICE_UNAVAILABLE;
        Self {
            code,
            reason: None,
            message: message.into(),
            retry_after: passes.then_some(SOON),
        }
    }

    /// The request is invalid, and the person can mend it.
    pub(crate) fn invalid(reason: Reason, message: impl Into<String>) -> Self {
        Self {
            reason: Some(reason),
            ..Self::new(ApiCode::Invalid, message)
        }
    }

    pub(crate) fn retry(code: ApiCode, message: impl Into<String>, after: Duration) -> Self {
        Self {
            retry_after: Some(after),
            ..Self::new(code, message)
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "a request failed in the store");
        Self::new(ApiCode::Internal, "the server could not do it")
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        #[derive(Serialize)]
        struct Body {
            code: ApiCode,
            #[serde(skip_serializing_if = "Option::is_none")]
            reason: Option<Reason>,
            message: String,
        }
        let body = Json(Body {
            code: self.code,
            reason: self.reason,
            message: self.message,
        });
        let mut response = (self.code.status(), body).into_response();
        // The access log reads it.
        response.extensions_mut().insert(self.code);
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(after) = self.retry_after {
            headers.insert(
                header::RETRY_AFTER,
                HeaderValue::from(after.as_secs().saturating_add(1)),
            );
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_passes_says_when_to_try_again() {
        for code in ApiCode::ALL {
            let response = ApiError::new(*code, "x").into_response();
            let says_when = response.headers().contains_key(header::RETRY_AFTER);
            assert_eq!(
                says_when,
                matches!(response.status().as_u16(), 429 | 503),
                "{code:?}"
            );
        }
        let wait = Duration::from_millis(1_500);
        let response = ApiError::retry(ApiCode::RateLimited, "x", wait).into_response();
        assert_eq!(response.headers()[header::RETRY_AFTER], "2", "never too early");
        let response = ApiError::retry(ApiCode::RateLimited, "x", Duration::ZERO).into_response();
        assert_eq!(response.headers()[header::RETRY_AFTER], "1");
    }

    #[test]
    fn the_log_and_the_answers_call_a_code_the_same() {
        for code in ApiCode::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        }
    }
}
