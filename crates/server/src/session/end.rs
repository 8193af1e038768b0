//! How a session ends.

use std::time::Duration;

use tokio_tungstenite::tungstenite;
use tsugi_sync::protocol::ErrorCode;

#[derive(Debug)]
pub(super) enum End {
    /// The other side closed or the connection broke.
    Gone,
    /// The other side did not read for too long: it would not hear a farewell either.
    Stuck,
    /// The server ends it, and says why.
    Error {
        code: ErrorCode,
        message: String,
        retry_after_ms: Option<u64>,
    },
}

impl End {
    pub(super) fn error(code: ErrorCode, message: &str) -> Self {
        Self::Error {
            code,
            message: message.to_owned(),
            retry_after_ms: None,
        }
    }

    pub(super) fn retry(code: ErrorCode, message: &str, after: Duration) -> Self {
        Self::Error {
            code,
            message: message.to_owned(),
            retry_after_ms: Some(u64::try_from(after.as_millis()).unwrap_or(u64::MAX)),
        }
    }

    /// What the transport's failure means.
    pub(super) fn from_transport(error: axum::Error) -> Self {
        match error.into_inner().downcast_ref::<tungstenite::Error>() {
            Some(tungstenite::Error::Capacity(_)) => {
                Self::error(ErrorCode::FrameTooLarge, "the frame is too large")
            }
            Some(tungstenite::Error::Utf8(_)) => Self::error(ErrorCode::BadFrame, "the frame is not UTF-8"),
            // A broken connection, or bytes that are no WebSocket: nothing can be said on it.
            Some(_) | None => Self::Gone,
        }
    }

    pub(super) fn label(&self) -> &str {
        match self {
            Self::Gone => "gone",
            Self::Stuck => "stuck",
            Self::Error { code, .. } => code.as_str(),
        }
    }
}
