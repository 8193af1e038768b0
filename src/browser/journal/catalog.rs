//! The databases of Tsugi in this browser, and deleting one.

use serde::Deserialize;
use tsugi_sync::ids::WorkspaceId;
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
    let listed: Vec<Listed> = serde_wasm_bindgen::from_value(listed).unwrap_or_default();
    let names = listed.into_iter().map(|database| database.name);
    Ok(Some(names.filter(|name| name.starts_with(PREFIX)).collect()))
}

/// What the browser says of a database.
#[derive(Deserialize)]
struct Listed {
    #[serde(default)]
    name: String,
}
