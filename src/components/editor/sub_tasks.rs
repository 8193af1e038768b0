//! The tasks above a task, and its sub-tasks.

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use tsugi_calendar::Date;
use tsugi_quick_add::Parsed;
use tsugi_sync::entity::Field;
use tsugi_sync::ids::EntityId;

use crate::browser::pointer::click_once;
use crate::browser::{focus, names};
use crate::components::editor::fields::Editing;
use crate::components::ids;
use crate::components::kit::changing::changing;
use crate::components::kit::unsent::unsent_text;
use crate::components::quick_add::{QuickAdd, Reading, SUB_TASK_READER};
use tsugi_screen::index::detail::SubTask;
use tsugi_screen::model::{Named, Sidebar};
use tsugi_screen::place::TaskPlace;
use tsugi_screen::text::due;
use tsugi_screen::unsent::Input;
use tsugi_words::phrases;

/// Callbacks of the sub-tasks.
#[derive(Clone, Copy, Debug)]
pub struct SubTaskHandlers {
    pub on_open: Callback<EntityId>,
    pub on_toggle: Callback<(EntityId, bool)>,
    /// Called with the lines of new sub-tasks.
    pub on_add: Callback<Vec<Parsed>>,
}

/// Links to all tasks above, and a button that makes the task independent of them.
#[component]
pub fn Breadcrumb(editing: Editing, on_open: Callback<EntityId>) -> impl IntoView {
    let parent = editing.shown(Field::Parent);
    let above = move || match parent.with(String::is_empty) {
        true => Vec::new(),
        false => editing.task.with(|task| task.above.clone()),
    };
    let leave = move |_| editing.set(Field::Parent, String::new());
    let step = move |named: Named| {
        let id = named.id;
        view! {
            <li class="breadcrumb__step">
                <button type="button" class="link-button" on:click=move |_| on_open.run(id)>{named.name}</button>
            </li>
        }
    };
    changing(move || {
        let above = above();
        (!above.is_empty()).then(|| {
            view! {
                <nav class="breadcrumb" aria-label=phrases::tasks_above()>
                    <ol class="breadcrumb__steps" role="list">{above.into_iter().map(step).collect_view()}</ol>
                    <button type="button" class="chip-button" on:click=leave>{phrases::make_independent()}</button>
                </nav>
            }
        })
    })
}

#[component]
pub fn SubTasks(
    task: EntityId,
    /// Whether the task is deleted, so that nothing can be added to it.
    gone: Signal<bool>,
    below: Signal<Vec<SubTask>>,
    content: Signal<Sidebar>,
    today: Signal<Date>,
    handlers: SubTaskHandlers,
) -> impl IntoView {
    let text = unsent_text(Input::SubTask(task));
    let refusal = Signal::derive(move || gone.get().then(|| phrases::restore_first().to_owned()));
    let reading = Reading {
        place: Signal::stored(TaskPlace::Inbox),
        today,
        content,
        reader: Signal::stored(Some(SUB_TASK_READER)),
    };
    let count = move || {
        let (done, all) =
            below.with(|below| (below.iter().filter(|task| task.completed).count(), below.len()));
        match all {
            0 => String::new(),
            all => phrases::some_of(done, all),
        }
    };
    let row = move |task| view! { <SubTaskRow task today handlers /> }.into_any();
    // All rows are drawn again together. There are only a few, and a keyed list would add more to the download than it
    // saves.
    let rows = changing(move || below.get().into_iter().map(row).collect::<Vec<_>>());
    view! {
        <section class="part" aria-labelledby=ids::SUB_TASKS_HEADING>
            <h3 class="part__title" id=ids::SUB_TASKS_HEADING>
                {phrases::sub_tasks()} " " <span class="part__count">{count}</span>
            </h3>
            <ul class="sub-tasks" role="list" aria-labelledby=ids::SUB_TASKS_HEADING>
                {rows}
            </ul>
            <div class="sub-task--new">
                <QuickAdd id=names::NEW_SUB_TASK name=phrases::add_sub_task() refusal completions_id="sub-task-names" text
                    reading on_add=handlers.on_add autofocus=false />
            </div>
        </section>
    }
}

#[component]
fn SubTaskRow(task: SubTask, today: Signal<Date>, handlers: SubTaskHandlers) -> impl IntoView {
    let (id, completed) = (task.id, task.completed);
    let name = format!("sub-task-{id}");
    let check = format!("sub-task-check-{id}");
    let open_name = phrases::open_task(&task.title);
    let toggled = {
        let check = check.clone();
        move |_| {
            handlers.on_toggle.run((id, !completed));
            focus::keep_focus(check.clone(), names::EDITOR_TITLE);
        }
    };
    let due = task.due.map(|due| {
        let chip = move || due::describe(due, today.get(), completed);
        view! { <span class=move || chip().state.class()>{move || chip().words}</span> }
    });
    view! {
        <li class="sub-task" class:sub-task--done=completed data-priority=task.priority.map(|rank| rank.to_string())>
            <label class="task__check" on:click=move |ev: MouseEvent| click_once(&ev)>
                <input type="checkbox" class="check" id=check aria-labelledby=name.clone() prop:checked=completed
                    on:change=toggled />
            </label>
            <button type="button" class="sub-task__open" aria-label=open_name on:click=move |_| handlers.on_open.run(id)>
                <span class="sub-task__title" id=name>{task.title}</span>
            </button>
            {due}
        </li>
    }
}
