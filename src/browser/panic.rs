//! The last word: a panic in WebAssembly ends the program, and a dead page must say so.
//!
//! Whatever was shown as saved is in the journal by then. Nothing of the app is used here, because it may be what
//! broke: plain elements, English, and a button that needs no WebAssembly to work. Left out: reports to a server.

use std::panic::PanicHookInfo;

use js_sys::Function;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, HtmlElement};

use super::js;

/// From now on a panic is logged and covers the page with an offer to reload.
pub fn install() {
    std::panic::set_hook(Box::new(|info: &PanicHookInfo<'_>| {
        web_sys::console::error_1(&js_sys::Error::new(&info.to_string()));
        show_overlay();
    }));
}

/// Covers the page. It appears once, however often this is called.
pub fn show_overlay() {
    // A page too broken for this has the log only.
    if let Err(thrown) = try_show() {
        js::warn(&format!("the overlay cannot be shown: {}", js::describe(&thrown)));
    }
}

/// The id of the overlay's element, for tests.
pub const OVERLAY_ID: &str = "tsugi-stopped";

fn try_show() -> Result<(), JsValue> {
    let window = web_sys::window().ok_or("no window")?;
    let document = window.document().ok_or("no document")?;
    let body = document.body().ok_or("no body")?;
    if document.get_element_by_id(OVERLAY_ID).is_some() {
        return Ok(());
    }
    let overlay = element(
        &document,
        "div",
        "",
        &[
            ("position", "fixed"),
            ("inset", "0"),
            ("z-index", "2147483647"),
            ("display", "flex"),
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
    overlay.set_id(OVERLAY_ID);
    overlay.set_attribute("role", "alertdialog")?;
    overlay.set_attribute("aria-modal", "true")?;
    overlay.set_attribute("aria-label", "Tsugi has stopped")?;
    let large = [("margin", "0"), ("font-size", "1.5rem")];
    let heading = element(&document, "h1", "Tsugi has stopped", &large)?;
    overlay.append_child(&heading)?;
    let text = "Something went wrong in the app. Your saved edits are safe on this device.";
    let paragraph = element(&document, "p", text, &[("margin", "0")])?;
    overlay.append_child(&paragraph)?;

    let button = element(
        &document,
        "button",
        "Reload",
        &[
            ("font", "inherit"),
            ("padding", "0.5rem 1.5rem"),
            ("cursor", "pointer"),
        ],
    )?;
    // The browser's own function, bound: a closure of ours might be as dead as the rest.
    let location: JsValue = window.location().into();
    let reload = js::method(&location, "reload").ok_or("no reload")?;
    let bound: Function = js::call(&reload, "bind", &[location])?.dyn_into()?;
    button.set_onclick(Some(&bound));
    overlay.append_child(&button)?;

    body.append_child(&overlay)?;
    button.focus()
}

// Styles go through the object model, which a strict content security policy allows.
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
