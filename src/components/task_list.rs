//! The list: open tasks, and after them, if wanted, the completed ones.
//!
//! Only as many rows exist as a person has scrolled to, so that a key press costs the same with ten tasks and with a
//! hundred thousand. The rows are ordinary ones: nothing is recycled, and what was seen stays.

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use leptos::reactive::computed::Selector;
use tsugi_sync::ids::EntityId;

use crate::components::changing::{changing, while_true};
use crate::components::empty::Empty;
use crate::components::icon::Icon;
use crate::components::task_row::{RowHandlers, TaskRow};
use crate::phrases;
use crate::state::model::TaskEntry;

/// Rows at first, and rows added each time the end comes near.
const STEP: usize = 200;
/// How near, in pixels below the window: far enough that one who scrolls does not see the end.
const NEAR: f64 = 2_000.0;

/// Where the focus goes when what had it is gone.
pub const HEADING_ID: &str = "tasks-heading";

#[component]
pub fn TaskList(
    open: Signal<Vec<TaskEntry>>,
    completed: Signal<Vec<TaskEntry>>,
    today: Signal<String>,
    /// The task in the editor.
    editing: Signal<Option<EntityId>>,
    handlers: RowHandlers,
) -> impl IntoView {
    let show_completed = RwSignal::new(true);
    let open_count = Memo::new(move |_| open.with(Vec::len));
    let completed_count = Memo::new(move |_| completed.with(Vec::len));
    // One list and one `For`, so that a task keeps its row (and the row its focus) on its way from open to completed.
    let limit = RwSignal::new(STEP);
    let shown = move || {
        let mut entries: Vec<_> = open.with(|all| all.iter().take(limit.get()).cloned().collect());
        let room = limit.get() - entries.len();
        if show_completed.get() {
            completed.with(|all| entries.extend(all.iter().take(room).cloned()));
        }
        entries
    };
    let hidden = Memo::new(move |_| {
        let completed = if show_completed.get() {
            completed_count.get()
        } else {
            0
        };
        (open_count.get() + completed).saturating_sub(limit.get())
    });
    let is_editing = Selector::new(move || editing.get());
    let row = move |entry: TaskEntry| {
        let (is_editing, id) = (is_editing.clone(), Some(entry.id));
        let is_open = Signal::derive(move || is_editing.selected(&id));
        view! { <TaskRow entry today is_open handlers /> }
    };
    let fold = changing(move || {
        let count = completed_count.get();
        (count > 0).then(|| view! { <CompletedFold shown=show_completed count /> })
    });
    let empty = changing(move || match (open_count.get(), completed_count.get()) {
        (0, 0) => Some(view! { <Empty title=phrases::empty_inbox() hint=phrases::empty_inbox_hint() /> }),
        (0, _) => Some(view! { <Empty title=phrases::all_done() hint=phrases::all_done_hint() /> }),
        _ => None,
    });
    let count = Signal::derive(move || phrases::open_tasks(open_count.get()));
    let on_more = Callback::new(move |()| limit.update(|l| *l += STEP));
    let more = while_true(
        move || hidden.get() != 0,
        move || view! { <More hidden=hidden.into() on_more /> },
    );
    view! {
        <div class="list-head">
            <h1 id=HEADING_ID class="list-head__title" tabindex="-1">{phrases::tasks()}</h1>
            <span class="list-head__count">{count}</span>
            {fold}
        </div>
        {empty}
        <ul class="tasks" role="list" aria-label=phrases::tasks()>
            <For each=shown key=|entry| entry.id children=row />
        </ul>
        {more}
    }
}

#[component]
fn CompletedFold(shown: RwSignal<bool>, count: usize) -> impl IntoView {
    let expanded = Signal::derive(move || shown.get().to_string());
    let label = Signal::derive(move || match shown.get() {
        true => phrases::hide_completed(count),
        false => phrases::show_completed(count),
    });
    view! {
        <button type="button" class="fold" aria-expanded=expanded
            on:click=move |_| shown.update(|s| *s = !*s)>
            {label}
            {Icon::Chevron.draw()}
        </button>
    }
}

/// Stands at the end of a long list and asks for more rows when it comes near, or when it is pressed.
#[component]
fn More(hidden: Signal<usize>, on_more: Callback<()>) -> impl IntoView {
    let button = NodeRef::<html::Button>::new();
    let is_near = move || {
        let height = window()
            .inner_height()
            .ok()
            .and_then(|height| height.as_f64())
            .unwrap_or_default();
        let end = window().scroll_y().unwrap_or_default() + height;
        let button = button.try_get_untracked().flatten();
        button.is_some_and(|button| f64::from(button.offset_top()) < end + NEAR)
    };
    let scrolled = window_event_listener(ev::scroll, move |_| {
        if is_near() {
            on_more.run(());
        }
    });
    on_cleanup(move || scrolled.remove());
    let label = Signal::derive(move || phrases::show_more(hidden.get()));
    view! {
        <button type="button" class="more" node_ref=button on:click=move |_| on_more.run(())>
            {label}
        </button>
    }
}
