//! One task in the list.

use leptos::ev::{Event, MouseEvent};
use leptos::prelude::*;
use tsugi_sync::ids::EntityId;

use crate::browser::{device, focus, names, pointer};
use crate::components::kit::changing::{Changing, changing};
use crate::components::kit::icon::Icon;
use crate::components::rows::group_heading::GroupHeading;
use crate::components::rows::task_list::RowView;
use crate::signals::window::{Spot, TaskEntry};
use tsugi_screen::model::{Named, TaskRow as Row};
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
    /// Opens a conflict about this task.
    pub on_conflicts: Callback<EntityId>,
    /// Shows the commands for a task at a point of the window.
    pub on_menu: Callback<(EntityId, (i32, i32))>,
}

impl RowHandlers {
    /// Answers the right button, or the key for menus.
    pub fn menu(self, id: EntityId, ev: &MouseEvent) {
        // With Shift, the browser shows its own.
        if !ev.shift_key() {
            ev.prevent_default();
            // A finger that rests on a row drags it.
            if !device::has_coarse_pointer() {
                self.on_menu.run((id, (ev.client_x(), ev.client_y())));
            }
        }
    }

    /// Answers a click anywhere on the row or card of a task: it opens the task or, with a key held, selects it.
    pub fn pressed(self, id: EntityId, is_selected: Signal<bool>, ev: &MouseEvent) {
        match ev.shift_key() {
            _ if pointer::is_on_control(ev) => {}
            true => self.on_extend.run(id),
            false if ev.ctrl_key() || ev.meta_key() => self.on_select.run((id, !is_selected.get_untracked())),
            false => self.on_edit.run(id),
        }
    }
}

#[component]
pub fn TaskRow(
    entry: TaskEntry,
    spot: Memo<Spot>,
    rows: RowView,
    /// Whether this is the task in the editor.
    is_open: Signal<bool>,
    is_selected: Signal<bool>,
    /// The number of this row, and the number of all rows.
    place: Signal<String>,
    of: Signal<String>,
) -> impl IntoView {
    let id = entry.id;
    let handlers = rows.handlers;
    let row = ReadSignal::from(entry.row);
    let done = Signal::derive(move || row.with(|r| r.completed));
    let priority = Signal::derive(move || row.with(|r| r.priority.map(|p| p.to_string())));
    let is_over = move || row.with(|r| (r.completed || r.deleted).then_some(""));
    let pressed = move |ev: MouseEvent| {
        if !rows.groups.drag.has_just_ended() {
            handlers.pressed(id, is_selected, &ev);
        }
    };
    let is_lit = move || rows.lit.with(|lit| lit.is_some_and(|lit| lit.task == id));
    // A deleted task can only be restored, and for that it has a button.
    let menu = move |ev: MouseEvent| {
        if row.with_untracked(|row| !row.deleted) {
            handlers.menu(id, &ev);
        }
    };
    let headings = changing(move || {
        let headings = spot.with(|spot| spot.headings.clone());
        let last = headings.len().saturating_sub(1);
        let headings = headings.into_iter().enumerate();
        headings
            .map(|(nth, heading)| view! { <GroupHeading heading groups=rows.groups is_bare=nth != last /> })
            .collect_view()
    });
    let deeper = move |by: u32| spot.with(|spot| (u32::from(spot.depth) + by).to_string());
    let depth = move || deeper(0);
    let level = move || deeper(1);
    view! {
        <li class="task" class:task--done=done class:task--open=is_open class:task--selected=is_selected
            class:task--lit=is_lit class:task--lifted=move || rows.groups.drag.carries(id) data-task=id.to_string() data-depth=depth data-over=is_over data-priority=priority
            prop:ariaLevel=level aria-setsize=of aria-posinset=place>
            {headings}
            <div class="task__line" data-handle="" style:--depth=depth on:click=pressed
                on:contextmenu=menu>
                <Fold id row on_fold=rows.groups.on_fold />
                <Check id row handlers />
                <EditButton row />
                <span class="task__title" id=names::title(id)>{move || row.with(|r| r.title.clone())}</span>
                <Meta row names_lists=rows.names_lists />
                <Badges id row rows />
                <span class="task__signs">{signs(row)}</span>
                <DueChip row rows />
            </div>
        </li>
    }
}

/// The button that opens the editor. It covers the whole row or card, and clicks on it go on to that, so that a click
/// anywhere does the same.
#[component]
pub fn EditButton(row: ReadSignal<Row>) -> impl IntoView {
    let name = move || row.with(|r| phrases::edit(&r.title));
    view! { <button type="button" class="task__edit" data-handle="" aria-label=name></button> }
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
        <label class="task__check" on:click=move |ev: MouseEvent| pointer::click_once(&ev)>
            <input type="checkbox" class="check" id=check_id aria-labelledby=names::title(id)
                prop:checked=move || row.with(|r| r.completed) disabled=move || row.with(|r| r.deleted)
                on:change=toggled />
        </label>
    }
}

/// More about the task, in one line below its title: the list, if the place does not say it, how many sub-tasks are
/// done, the labels, and the first words of the notes.
#[component]
fn Meta(row: ReadSignal<Row>, names_lists: Signal<bool>) -> impl IntoView {
    let parts = Memo::new(move |_| {
        row.with(|r| {
            let list = r.list.clone().filter(|_| names_lists.get());
            (
                list,
                r.progress,
                r.labels.clone(),
                markdown::first_words(&r.notes),
            )
        })
    });
    changing(move || {
        let (list, progress, labels, note) = parts.get();
        let is_there = list.is_some() || progress.1 > 0 || !labels.is_empty() || note.is_some();
        is_there.then(|| {
            let list = list.map(|list| {
                view! { <span class="task__list" data-colour=list.colour>{list.name}</span> }
            });
            let note = note.map(|note| view! { <span class="task__note">{note}</span> });
            view! { <span class="task__meta">{list}{progress_sign(progress)}{label_views(labels)}{note}</span> }
        })
    })
}

/// The labels of a task, each in its colour.
#[must_use]
pub fn label_views(labels: Vec<Named>) -> AnyView {
    let label = |label: Named| view! { <span class="label" data-colour=label.colour>{label.name}</span> };
    labels.into_iter().map(label).collect_view().into_any()
}

/// How many of the sub-tasks are done, with words for people who use a screen reader.
#[must_use]
pub fn progress_sign((done, all): (usize, usize)) -> Option<AnyView> {
    (all > 0).then(|| {
        let words = phrases::progress(done, all);
        let title = words.clone();
        view! {
            <span class="sign" title=title>
                {Icon::SubTasks.draw()}<span aria-hidden="true">{format!("{done}/{all}")}</span>
                <span class="visually-hidden">{words}</span>
            </span>
        }
        .into_any()
    })
}

/// The signs of recurrence and of priority, with words for people who use a screen reader.
#[must_use]
pub fn signs(row: ReadSignal<Row>) -> Changing {
    let signs = Memo::new(move |_| row.with(|r| (r.recurs, r.priority)));
    changing(move || {
        let (recurs, priority) = signs.get();
        let recurs = recurs.then(|| {
            view! {
                <span class="sign sign--repeat" title=phrases::recurs()>
                    {Icon::Repeat.draw()}<span class="visually-hidden">{phrases::recurs()}</span>
                </span>
            }
        });
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
        view! { {recurs}{priority} }
    })
}

#[component]
fn DueChip(row: ReadSignal<Row>, rows: RowView) -> impl IntoView {
    let due = Memo::new(move |_| {
        row.with(|r| {
            let due = r.due.as_ref()?;
            let (zone, over) = (rows.zone, rows.days_over);
            let (today, time) = (rows.today.get(), rows.time.get());
            zone.with_value(|zone| due::chip(due, Present { today, time, zone }, r.completed, over))
        })
    });
    let chip = changing(move || {
        due.get()
            .map(|due| view! { <span class=due.state.class()>{due.words}</span> })
    });
    view! { <span class="task__due">{chip}</span> }
}

/// What a row seldom has: open conflicts, the button that restores a deleted task, and a sign while the server does not
/// have the latest edit.
#[component]
fn Badges(id: EntityId, row: ReadSignal<Row>, rows: RowView) -> impl IntoView {
    let handlers = rows.handlers;
    let seldom = Memo::new(move |_| row.with(|r| (r.conflicts, r.deleted, r.waiting && rows.syncs.get())));
    let restore_name = move || row.with(|r| phrases::restore_task(&r.title));
    changing(move || {
        let (conflicts, deleted, waiting) = seldom.get();
        let badge = (conflicts > 0).then(|| {
            view! {
                <button type="button" class="badge badge--conflict" on:click=move |_| handlers.on_conflicts.run(id)>
                    {Icon::Split.draw()}{phrases::versions(conflicts + 1)}
                </button>
            }
        });
        let restore = deleted.then(|| {
            view! {
                <button type="button" class="button button--small" aria-label=restore_name
                    on:click=move |_| handlers.on_restore.run(id)>
                    {phrases::restore()}
                </button>
            }
        });
        let dot = waiting.then(|| {
            view! {
                <span class="waiting-dot" title=phrases::waiting()>
                    <span class="visually-hidden">{phrases::waiting()}</span>
                </span>
            }
        });
        (conflicts > 0 || deleted || waiting)
            .then(|| view! { <span class="task__badges">{dot}{badge}{restore}</span> })
    })
}
