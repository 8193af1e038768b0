//! What can go wrong with the journal, as far as someone can do something about it.

use wasm_bindgen::JsValue;

use crate::browser::js;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JournalError {
    /// Private mode, a policy, or a browser whose store is broken: nothing can be kept on this device.
    #[error("this browser keeps no data: {0}")]
    Unavailable(String),
    #[error("there is no room left on this device")]
    Quota,
    #[error("a later version of Tsugi has written this data")]
    NewerVersion,
    /// A tab that does not answer holds the database. A deletion still happens once it lets go.
    #[error("another tab keeps the data busy")]
    Blocked,
    /// The connection died, and so did the one opened in its place.
    #[error("the connection to the data on this device is lost")]
    Closed,
    /// Another tab has deleted the database (signed out). What this handle knew of it holds no more.
    #[error("the data was deleted from this device")]
    Gone,
    /// The transaction had no effect.
    #[error("the browser gave up the transaction: {0}")]
    Aborted(String),
    #[error("the stored data is damaged: {0}")]
    Corrupt(String),
    #[error("{0}")]
    Other(String),
}

impl JournalError {
    /// For something thrown by a call, or the error of a request or transaction.
    pub(super) fn thrown(thrown: JsValue) -> Self {
        let text = js::describe(&thrown);
        match js::error_name(&thrown) {
            Some(name) => Self::named(&name, text),
            None => Self::Other(text),
        }
    }

    /// For a request to open. Until a database is open, a failure for no stated reason is the browser's.
    pub(super) fn opening(self) -> Self {
        match self {
            Self::Closed => Self::Unavailable("the browser cannot open its store".to_owned()),
            Self::Aborted(_) => Self::Closed,
            Self::Other(text) => Self::Unavailable(text),
            said @ (Self::Unavailable(_)
            | Self::Quota
            | Self::NewerVersion
            | Self::Blocked
            | Self::Gone
            | Self::Corrupt(_)) => said,
        }
    }

    fn named(name: &str, text: String) -> Self {
        match name {
            "QuotaExceededError" => Self::Quota,
            "VersionError" => Self::NewerVersion,
            "SecurityError" | "NotAllowedError" => Self::Unavailable(text),
            // The first is a closed connection; the second is how WebKit says that its store has gone away, and how
            // others say that the disk did not answer. Both are worth one more try on a fresh connection.
            "InvalidStateError" | "UnknownError" => Self::Closed,
            "AbortError" => Self::Aborted(text),
            "NotFoundError" | "NotReadableError" | "DataError" => Self::Corrupt(text),
            _ => Self::Other(text),
        }
    }
}

/// The names that [`JournalError::named`] knows.
const NAMES: &[&str] = &[
    "QuotaExceededError",
    "VersionError",
    "SecurityError",
    "NotAllowedError",
    "InvalidStateError",
    "UnknownError",
    "AbortError",
    "NotFoundError",
    "NotReadableError",
    "DataError",
];

impl From<rexie::Error> for JournalError {
    // The variants of the error inside cannot be named from here; its text holds the name of what was thrown.
    fn from(error: rexie::Error) -> Self {
        let text = if let rexie::Error::IdbError(inner) = &error {
            inner.to_string()
        } else {
            error.to_string()
        };
        if text == "indexed db not found" {
            return Self::Unavailable(text);
        }
        match NAMES.iter().find(|name| text.contains(**name)) {
            Some(name) => Self::named(name, text),
            None => Self::Other(text),
        }
    }
}
