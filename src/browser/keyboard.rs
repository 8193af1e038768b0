//! Keys, and the facts about a key press that decide its meaning: modifiers, and the kind of element that it was in.

use leptos::ev::{self, KeyboardEvent};
use leptos::prelude::{on_cleanup, window_event_listener};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement, HtmlTextAreaElement};

use tsugi_screen::shortcuts::latin_name;

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
    /// It was pressed in a field that holds no text.
    pub in_empty_field: bool,
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
        if is_composing(&ev) || ev.default_prevented() {
            return;
        }
        let target = ev.target().and_then(|target| target.dyn_into::<Element>().ok());
        let key = Key {
            name: latin_name(&ev.key(), &ev.code()),
            modified: is_modified(&ev),
            shift: ev.shift_key(),
            alt: ev.alt_key(),
            target: target.as_ref().map_or(Target::Page, target_of),
            in_empty_field: target.as_ref().is_some_and(is_empty_field),
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
    if is("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])") {
        Target::Field
    } else if is("button, a, summary") {
        Target::Control
    } else {
        Target::Page
    }
}

fn is_empty_field(element: &Element) -> bool {
    let input = element.dyn_ref::<HtmlInputElement>().map(HtmlInputElement::value);
    let area = || {
        element
            .dyn_ref::<HtmlTextAreaElement>()
            .map(HtmlTextAreaElement::value)
    };
    input.or_else(area).is_some_and(|text| text.is_empty())
}

/// Whether the key goes into a field, in which letters are text.
#[must_use]
pub fn is_in_field(ev: &KeyboardEvent) -> bool {
    let target = ev.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| target_of(&target) == Target::Field)
}

/// The small letter or the sign of a key, as a Latin keyboard has it.
#[must_use]
pub fn latin(ev: &KeyboardEvent) -> String {
    latin_name(&ev.key(), &ev.code()).to_lowercase()
}

/// Whether the key belongs to an input method, which composes, say, Japanese text. Safari reports the key that ends a
/// composition after it has ended, with the key code 229.
#[must_use]
pub fn is_composing(ev: &KeyboardEvent) -> bool {
    ev.is_composing() || ev.key_code() == 229
}

/// Whether this is Enter, and not the Enter that ends the composition of an input method.
#[must_use]
pub fn is_enter(ev: &KeyboardEvent) -> bool {
    ev.key() == "Enter" && !is_composing(ev)
}

/// With Ctrl, or with the command key of a Mac.
#[must_use]
pub fn is_modified(ev: &KeyboardEvent) -> bool {
    ev.ctrl_key() || ev.meta_key()
}
