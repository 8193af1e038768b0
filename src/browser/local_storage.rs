//! `localStorage`, for the few small values that are needed before anything else is loaded.
//!
//! It may be denied or full. Then reading returns nothing, and writing returns an error. Left out: events of
//! other tabs ([`super::channel`] carries those), and values that must not be lost (see [`super::journal`]).

use web_sys::Storage;

/// The browser did not store the value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("local storage is denied or full")]
pub struct NotStored;

/// The value under `key`; none if the storage is denied.
#[must_use]
pub fn get(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

pub fn set(key: &str, value: &str) -> Result<(), NotStored> {
    storage()
        .ok_or(NotStored)?
        .set_item(key, value)
        .map_err(|_| NotStored)
}

pub fn remove(key: &str) -> Result<(), NotStored> {
    storage()
        .ok_or(NotStored)?
        .remove_item(key)
        .map_err(|_| NotStored)
}

/// The keys that begin like this.
#[must_use]
pub fn keys(prefix: &str) -> Vec<String> {
    let Some(storage) = storage() else {
        return Vec::new();
    };
    let count = storage.length().unwrap_or(0);
    let keys = (0..count).filter_map(|nth| storage.key(nth).ok()?);
    keys.filter(|key| key.starts_with(prefix)).collect()
}

// If the storage is denied, even reading `window.localStorage` throws.
fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}
