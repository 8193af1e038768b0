//! The editor of one task: a panel beside the list, over a task that others may change meanwhile.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use tsugi_sync::entity::Field;

use crate::components::changing::while_true;
use crate::components::draft::Draft;
use crate::components::editor_fields::{DueField, TextField};
use crate::components::focus;
use crate::components::icon::Icon;
use crate::components::task_list::HEADING_ID;
use crate::intent::FieldChange;
use crate::phrases;
use crate::state::model::TaskEntry;

/// How the person left the editor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Left {
    Saved(Vec<FieldChange>),
    Cancelled,
    Deleted,
}

const TITLE_ID: &str = "editor-title";

#[component]
pub fn TaskEditor(
    entry: TaskEntry,
    /// What was typed; the page keeps it, because it saves it when the person goes on to another task.
    draft: RwSignal<Draft>,
    today: Signal<String>,
    /// The task is in the list no more: it was deleted elsewhere.
    gone: Signal<bool>,
    on_leave: Callback<Left>,
) -> impl IntoView {
    let row = RwSignal::from(entry.row);
    let problem = RwSignal::new(None::<String>);
    focus::return_on_cleanup(&[HEADING_ID]);
    focus::focus(TITLE_ID);
    let save = move || {
        problem.set(draft.with(Draft::problem));
        if problem.with(Option::is_none) {
            on_leave.run(Left::Saved(draft.with(Draft::changes)));
        }
    };
    let on_enter = Callback::new(move |()| save());
    let cancel = move |_| on_leave.run(Left::Cancelled);
    let pressed = move |ev: KeyboardEvent| match ev.key().as_str() {
        _ if ev.is_composing() => {}
        "Escape" => on_leave.run(Left::Cancelled),
        "Enter" if ev.ctrl_key() || ev.meta_key() => save(),
        _ => {}
    };
    let gone_note = while_true(
        move || gone.get(),
        || view! { <p class="note" role="status">{phrases::task_gone()}</p> },
    );
    view! {
        <section class="panel editor" role="dialog" aria-label=phrases::task() on:keydown=pressed>
            <div class="panel__head">
                <h2 class="panel__title">{phrases::task()}</h2>
                <button type="button" class="icon-button" aria-label=phrases::close() on:click=cancel>
                    {Icon::Close.draw()}
                </button>
            </div>
            {gone_note}
            <TextField id=TITLE_ID field=Field::Title label=phrases::title() lines=2 row draft on_enter />
            <TextField id="editor-notes" field=Field::Notes label=phrases::notes() lines=6 row draft />
            <DueField row draft today />
            <p class="problem" role="alert">{problem}</p>
            <div class="editor__buttons">
                <button type="button" class="button button--primary" on:click=move |_| save()>{phrases::save()}</button>
                <button type="button" class="button" on:click=cancel>{phrases::cancel()}</button>
                <button type="button" class="button button--danger editor__delete"
                    on:click=move |_| on_leave.run(Left::Deleted)>
                    {Icon::Trash.draw()}{phrases::delete_task()}
                </button>
            </div>
        </section>
    }
}
