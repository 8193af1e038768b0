//! The overlay over a dead page. A panic in WebAssembly ends the program, and the page must say so.
//!
//! Everything that was shown as saved is in the journal by then. While all is well, the overlay is put into the page,
//! hidden and in the language of the person; after a panic it is only shown. If WebAssembly traps without a panic,
//! `start.js` shows it. Left out: reports to a server.

use std::panic::PanicHookInfo;

use js_sys::Function;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, HtmlElement};

use super::{js, names};

/// The texts of the overlay.
#[derive(Clone, Copy, Debug)]
pub struct LastWords {
    pub heading: &'static str,
    pub text: &'static str,
    pub reload: &'static str,
}

/// From now on, a panic is logged and covers the page with an offer to reload.
pub fn install() {
    std::panic::set_hook(Box::new(|info: &PanicHookInfo<'_>| {
        web_sys::console::error_1(&js_sys::Error::new(&info.to_string()));
        show_overlay();
    }));
}

/// Puts the overlay into the page, hidden. It is called again when the language changes.
pub fn prepare(words: LastWords) {
    if let Err(thrown) = try_prepare(words) {
        js::warn(&format!("an overlay cannot be made: {}", js::describe(&thrown)));
    }
}

/// Shows the overlay.
pub fn show_overlay() {
    // If the page is too broken for this, the log has the error.
    if let Err(thrown) = try_show() {
        js::warn(&format!("the overlay cannot be shown: {}", js::describe(&thrown)));
    }
}

fn try_show() -> Result<(), JsValue> {
    let document = web_sys::window()
        .and_then(|window| window.document())
        .ok_or("no document")?;
    let overlay: HtmlElement = document
        .get_element_by_id(names::STOPPED)
        .ok_or("no overlay")?
        .dyn_into()?;
    overlay.style().set_property("display", "flex")?;
    let button: HtmlElement = overlay.query_selector("button")?.ok_or("no button")?.dyn_into()?;
    button.focus()
}

fn try_prepare(words: LastWords) -> Result<(), JsValue> {
    let window = web_sys::window().ok_or("no window")?;
    let document = window.document().ok_or("no document")?;
    let body = document.body().ok_or("no body")?;
    if let Some(before) = document.get_element_by_id(names::STOPPED) {
        before.remove();
    }
    let overlay = element(
        &document,
        "div",
        "",
        &[
            ("position", "fixed"),
            ("inset", "0"),
            ("z-index", "2147483647"),
            ("display", "none"),
            ("flex-direction", "column"),
            ("gap", "1rem"),
            ("align-items", "center"),
            ("justify-content", "center"),
            ("padding", "2rem"),
            ("text-align", "center"),
            ("background", "Canvas"),
            ("color", "CanvasText"),
            ("font", "1rem/1.5 system-ui, sans-serif"),
        ],
    )?;
    overlay.set_id(names::STOPPED);
    overlay.set_attribute("role", "alertdialog")?;
    overlay.set_attribute("aria-modal", "true")?;
    overlay.set_attribute("aria-label", words.heading)?;
    let large = [("margin", "0"), ("font-size", "1.5rem")];
    let heading = element(&document, "h1", words.heading, &large)?;
    overlay.append_child(&heading)?;
    let paragraph = element(&document, "p", words.text, &[("margin", "0")])?;
    overlay.append_child(&paragraph)?;

    let button = element(
        &document,
        "button",
        words.reload,
        &[
            ("font", "inherit"),
            ("padding", "0.5rem 1.5rem"),
            ("cursor", "pointer"),
        ],
    )?;
    // This is the browser's own function, bound to its object. A closure of ours might be as dead as the rest.
    let location: JsValue = window.location().into();
    let reload = js::method(&location, "reload").ok_or("no reload")?;
    let bound: Function = js::call(&reload, "bind", &[location])?.dyn_into()?;
    button.set_onclick(Some(&bound));
    overlay.append_child(&button)?;

    body.append_child(&overlay)?;
    Ok(())
}

// Styles are set through the object model, which a strict content security policy allows.
fn element(
    document: &Document,
    tag: &str,
    text: &str,
    styles: &[(&str, &str)],
) -> Result<HtmlElement, JsValue> {
    let element: HtmlElement = document.create_element(tag)?.dyn_into()?;
    if !text.is_empty() {
        element.set_text_content(Some(text));
    }
    for (name, value) in styles {
        element.style().set_property(name, value)?;
    }
    Ok(element)
}
