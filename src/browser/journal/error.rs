//! The failures of the journal, divided by the help that a caller or a person can give.

use wasm_bindgen::JsValue;

use crate::browser::js;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JournalError {
    /// A private mode, a policy, or a browser with a broken store: nothing can be stored on this device.
    #[error("this browser keeps no data: {0}")]
    Unavailable(String),
    #[error("there is no room left on this device")]
    Quota,
    #[error("a later version of Tsugi has written this data")]
    NewerVersion,
    /// A tab that does not answer holds the database. A deletion happens as soon as that tab closes it.
    #[error("another tab keeps the data busy")]
    Blocked,
    /// The connection died, and so did the one that was opened in its place.
    #[error("the connection to the data on this device is lost")]
    Closed,
    /// Another tab has deleted the database (by signing out), so everything that this handle knew of it is gone.
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
    /// From a thrown value, or from the error of a request or transaction.
    pub(super) fn thrown(thrown: JsValue) -> Self {
        let text = js::describe(&thrown);
        match js::error_name(&thrown) {
            Some(name) => Self::named(&name, text),
            None => Self::Other(text),
        }
    }

    /// The error of a request to open. Until a database is open, a failure without a stated reason is the browser's.
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
            // The first means a closed connection. With the second, WebKit says that its store has gone away, and other
            // browsers say that the disk did not answer. Both are worth one more try on a fresh connection.
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
    // The variants of the inner error cannot be named here, so its text is searched for the name of the thrown error.
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
