//! Newtypes for every identifier and number with a meaning, so that none is mistaken for another.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! uuid_newtype {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )+};
}

uuid_newtype! {
    /// The unit of sync, permission, encryption and order.
    WorkspaceId;
    /// One local copy of a workspace, with its own counter; the tabs of a browser share it.
    ReplicaId;
    /// A task, list or any other entity. Its id is made on the device (UUID v7).
    EntityId;
    /// A person with an account.
    UserId;
    /// One connection's life.
    SessionId;
    /// The history of a workspace in which the revisions count. It is random, and new whenever the server's data were
    /// restored.
    Epoch;
}

macro_rules! number_newtype {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

number_newtype! {
    /// A workspace's gap-free count of changes, given by the server. `Revision(0)` is "before everything".
    Revision;
    /// The place of a mutation in its replica's own history. The numbers rise and may have gaps.
    MutationSeq;
    /// Milliseconds since the Unix epoch, as some clock claims.
    Timestamp;
    /// A rolling hash of a workspace's history up to a revision, 32 bits of it. Two histories have different marks at
    /// the same revision. `Mark(0)` is before everything, or unknown.
    Mark;
}

impl Revision {
    /// The revision after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl Timestamp {
    /// This moment plus `milliseconds`. It stops at the end of time and does not wrap.
    #[must_use]
    pub fn plus(self, milliseconds: u64) -> Self {
        Self(self.0.saturating_add(milliseconds))
    }

    /// Milliseconds since `earlier`; zero when a clock jumped back.
    #[must_use]
    pub fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// The name of a mutation everywhere: which replica made it, and where in that replica's history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MutationId {
    pub replica: ReplicaId,
    pub seq: MutationSeq,
}
