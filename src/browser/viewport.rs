//! The part of the page that can be seen: how high it is, how it scrolls, and where rows stand in it.

use leptos::ev;
use leptos::prelude::{document, on_cleanup, window, window_event_listener};
use web_sys::HtmlCollection;

/// How many pixels high the window is; `None` where the browser does not say.
#[must_use]
pub fn height() -> Option<f64> {
    window().inner_height().ok()?.as_f64()
}

/// Scrolls the page, down where `by` is positive.
pub fn scroll(by: f64) {
    window().scroll_by_with_x_and_y(0.0, by);
}

/// Calls back whenever the page was scrolled or the window resized, for as long as the calling component is there.
pub fn listen(on_change: impl Fn() + Copy + 'static) {
    let scrolled = window_event_listener(ev::scroll, move |_| on_change());
    let resized = window_event_listener(ev::resize, move |_| on_change());
    on_cleanup(move || {
        scrolled.remove();
        resized.remove();
    });
}

/// The rows of a list as they are drawn.
#[derive(Debug)]
pub struct DrawnRows {
    rows: HtmlCollection,
    top: f64,
    bottom: f64,
}

/// Of the list with this id; `None` where there is none.
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
    /// Where the list begins, in pixels from the top of the window.
    #[must_use]
    pub fn top(&self) -> f64 {
        self.top
    }

    /// Where a row begins; where the list ends, for the row after the last.
    #[must_use]
    pub fn top_of(&self, row: usize) -> f64 {
        let row = u32::try_from(row).ok().and_then(|row| self.rows.item(row));
        row.map_or(self.bottom, |row| row.get_bounding_client_rect().top())
    }
}
