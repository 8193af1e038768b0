//! The list: open tasks, and after them, if wanted, the completed ones.

use leptos::prelude::*;
use leptos::reactive::computed::Selector;
use tsugi_sync::ids::EntityId;

use crate::components::empty::Empty;
use crate::components::icon::Icon;
use crate::components::task_row::{RowHandlers, TaskRow};
use crate::components::text;
use crate::state::model::TaskEntry;

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
    let shown = move || {
        let mut entries = open.get();
        if show_completed.get() {
            entries.extend(completed.get());
        }
        entries
    };
    let is_editing = Selector::new(move || editing.get());
    let row = move |entry: TaskEntry| {
        let (is_editing, id) = (is_editing.clone(), Some(entry.id));
        let is_open = Signal::derive(move || is_editing.selected(&id));
        view! { <TaskRow entry today is_open handlers /> }
    };
    let fold = move || {
        let count = completed_count.get();
        (count > 0).then(|| view! { <CompletedFold shown=show_completed count /> })
    };
    let empty = move || match (open_count.get(), completed_count.get()) {
        (0, 0) => Some(view! { <Empty title=text::EMPTY_TITLE hint=text::EMPTY_HINT /> }),
        (0, _) => Some(view! { <Empty title=text::ALL_DONE_TITLE hint=text::ALL_DONE_HINT /> }),
        _ => None,
    };
    view! {
        <div class="list-head">
            <h1 id=HEADING_ID class="list-head__title" tabindex="-1">{text::TASKS}</h1>
            <span class="list-head__count">{move || text::open_tasks(open_count.get())}</span>
            {fold}
        </div>
        {empty}
        <ul class="tasks" role="list" aria-label=text::TASKS>
            <For each=shown key=|entry| entry.id children=row />
        </ul>
    }
}

#[component]
fn CompletedFold(shown: RwSignal<bool>, count: usize) -> impl IntoView {
    view! {
        <button type="button" class="fold" aria-expanded=move || shown.get().to_string()
            on:click=move |_| shown.update(|s| *s = !*s)>
            {move || text::completed_fold(shown.get(), count)}
            {Icon::Chevron.draw()}
        </button>
    }
}
