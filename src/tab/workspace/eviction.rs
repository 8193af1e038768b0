//! Whether this device still has what it kept of a workspace.
//!
//! A marker beside the database says that there was one. Browsers that run out of room may throw the database away; who
//! finds an empty list then must hear why. Where the marker goes with it, nothing can be noticed.

use tsugi_sync::ids::WorkspaceId;

use crate::browser::journal::Journal;
use crate::browser::local_storage;

/// How a workspace was found on this device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// As it was left, or for the first time.
    Here,
    /// The browser gives no storage: it is kept in memory, until the page closes.
    InMemory,
    /// It had been kept here, and is gone.
    Evicted,
}

/// Looks how a journal was found that was just opened, and leaves a marker for the next time.
pub fn look(workspace: WorkspaceId, journal: &Journal) -> Kept {
    if journal.is_in_memory() {
        return Kept::InMemory;
    }
    let was_here = local_storage::get(&marker(workspace)).is_some();
    // Without a marker the next eviction is not noticed, and nothing else is lost.
    drop(local_storage::set(&marker(workspace), "kept"));
    match was_here && journal.is_new() {
        true => Kept::Evicted,
        false => Kept::Here,
    }
}

/// The workspace was taken off this device on purpose.
pub fn forget(workspace: WorkspaceId) {
    drop(local_storage::remove(&marker(workspace)));
}

fn marker(workspace: WorkspaceId) -> String {
    format!("tsugi.kept.{workspace}")
}
