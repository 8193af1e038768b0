//! A part of a checkpoint, as the browser stores it.

use js_sys::JsString;
use wasm_bindgen::{JsCast, JsValue};

/// A text in the browser's memory. Turning many of them into texts of ours takes a while, so each reader does it when
/// it comes to that part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part(JsString);

impl Part {
    #[must_use]
    pub fn text(&self) -> String {
        String::from(&self.0)
    }

    /// From a stored value. A value that is not text becomes an empty part, which every reader rejects.
    pub(super) fn stored(value: JsValue) -> Self {
        Self(value.dyn_into().unwrap_or_default())
    }
}

impl From<String> for Part {
    fn from(text: String) -> Self {
        Self(JsString::from(text))
    }
}

impl AsRef<JsValue> for Part {
    fn as_ref(&self) -> &JsValue {
        &self.0
    }
}
