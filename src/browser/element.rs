//! Actions on an element that a component has drawn itself, and that no attribute can do.

use leptos::ev::Event;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// Shows a dialog over everything else, with the page behind it inert.
pub fn show_modal(dialog: NodeRef<html::Dialog>) {
    if let Some(dialog) = dialog.get() {
        // This fails only if the dialog is already open or gone; then there is nothing to show.
        drop(dialog.show_modal());
    }
}

/// Whether the pointer or the focus is on the element.
#[must_use]
pub fn is_in_use(element: NodeRef<html::Div>) -> bool {
    let element = element.try_get_untracked().flatten();
    element.is_some_and(|element| element.matches(":hover, :focus-within").unwrap_or(false))
}

/// The value of the input of this event; `None` while it is not a valid value, such as half a date, which the browser
/// reports as an empty text.
#[must_use]
pub fn valid_value(ev: &Event) -> Option<String> {
    let input: HtmlInputElement = ev.target()?.dyn_into().ok()?;
    input.check_validity().then(|| input.value())
}
