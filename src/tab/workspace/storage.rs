//! This device's storage in words for a person: how much there is, whether the browser keeps it, and its problems.

use wasm_bindgen_futures::spawn_local;

use super::Workspace;
use crate::browser::device::{self, Room};
use crate::browser::journal::JournalError;
use crate::browser::{local_storage, page};
use crate::tab::client::Message;
use tsugi_words::phrases;

/// Remembers that the browser was asked to keep this site's data.
const ASKED: &str = "tsugi.asked-to-keep";

/// The browser's answers about this site's storage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StorageSaid {
    room: Option<Room>,
    persistent: Option<bool>,
}

impl Workspace {
    /// Asks the browser not to delete this site's data when room is short. This happens once there is something to
    /// lose: at the first edit, or with an account. Some browsers ask the person, so it happens only once on a device.
    pub(super) fn ask_to_keep(&self) {
        if self.journal.is_in_memory() || local_storage::get(ASKED).is_some() {
            return;
        }
        // If this cannot be remembered, the browser stores nothing, and there is nothing to ask for.
        if local_storage::set(ASKED, "yes").is_ok() {
            let client = self.client.clone();
            spawn_local(async move {
                device::persist_storage().await;
                client.send(Message::StorageSaid(ask().await));
            });
        }
    }

    /// Asks the browser for the figures about storage.
    pub(super) fn ask_for_room(&self) {
        let client = self.client.clone();
        spawn_local(async move { client.send(Message::StorageSaid(ask().await)) });
    }

    /// The bytes that this site uses and may use, and how long the browser keeps them, as far as it says.
    pub(super) fn storage_said(&self) -> (Option<(u64, u64)>, Option<&'static str>) {
        let room = self.room.and_then(|said| said.room);
        let kept = match self.room.and_then(|said| said.persistent) {
            _ if self.journal.is_in_memory() => Some(phrases::in_memory_only()),
            Some(true) => Some(phrases::kept_for_good()),
            Some(false) => Some(phrases::kept_while_room()),
            None => None,
        };
        (room.map(|room| (room.used, room.quota)), kept)
    }

    /// The size of this device's data, and the version of the app.
    pub(super) fn storage_figures(&self) -> Vec<(String, String)> {
        let mut rows = Vec::new();
        if self.room.is_some() {
            let (room, kept) = self.storage_said();
            let used =
                room.map(|(used, quota)| phrases::part_of(&phrases::size(used), &phrases::size(quota)));
            rows.push((phrases::figure_storage(), used.unwrap_or_else(unknown)));
            rows.push((phrases::figure_kept(), kept.map_or_else(unknown, str::to_owned)));
        }
        let version = env!("CARGO_PKG_VERSION");
        let version = match page::build() {
            Some(build) => phrases::version_and_build(version, &build),
            None => version.to_owned(),
        };
        rows.push((phrases::figure_version(), version));
        rows.into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }
}

fn unknown() -> String {
    phrases::browser_does_not_say().to_owned()
}

async fn ask() -> StorageSaid {
    StorageSaid {
        room: device::storage_room().await,
        persistent: device::is_storage_persistent().await,
    }
}

/// The reason why the storage failed, in words.
pub(super) fn reason(error: &JournalError) -> String {
    match error {
        JournalError::Quota => phrases::storage_full().to_owned(),
        JournalError::Unavailable(_) => phrases::storage_denied().to_owned(),
        JournalError::NewerVersion => phrases::storage_later().to_owned(),
        JournalError::Blocked => phrases::storage_busy().to_owned(),
        JournalError::Closed => phrases::storage_lost().to_owned(),
        JournalError::Gone => phrases::storage_gone().to_owned(),
        JournalError::Aborted(text) | JournalError::Corrupt(text) | JournalError::Other(text) => text.clone(),
    }
}
