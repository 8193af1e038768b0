//! The list of a place. Only the rows in sight, and some around them, are in the document, so a key press costs the
//! same with ten tasks as with a hundred thousand. Each row says its number and the number of all, for people who use a
//! screen reader.

use std::collections::BTreeSet;
use std::ops::Range;
use tsugi_calendar::{Date, Time};

use leptos::prelude::*;
use leptos::reactive::computed::Selector;
use tsugi_sync::ids::EntityId;

use crate::browser::frame::before_next_paint;
use crate::browser::{names, viewport};
use crate::components::kit::changing::changing;
use crate::components::rows::group_heading::{GroupHeading, Groups};
use crate::components::rows::task_row::{RowHandlers, TaskRow};
use crate::signals::window::{Item, Lit, Spot, Window};
use tsugi_screen::drag_over::Order;
use tsugi_screen::row_heights::{CHUNK, Heights};
use tsugi_screen::text::due::DaysOver;
use tsugi_words::phrases;

/// How many pixels above and below the window rows are drawn in advance, so that a person who scrolls finds them there.
const AROUND: f64 = 900.0;

/// The values and callbacks that all rows of a list share.
#[derive(Clone, Copy, Debug)]
pub struct RowView {
    pub today: Signal<Date>,
    /// The task in the editor.
    pub editing: Signal<Option<EntityId>>,
    /// Whether rows name their list. In the place of one list they need not.
    pub names_lists: Signal<bool>,
    pub days_over: DaysOver,
    /// The time on this device's clock.
    pub time: Signal<Time>,
    /// The time zone of this device.
    pub zone: StoredValue<String>,
    /// Whether edits go to a server, so that a row can say that they have not got there yet.
    pub syncs: Signal<bool>,
    /// The row that is lit for a moment.
    pub lit: Signal<Option<Lit>>,
    pub handlers: RowHandlers,
    pub groups: Groups,
    /// The order of the rows, which decides what a drop between them does.
    pub order: Order,
}

#[component]
pub fn TaskList(
    window: Signal<Window>,
    selected: Signal<BTreeSet<EntityId>>,
    rows: RowView,
    /// Called when other rows of the list are in sight.
    on_look: Callback<Range<usize>>,
) -> impl IntoView {
    let heights = RwSignal::new(Heights::default());
    let total = Memo::new(move |_| window.with(|window| window.total));
    let first = Memo::new(move |_| window.with(|window| window.first));
    let end = Memo::new(move |_| window.with(|window| window.first + window.items.len()));
    let above = Signal::derive(move || heights.with(|heights| px(heights.offset(first.get()))));
    let below = Signal::derive(move || {
        let left = heights.with(|heights| heights.offset(total.get()) - heights.offset(end.get()));
        px(left.max(0.0))
    });
    watch_sight(window, heights, on_look);
    // Outside world: the page scrolls to the lit row.
    Effect::new(move |_| {
        if let Some(lit) = rows.lit.get() {
            before_next_paint(move || show(lit, window, heights));
        }
    });
    let is_editing = Selector::new(move || rows.editing.get());
    let row = move |place: ReadSignal<usize>, item: Item| {
        let (is_editing, id) = (is_editing.clone(), item.entry.id);
        // The window may be news while the row still waits for its new number. Until then it stays as it is.
        let spot = Memo::new(move |before: Option<&Spot>| {
            let at = place.get();
            let here = window.with(|window| {
                let item = window.items.get(at).filter(|item| item.entry.id == id)?;
                Some(item.spot.clone())
            });
            here.or(before.cloned()).unwrap_or_default()
        });
        let is_open = Signal::derive(move || is_editing.selected(&Some(id)));
        let is_selected = Signal::derive(move || selected.with(|all| all.contains(&id)));
        let place = Signal::derive(move || (first.get() + place.get() + 1).to_string());
        let of = Signal::derive(move || total.get().to_string());
        view! { <TaskRow entry=item.entry spot rows is_open is_selected place of /> }
    };
    let tail = Memo::new(move |_| window.with(|window| window.tail.clone()));
    let tail = changing(move || {
        let headings = tail.get().into_iter();
        headings
            .map(|heading| view! { <GroupHeading heading groups=rows.groups is_bare=true /> })
            .collect_view()
    });
    // This is an attribute and no `:has(:empty)` in the style sheet, because WebKit does not check that again when the
    // first row is drawn.
    let has_nothing =
        Memo::new(move |_| window.with(|window| window.items.is_empty() && window.tail.is_empty()));
    view! {
        <div class="tasks-room" data-order=rows.order.name() hidden=has_nothing>
        <div aria-hidden="true" style:height=above></div>
        <ul id=names::TASKS class="tasks" role="list" aria-label=phrases::tasks()>
            <ForEnumerate each=move || window.with(|window| window.items.clone())
                key=|item| item.entry.id children=row />
        </ul>
        <div aria-hidden="true" style:height=below></div>
        {tail}
        </div>
    }
}

/// Whole pixels, because writing fractions would add code to the download.
fn px(height: f64) -> String {
    format!("{}px", height as i64)
}

/// Reports which rows are in sight whenever that may have changed, and measures the drawn rows.
fn watch_sight(window: Signal<Window>, heights: RwSignal<Heights>, on_look: Callback<Range<usize>>) {
    let look = move || {
        let Some(rows) = viewport::rows_of(names::TASKS) else {
            return;
        };
        let Some((total, first)) = window.try_with_untracked(|window| (window.total, window.first)) else {
            return;
        };
        let Some(start) = heights.try_with_untracked(|heights| heights.offset(first)) else {
            return;
        };
        // The list element begins with the first row that is drawn.
        let top = start - rows.top();
        let bottom = top + viewport::height().unwrap_or(1_000.0);
        let sight = heights.with_untracked(|heights| heights.between(top - AROUND, bottom + AROUND, total));
        on_look.run(sight);
    };
    viewport::listen(look);
    // Outside world: rows have a height only after the browser has laid them out.
    Effect::new(move |_| {
        window.track();
        before_next_paint(move || {
            measure(window, heights);
            look();
        });
    });
}

/// Brings a row into sight. One that is not drawn is drawn first, when the page has scrolled to its place.
fn show(lit: Lit, window: Signal<Window>, heights: RwSignal<Heights>) {
    if viewport::reveal(&names::title(lit.task)) {
        return;
    }
    let (Some(place), Some(rows)) = (lit.place, viewport::rows_of(names::TASKS)) else {
        return;
    };
    let Some(first) = window.try_with_untracked(|window| window.first) else {
        return;
    };
    let ahead = heights.with_untracked(|heights| heights.offset(place) - heights.offset(first));
    let middle = viewport::height().unwrap_or(1_000.0) / 2.0;
    viewport::scroll(rows.top() + ahead - middle);
    let again = Lit { place: None, ..lit };
    before_next_paint(move || before_next_paint(move || show(again, window, heights)));
}

/// Measures each chunk that is drawn as a whole.
fn measure(window: Signal<Window>, heights: RwSignal<Heights>) {
    let (Some(rows), Some((first, count))) = (
        viewport::rows_of(names::TASKS),
        window.try_with_untracked(|window| (window.first, window.items.len())),
    ) else {
        return;
    };
    let Some(mut fresh) = heights.try_get_untracked() else {
        return;
    };
    let mut is_news = false;
    for start in (0..count).step_by(CHUNK) {
        if start + CHUNK <= count {
            let height = rows.top_of(start + CHUNK) - rows.top_of(start);
            is_news |= fresh.measured((first + start) / CHUNK, height);
        }
    }
    if is_news {
        heights.set(fresh);
    }
}
