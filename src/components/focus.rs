//! Moving the keyboard's focus, the one thing here that touches the document.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlElement;

/// Focuses the first of these elements that exists, once the screen shows what was just decided.
pub fn focus_first(ids: impl IntoIterator<Item = String> + 'static) {
    request_animation_frame(move || {
        let found = ids.into_iter().find_map(|id| document().get_element_by_id(&id));
        focus_element(found);
    });
}

/// Focuses the element again if the focus fell to the page because the element was moved within it.
pub fn keep_focus(id: String) {
    request_animation_frame(move || {
        let lost = document()
            .active_element()
            .is_none_or(|active| active.tag_name() == "BODY");
        if lost {
            focus_element(document().get_element_by_id(&id));
        }
    });
}

fn focus_element(element: Option<leptos::web_sys::Element>) {
    if let Some(element) = element.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        // An element that cannot take focus leaves it where it was; nothing more can be done about it.
        drop(element.focus());
    }
}
