//! One task in the list.

use leptos::ev::Event;
use leptos::prelude::*;
use tsugi_sync::ids::EntityId;

use crate::components::changing::changing;
use crate::components::icon::Icon;
use crate::components::task_list::HEADING_ID;
use crate::components::{due, focus};
use crate::phrases;
use crate::state::model::{TaskEntry, TaskRow as Row};

/// What a row tells the page.
#[derive(Clone, Copy, Debug)]
pub struct RowHandlers {
    pub on_toggle: Callback<(EntityId, bool)>,
    pub on_edit: Callback<TaskEntry>,
    pub on_conflicts: Callback<()>,
}

#[component]
pub fn TaskRow(
    entry: TaskEntry,
    today: Signal<String>,
    /// Whether this is the task in the editor.
    #[prop(into)]
    is_open: Signal<bool>,
    handlers: RowHandlers,
) -> impl IntoView {
    let id = entry.id;
    let row = RwSignal::from(entry.row.clone());
    let title = Signal::derive(move || row.with(|r| r.title.clone()));
    let done = Signal::derive(move || row.with(|r| r.completed));
    let edit_name = Signal::derive(move || phrases::edit(&title.get()));
    let title_id = format!("title-{id}");
    let check_id = format!("check-{id}");
    let toggled = {
        let check_id = check_id.clone();
        move |ev: Event| {
            handlers.on_toggle.run((id, event_target_checked(&ev)));
            focus::keep_focus(check_id.clone(), HEADING_ID);
        }
    };
    let edit = Callback::new(move |()| handlers.on_edit.run(entry.clone()));
    view! {
        <li class="task" class:task--done=done class:task--open=is_open>
            <span class="task__check">
                <input type="checkbox" class="check" id=check_id aria-labelledby=title_id.clone() prop:checked=done
                    on:change=toggled />
            </span>
            <div class="task__body" on:click=move |_| edit.run(())>
                <span class="task__title" id=title_id>{title}</span>
                <Notes row />
            </div>
            <button type="button" class="task__edit" aria-label=edit_name
                on:click=move |_| edit.run(())>
                {Icon::Pencil.draw()}
            </button>
            <Marks row today on_conflicts=handlers.on_conflicts />
        </li>
    }
}

/// The first line of the notes, as a hint of more.
#[component]
fn Notes(row: RwSignal<Row>) -> impl IntoView {
    let first_line = Memo::new(move |_| {
        row.with(|r| {
            r.notes
                .lines()
                .map(str::trim)
                .find(|line| !line.is_empty())
                .map(str::to_owned)
        })
    });
    changing(move || {
        first_line
            .get()
            .map(|line| view! { <span class="task__notes">{line}</span> })
    })
}

/// Due date, conflicts, and whether the server knows.
#[component]
fn Marks(row: RwSignal<Row>, today: Signal<String>, on_conflicts: Callback<()>) -> impl IntoView {
    let due = Memo::new(move |_| {
        row.with(|r| {
            r.due
                .as_ref()
                .map(|date| today.with(|today| due::describe(date, today, r.completed)))
        })
    });
    let conflicts = Memo::new(move |_| row.with(|r| r.conflicts));
    let waiting = Memo::new(move |_| row.with(|r| r.waiting));
    let conflict_badge = changing(move || {
        let count = conflicts.get();
        (count > 0).then(|| {
            view! {
                <button type="button" class="badge badge--conflict" on:click=move |_| on_conflicts.run(())>
                    {Icon::Split.draw()}{phrases::conflicts_open(count)}
                </button>
            }
        })
    });
    let due_chip = changing(move || {
        due.get()
            .map(|due| view! { <span class=due.state.class()>{due.words}</span> })
    });
    let waiting_dot = changing(move || {
        waiting.get().then(|| {
            view! {
                <span class="waiting-dot" title=phrases::waiting()>
                    <span class="visually-hidden">{phrases::waiting()}</span>
                </span>
            }
        })
    });
    view! { <span class="task__marks">{conflict_badge}{due_chip}{waiting_dot}</span> }
}
