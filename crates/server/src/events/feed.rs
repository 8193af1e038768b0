//! What this instance needs from a store that other instances write to as well.
//!
//! An embedded store has no feed, because nothing else writes to it.

use std::pin::Pin;
use std::time::Duration;

use tsugi_sync::ids::{Epoch, Mark, Revision, UserId, WorkspaceId};
use tsugi_sync::subscription::Head;
use uuid::Uuid;

use super::Batch;

/// A read that is under way. Dropping it must leave nothing behind.
pub type Reading<'a, T> = Pin<Box<dyn Future<Output = Result<T, FeedError>> + Send + 'a>>;
pub type FeedError = Box<dyn std::error::Error + Send + Sync>;

/// A point in a workspace's history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    pub epoch: Epoch,
    pub revision: Revision,
    pub mark: Mark,
}

impl From<&Head> for Point {
    fn from(head: &Head) -> Self {
        Self {
            epoch: head.epoch,
            revision: head.revision,
            mark: head.mark,
        }
    }
}

/// The head of a workspace, and how often its rights have changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoomHead {
    pub workspace: WorkspaceId,
    pub head: Head,
    pub rights: u64,
}

/// Something that happened to a user, as it was stored with its cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notice {
    pub id: Uuid,
    pub what: Noticed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noticed {
    Rights { workspace: WorkspaceId, user: UserId },
    SignedOut { user: UserId, sign_in: Uuid },
}

/// What can be read of the commits of other instances. Every answer shows committed data only, and never an older state than
/// an answer before it.
pub trait Feed: Send + Sync {
    /// The heads of these workspaces, at most [`HEADS`] of them. A workspace that does not exist is left out.
    fn heads<'a>(&'a self, workspaces: &'a [WorkspaceId]) -> Reading<'a, Vec<RoomHead>>;

    /// Everything that has changed after `after`, up to the head of the moment of reading. None if that is more than
    /// one wants to hold in memory, or if the history has another mark at `after`; then each session reads for
    /// itself.
    fn changes(&self, workspace: WorkspaceId, after: Point) -> Reading<'_, Option<Batch>>;

    /// The notices of this last time, by the store's own clock, in any order. The store keeps notices for at least
    /// [`NOTICES_KEPT`].
    fn notices(&self, last: Duration) -> Reading<'_, Vec<Notice>>;
}

/// How many heads are asked for at once.
pub const HEADS: usize = 1_000;

/// How long notices can be asked for.
pub const NOTICES_KEPT: Duration = Duration::from_secs(60 * 60);
