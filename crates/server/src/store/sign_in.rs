//! Sign-ins and their refresh tokens. Only hashes of tokens are stored.
//!
//! A refresh token is used once. Its successor is derived from it, so that every request with the same token gets
//! the same successor. This holds for a short grace, because several tabs may ask at once. It also holds as long as
//! nobody has used the successor, because the answer with the successor may have been lost. After both, a request
//! with the old token means that it was stolen, and ends the sign-in.

use tsugi_sync::ids::{Timestamp, UserId, WorkspaceId};
use uuid::Uuid;

use crate::secret::TokenHash;

/// How far the clock that dated a stored row may have been ahead.
const CLOCK_MS: u64 = 60_000;

#[derive(Debug)]
pub(crate) struct NewSignIn {
    pub(crate) id: Uuid,
    pub(crate) device: String,
    pub(crate) refresh: TokenHash,
    pub(crate) expires: Timestamp,
    pub(crate) now: Timestamp,
}

/// The outcome of a request with a refresh token.
#[derive(Debug)]
pub(crate) enum Rotation {
    /// The token has a successor.
    Rotated {
        user: UserId,
        email: String,
        sign_in: Uuid,
        workspace: WorkspaceId,
    },
    Unknown,
    Expired,
    /// The sign-in has ended, now or earlier.
    Revoked {
        sign_in: Uuid,
        user: UserId,
    },
}

/// A refresh token is presented, and its successor is to be put in its place.
#[derive(Clone, Debug)]
pub(crate) struct Presented {
    pub(crate) token: TokenHash,
    pub(crate) successor: TokenHash,
    pub(crate) now: Timestamp,
    pub(crate) lifetime_ms: u64,
    pub(crate) grace_ms: u64,
}

/// A stored refresh token, with its sign-in.
#[derive(Debug)]
pub(super) struct FoundToken {
    pub(super) expires: Timestamp,
    /// When its successor was given out.
    pub(super) rotated: Option<Timestamp>,
    pub(super) revoked: bool,
    pub(super) sign_in: Uuid,
    pub(super) user: UserId,
    pub(super) email: String,
    pub(super) workspace: WorkspaceId,
}

/// What becomes of a token that is presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Revoked,
    Expired,
    /// It is used for the first time.
    Current,
    /// It was used a moment ago.
    InGrace,
    /// It was used before. If nobody has used its successor, the answer was lost; else it was stolen.
    Used,
}

impl FoundToken {
    pub(super) fn standing(&self, presented: &Presented) -> Standing {
        let now = presented.now;
        match self.rotated {
            _ if self.revoked => Standing::Revoked,
            _ if self.expires <= now => Standing::Expired,
            None => Standing::Current,
            // If the clock was ahead at the rotation, there is no grace until that time comes again.
            Some(rotated) if rotated <= now.plus(CLOCK_MS) && now.since(rotated) <= presented.grace_ms => {
                Standing::InGrace
            }
            Some(_) => Standing::Used,
        }
    }

    pub(super) fn into_rotated(self) -> Rotation {
        Rotation::Rotated {
            user: self.user,
            email: self.email,
            sign_in: self.sign_in,
            workspace: self.workspace,
        }
    }

    pub(super) fn into_revoked(self) -> Rotation {
        Rotation::Revoked {
            sign_in: self.sign_in,
            user: self.user,
        }
    }
}
