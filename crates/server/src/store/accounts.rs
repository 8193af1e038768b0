//! Accounts: a person, their password's hash and their personal workspace.

use tsugi_sync::ids::{Timestamp, UserId, WorkspaceId};

use super::sign_in::NewSignIn;
use crate::secret::PasswordHash;

#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) user: UserId,
    pub(crate) password: PasswordHash,
    pub(crate) workspace: WorkspaceId,
}

#[derive(Debug)]
pub(crate) struct NewAccount {
    pub(crate) user: UserId,
    pub(crate) email: String,
    pub(crate) password: PasswordHash,
    pub(crate) workspace: WorkspaceId,
    pub(crate) now: Timestamp,
    pub(crate) sign_in: NewSignIn,
}

/// The outcome of creating an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Created {
    Done,
    EmailTaken,
    WorkspaceTaken,
}
