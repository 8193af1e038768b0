//! Dragging by pointer and, after a long press, by touch: tasks to other places, and lists to other folders. This
//! module follows the pointer. [`surface`] finds the things under it, and [`tsugi_screen::drag_over`] decides the
//! effect.

use leptos::prelude::*;
use tsugi_sync::ids::EntityId;

use crate::browser::frame::before_next_paint;
use crate::browser::keyboard::{self, Claim};
use crate::browser::pointer::{self, PointerInput};
use crate::browser::surface::Lifted;
use crate::browser::time::Timer;
use crate::browser::{surface, viewport};
use crate::components::kit::changing::changing;
use tsugi_screen::drag_over::{Carried, Mark, Over, Point, list_over, task_over};
use tsugi_screen::intent::arrange::{Furnish, Spot};
use tsugi_screen::swipe::{self, Way};
use tsugi_words::phrases;

/// How many pixels a pointer moves before it drags.
const SLACK: f64 = 6.0;
/// How many milliseconds a finger rests before it selects a task, or lifts a list. If it then moves, it drags.
const LONG_PRESS: u64 = 400;
/// How close to the edge of the window the page scrolls, in pixels, and how many pixels it scrolls in each frame.
const EDGE: f64 = 64.0;
const SCROLL: f64 = 12.0;

/// A pointer that is pressed.
#[derive(Clone, Debug)]
struct Held {
    carried: Carried,
    from: Point,
    at: Point,
    /// Whether it drags; before that it may still be a press.
    is_dragging: bool,
    /// Whether it is a finger that has rested long enough to drag when it moves.
    has_rested: bool,
    /// Whether it is a finger that has gone sideways, and takes the row along.
    is_swiping: bool,
    is_touch: bool,
    over: Option<Over>,
    /// The row or card as it is carried.
    lifted: Option<Lifted>,
}

/// The effect of a finger that rests, of a drag that begins, or of a finished drag.
#[derive(Clone, Debug)]
pub enum DragEffect {
    /// A finger rests on the task, which selects it.
    Rested(EntityId),
    /// The task is being dragged from now on.
    Lifted(EntityId),
    Task(EntityId, Spot),
    List(Furnish),
    /// A finger has pushed the row far enough to its end, which completes the task.
    Done(EntityId),
    /// The same to its beginning, which asks when the task is due.
    Later(EntityId),
}

#[derive(Clone, Copy, Debug)]
pub struct Drag {
    held: RwSignal<Option<Held>>,
    /// A drag has just ended, so the click that the browser reports for it is ignored.
    ended: StoredValue<bool>,
    timer: StoredValue<Option<Timer>, LocalStorage>,
    /// How many tasks are dragged, for the words on the row that is carried: "3 tasks".
    pub count: Signal<usize>,
    /// The task that is dragged, whose row stays behind.
    task: Signal<Option<EntityId>>,
}

impl Drag {
    /// `count` is the number of tasks that move together with the one under the pointer.
    #[must_use]
    pub fn new(count: Signal<usize>) -> Self {
        let held = RwSignal::new(None);
        let task = Memo::new(move |_| {
            held.with(|held: &Option<Held>| match held.as_ref()?.carried {
                Carried::Task(task) if held.as_ref()?.is_dragging => Some(task),
                Carried::Task(_) | Carried::List(_) => None,
            })
        });
        Self {
            task: task.into(),
            held,
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

    /// Whether the thing with this mark would take the dragged one.
    #[must_use]
    pub fn is_over(self, mark: &str) -> bool {
        self.held
            .with(|held| match held.as_ref().and_then(|held| held.over.as_ref()) {
                Some(Over::Spot(_, Mark::Into(over)) | Over::Shelf(_, Mark::Into(over))) => over == mark,
                Some(Over::Spot(_, Mark::Line { .. }) | Over::Shelf(_, Mark::Line { .. })) | None => false,
            })
    }

    /// Whether this task is being dragged.
    #[must_use]
    pub fn carries(self, task: EntityId) -> bool {
        self.task.get() == Some(task)
    }

    #[must_use]
    pub fn is_dragging(self) -> bool {
        self.held
            .with(|held| held.as_ref().is_some_and(|held| held.is_dragging))
    }

    /// Whether a finger has the page to itself, so that it does not scroll.
    #[must_use]
    pub fn holds_page(self) -> bool {
        let holds = |held: &Held| held.is_dragging || held.has_rested;
        self.held.with_untracked(|held| held.as_ref().is_some_and(holds))
    }

    /// Follows pointers as long as the calling component exists.
    pub fn listen(self, on_drop: Callback<DragEffect>) {
        pointer::listen(move |input| match input {
            PointerInput::Gripped { what, at, is_touch } => self.grip(what, at, is_touch, on_drop),
            PointerInput::Down => self.ended.set_value(false),
            PointerInput::Moved(at) => self.moved(at, on_drop),
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

    fn grip(self, carried: Carried, at: Point, is_touch: bool, on_drop: Callback<DragEffect>) {
        self.ended.set_value(false);
        self.held.set(Some(Held {
            carried,
            from: at,
            at,
            is_dragging: false,
            has_rested: false,
            is_swiping: false,
            is_touch,
            over: None,
            lifted: None,
        }));
        if is_touch {
            let begin = move || {
                self.held.try_update(|held| {
                    if let Some(held) = held {
                        held.has_rested = true;
                        held.is_dragging = matches!(held.carried, Carried::List(_));
                    }
                });
                if let Carried::Task(task) = carried {
                    on_drop.run(DragEffect::Rested(task));
                }
            };
            self.timer.set_value(Some(Timer::after(LONG_PRESS, begin)));
        }
    }

    fn moved(self, at: Point, on_drop: Callback<DragEffect>) {
        let Some(held) = self.held.get_untracked() else {
            return;
        };
        let far = (at.0 - held.from.0).hypot(at.1 - held.from.1) > SLACK;
        if held.is_swiping {
            return self.swipe(held, at);
        }
        let waits = held.is_touch && !held.has_rested;
        match (held.is_dragging, waits, far) {
            (false, _, false) => {}
            (false, true, true) if swipe::begins(held.from, at) && surface::can_slide(&held.carried) => {
                self.timer.set_value(None);
                self.swipe(held, at);
            }
            // A finger that moves before it has rested long enough scrolls the page.
            (false, true, true) => self.let_go(),
            (false, false, true) => {
                let lifted = match held.carried {
                    Carried::Task(task) => {
                        on_drop.run(DragEffect::Lifted(task));
                        surface::lifted(task, held.from)
                    }
                    Carried::List(_) => None,
                };
                self.hold(
                    Held {
                        is_dragging: true,
                        lifted,
                        ..held
                    },
                    at,
                );
                self.scroll();
            }
            (true, ..) => self.hold(held, at),
        }
    }

    fn swipe(self, held: Held, at: Point) {
        if let Carried::Task(task) = held.carried {
            surface::slide(task, Some(swipe::of(held.from, at, surface::is_mirrored())));
        }
        self.held.set(Some(Held {
            at,
            is_swiping: true,
            ..held
        }));
    }

    fn hold(self, held: Held, at: Point) {
        let over = match held.carried {
            Carried::Task(_) => surface::under(at).and_then(|under| task_over(under, at)),
            Carried::List(list) => surface::shelf_under(at).map(|shelf| list_over(list, &shelf, at)),
        };
        self.held.set(Some(Held { at, over, ..held }));
    }

    /// Scrolls while the pointer is near an edge, until it is released.
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
        before_next_paint(move || self.scroll());
    }

    fn up(self, on_drop: Callback<DragEffect>) {
        let held = self.held.get_untracked();
        self.let_go();
        if let Some((Carried::Task(task), swipe)) = held.as_ref().filter(|held| held.is_swiping).map(|held| {
            let swipe = swipe::of(held.from, held.at, surface::is_mirrored());
            (held.carried, swipe)
        }) {
            self.ended.set_value(true);
            match swipe.acts {
                Some(Way::Done) => on_drop.run(DragEffect::Done(task)),
                Some(Way::Later) => on_drop.run(DragEffect::Later(task)),
                None => {}
            }
            return;
        }
        if held
            .as_ref()
            .is_some_and(|held| held.has_rested || held.is_dragging)
        {
            self.ended.set_value(true);
        }
        let Some(held) = held.filter(|held| held.is_dragging) else {
            return;
        };
        let dropped = match (held.carried, held.over) {
            (Carried::Task(task), Some(Over::Spot(spot, _))) => DragEffect::Task(task, spot),
            (Carried::List(_), Some(Over::Shelf(furnish, _))) => DragEffect::List(furnish),
            (Carried::Task(_) | Carried::List(_), Some(_) | None) => return,
        };
        on_drop.run(dropped);
    }

    fn let_go(self) {
        self.timer.set_value(None);
        let swiped = self.held.with_untracked(|held| match held {
            Some(Held {
                carried: Carried::Task(task),
                is_swiping: true,
                ..
            }) => Some(*task),
            _ => None,
        });
        if let Some(task) = swiped {
            surface::slide(task, None);
        }
        if self.held.with_untracked(Option::is_some) {
            self.held.set(None);
        }
    }
}

/// A line at the place of the drop, and the row that is carried, with the number of dragged tasks.
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
        let (at, grip) = drag.held.with(|held| {
            let held = held.as_ref();
            let lifted = held.and_then(|held| held.lifted.as_ref());
            let grip = lifted.map_or((-14.0, -10.0), |lifted| lifted.grip);
            (held.map_or((0.0, 0.0), |held| held.at), grip)
        });
        format!("{}px {}px", (at.0 - grip.0) as i64, (at.1 - grip.1) as i64)
    });
    let line = changing(move || {
        line.get().map(|(left, top, width)| {
            let (place, width) = (format!("{left}px {top}px"), format!("{width}px"));
            // Each property is set by itself, because the page's content security policy forbids a `style` attribute as
            // text.
            view! { <div class="drop-line" style:translate=place style:width=width></div> }
        })
    });
    let ghost = changing(move || {
        ghost.get().then(|| {
            let lifted = drag.held.with_untracked(|held| held.as_ref()?.lifted.clone());
            let count = drag.count.get_untracked();
            let words = (count > 1 || lifted.is_none()).then(|| phrases::moving_tasks(count.max(1)));
            let row = lifted.map(|lifted| {
                let width = format!("{}px", lifted.width as i64);
                view! {
                    <span class="drag-ghost__row" style:width=width>
                        <span class="drag-ghost__check"></span>
                        <span class="drag-ghost__title">{lifted.title}</span>
                    </span>
                }
            });
            let words = words.map(|words| view! { <span class="drag-ghost__count">{words}</span> });
            view! { <div class="drag-ghost" style:translate=place>{row}{words}</div> }
        })
    });
    view! { <div aria-hidden="true">{line}{ghost}</div> }
}
