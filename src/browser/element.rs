//! Actions on an element that a component has drawn itself, and that no attribute can do.

use leptos::ev::Event;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::js;

/// Shows a dialog over everything else, with the page behind it inert, and with the focus where it wants it.
pub fn show_modal(dialog: NodeRef<html::Dialog>) {
    if let Some(dialog) = dialog.get() {
        // One dialog may follow another in the same element, which is open then.
        if dialog.open() {
            dialog.close();
        }
        // This fails only if the dialog is gone; then there is nothing to show.
        drop(dialog.show_modal());
    }
}

/// Whether the pointer or the focus is on the element.
#[must_use]
pub fn is_in_use(element: NodeRef<html::Div>) -> bool {
    let element = element.try_get_untracked().flatten();
    element.is_some_and(|element| element.matches(":hover, :focus-within").unwrap_or(false))
}

/// The text of an input up to the caret.
#[must_use]
pub fn before_caret(input: NodeRef<html::Input>) -> String {
    let Some(input) = input.try_get_untracked().flatten() else {
        return String::new();
    };
    let text = input.value();
    let caret = input.selection_start().ok().flatten().unwrap_or(u32::MAX);
    // The browser counts in units of UTF-16.
    let mut units = 0;
    let begins_before = |letter: &char| {
        units += letter.len_utf16() as u32;
        units <= caret
    };
    text.chars().take_while(begins_before).collect()
}

/// The text that is about to be pasted.
#[must_use]
pub fn pasted(ev: &Event) -> String {
    let data = js::member(ev.as_ref(), "clipboardData");
    let text = data.and_then(|data| js::call(&data, "getData", &["text/plain".into()]).ok());
    text.and_then(|text| text.as_string()).unwrap_or_default()
}

/// Writes a text into an input, with the caret between its two parts.
pub fn write(input: NodeRef<html::Input>, before: &str, after: &str) {
    let Some(input) = input.try_get_untracked().flatten() else {
        return;
    };
    input.set_value(&[before, after].concat());
    let caret = before.encode_utf16().count() as u32;
    // This fails only for an input without a caret, such as a checkbox.
    drop(input.set_selection_range(caret, caret));
}

/// The number that an attribute has at the element of an event, or at the nearest one around it.
#[must_use]
pub fn number_of(ev: &web_sys::Event, attribute: &str) -> Option<usize> {
    let target = ev.target()?.dyn_into::<web_sys::Element>().ok()?;
    let around = target.closest(&format!("[{attribute}]")).ok().flatten()?;
    around.get_attribute(attribute)?.parse().ok()
}
