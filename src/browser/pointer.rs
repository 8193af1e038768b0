//! Events of pointers anywhere in the window: a mouse, a pen or a finger.

use leptos::ev::{self, MouseEvent, PointerEvent};
use leptos::prelude::{on_cleanup, window_event_listener};
use tsugi_screen::drag_over::{Carried, Point};
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::surface;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PointerInput {
    /// The main button of the main pointer was pressed on something that can be dragged.
    Gripped {
        what: Carried,
        at: Point,
        is_touch: bool,
    },
    /// It was pressed on something else, or another button or pointer was pressed.
    Down,
    Moved(Point),
    Up,
    /// The browser has taken the pointer, to scroll or to zoom.
    Cancelled,
}

/// Lets a double click on a checkbox count once. The row may have left by the second click, and another row may be at its
/// place then.
pub fn click_once(ev: &MouseEvent) {
    if ev.detail() > 1 {
        ev.prevent_default();
    }
}

/// Lets the focus stay where it is when a button is pressed.
pub fn keep_focus(ev: MouseEvent) {
    ev.prevent_default();
}

/// Whether a click was on something that handles it itself, such as a button in a row.
#[must_use]
pub fn is_on_control(ev: &MouseEvent) -> bool {
    let target = ev.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| surface::is_control(&target))
}

/// Follows pointers as long as the calling component exists.
pub fn listen(on_input: impl Fn(PointerInput) + Copy + 'static) {
    let down = window_event_listener(ev::pointerdown, move |ev| on_input(down(&ev)));
    let moved = window_event_listener(ev::pointermove, move |ev| {
        on_input(PointerInput::Moved(point(&ev)))
    });
    let up = window_event_listener(ev::pointerup, move |_| on_input(PointerInput::Up));
    let cancelled = window_event_listener(ev::pointercancel, move |_| on_input(PointerInput::Cancelled));
    on_cleanup(move || {
        for listening in [down, moved, up, cancelled] {
            listening.remove();
        }
    });
}

fn down(ev: &PointerEvent) -> PointerInput {
    let target = ev.target().and_then(|target| target.dyn_into::<Element>().ok());
    let what = target.as_ref().and_then(surface::carried);
    match what.filter(|_| ev.button() == 0 && ev.is_primary()) {
        Some(what) => PointerInput::Gripped {
            what,
            at: point(ev),
            is_touch: ev.pointer_type() == "touch",
        },
        None => PointerInput::Down,
    }
}

fn point(ev: &PointerEvent) -> Point {
    (f64::from(ev.client_x()), f64::from(ev.client_y()))
}
