//! The edits that are not durable yet, noted on this device in the key press that makes them. A database takes a moment
//! to write, and the page may be loaded again before.
//!
//! Each page has a note of its own. A page that opens a workspace takes up all notes of that workspace. If their page is
//! still there, it saves the same edits too, and nothing is there twice, because both say the same of the same entities.

use tsugi_screen::local::Local;
use tsugi_screen::noted::{from_text, to_text};
use tsugi_sync::ids::WorkspaceId;
use tsugi_sync::replica::Edit;
use uuid::Uuid;

use crate::browser::local_storage::{self, NotStored};
use crate::browser::time;

thread_local! {
    /// The name of this page.
    static PAGE: Uuid = time::new_id();
}

/// Notes the edits that are not durable now. A device that keeps nothing has only its database.
pub(super) fn keep(local: &Local) {
    let workspace = local.replica().workspace();
    let key = PAGE.with(|page| format!("{}{page}", prefix(workspace)));
    let (Ok(()) | Err(NotStored)) = match to_text(local.unsaved()) {
        Some(text) => local_storage::set(&key, &text),
        None => local_storage::remove(&key),
    };
}

/// The edits that pages of this workspace have left, and the keys of their notes.
pub(super) fn left(workspace: WorkspaceId) -> (Vec<Edit>, Vec<String>) {
    let keys = local_storage::keys(&prefix(workspace));
    let texts = keys.iter().filter_map(|key| local_storage::get(key));
    (texts.flat_map(|text| from_text(&text)).collect(), keys)
}

/// Forgets these notes.
pub(super) fn forget(keys: &[String]) {
    for key in keys {
        let (Ok(()) | Err(NotStored)) = local_storage::remove(key);
    }
}

fn prefix(workspace: WorkspaceId) -> String {
    format!("tsugi.noted.{workspace}.")
}
