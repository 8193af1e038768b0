//! Functions that the hooks share: descriptions of thrown values, and calls for which `web-sys` has no stable binding.

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// A thrown value of any type, as text for a log.
pub(super) fn describe(thrown: &JsValue) -> String {
    if let Some(text) = thrown.as_string() {
        return text;
    }
    match (error_name(thrown), text_of(thrown, "message")) {
        (Some(name), Some(message)) => format!("{name}: {message}"),
        (Some(name), None) => name,
        (None, Some(message)) => message,
        (None, None) => format!("{thrown:?}"),
    }
}

/// The `name` of an `Error` or `DOMException`. It is the only part that is the same in all browsers.
pub(super) fn error_name(thrown: &JsValue) -> Option<String> {
    text_of(thrown, "name")
}

/// A member of an object; `None` if there is none, or if this is not an object.
pub(super) fn member(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &JsValue::from_str(name))
        .ok()
        .filter(|value| !value.is_undefined() && !value.is_null())
}

fn text_of(object: &JsValue, name: &str) -> Option<String> {
    member(object, name)?.as_string().filter(|text| !text.is_empty())
}

/// A method of an object, if it exists.
pub(super) fn method(object: &JsValue, name: &str) -> Option<Function> {
    member(object, name)?.dyn_into().ok()
}

/// Calls a method. A missing one is an error like a thrown one.
pub(super) fn call(object: &JsValue, name: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let method =
        method(object, name).ok_or_else(|| JsValue::from_str(&format!("there is no function {name}")))?;
    let list = Array::new();
    for argument in arguments {
        list.push(argument);
    }
    method.apply(object, &list)
}

/// Calls a method that returns a promise.
pub(super) fn call_async(object: &JsValue, name: &str, arguments: &[JsValue]) -> Result<Promise, JsValue> {
    call(object, name, arguments).map(|answer| Promise::resolve(&answer))
}

/// An object of the global scope such as `indexedDB`; `None` if the browser has none or denies it.
pub(super) fn global(name: &str) -> Option<JsValue> {
    member(&js_sys::global(), name)
}

pub(super) fn warn(text: &str) {
    web_sys::console::warn_1(&JsValue::from_str(text));
}
