//! From stored values to rows and parts. No stored value is trusted to be the one that was written.
//!
//! The head of the checkpoint stays a JSON text, as the former version writes it. A tab of that version would take an object
//! for a damaged head, count from position 0, and write its older checkpoint over the newer one.

use js_sys::{Array, JSON};
use serde::{Deserialize, Serialize};
use serde_wasm_bindgen::preserve;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::IdbKeyRange;

use super::{JournalError, Part, Quarantined};

/// The reason for quarantine that this module gives to a row.
pub(super) const NOT_TEXT: &str = "not text";

/// The head of a checkpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Head {
    pub(super) position: u64,
    pub(super) count: usize,
}

impl Head {
    /// Reads a head. Without a stored one, it is that of a new log.
    pub(super) fn read(stored: Option<&JsValue>) -> Result<Self, JournalError> {
        let Some(stored) = stored.filter(|stored| !stored.is_undefined()) else {
            return Ok(Self::default());
        };
        stored
            .as_string()
            .and_then(|text| serde_json::from_str(&text).ok())
            .ok_or_else(|| JournalError::Corrupt("the checkpoint's head".to_owned()))
    }

    pub(super) fn to_value(self) -> Result<JsValue, JournalError> {
        let text = serde_json::to_string(&self).map_err(|error| JournalError::Other(error.to_string()))?;
        Ok(JsValue::from_str(&text))
    }
}

/// A row whose key or value cannot be read.
pub(super) struct Unreadable {
    pub(super) key: JsValue,
    pub(super) value: JsValue,
}

/// The readable rows, in their order, and the others.
pub(super) fn split(keys: &[JsValue], values: Vec<JsValue>) -> (Vec<(u64, String)>, Vec<Unreadable>) {
    let mut rows = Vec::with_capacity(values.len());
    let mut unreadable = Vec::new();
    for (stored, value) in keys.iter().zip(values) {
        match (key(stored), value.as_string()) {
            (Some(key), Some(row)) => rows.push((key, row)),
            _ => unreadable.push(Unreadable {
                key: stored.clone(),
                value,
            }),
        }
    }
    (rows, unreadable)
}

/// The keys of `wanted`, if `rows` has these texts side by side.
pub(super) fn find(rows: &[(u64, String)], wanted: &[String]) -> Option<Vec<u64>> {
    if wanted.is_empty() {
        return None;
    }
    rows.windows(wanted.len())
        .find(|window| window.iter().map(|(_, row)| row).eq(wanted))
        .map(|window| window.iter().map(|(key, _)| *key).collect())
}

/// Reads the checkpoint store in the order of its keys: the parts and then the head. Also returns how many values
/// cannot be read.
pub(super) fn checkpoint(mut stored: Vec<JsValue>) -> (Head, Vec<Part>, usize) {
    let head = match stored.last().map(|last| Head::read(Some(last))) {
        None => Some(Head::default()),
        Some(Ok(head)) => {
            stored.pop();
            Some(head)
        }
        // The last value may be a part, if the head is gone.
        Some(Err(_)) => None,
    };
    let damaged = stored.iter().filter(|part| !part.is_string()).count();
    let missing = head.map_or(1, |head| head.count.saturating_sub(stored.len()));
    let parts = stored.into_iter().map(Part::stored);
    (head.unwrap_or_default(), parts.collect(), damaged + missing)
}

/// A row in the quarantine, as it is stored.
#[derive(Serialize, Deserialize)]
struct StoredQuarantined {
    #[serde(with = "preserve")]
    key: JsValue,
    #[serde(with = "preserve")]
    row: JsValue,
    reason: String,
}

pub(super) fn to_quarantine(key: &JsValue, row: &JsValue, reason: &str) -> Result<JsValue, JournalError> {
    let stored = StoredQuarantined {
        key: key.clone(),
        row: row.clone(),
        reason: reason.to_owned(),
    };
    serde_wasm_bindgen::to_value(&stored).map_err(|error| JournalError::Other(error.to_string()))
}

/// An entry that is not written like this is shown whole, without a reason.
pub(super) fn quarantined(stored: &JsValue) -> Quarantined {
    match serde_wasm_bindgen::from_value::<StoredQuarantined>(stored.clone()) {
        Ok(stored) => Quarantined {
            reason: stored.reason,
            row: text_of(&stored.row),
        },
        Err(_) => Quarantined {
            reason: String::new(),
            row: text_of(stored),
        },
    }
}

/// The text itself, or JSON of another value. A value without JSON is at least described.
fn text_of(row: &JsValue) -> String {
    let json = || JSON::stringify(row).ok()?.as_string();
    row.as_string()
        .or_else(json)
        .unwrap_or_else(|| format!("{row:?}"))
}

/// Keys are whole numbers up to 2^53, and an `f64` holds each of them exactly.
pub(super) fn key(stored: &JsValue) -> Option<u64> {
    let number = stored.as_f64()?;
    (number >= 1.0 && number.fract() == 0.0).then_some(number as u64)
}

pub(super) fn key_value(key: u64) -> JsValue {
    JsValue::from_f64(key as f64)
}

pub(super) fn range_after(key: u64) -> Result<IdbKeyRange, JournalError> {
    IdbKeyRange::lower_bound_with_open(&key_value(key), true).map_err(JournalError::thrown)
}

pub(super) fn range_up_to(key: u64) -> Result<IdbKeyRange, JournalError> {
    IdbKeyRange::upper_bound(&key_value(key)).map_err(JournalError::thrown)
}

pub(super) fn rexie_range_after(key: u64) -> Result<rexie::KeyRange, JournalError> {
    rexie::KeyRange::lower_bound(&key_value(key), Some(true))
        .map_err(rexie::Error::from)
        .map_err(JournalError::from)
}

pub(super) fn list(answer: &JsValue) -> Vec<JsValue> {
    answer
        .dyn_ref::<Array>()
        .map(|array| array.iter().collect())
        .unwrap_or_default()
}
