//! The elements under a point of the window, if something can be dragged from there or dropped there.
//!
//! They are found by the attributes of [`super::names`], and never by classes. [`tsugi_screen::drag_over`] decides the
//! effect of a drop.

use leptos::prelude::document;
use tsugi_screen::drag_over::{Carried, Order, Point, Rect, Row, Rows, Shelf, Under};
use tsugi_screen::swipe::{Swipe, Way};
use tsugi_sync::ids::EntityId;
use tsugi_words::phrases;
use wasm_bindgen::JsCast;
use web_sys::{DomRect, Element, HtmlElement};

use super::names;

/// Whether this is for pressing or typing, or lies in something that is. The button that covers a whole row is the row.
pub(super) fn is_control(target: &Element) -> bool {
    let control = closest(target, "dialog, input, textarea, select, button, label, a");
    control.is_some_and(|control| !control.has_attribute(names::HANDLE))
}

/// The thing that would be dragged from here; none if this place is for pressing or typing.
pub(super) fn carried(target: &Element) -> Option<Carried> {
    if is_control(target) {
        return None;
    }
    if let Some(list) = closest_with(target, names::LIST) {
        return id(&list, names::LIST).map(Carried::List);
    }
    let row = closest_with(&closest_with(target, names::HANDLE)?, names::TASK)?;
    match row.has_attribute(names::OVER) {
        true => None,
        false => id(&row, names::TASK).map(Carried::Task),
    }
}

/// Whether the page runs from right to left.
#[must_use]
pub fn is_mirrored() -> bool {
    document().dir() == "rtl"
}

/// Whether this is a row that a finger can push aside. A card is none, because the board scrolls sideways.
#[must_use]
pub fn can_slide(what: &Carried) -> bool {
    match what {
        Carried::Task(task) => row_of(*task).is_some_and(|row| row.has_attribute(names::DEPTH)),
        Carried::List(_) => false,
    }
}

fn row_of(task: EntityId) -> Option<Element> {
    let selector = format!("[{}=\"{task}\"]", names::TASK);
    document().query_selector(&selector).ok().flatten()
}

/// Pushes the row of a task aside, with the words of what will happen beneath it; or lets it go back.
pub fn slide(task: EntityId, swipe: Option<Swipe>) {
    let Some(row) = row_of(task) else { return };
    let words = swipe.map(|swipe| match swipe.towards {
        Way::Done => phrases::complete(),
        Way::Later => phrases::set_due(),
    });
    let state = swipe.map(|swipe| match (swipe.towards, swipe.acts) {
        (Way::Done, None) => "to-done",
        (Way::Done, Some(_)) => "done",
        (Way::Later, None) => "to-later",
        (Way::Later, Some(_)) => "later",
    });
    for (name, value) in [(names::SWIPE, state), (names::SWIPE_WORDS, words)] {
        // An attribute with a fixed name can always be set.
        drop(match value {
            Some(value) => row.set_attribute(name, value),
            None => row.remove_attribute(name),
        });
    }
    if let Some(line) = first_with(&row, names::HANDLE).and_then(|line| line.dyn_into::<HtmlElement>().ok()) {
        let by = swipe.map_or(0.0, |swipe| swipe.by);
        drop(line.style().set_property("translate", &format!("{by}px")));
    }
}

/// A row or card that is lifted from its place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lifted {
    pub title: String,
    pub width: f64,
    /// From the top left corner of the row to the pointer.
    pub grip: Point,
}

/// The row of a task that is about to be dragged from this point.
#[must_use]
pub fn lifted(task: EntityId, from: Point) -> Option<Lifted> {
    let row = row_of(task)?;
    let line = match row.has_attribute(names::HANDLE) {
        true => row,
        false => first_with(&row, names::HANDLE)?,
    };
    let place = rect(&line);
    let title = document().get_element_by_id(&names::title(task));
    Some(Lifted {
        title: title.and_then(|title| title.text_content()).unwrap_or_default(),
        width: place.width,
        grip: (from.0 - place.left, from.1 - place.top),
    })
}

/// The thing under a task that is dragged.
#[must_use]
pub fn under(at: Point) -> Option<Under> {
    let element = element_at(at)?;
    if let Some(row) = closest_with(&element, names::TASK) {
        // The pointer is over the heading, and not yet over the line of the row.
        let heading = closest_with(&element, names::DROP).filter(|heading| row.contains(Some(heading)));
        return match heading {
            Some(heading) => taker(&heading, true),
            None => rows_around(&row).map(Under::Rows),
        };
    }
    taker(&closest_with(&element, names::DROP)?, false)
}

/// The thing under a list that is dragged.
#[must_use]
pub fn shelf_under(at: Point) -> Option<Shelf> {
    let element = element_at(at)?;
    if let Some(folder) = closest_with(&element, names::INTO_FOLDER) {
        return id(&folder, names::INTO_FOLDER).map(Shelf::Folder);
    }
    let entry = closest_with(&element, names::LIST)?;
    let next = entry.next_element_sibling();
    Some(Shelf::List {
        id: id(&entry, names::LIST)?,
        folder: id(&entry, names::FOLDER),
        next: next.and_then(|next| id(&next, names::LIST)),
        place: rect(&entry),
    })
}

fn taker(element: &Element, is_heading: bool) -> Option<Under> {
    let mark = element.get_attribute(names::DROP)?;
    Some(Under::Taker { mark, is_heading })
}

/// The row, the rows above it up to the nearest open one, and the row below it.
fn rows_around(hovered: &Element) -> Option<Rows> {
    let order = closest_with(hovered, names::ORDER)?.get_attribute(names::ORDER)?;
    let mut rows = vec![row(hovered)?];
    let mut above = hovered.previous_element_sibling();
    while let Some(element) = above {
        let next = row(&element)?;
        rows.push(next);
        above = match next.is_over {
            true => element.previous_element_sibling(),
            false => None,
        };
    }
    rows.reverse();
    let at = rows.len() - 1;
    rows.extend(hovered.next_element_sibling().as_ref().and_then(row));
    Some(Rows {
        order: Order::from_name(&order)?,
        rows,
        at,
        heading: heading_over(hovered),
    })
}

fn row(element: &Element) -> Option<Row> {
    let depth = element.get_attribute(names::DEPTH);
    let line = match element.has_attribute(names::HANDLE) {
        true => Some(element.clone()),
        false => first_with(element, names::HANDLE),
    };
    Some(Row {
        id: id(element, names::TASK)?,
        depth: depth.and_then(|depth| depth.parse().ok()).unwrap_or(0),
        is_over: element.has_attribute(names::OVER),
        has_heading: first_with(element, names::HEADING).is_some(),
        whole: rect(element),
        line: rect(&line?),
    })
}

/// The mark of the heading that a row is under: the last heading of the nearest row above that has any.
fn heading_over(row: &Element) -> Option<String> {
    let mut at = Some(row.clone());
    while let Some(row) = at {
        let parts = row.children();
        let mut parts = (0..parts.length()).rev().filter_map(|nth| parts.item(nth));
        if let Some(mark) = parts.find_map(|part| part.get_attribute(names::DROP)) {
            return Some(mark);
        }
        at = row.previous_element_sibling();
    }
    None
}

fn element_at(at: Point) -> Option<Element> {
    document().element_from_point(at.0 as f32, at.1 as f32)
}

fn id(element: &Element, attribute: &str) -> Option<EntityId> {
    element.get_attribute(attribute)?.parse().ok()
}

fn closest(element: &Element, selector: &str) -> Option<Element> {
    element.closest(selector).ok().flatten()
}

fn closest_with(element: &Element, attribute: &str) -> Option<Element> {
    closest(element, &with(attribute))
}

fn first_with(element: &Element, attribute: &str) -> Option<Element> {
    element.query_selector(&with(attribute)).ok().flatten()
}

fn with(attribute: &str) -> String {
    ["[", attribute, "]"].concat()
}

fn rect(element: &Element) -> Rect {
    let rect: DomRect = element.get_bounding_client_rect();
    Rect {
        left: rect.left(),
        top: rect.top(),
        width: rect.width(),
        height: rect.height(),
    }
}
