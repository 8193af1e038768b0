//! The list of a place. Only the rows in sight, and some around them, are in the document: a key press costs the same
//! with ten tasks and with a hundred thousand. Each row says which of how many it is, for those who cannot see the rest.

use std::collections::BTreeSet;
use std::ops::Range;
use tsugi_calendar::Date;

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use leptos::reactive::computed::Selector;
use tsugi_sync::ids::EntityId;

use crate::components::kit::changing::changing;
use crate::components::rows::group_heading::{GroupHeading, Groups};
use crate::components::rows::task_row::{RowHandlers, TaskRow};
use crate::signals::window::{Item, Window};
use tsugi_screen::row_heights::{CHUNK, Heights};
use tsugi_screen::text::due::DaysOver;
use tsugi_words::phrases;

/// Pixels above and below the window in which rows are there already, so that one who scrolls finds them.
const AROUND: f64 = 900.0;

/// Where the focus goes when what had it is gone.
pub const HEADING_ID: &str = "tasks-heading";
/// Of the list, for finding its rows.
pub const LIST_ID: &str = "tasks";

/// What the rows of a list have in common.
#[derive(Clone, Copy, Debug)]
pub struct RowView {
    pub today: Signal<Date>,
    /// The task in the editor.
    pub editing: Signal<Option<EntityId>>,
    /// The list's own name, which its rows need not say.
    pub names_lists: Signal<bool>,
    pub days_over: DaysOver,
    /// The zone of this device.
    pub zone: StoredValue<String>,
    pub handlers: RowHandlers,
    pub groups: Groups,
    /// What the order of rows means for what is dropped between them: `tree`, `days` or nothing.
    pub order: &'static str,
}

#[component]
pub fn TaskList(
    window: Signal<Window>,
    selected: Signal<BTreeSet<EntityId>>,
    rows: RowView,
    /// Other places of the list are in sight.
    on_look: Callback<Range<usize>>,
) -> impl IntoView {
    let list = NodeRef::<html::Ul>::new();
    let heights = RwSignal::new(Heights::default());
    let total = Memo::new(move |_| window.with(|window| window.total));
    let first = Memo::new(move |_| window.with(|window| window.first));
    let end = Memo::new(move |_| window.with(|window| window.first + window.items.len()));
    let above = Signal::derive(move || heights.with(|heights| px(heights.offset(first.get()))));
    let below = Signal::derive(move || {
        let left = heights.with(|heights| heights.offset(total.get()) - heights.offset(end.get()));
        px(left.max(0.0))
    });
    watch_sight(list, window, heights, on_look);
    let is_editing = Selector::new(move || rows.editing.get());
    let row = move |place: ReadSignal<usize>, item: Item| {
        let (is_editing, id) = (is_editing.clone(), item.entry.id);
        let is_open = Signal::derive(move || is_editing.selected(&Some(id)));
        let is_selected = Signal::derive(move || selected.with(|all| all.contains(&id)));
        let place = Signal::derive(move || (first.get() + place.get() + 1).to_string());
        let of = Signal::derive(move || total.get().to_string());
        view! { <TaskRow item rows is_open is_selected place of /> }
    };
    let tail = Memo::new(move |_| window.with(|window| window.tail.clone()));
    let tail = changing(move || {
        let headings = tail.get().into_iter();
        headings
            .map(|heading| view! { <GroupHeading heading groups=rows.groups is_bare=true /> })
            .collect_view()
    });
    // An attribute and no `:has(:empty)` in the style sheet: WebKit does not look again when the first row is drawn.
    let has_nothing =
        Memo::new(move |_| window.with(|window| window.items.is_empty() && window.tail.is_empty()));
    view! {
        <div class="tasks-room" data-order=rows.order hidden=has_nothing>
        <div aria-hidden="true" style:height=above></div>
        <ul id=LIST_ID class="tasks" role="list" aria-label=phrases::tasks() node_ref=list>
            <ForEnumerate each=move || window.with(|window| window.items.clone())
                key=|item| (item.entry.id, item.depth, item.headings.clone()) children=row />
        </ul>
        <div aria-hidden="true" style:height=below></div>
        {tail}
        </div>
    }
}

/// Whole pixels: fractions would bring the machinery that writes them.
fn px(height: f64) -> String {
    format!("{}px", height as i64)
}

/// Says which rows are in sight whenever that may have changed, and measures those that were drawn.
fn watch_sight(
    list: NodeRef<html::Ul>,
    window: Signal<Window>,
    heights: RwSignal<Heights>,
    on_look: Callback<Range<usize>>,
) {
    let look = move || {
        let Some(list) = list.try_get_untracked().flatten() else {
            return;
        };
        let (total, drawn) =
            window.with_untracked(|window| (window.total, window.first..window.first + window.items.len()));
        let height = leptos::prelude::window()
            .inner_height()
            .ok()
            .and_then(|height| height.as_f64());
        let start = heights.with_untracked(|heights| heights.offset(drawn.start));
        // The list begins with the first row that is drawn.
        let top = start - list.get_bounding_client_rect().top();
        let bottom = top + height.unwrap_or(1_000.0);
        let sight = heights.with_untracked(|heights| heights.between(top - AROUND, bottom + AROUND, total));
        on_look.run(sight);
    };
    let scrolled = window_event_listener(ev::scroll, move |_| look());
    let resized = window_event_listener(ev::resize, move |_| look());
    on_cleanup(move || {
        scrolled.remove();
        resized.remove();
    });
    // Outside world: rows have a height once the browser has laid them out.
    Effect::new(move |_| {
        window.track();
        request_animation_frame(move || {
            measure(list, window, heights);
            look();
        });
    });
}

/// Takes down how high each chunk is that is drawn whole.
fn measure(list: NodeRef<html::Ul>, window: Signal<Window>, heights: RwSignal<Heights>) {
    let (Some(list), Some((first, count))) = (
        list.try_get_untracked().flatten(),
        window.try_with_untracked(|window| (window.first, window.items.len())),
    ) else {
        return;
    };
    let rows = list.children();
    let bottom = list.get_bounding_client_rect().bottom();
    let top_of = |row: usize| {
        let row = u32::try_from(row).ok().and_then(|row| rows.item(row));
        row.map_or(bottom, |row| row.get_bounding_client_rect().top())
    };
    let mut fresh = heights.get_untracked();
    let mut is_news = false;
    for start in (0..count).step_by(CHUNK) {
        if start + CHUNK <= count {
            is_news |= fresh.measured((first + start) / CHUNK, top_of(start + CHUNK) - top_of(start));
        }
    }
    if is_news {
        heights.set(fresh);
    }
}
