//! The visible part of the page: its height, its scrolling, and the places of rows in it.

use leptos::ev;
use leptos::prelude::{document, on_cleanup, window, window_event_listener};
use serde::Serialize;
use web_sys::HtmlCollection;

use super::js;

/// The height of the window in pixels; `None` if the browser does not say.
#[must_use]
pub fn height() -> Option<f64> {
    window().inner_height().ok()?.as_f64()
}

/// Scrolls the page by this number of pixels, down if it is positive.
pub fn scroll(by: f64) {
    window().scroll_by_with_x_and_y(0.0, by);
}

/// Scrolls as little as is needed to bring an element into sight. Returns whether there is such an element.
pub fn reveal(id: &str) -> bool {
    #[derive(Serialize)]
    struct Options {
        block: &'static str,
    }
    let Some(element) = document().get_element_by_id(id) else {
        return false;
    };
    // A browser that does not scroll leaves the element where it is.
    if let Ok(options) = serde_wasm_bindgen::to_value(&Options { block: "nearest" }) {
        drop(js::call(&element, "scrollIntoView", &[options]));
    }
    true
}

/// Calls back whenever the page was scrolled or the window resized, as long as the calling component exists.
pub fn listen(on_change: impl Fn() + Copy + 'static) {
    let scrolled = window_event_listener(ev::scroll, move |_| on_change());
    let resized = window_event_listener(ev::resize, move |_| on_change());
    on_cleanup(move || {
        scrolled.remove();
        resized.remove();
    });
}

/// The drawn rows of a list.
#[derive(Debug)]
pub struct DrawnRows {
    rows: HtmlCollection,
    top: f64,
    bottom: f64,
}

/// The rows of the list with this id; `None` if there is no such list.
#[must_use]
pub fn rows_of(id: &str) -> Option<DrawnRows> {
    let list = document().get_element_by_id(id)?;
    let place = list.get_bounding_client_rect();
    Some(DrawnRows {
        rows: list.children(),
        top: place.top(),
        bottom: place.bottom(),
    })
}

impl DrawnRows {
    /// The distance from the top of the window to the list, in pixels.
    #[must_use]
    pub fn top(&self) -> f64 {
        self.top
    }

    /// The distance from the top of the window to a row. For the row after the last, it is the end of the list.
    #[must_use]
    pub fn top_of(&self, row: usize) -> f64 {
        let row = u32::try_from(row).ok().and_then(|row| self.rows.item(row));
        row.map_or(self.bottom, |row| row.get_bounding_client_rect().top())
    }
}
