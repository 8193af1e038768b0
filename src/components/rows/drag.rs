//! Dragging by pointer and, after a long press, by touch: tasks to other places and lists to other folders. What a
//! place means is [`tsugi_screen::drop_place`]'s business; this follows the pointer and finds what is under it.

use leptos::ev::{self, PointerEvent};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Element;
use tsugi_sync::ids::EntityId;

use crate::browser::time::Timer;
use crate::components::kit::changing::changing;
use tsugi_screen::drop_place::{INDENT, depth_between, spot_of};
use tsugi_screen::intent::arrange::{Furnish, Spot};
use tsugi_words::phrases;

/// Pixels that a pointer moves before it drags.
const SLACK: f64 = 6.0;
/// Milliseconds that a finger rests before it drags.
const LONG_PRESS: u64 = 380;
/// Pixels from the edge of the window at which the page scrolls, and how many it scrolls in each frame.
const EDGE: f64 = 64.0;
const SCROLL: f64 = 12.0;

/// What is dragged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Carried {
    Task(EntityId),
    List(EntityId),
}

/// What it is dragged over.
#[derive(Clone, Debug, PartialEq)]
enum Over {
    Spot(Spot, Mark),
    /// A list goes there.
    Shelf(Furnish, Mark),
}

/// How that is shown.
#[derive(Clone, Debug, PartialEq)]
enum Mark {
    /// A line between rows: from the left, from the top, how long.
    Line(f64, f64, f64),
    /// The thing with this mark takes it.
    Into(String),
}

/// A pointer that is down.
#[derive(Clone, Debug)]
struct Held {
    carried: Carried,
    from: (f64, f64),
    at: (f64, f64),
    /// It drags; else it may still be a press.
    is_dragging: bool,
    is_touch: bool,
    over: Option<Over>,
}

/// What became of a drag.
#[derive(Clone, Debug)]
pub enum Dropped {
    Task(EntityId, Spot),
    List(Furnish),
}

#[derive(Clone, Copy, Debug)]
pub struct Drag {
    held: RwSignal<Option<Held>>,
    /// It has just ended, and the click that the browser makes of it is none.
    ended: StoredValue<bool>,
    timer: StoredValue<Option<Timer>, LocalStorage>,
    /// What is over the tasks that are dragged, said in words: "3 tasks".
    pub count: Signal<usize>,
}

impl Drag {
    /// `count` is of the tasks that go along with the one that is dragged.
    #[must_use]
    pub fn new(count: Signal<usize>) -> Self {
        Self {
            held: RwSignal::new(None),
            ended: StoredValue::new(false),
            timer: StoredValue::new_local(None),
            count,
        }
    }

    /// Whether a click is only the end of a drag.
    #[must_use]
    pub fn has_just_ended(self) -> bool {
        self.ended.get_value()
    }

    /// Whether what has this mark would take what is dragged.
    #[must_use]
    pub fn is_over(self, mark: &str) -> bool {
        self.held
            .with(|held| match held.as_ref().and_then(|held| held.over.as_ref()) {
                Some(Over::Spot(_, Mark::Into(over)) | Over::Shelf(_, Mark::Into(over))) => over == mark,
                Some(Over::Spot(_, Mark::Line(..)) | Over::Shelf(_, Mark::Line(..))) | None => false,
            })
    }

    #[must_use]
    pub fn is_dragging(self) -> bool {
        self.held
            .with(|held| held.as_ref().is_some_and(|held| held.is_dragging))
    }

    /// Follows pointers for as long as the calling component is there.
    pub fn listen(self, on_drop: Callback<Dropped>) {
        let down = window_event_listener(ev::pointerdown, move |ev| self.down(&ev));
        let moved = window_event_listener(ev::pointermove, move |ev| self.moved(&ev));
        let up = window_event_listener(ev::pointerup, move |_| self.up(on_drop));
        let cancel = window_event_listener(ev::pointercancel, move |_| self.let_go());
        let escape = window_event_listener(ev::keydown, move |ev| {
            if ev.key() == "Escape" && self.held.with_untracked(Option::is_some) {
                ev.prevent_default();
                self.let_go();
            }
        });
        on_cleanup(move || {
            down.remove();
            moved.remove();
            up.remove();
            cancel.remove();
            escape.remove();
        });
    }

    fn down(self, ev: &PointerEvent) {
        self.ended.set_value(false);
        let target = ev.target().and_then(|target| target.dyn_into::<Element>().ok());
        let carried = target.as_ref().and_then(carried);
        let Some(carried) = carried.filter(|_| ev.button() == 0 && ev.is_primary()) else {
            return;
        };
        let at = (f64::from(ev.client_x()), f64::from(ev.client_y()));
        let is_touch = ev.pointer_type() == "touch";
        self.held.set(Some(Held {
            carried,
            from: at,
            at,
            is_dragging: false,
            is_touch,
            over: None,
        }));
        if is_touch {
            let begin = move || {
                self.held.try_update(|held| {
                    if let Some(held) = held {
                        held.is_dragging = true;
                    }
                });
            };
            self.timer.set_value(Some(Timer::after(LONG_PRESS, begin)));
        }
    }

    fn moved(self, ev: &PointerEvent) {
        let at = (f64::from(ev.client_x()), f64::from(ev.client_y()));
        let Some(held) = self.held.get_untracked() else {
            return;
        };
        let far = (at.0 - held.from.0).hypot(at.1 - held.from.1) > SLACK;
        match (held.is_dragging, held.is_touch, far) {
            (false, _, false) => {}
            // A finger that moves before it has rested scrolls.
            (false, true, true) => self.let_go(),
            (false, false, true) => {
                self.hold(
                    Held {
                        is_dragging: true,
                        ..held
                    },
                    at,
                );
                self.scroll();
            }
            (true, ..) => self.hold(held, at),
        }
    }

    fn hold(self, held: Held, at: (f64, f64)) {
        let over = match held.carried {
            Carried::Task(_) => task_over(at),
            Carried::List(list) => list_over(list, at),
        };
        self.held.set(Some(Held { at, over, ..held }));
    }

    /// Scrolls while the pointer is near an edge, until it is let go.
    fn scroll(self) {
        let Some(held) = self
            .held
            .try_get_untracked()
            .flatten()
            .filter(|held| held.is_dragging)
        else {
            return;
        };
        let height = window().inner_height().ok().and_then(|height| height.as_f64());
        let by = match (held.at.1, height) {
            (y, _) if y < EDGE => -SCROLL,
            (y, Some(height)) if y > height - EDGE => SCROLL,
            _ => 0.0,
        };
        if by != 0.0 {
            window().scroll_by_with_x_and_y(0.0, by);
            let at = held.at;
            self.hold(held, at);
        }
        request_animation_frame(move || self.scroll());
    }

    fn up(self, on_drop: Callback<Dropped>) {
        let held = self.held.get_untracked();
        self.let_go();
        let Some(held) = held.filter(|held| held.is_dragging) else {
            return;
        };
        self.ended.set_value(true);
        let dropped = match (held.carried, held.over) {
            (Carried::Task(task), Some(Over::Spot(spot, _))) => Dropped::Task(task, spot),
            (Carried::List(_), Some(Over::Shelf(furnish, _))) => Dropped::List(furnish),
            (Carried::Task(_) | Carried::List(_), Some(_) | None) => return,
        };
        on_drop.run(dropped);
    }

    fn let_go(self) {
        self.timer.set_value(None);
        if self.held.with_untracked(Option::is_some) {
            self.held.set(None);
        }
    }
}

/// What would be dragged from here: not where something else is pressed or typed.
fn carried(target: &Element) -> Option<Carried> {
    let closest = |selector: &str| target.closest(selector).ok().flatten();
    let id = |element: Element, name: &str| element.get_attribute(name)?.parse().ok();
    if closest("dialog, input, textarea, select, .menu, .group").is_some() {
        return None;
    }
    if let Some(list) = closest("[data-list]") {
        return id(list, "data-list").map(Carried::List);
    }
    let row = closest(".task__line, .card")?;
    if closest("button").is_some()
        || row
            .closest(".task--done, .task--deleted")
            .ok()
            .flatten()
            .is_some()
    {
        return None;
    }
    id(row.closest("[data-task]").ok().flatten()?, "data-task").map(Carried::Task)
}

fn under(at: (f64, f64)) -> Option<Element> {
    document().element_from_point(at.0 as f32, at.1 as f32)
}

fn closest(element: &Element, selector: &str) -> Option<Element> {
    element.closest(selector).ok().flatten()
}

fn task_over(at: (f64, f64)) -> Option<Over> {
    let element = under(at)?;
    if let Some(row) = closest(&element, "[data-task]") {
        let list = closest(&row, "[data-order]")?.get_attribute("data-order")?;
        // Over the heading, and not yet over the row under it.
        let heading = closest(&element, "[data-drop]").filter(|heading| row.contains(Some(heading)));
        return match (list.as_str(), heading) {
            (_, Some(heading)) => into(&heading, true),
            ("tree", None) => between_rows(&row, at),
            ("board", None) => between_cards(&row, at),
            ("days", None) => into(&heading_over(&row)?, true),
            _ => None,
        };
    }
    into(&closest(&element, "[data-drop]")?, false)
}

fn into(element: &Element, first: bool) -> Option<Over> {
    let mark = element.get_attribute("data-drop")?;
    Some(Over::Spot(spot_of(&mark, first)?, Mark::Into(mark)))
}

/// The heading that a row stands under.
fn heading_over(row: &Element) -> Option<Element> {
    let mut at = Some(row.clone());
    while let Some(row) = at {
        let parts = row.children();
        let mut parts = (0..parts.length()).rev().filter_map(|nth| parts.item(nth));
        if let Some(last) = parts.find(|part| part.has_attribute("data-drop")) {
            return Some(last);
        }
        at = row.previous_element_sibling();
    }
    None
}

fn id_of(row: &Element) -> Option<EntityId> {
    row.get_attribute("data-task")?.parse().ok()
}

fn depth_of(row: &Element) -> u8 {
    let depth = row.get_attribute("data-depth");
    depth.and_then(|depth| depth.parse().ok()).unwrap_or(0)
}

fn is_done(row: &Element) -> bool {
    row.class_list().contains("task--done")
}

fn between_rows(row: &Element, at: (f64, f64)) -> Option<Over> {
    let line = row.query_selector(".task__line").ok().flatten()?;
    let rect = line.get_bounding_client_rect();
    let is_below = at.1 > rect.top() + rect.height() / 2.0;
    let left = row.get_bounding_client_rect().left();
    let width = row.get_bounding_client_rect().width();
    let line_at = |depth: u8, y: f64| {
        let indent = f64::from(depth) * INDENT;
        Mark::Line(left + indent + 8.0, y, (width - indent - 16.0).max(24.0))
    };
    let mut above = match is_below {
        true => Some(row.clone()),
        false => row.previous_element_sibling(),
    };
    // Completed tasks have no order by hand: what is dropped among them comes after the last open one.
    while let Some(done) = above.clone().filter(is_done) {
        above = done.previous_element_sibling();
    }
    let begins_group = |row: &Element| row.query_selector(".group").ok().flatten().is_some();
    if !is_below && begins_group(row) {
        let Over::Spot(spot, _) = into(&heading_over(row)?, true)? else {
            return None;
        };
        return Some(Over::Spot(spot, line_at(0, rect.top())));
    }
    let Some(above) = above else {
        let before = Spot::Before(id_of(row)?);
        return Some(Over::Spot(before, line_at(0, rect.top())));
    };
    let next = above
        .next_element_sibling()
        .filter(|next| !is_done(next) && !begins_group(next));
    let depth = depth_between(depth_of(&above), next.as_ref().map(depth_of), at.0 - left - 40.0);
    let spot = Spot::Under {
        row: id_of(&above)?,
        depth,
    };
    let bottom = above.get_bounding_client_rect().bottom();
    Some(Over::Spot(spot, line_at(depth, bottom)))
}

fn between_cards(card: &Element, at: (f64, f64)) -> Option<Over> {
    let rect = card.get_bounding_client_rect();
    let id = id_of(card)?;
    let (spot, y) = match at.1 > rect.top() + rect.height() / 2.0 {
        true => (Spot::Under { row: id, depth: 0 }, rect.bottom() + 4.0),
        false => (Spot::Before(id), rect.top() - 4.0),
    };
    Some(Over::Spot(spot, Mark::Line(rect.left(), y, rect.width())))
}

/// Lists are put before and after one another, and into folders.
fn list_over(list: EntityId, at: (f64, f64)) -> Option<Over> {
    let element = under(at)?;
    let folder_of = |element: &Element| {
        element
            .get_attribute("data-folder")
            .and_then(|id| id.parse().ok())
    };
    if let Some(folder) = closest(&element, "[data-into-folder]") {
        let id = folder.get_attribute("data-into-folder")?;
        let put = Furnish::PutList {
            list,
            folder: Some(id.parse().ok()?),
            before: None,
        };
        return Some(Over::Shelf(put, Mark::Into(id)));
    }
    let entry = closest(&element, "[data-list]")?;
    let rect = entry.get_bounding_client_rect();
    let id = |entry: &Element| entry.get_attribute("data-list")?.parse().ok();
    let is_below = at.1 > rect.top() + rect.height() / 2.0;
    let (before, y) = match is_below {
        false => (id(&entry), rect.top()),
        true => (entry.next_element_sibling().as_ref().and_then(id), rect.bottom()),
    };
    let put = Furnish::PutList {
        list,
        folder: folder_of(&entry),
        before: before.filter(|before| *before != list),
    };
    Some(Over::Shelf(put, Mark::Line(rect.left(), y, rect.width())))
}

/// The line where it would go, and what is dragged, beside the pointer.
#[component]
pub fn DragMarks(drag: Drag) -> impl IntoView {
    let line = Memo::new(move |_| {
        drag.held.with(|held| match held.as_ref()?.over.as_ref()? {
            Over::Spot(_, Mark::Line(left, top, width)) | Over::Shelf(_, Mark::Line(left, top, width)) => {
                Some((*left as i64, *top as i64, *width as i64))
            }
            Over::Spot(_, Mark::Into(_)) | Over::Shelf(_, Mark::Into(_)) => None,
        })
    });
    let ghost = Memo::new(move |_| drag.is_dragging());
    let place = Signal::derive(move || {
        let at = drag
            .held
            .with(|held| held.as_ref().map_or((0.0, 0.0), |held| held.at));
        format!("translate({}px, {}px)", at.0 as i64 + 14, at.1 as i64 + 10)
    });
    let line = changing(move || {
        line.get().map(|(left, top, width)| {
            let (place, width) = (format!("{left}px {top}px"), format!("{width}px"));
            // One by one: the policy of the page forbids a `style` attribute as text.
            view! { <div class="drop-line" style:translate=place style:width=width></div> }
        })
    });
    let ghost = changing(move || {
        ghost.get().then(|| {
            let words = Signal::derive(move || phrases::moving_tasks(drag.count.get().max(1)));
            view! { <div class="drag-ghost" style:transform=place>{words}</div> }
        })
    });
    view! { <div aria-hidden="true">{line}{ghost}</div> }
}
