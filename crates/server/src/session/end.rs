//! How a session ends, and with which code its socket is closed.

use std::time::Duration;

use axum::extract::ws::close_code;
use tokio_tungstenite::tungstenite::{self, error::ProtocolError};
use tsugi_sync::protocol::ErrorCode;

#[derive(Debug)]
pub(super) enum End {
    /// The other side closed or the connection broke.
    Gone,
    /// The other side did not read for too long, so it would not read a farewell either.
    Stuck,
    /// The server ends it, and says why.
    Error {
        code: ErrorCode,
        message: String,
        retry_after_ms: Option<u64>,
        /// The close code, if RFC 6455 has one for the fault of the frame.
        close: Option<u16>,
    },
}

impl End {
    pub(super) fn error(code: ErrorCode, message: &str) -> Self {
        Self::Error {
            code,
            message: message.to_owned(),
            retry_after_ms: None,
            close: None,
        }
    }

    pub(super) fn retry(code: ErrorCode, message: &str, after: Duration) -> Self {
        Self::Error {
            code,
            message: message.to_owned(),
            retry_after_ms: Some(u64::try_from(after.as_millis()).unwrap_or(u64::MAX)),
            close: None,
        }
    }

    /// A frame that breaks the rules of WebSocket, or has a kind that may not come.
    pub(super) fn bad_frame(message: &str, close: u16) -> Self {
        Self::Error {
            code: ErrorCode::BadFrame,
            message: message.to_owned(),
            retry_after_ms: None,
            close: Some(close),
        }
    }

    /// How the session ends after this failure of the transport.
    pub(super) fn from_transport(error: axum::Error) -> Self {
        match error.into_inner().downcast_ref::<tungstenite::Error>() {
            Some(tungstenite::Error::Capacity(_)) => {
                Self::error(ErrorCode::FrameTooLarge, "the frame is too large")
            }
            Some(tungstenite::Error::Utf8(_)) => {
                Self::bad_frame("the frame is not UTF-8", close_code::INVALID)
            }
            // The connection is broken or closed already, so nothing can be sent on it.
            Some(tungstenite::Error::Protocol(
                ProtocolError::ResetWithoutClosingHandshake
                | ProtocolError::SendAfterClosing
                | ProtocolError::ReceivedAfterClosing,
            )) => Self::Gone,
            Some(tungstenite::Error::Protocol(error)) => {
                Self::bad_frame(&error.to_string(), close_code::PROTOCOL)
            }
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
