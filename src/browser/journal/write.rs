//! A strict writing transaction. Inside one, only its own requests may be awaited, because the browser commits it
//! otherwise.

use js_sys::{Array, Promise};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbObjectStore, IdbRequest, IdbTransaction};

use super::{JournalError, LOG, QUARANTINE, rows};
use crate::browser::js;

/// Options of a transaction.
#[derive(Serialize)]
struct Options {
    durability: &'static str,
}

/// It is aborted if it is dropped before [`Write::finish`], so that half of a change is never stored.
pub(super) struct Write {
    transaction: IdbTransaction,
    ended: JsFuture,
    finishing: bool,
}

impl Write {
    pub(super) fn begin(database: &IdbDatabase, stores: &[&str]) -> Result<Self, JournalError> {
        let names: Array = stores.iter().map(|name| JsValue::from_str(name)).collect();
        let options = serde_wasm_bindgen::to_value(&Options { durability: "strict" })
            .map_err(|error| JournalError::Other(error.to_string()))?;
        // `web-sys` has no stable call with options.
        let transaction: IdbTransaction = js::call(
            database,
            "transaction",
            &[names.into(), JsValue::from_str("readwrite"), options],
        )
        .map_err(JournalError::thrown)?
        .unchecked_into();
        let ended = Promise::new(&mut |resolve, reject| {
            transaction.set_oncomplete(Some(&resolve));
            transaction.set_onabort(Some(&reject));
        });
        Ok(Self {
            transaction,
            ended: JsFuture::from(ended),
            finishing: false,
        })
    }

    pub(super) fn store(&self, name: &str) -> Result<IdbObjectStore, JournalError> {
        self.transaction.object_store(name).map_err(JournalError::thrown)
    }

    /// Moves a row of the log to the quarantine.
    pub(super) fn quarantine(&self, key: &JsValue, row: &JsValue, reason: &str) -> Result<(), JournalError> {
        let kept = rows::to_quarantine(key, row, reason)?;
        self.store(QUARANTINE)?.add(&kept).map_err(JournalError::thrown)?;
        self.store(LOG)?.delete(key).map_err(JournalError::thrown)?;
        Ok(())
    }

    /// Waits until all its requests are durable.
    pub(super) async fn finish(mut self) -> Result<(), JournalError> {
        self.finishing = true;
        match (&mut self.ended).await {
            Ok(_) => Ok(()),
            // In Chromium a full disk shows only here; the request itself had succeeded.
            Err(_) => Err(match self.transaction.error() {
                Some(error) => JournalError::thrown(error.into()),
                None => JournalError::Aborted("for no stated reason".to_owned()),
            }),
        }
    }
}

impl Drop for Write {
    fn drop(&mut self) {
        // This fails if the browser has already aborted the transaction, and then there is nothing to do.
        if !self.finishing && self.transaction.abort().is_err() {
            js::warn("a transaction had ended before it was given up");
        }
    }
}

/// A request, and the future of its answer.
pub(super) struct Asked {
    request: IdbRequest,
    settled: JsFuture,
}

pub(super) fn ask(request: Result<IdbRequest, JsValue>) -> Result<Asked, JournalError> {
    let request = request.map_err(JournalError::thrown)?;
    let settled = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    Ok(Asked {
        request,
        settled: JsFuture::from(settled),
    })
}

impl Asked {
    pub(super) async fn answer(self) -> Result<JsValue, JournalError> {
        match self.settled.await {
            Ok(_) => self.request.result().map_err(JournalError::thrown),
            Err(_) => Err(match self.request.error() {
                Ok(Some(error)) => JournalError::thrown(error.into()),
                Ok(None) => JournalError::Other("a request failed for no stated reason".to_owned()),
                Err(thrown) => JournalError::thrown(thrown),
            }),
        }
    }
}

/// The key that a finished `add` has given to its row.
pub(super) fn key_of(added: &IdbRequest) -> Result<u64, JournalError> {
    let key = added.result().map_err(JournalError::thrown)?;
    rows::key(&key).ok_or_else(|| JournalError::Corrupt("a row has no number".to_owned()))
}
