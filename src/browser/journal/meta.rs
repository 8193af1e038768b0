//! Small strings about the database: the id of the replica, and the id of this creation of the database.

use wasm_bindgen::JsValue;

use super::connection::Connection;
use super::write::{self};
use super::{JournalError, META};

pub(super) async fn get(connection: &Connection, key: &str) -> Result<Option<String>, JournalError> {
    let read = connection.read(&[META])?;
    let stored = read.store(META)?.get(JsValue::from_str(key)).await?;
    stored.map_or(Ok(None), |stored| text(&stored, key).map(Some))
}

pub(super) async fn put(connection: &Connection, key: &str, value: &str) -> Result<(), JournalError> {
    let write = connection.write(&[META])?;
    write
        .store(META)?
        .put_with_key(&JsValue::from_str(value), &JsValue::from_str(key))
        .map_err(JournalError::thrown)?;
    write.finish().await
}

pub(super) async fn get_or_init(
    connection: &Connection,
    key: &str,
    value: &str,
) -> Result<String, JournalError> {
    let write = connection.write(&[META])?;
    let store = write.store(META)?;
    let stored = write::ask(store.get(&JsValue::from_str(key)))?.answer().await?;
    let answer = if stored.is_undefined() {
        store
            .put_with_key(&JsValue::from_str(value), &JsValue::from_str(key))
            .map_err(JournalError::thrown)?;
        value.to_owned()
    } else {
        text(&stored, key)?
    };
    write.finish().await?;
    Ok(answer)
}

pub(super) async fn change(
    connection: &Connection,
    key: &str,
    change: &dyn Fn(&str) -> String,
) -> Result<(), JournalError> {
    let write = connection.write(&[META])?;
    let store = write.store(META)?;
    let stored = write::ask(store.get(&JsValue::from_str(key)))?.answer().await?;
    let changed = change(&stored.as_string().unwrap_or_default());
    store
        .put_with_key(&JsValue::from_str(&changed), &JsValue::from_str(key))
        .map_err(JournalError::thrown)?;
    write.finish().await
}

fn text(stored: &JsValue, key: &str) -> Result<String, JournalError> {
    stored
        .as_string()
        .ok_or_else(|| JournalError::Corrupt(format!("the entry {key}")))
}
