//! Why a PostgreSQL database cannot be used.

use super::failure::Failure;

/// Why a PostgreSQL database cannot be used. The address is not part of the text, because it may hold a password.
#[derive(Debug, thiserror::Error)]
pub enum OpenPostgresError {
    #[error(
        "the address of the database is not one: it begins with postgres://, as postgres://user@host/name"
    )]
    Address,
    #[error(
        "the database does not answer ({0}); look whether it runs, and whether address and password are right"
    )]
    Unreachable(String),
    #[error("the certificates of this machine cannot be read: {0}")]
    Certificates(String),
    #[error("the database: {0}")]
    Failed(Failure),
    #[error(
        "the database was written by a later version of Tsugi (layout {found}; this one knows up to {known}); it was left as it is"
    )]
    LaterVersion { found: i32, known: i32 },
}
