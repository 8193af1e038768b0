//! `localStorage`, for the few small things that must be known before anything else is loaded.
//!
//! It may be denied or full: then reading finds nothing and writing says so. Left out: `sessionStorage`, events of
//! other tabs (those travel by [`super::channel`]), and anything that must not be lost (see [`super::journal`]).

use web_sys::Storage;

/// The browser did not take the value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("local storage is denied or full")]
pub struct NotStored;

/// What stands under `key`; nothing also where storage is denied.
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

// Where storage is denied, already reading `window.localStorage` throws.
fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}
