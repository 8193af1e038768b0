//! The databases of Tsugi in this browser, and deleting one.

use js_sys::Array;
use tsugi_sync::ids::WorkspaceId;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use super::connection::{factory, settled};
use super::{JournalError, memory};
use crate::browser::js;

const PREFIX: &str = "tsugi-";

/// The name of the database of a workspace.
#[must_use]
pub fn database_name(workspace: WorkspaceId) -> String {
    format!("{PREFIX}{workspace}")
}

/// Deletes a database, with all edits that were not sent. Handles in other tabs close by themselves.
pub async fn destroy(name: &str) -> Result<(), JournalError> {
    if memory::forget(name) {
        return Ok(());
    }
    let request = factory()?
        .delete_database(name)
        .map_err(|thrown| JournalError::thrown(thrown).opening())?;
    match settled(&request).await? {
        true => Ok(()),
        false => Err(JournalError::Blocked),
    }
}

/// The databases of Tsugi in this browser; `None` if the browser does not tell.
pub async fn names() -> Result<Option<Vec<String>>, JournalError> {
    let factory = factory()?;
    if js::method(&factory, "databases").is_none() {
        return Ok(None);
    }
    let asked = js::call_async(&factory, "databases", &[]).map_err(JournalError::thrown)?;
    let listed = JsFuture::from(asked).await.map_err(JournalError::thrown)?;
    let names = listed
        .dyn_ref::<Array>()
        .map(|databases| {
            databases
                .iter()
                .filter_map(|database| js::member(&database, "name")?.as_string())
                .filter(|name| name.starts_with(PREFIX))
                .collect()
        })
        .unwrap_or_default();
    Ok(Some(names))
}
