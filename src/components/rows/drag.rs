//! Dragging by pointer and, after a long press, by touch: tasks to other places and lists to other folders. This follows
//! the pointer; what is under it is found by [`surface`], and what that means is decided by [`tsugi_screen::drag_over`].

use leptos::prelude::*;
use tsugi_sync::ids::EntityId;

use crate::browser::keyboard::{self, Claim};
use crate::browser::pointer::{self, PointerInput};
use crate::browser::time::Timer;
use crate::browser::{surface, viewport};
use crate::components::kit::changing::changing;
use tsugi_screen::drag_over::{Carried, Mark, Over, Point, list_over, task_over};
use tsugi_screen::intent::arrange::{Furnish, Spot};
use tsugi_words::phrases;

/// Pixels that a pointer moves before it drags.
const SLACK: f64 = 6.0;
/// Milliseconds that a finger rests before it drags.
const LONG_PRESS: u64 = 380;
/// Pixels from the edge of the window at which the page scrolls, and how many it scrolls in each frame.
const EDGE: f64 = 64.0;
const SCROLL: f64 = 12.0;

/// A pointer that is down.
#[derive(Clone, Debug)]
struct Held {
    carried: Carried,
    from: Point,
    at: Point,
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
                Some(Over::Spot(_, Mark::Line { .. }) | Over::Shelf(_, Mark::Line { .. })) | None => false,
            })
    }

    #[must_use]
    pub fn is_dragging(self) -> bool {
        self.held
            .with(|held| held.as_ref().is_some_and(|held| held.is_dragging))
    }

    /// Follows pointers for as long as the calling component is there.
    pub fn listen(self, on_drop: Callback<Dropped>) {
        pointer::listen(move |input| match input {
            PointerInput::Gripped { what, at, is_touch } => self.grip(what, at, is_touch),
            PointerInput::Down => self.ended.set_value(false),
            PointerInput::Moved(at) => self.moved(at),
            PointerInput::Up => self.up(on_drop),
            PointerInput::Cancelled => self.let_go(),
        });
        keyboard::listen(move |key| {
            if key.name != "Escape" || self.held.with_untracked(Option::is_none) {
                return Claim::Browsers;
            }
            self.let_go();
            Claim::Ours
        });
    }

    fn grip(self, carried: Carried, at: Point, is_touch: bool) {
        self.ended.set_value(false);
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

    fn moved(self, at: Point) {
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

    fn hold(self, held: Held, at: Point) {
        let over = match held.carried {
            Carried::Task(_) => surface::under(at).and_then(|under| task_over(under, at)),
            Carried::List(list) => surface::shelf_under(at).map(|shelf| list_over(list, &shelf, at)),
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
        let by = match (held.at.1, viewport::height()) {
            (y, _) if y < EDGE => -SCROLL,
            (y, Some(height)) if y > height - EDGE => SCROLL,
            _ => 0.0,
        };
        if by != 0.0 {
            viewport::scroll(by);
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

/// The line where it would go, and what is dragged, beside the pointer.
#[component]
pub fn DragMarks(drag: Drag) -> impl IntoView {
    let line = Memo::new(move |_| {
        drag.held.with(|held| match held.as_ref()?.over.as_ref()? {
            Over::Spot(_, Mark::Line { left, top, width })
            | Over::Shelf(_, Mark::Line { left, top, width }) => {
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
