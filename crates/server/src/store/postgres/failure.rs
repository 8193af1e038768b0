//! Errors of PostgreSQL without the values that they may quote.

use std::fmt;

use tokio_postgres::error::SqlState;

/// Why PostgreSQL did not do something. Its own message may quote rows ("Key (email)=… already exists"), and rows never go
/// into a log. So only the code is kept, with the name that PostgreSQL gives to it.
#[derive(Debug)]
pub struct Failure {
    code: Option<SqlState>,
    closed: bool,
}

impl Failure {
    /// Whether the connection is gone. Then nobody knows whether a commit that was on its way has happened.
    pub(in crate::store) fn is_disconnected(&self) -> bool {
        // Class 57 is an intervention by an operator, such as a shutdown.
        self.closed
            || self
                .code
                .as_ref()
                .is_none_or(|code| code.code().starts_with("57P"))
    }
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        Self {
            code: error.code().cloned(),
            closed: error.is_closed(),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.code {
            Some(code) => write!(f, "SQLSTATE {}", code.code()),
            None if self.closed => f.write_str("the connection is closed"),
            None => f.write_str("the connection failed"),
        }
    }
}

impl std::error::Error for Failure {}
