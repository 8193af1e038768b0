//! What stands beside the page: the editor of a task, or the conflicts; and the dialog in which one is settled.

use leptos::prelude::*;
use tsugi_sync::ids::EntityId;

use crate::components::changing::changing;
use crate::components::conflict_inbox::ConflictInbox;
use crate::components::draft::Draft;
use crate::components::merge_dialog::{MergeDialog, Settled};
use crate::components::task_editor::{Left, TaskEditor};
use crate::intent::Intent;
use crate::place::Beside;
use crate::routes::frame::View;
use crate::routes::overlay::Overlay;
use crate::state::model::{ConflictCard, TaskEntry};

#[derive(Clone, Debug, PartialEq)]
enum Shown {
    Nothing,
    Task(TaskEntry),
    Conflicts,
}

/// The editor or the inbox, whichever the address says.
#[component]
pub fn BesidePanel(view: View, send: Callback<Intent>, overlay: RwSignal<Overlay>) -> impl IntoView {
    let shown = Memo::new(move |_| match view.address.with(|address| address.beside) {
        Beside::Nothing => Shown::Nothing,
        Beside::Conflicts => Shown::Conflicts,
        Beside::Task(id) => match view.editing.get() {
            Some(entry) if entry.id == id => Shown::Task(entry),
            Some(_) | None => Shown::Nothing,
        },
    });
    let close = Callback::new(move |()| send.run(Intent::CloseBeside));
    changing(move || match shown.get() {
        Shown::Nothing => ().into_any(),
        Shown::Task(entry) => view! { <Editing entry view send close /> }.into_any(),
        Shown::Conflicts => {
            let on_open = Callback::new(move |id| overlay.set(Overlay::Resolving(id)));
            view! { <ConflictInbox conflicts=view.conflicts now=view.now on_open on_close=close /> }
                .into_any()
        }
    })
}

/// The editor with what was typed into it. Going on is not giving up: whichever way one leaves, by a link, by *back*, by
/// another task, what was typed is saved.
#[component]
fn Editing(entry: TaskEntry, view: View, send: Callback<Intent>, close: Callback<()>) -> impl IntoView {
    let id = entry.id;
    let draft = RwSignal::new(Draft::default());
    let row = RwSignal::from(entry.row.clone());
    let gone = Signal::derive(move || row.with(|row| row.deleted));
    let edit = move |changes: Vec<_>| {
        if !changes.is_empty() {
            send.run(Intent::EditTask { id, changes });
        }
    };
    on_cleanup(move || edit(draft.try_with_untracked(Draft::sound_changes).unwrap_or_default()));
    let on_leave = Callback::new(move |left| {
        draft.set(Draft::default());
        match left {
            Left::Saved(changes) => edit(changes),
            Left::Deleted => send.run(Intent::DeleteTask { id }),
            Left::Cancelled => {}
        }
        close.run(());
    });
    view! { <TaskEditor entry draft today=view.today gone on_leave /> }
}

/// The merge dialog, for as long as its conflict is open: settled on another device, it says so.
#[component]
pub fn Resolving(
    conflicts: Signal<Vec<ConflictCard>>,
    overlay: RwSignal<Overlay>,
    send: Callback<Intent>,
) -> impl IntoView {
    let find = move |id: EntityId, all: &[ConflictCard]| all.iter().find(|card| card.id == id).cloned();
    let current = Memo::new(move |_| match overlay.get() {
        Overlay::Resolving(id) => Some((id, conflicts.with(|all| find(id, all)).is_some())),
        Overlay::Nothing
        | Overlay::Drawer
        | Overlay::Palette
        | Overlay::Shortcuts
        | Overlay::QuickAdd
        | Overlay::NewList => None,
    });
    let close = Callback::new(move |()| overlay.set(Overlay::Nothing));
    let dialog = move |card: ConflictCard| {
        let conflict = card.id;
        let shown: Vec<_> = card
            .fields
            .iter()
            .map(|side| (side.field.clone(), side.theirs.clone()))
            .collect();
        let save = Callback::new(move |results| {
            let shown = shown.clone();
            send.run(Intent::Resolve {
                conflict,
                results,
                shown,
            });
            close.run(());
        });
        view! { <MergeDialog card on_save=save on_later=close /> }
    };
    changing(move || {
        let (id, is_open) = current.get()?;
        Some(match conflicts.with_untracked(|all| find(id, all)) {
            Some(card) if is_open => dialog(card).into_any(),
            Some(_) | None => view! { <Settled on_close=close /> }.into_any(),
        })
    })
}
