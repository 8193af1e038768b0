//! `sessionStorage`, for what this one tab keeps while its page is loaded again. It may be denied or full: then nothing is
//! kept, and the page works without.

use web_sys::Storage;

/// The value under `key`; none if there is none.
#[must_use]
pub fn get(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// Keeps a value, or forgets what was kept if there is no room.
pub fn set(key: &str, value: &str) {
    let Some(storage) = storage() else { return };
    if storage.set_item(key, value).is_err() {
        remove(key);
    }
}

pub fn remove(key: &str) {
    // A storage that is denied has nothing to forget.
    drop(storage().map(|storage| storage.remove_item(key)));
}

// If the storage is denied, even reading `window.sessionStorage` throws.
fn storage() -> Option<Storage> {
    web_sys::window()?.session_storage().ok()?
}
