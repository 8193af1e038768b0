//! Keys, and the facts about a key press that decide its meaning: modifiers, and the kind of element that it was in.

use leptos::ev::{self, KeyboardEvent};
use leptos::prelude::{on_cleanup, window_event_listener};
use wasm_bindgen::JsCast;
use web_sys::Element;

/// A key that was pressed anywhere on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its name or character, such as `Enter` or `a`.
    pub name: String,
    /// With Ctrl, or with the command key of a Mac.
    pub modified: bool,
    pub shift: bool,
    pub alt: bool,
    pub target: Target,
}

/// The kind of element in which a key was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Page,
    /// A button or a link. Enter and Space press it.
    Control,
    /// A field in which letters are text, and arrows move the cursor.
    Field,
}

/// The decision whether the app or the browser handles a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// The app handles it. The browser and later listeners shall ignore it.
    Ours,
    Browsers,
}

/// Listens to keys as long as the calling component exists. Keys that another listener has claimed, and keys of an
/// input method, are left out.
pub fn listen(on_key: impl Fn(Key) -> Claim + 'static) {
    let pressed = move |ev: KeyboardEvent| {
        if ev.is_composing() || ev.default_prevented() {
            return;
        }
        let target = ev.target().and_then(|target| target.dyn_into::<Element>().ok());
        let key = Key {
            name: ev.key(),
            modified: is_modified(&ev),
            shift: ev.shift_key(),
            alt: ev.alt_key(),
            target: target.as_ref().map_or(Target::Page, target_of),
        };
        if on_key(key) == Claim::Ours {
            ev.prevent_default();
        }
    };
    let listening = window_event_listener(ev::keydown, pressed);
    on_cleanup(move || listening.remove());
}

fn target_of(element: &Element) -> Target {
    let is = |selector: &str| element.matches(selector).unwrap_or(false);
    if is("textarea, select, [contenteditable], input:not([type=checkbox])") {
        Target::Field
    } else if is("button, a, summary") {
        Target::Control
    } else {
        Target::Page
    }
}

/// Whether this is Enter, and not the Enter that ends the composition of, say, Japanese text. That one belongs to the
/// input method, and Safari reports it after the composition has ended, with the key code 229.
#[must_use]
pub fn is_enter(ev: &KeyboardEvent) -> bool {
    ev.key() == "Enter" && !ev.is_composing() && ev.key_code() != 229
}

/// With Ctrl, or with the command key of a Mac.
#[must_use]
pub fn is_modified(ev: &KeyboardEvent) -> bool {
    ev.ctrl_key() || ev.meta_key()
}
