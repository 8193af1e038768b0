//! What a component does with an element of its own that no attribute does.

use leptos::ev::Event;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// Shows a dialog over everything else, with the page behind it inert.
pub fn show_modal(dialog: NodeRef<html::Dialog>) {
    if let Some(dialog) = dialog.get() {
        // Fails only when it is open already or gone again; either way there is nothing to show.
        drop(dialog.show_modal());
    }
}

/// Whether the pointer or the focus is on it.
#[must_use]
pub fn is_in_use(element: NodeRef<html::Div>) -> bool {
    let element = element.try_get_untracked().flatten();
    element.is_some_and(|element| element.matches(":hover, :focus-within").unwrap_or(false))
}

/// What stands in the input that this event is about; `None` while it is no value yet, such as half a date, which the
/// browser would give as an empty text.
#[must_use]
pub fn valid_value(ev: &Event) -> Option<String> {
    let input: HtmlInputElement = ev.target()?.dyn_into().ok()?;
    input.check_validity().then(|| input.value())
}
