//! Finds out whether this device still has the data of a workspace.
//!
//! A marker beside the database says that there was one. A browser that runs out of room may delete the database, and a
//! person who then finds an empty list has to be told why. If the browser deletes the marker too, nobody can notice.

use tsugi_sync::ids::WorkspaceId;

use crate::browser::journal::Journal;
use crate::browser::local_storage;

/// The state in which a workspace was found on this device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// As it was left, or new.
    Here,
    /// The browser gives no storage, so the data are in memory until the page closes.
    InMemory,
    /// There were data here, and they are gone.
    Evicted,
}

/// Looks at a journal that was just opened, and leaves a marker for the next time.
pub fn look(workspace: WorkspaceId, journal: &Journal) -> Kept {
    if journal.is_in_memory() {
        return Kept::InMemory;
    }
    let was_here = local_storage::get(&marker(workspace)).is_some();
    // If the marker cannot be stored, only the next eviction goes unnoticed.
    drop(local_storage::set(&marker(workspace), "kept"));
    match was_here && journal.is_new() {
        true => Kept::Evicted,
        false => Kept::Here,
    }
}

/// Removes the marker of a workspace that is deleted from this device on purpose.
pub fn forget(workspace: WorkspaceId) {
    drop(local_storage::remove(&marker(workspace)));
}

fn marker(workspace: WorkspaceId) -> String {
    format!("tsugi.kept.{workspace}")
}
