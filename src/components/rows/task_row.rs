//! One task in the list.

use leptos::ev::{Event, MouseEvent};
use leptos::prelude::*;
use tsugi_sync::ids::EntityId;

use crate::browser::pointer::click_once;
use crate::browser::{focus, names};
use crate::components::kit::changing::changing;
use crate::components::kit::icon::Icon;
use crate::components::rows::group_heading::GroupHeading;
use crate::components::rows::task_list::RowView;
use crate::signals::window::Item;
use tsugi_screen::model::TaskRow as Row;
use tsugi_screen::text::due::{self, Present};
use tsugi_screen::text::markdown;
use tsugi_words::phrases;

/// Callbacks of a row.
#[derive(Clone, Copy, Debug)]
pub struct RowHandlers {
    pub on_toggle: Callback<(EntityId, bool)>,
    pub on_edit: Callback<EntityId>,
    pub on_select: Callback<(EntityId, bool)>,
    /// Selects all tasks from the one selected last to this one.
    pub on_extend: Callback<EntityId>,
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
    /// The number of this row, and the number of all rows.
    place: Signal<String>,
    of: Signal<String>,
) -> impl IntoView {
    let id = item.entry.id;
    let handlers = rows.handlers;
    let row = ReadSignal::from(item.entry.row.clone());
    let done = Signal::derive(move || row.with(|r| r.completed));
    let priority = Signal::derive(move || row.with(|r| r.priority.map(|p| p.to_string())));
    let is_over = move || row.with(|r| (r.completed || r.deleted).then_some(""));
    let pressed = move |ev: MouseEvent| match (rows.groups.drag.has_just_ended(), ev.shift_key()) {
        (true, _) => {}
        (false, true) => handlers.on_extend.run(id),
        (false, false) if ev.ctrl_key() || ev.meta_key() => {
            handlers.on_select.run((id, !is_selected.get_untracked()));
        }
        (false, false) => handlers.on_edit.run(id),
    };
    let last = item.headings.len().saturating_sub(1);
    let headings = item.headings.into_iter().enumerate();
    let headings = headings
        .map(|(nth, heading)| view! { <GroupHeading heading groups=rows.groups is_bare=nth != last /> })
        .collect_view();
    let depth = item.depth.to_string();
    let indent = depth.clone();
    let level = (u32::from(item.depth) + 1).to_string();
    view! {
        <li class="task" class:task--done=done class:task--open=is_open class:task--selected=is_selected
            data-task=id.to_string() data-depth=depth data-over=is_over data-priority=priority
            prop:ariaLevel=level aria-setsize=of aria-posinset=place>
            {headings}
            <div class="task__line" data-handle="" style:--depth=indent>
                <Fold id row on_fold=rows.groups.on_fold />
                <Check id row handlers />
                <div class="task__body" on:click=pressed>
                    <span class="task__title" id=names::title(id)>{move || row.with(|r| r.title.clone())}</span>
                    <Notes row />
                    <Belongs row names_lists=rows.names_lists />
                </div>
                <Way id row handlers />
                <Marks row rows />
            </div>
        </li>
    }
}

/// The button that folds the sub-tasks of a task away, or unfolds them.
#[component]
fn Fold(id: EntityId, row: ReadSignal<Row>, on_fold: Callback<(EntityId, bool)>) -> impl IntoView {
    let folded = Memo::new(move |_| row.with(|row| row.folded));
    let name = move || {
        row.with(|row| match row.folded {
            Some(true) => phrases::unfold_it(&row.title),
            Some(false) | None => phrases::fold_it(&row.title),
        })
    };
    let there = Memo::new(move |_| folded.get().is_some());
    changing(move || {
        there.get().then(|| {
            let is_folded = move || folded.get() == Some(true);
            view! {
                <button type="button" class="task__fold" id=names::fold(id) aria-label=name
                    aria-expanded=move || (!is_folded()).to_string() on:click=move |_| on_fold.run((id, !is_folded()))>
                    {Icon::Chevron.draw()}
                </button>
            }
        })
    })
}

#[component]
fn Check(id: EntityId, row: ReadSignal<Row>, handlers: RowHandlers) -> impl IntoView {
    let check_id = names::check(id);
    let toggled = {
        let check_id = check_id.clone();
        move |ev: Event| {
            handlers.on_toggle.run((id, event_target_checked(&ev)));
            focus::keep_focus(check_id.clone(), names::PAGE_HEADING);
        }
    };
    view! {
        <span class="task__check">
            <input type="checkbox" class="check" id=check_id aria-labelledby=names::title(id)
                prop:checked=move || row.with(|r| r.completed) disabled=move || row.with(|r| r.deleted)
                on:change=toggled on:click=move |ev: MouseEvent| click_once(&ev) />
        </span>
    }
}

/// The button at the end of a row: it opens the editor, or restores a deleted task.
#[component]
fn Way(id: EntityId, row: ReadSignal<Row>, handlers: RowHandlers) -> impl IntoView {
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

/// The first words of the notes, as a hint that there are more.
#[component]
fn Notes(row: ReadSignal<Row>) -> impl IntoView {
    let first_line = Memo::new(move |_| row.with(|r| markdown::first_words(&r.notes)));
    changing(move || {
        first_line
            .get()
            .map(|line| view! { <span class="task__notes">{line}</span> })
    })
}

/// The list of the task, if the place does not say it, and its labels.
#[component]
fn Belongs(row: ReadSignal<Row>, names_lists: Signal<bool>) -> impl IntoView {
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

/// Signs of more about a task: priority, recurrence, notes and sub-tasks. They are shapes, with words for people who
/// use a screen reader.
#[component]
pub fn Signs(row: ReadSignal<Row>) -> impl IntoView {
    let signs = Memo::new(move |_| row.with(|r| (r.priority, r.recurs, r.progress)));
    changing(move || {
        let (priority, recurs, (done, all)) = signs.get();
        let priority = priority.map(|rank| {
            let words = phrases::priority_number(usize::from(rank));
            let title = words.clone();
            view! {
                <span class="sign sign--priority" title=title data-rank=rank.to_string()>
                    {Icon::Flag.draw()}<span aria-hidden="true">{rank.to_string()}</span>
                    <span class="visually-hidden">{words}</span>
                </span>
            }
        });
        let recurs = recurs.then(|| {
            view! {
                <span class="sign" title=phrases::recurs()>
                    {Icon::Repeat.draw()}<span class="visually-hidden">{phrases::recurs()}</span>
                </span>
            }
        });
        let progress = (all > 0).then(|| {
            let words = phrases::progress(done, all);
            let title = words.clone();
            view! {
                <span class="sign" title=title>
                    {Icon::SubTasks.draw()}<span aria-hidden="true">{format!("{done}/{all}")}</span>
                    <span class="visually-hidden">{words}</span>
                </span>
            }
        });
        view! { {progress}{recurs}{priority} }
    })
}

/// The due date, conflicts, and whether the server has the task.
#[component]
fn Marks(row: ReadSignal<Row>, rows: RowView) -> impl IntoView {
    let (today, on_conflicts) = (rows.today, rows.handlers.on_conflicts);
    let due = Memo::new(move |_| {
        row.with(|r| {
            let due = r.due.as_ref()?;
            let (zone, over) = (rows.zone, rows.days_over);
            let (today, time) = (today.get(), rows.time.get());
            zone.with_value(|zone| due::chip(due, Present { today, time, zone }, r.completed, over))
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
    view! { <span class="task__marks">{conflict_badge}<Signs row />{due_chip}{waiting_dot}</span> }
}
