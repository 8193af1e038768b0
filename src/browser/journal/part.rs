//! A part of a checkpoint, as the browser keeps it.

use js_sys::JsString;
use wasm_bindgen::{JsCast, JsValue};

/// A text that lies with the browser. To make it into a text of ours takes a while where there are many, and so each
/// reader does it when it is that part's turn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part(JsString);

impl Part {
    #[must_use]
    pub fn text(&self) -> String {
        String::from(&self.0)
    }

    /// What is stored as a part. What is no text becomes an empty one, which no reader takes for a part.
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
