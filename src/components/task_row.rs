//! One task in the list.

use leptos::ev::{Event, MouseEvent};
use leptos::prelude::*;
use tsugi_sync::ids::EntityId;

use crate::components::changing::changing;
use crate::components::icon::Icon;
use crate::components::task_list::{HEADING_ID, RowView};
use crate::components::{due, focus};
use crate::phrases;
use crate::state::model::{Heading, Item, TaskRow as Row};

/// What a row tells the page.
#[derive(Clone, Copy, Debug)]
pub struct RowHandlers {
    pub on_toggle: Callback<(EntityId, bool)>,
    pub on_edit: Callback<EntityId>,
    pub on_select: Callback<(EntityId, bool)>,
    pub on_restore: Callback<EntityId>,
    pub on_conflicts: Callback<()>,
}

#[component]
pub fn TaskRow(
    item: Item,
    rows: RowView,
    /// Whether this is the task in the editor.
    is_open: Signal<bool>,
    is_selected: Signal<bool>,
    /// Which it is, of how many.
    place: Signal<String>,
    of: Signal<String>,
) -> impl IntoView {
    let id = item.entry.id;
    let handlers = rows.handlers;
    let row = RwSignal::from(item.entry.row.clone());
    let done = Signal::derive(move || row.with(|r| r.completed));
    let priority = Signal::derive(move || row.with(|r| r.priority.map(|p| p.to_string())));
    let pressed = move |ev: MouseEvent| match ev.ctrl_key() || ev.meta_key() {
        true => handlers.on_select.run((id, !is_selected.get_untracked())),
        false => handlers.on_edit.run(id),
    };
    let heading = item
        .heading
        .map(|heading| view! { <GroupHeading heading today=rows.today /> });
    let indent = format!("{}", item.depth);
    view! {
        <li class="task" class:task--done=done class:task--open=is_open class:task--selected=is_selected
            data-task=id.to_string() data-priority=priority aria-setsize=of aria-posinset=place>
            {heading}
            <div class="task__line" style:--depth=indent>
                <Check id row handlers />
                <div class="task__body" on:click=pressed>
                    <span class="task__title" id=format!("title-{id}")>{move || row.with(|r| r.title.clone())}</span>
                    <Notes row />
                    <Belongs row names_lists=rows.names_lists />
                </div>
                <Way id row handlers />
                <Marks row rows />
            </div>
        </li>
    }
}

/// What stands over the first task of a group.
#[component]
fn GroupHeading(heading: Heading, today: Signal<String>) -> impl IntoView {
    let words = Signal::derive(move || match &heading {
        Heading::Overdue => phrases::overdue_group().to_owned(),
        Heading::Day(day) => today.with(|today| due::day_heading(day, today)),
    });
    view! { <h2 class="group">{words}</h2> }
}

#[component]
fn Check(id: EntityId, row: RwSignal<Row>, handlers: RowHandlers) -> impl IntoView {
    let check_id = format!("check-{id}");
    let toggled = {
        let check_id = check_id.clone();
        move |ev: Event| {
            handlers.on_toggle.run((id, event_target_checked(&ev)));
            focus::keep_focus(check_id.clone(), HEADING_ID);
        }
    };
    view! {
        <span class="task__check">
            <input type="checkbox" class="check" id=check_id aria-labelledby=format!("title-{id}")
                prop:checked=move || row.with(|r| r.completed) disabled=move || row.with(|r| r.deleted)
                on:change=toggled />
        </span>
    }
}

/// The way to more: the editor, or back from the deleted ones.
#[component]
fn Way(id: EntityId, row: RwSignal<Row>, handlers: RowHandlers) -> impl IntoView {
    let deleted = Memo::new(move |_| row.with(|r| r.deleted));
    let edit_name = move || row.with(|r| phrases::edit(&r.title));
    let restore_name = move || row.with(|r| phrases::restore_task(&r.title));
    changing(move || {
        match deleted.get() {
        false => view! {
            <button type="button" class="task__edit" aria-label=edit_name on:click=move |_| handlers.on_edit.run(id)>
                {Icon::Pencil.draw()}
            </button>
        }
        .into_any(),
        true => view! {
            <button type="button" class="button button--small" aria-label=restore_name
                on:click=move |_| handlers.on_restore.run(id)>
                {phrases::restore()}
            </button>
        }
        .into_any(),
    }
    })
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

/// The list it is in, where that is not plain to see, and its labels.
#[component]
fn Belongs(row: RwSignal<Row>, names_lists: Signal<bool>) -> impl IntoView {
    let names = Memo::new(move |_| {
        let list = row.with(|r| r.list.clone()).filter(|_| names_lists.get());
        (list, row.with(|r| r.labels.clone()))
    });
    changing(move || {
        let (list, labels) = names.get();
        (list.is_some() || !labels.is_empty()).then(|| {
            let list = list.map(|name| view! { <span class="task__list">{name}</span> });
            let labels = labels
                .into_iter()
                .map(|label| view! { <span class="label" data-colour=label.colour>{label.name}</span> });
            view! { <span class="task__belongs">{list}{labels.collect_view()}</span> }
        })
    })
}

/// Due date, conflicts, and whether the server knows.
#[component]
fn Marks(row: RwSignal<Row>, rows: RowView) -> impl IntoView {
    let (today, on_conflicts) = (rows.today, rows.handlers.on_conflicts);
    let due = Memo::new(move |_| {
        row.with(|r| {
            r.due
                .as_ref()
                .filter(|_| rows.names_days.get())
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
