//! The screen one works in: the list, and beside it the editor or the conflict inbox.

use leptos::prelude::*;
use tsugi_sync::ids::{EntityId, Timestamp};

use crate::components::changing::changing;
use crate::components::conflict_inbox::ConflictInbox;
use crate::components::draft::Draft;
use crate::components::empty::Skeleton;
use crate::components::header::AppHeader;
use crate::components::merge_dialog::{MergeDialog, Settled};
use crate::components::needs_attention::{NeedsAttention, RefusedHandlers};
use crate::components::quick_add::QuickAdd;
use crate::components::task_editor::{Left, TaskEditor};
use crate::components::task_list::TaskList;
use crate::components::task_row::RowHandlers;
use crate::components::undo_toast::UndoToast;
use crate::intent::Intent;
use crate::state::model::{AccountState, ConflictCard, RefusedCard, SyncStatus, TaskEntry, UndoNotice};

/// Everything this screen shows, as signals that the store writes.
#[derive(Clone, Copy, Debug)]
pub struct TasksView {
    /// This device's own storage is still being read.
    pub loading: Signal<bool>,
    /// Open tasks, in the order to show them.
    pub open: Signal<Vec<TaskEntry>>,
    /// Completed tasks, the latest first.
    pub completed: Signal<Vec<TaskEntry>>,
    pub conflicts: Signal<Vec<ConflictCard>>,
    pub refused: Signal<Vec<RefusedCard>>,
    pub sync: Signal<SyncStatus>,
    pub working_offline: Signal<bool>,
    /// What was measured of syncing, as names and values.
    pub figures: Signal<Vec<(String, String)>>,
    pub account: Signal<AccountState>,
    pub undo: Signal<Option<UndoNotice>>,
    /// What did not work just now, as a sentence.
    pub problem: Signal<Option<String>>,
    /// The date here, `YYYY-MM-DD`.
    pub today: Signal<String>,
    /// A clock that need not tick more often than every half minute.
    pub now: Signal<Timestamp>,
    /// What this device calls itself: "Chrome on Linux".
    pub device: Signal<String>,
}

/// What stands beside the list.
#[derive(Clone, Debug, PartialEq)]
enum Beside {
    Nothing,
    Task(TaskEntry),
    Conflicts,
}

impl Beside {
    fn task(&self) -> Option<EntityId> {
        match self {
            Self::Task(entry) => Some(entry.id),
            Self::Nothing | Self::Conflicts => None,
        }
    }
}

/// The place beside the list, and what was typed there.
#[derive(Clone, Copy)]
struct Desk {
    beside: RwSignal<Beside>,
    draft: RwSignal<Draft>,
    send: Callback<Intent>,
}

impl Desk {
    /// Shows something else. What was typed about the task before is saved first: going on is not giving up.
    fn show(self, next: Beside) {
        let before = self.beside.with_untracked(Beside::task);
        if before.is_some() && before == next.task() {
            return;
        }
        let changes = self.draft.with_untracked(Draft::sound_changes);
        if let (Some(id), false) = (before, changes.is_empty()) {
            self.send.run(Intent::EditTask { id, changes });
        }
        self.clear(next);
    }

    fn clear(self, next: Beside) {
        self.draft.set(Draft::default());
        self.beside.set(next);
    }
}

#[component]
pub fn TasksPage(view: TasksView, send: Callback<Intent>) -> impl IntoView {
    let (beside, draft) = (RwSignal::new(Beside::Nothing), RwSignal::new(Draft::default()));
    let desk = Desk { beside, draft, send };
    let resolving = RwSignal::new(None::<EntityId>);
    let editing = Signal::derive(move || beside.with(Beside::task));
    let show_inbox = Callback::new(move |()| desk.show(Beside::Conflicts));
    let handlers = RowHandlers {
        on_toggle: Callback::new(move |(id, completed)| send.run(Intent::SetCompleted { id, completed })),
        on_edit: Callback::new(move |entry| desk.show(Beside::Task(entry))),
        on_conflicts: show_inbox,
    };
    let refused_handlers = RefusedHandlers {
        on_resend: Callback::new(move |(seq, values)| send.run(Intent::ResendRefused { seq, values })),
        on_copy: Callback::new(move |text| send.run(Intent::CopyText(text))),
        on_discard: Callback::new(move |seq| send.run(Intent::DiscardRefused { seq })),
    };
    let TasksView {
        loading,
        open,
        completed,
        today,
        undo,
        refused,
        ..
    } = view;
    let list = changing(move || match loading.get() {
        true => view! { <Skeleton /> }.into_any(),
        false => view! { <TaskList open completed today editing handlers /> }.into_any(),
    });
    let is_beside = Signal::derive(move || beside.with(|b| *b != Beside::Nothing));
    view! {
        <PageHeader view desk />
        <div class="workspace" class:workspace--beside=is_beside>
            <main class="workspace__main">
                <QuickAdd on_add=Callback::new(move |title| send.run(Intent::AddTask { title })) />
                {move || view.problem.get().map(|problem| view! { <p class="problem" role="alert">{problem}</p> })}
                <NeedsAttention refused handlers=refused_handlers />
                {list}
            </main>
            <BesidePanel view desk resolving />
        </div>
        <Resolving conflicts=view.conflicts resolving send />
        <UndoToast
            notice=undo
            on_undo=Callback::new(move |()| send.run(Intent::Undo))
            on_dismiss=Callback::new(move |()| send.run(Intent::DismissUndo))
        />
    }
}

#[component]
fn PageHeader(view: TasksView, desk: Desk) -> impl IntoView {
    let Desk { beside, send, .. } = desk;
    let inbox_open = Signal::derive(move || beside.with(|b| *b == Beside::Conflicts));
    let conflicts = view.conflicts;
    let toggle_inbox = Callback::new(move |()| {
        beside.set(if inbox_open.get() {
            Beside::Nothing
        } else {
            Beside::Conflicts
        });
    });
    view! {
        <AppHeader
            sync=view.sync
            now=view.now
            device=view.device
            account=view.account
            working_offline=view.working_offline
            figures=view.figures
            conflicts=Signal::derive(move || conflicts.with(Vec::len))
            inbox_open
            on_conflicts=toggle_inbox
            on_work_offline=Callback::new(move |on| send.run(Intent::WorkOffline(on)))
            on_sync_now=Callback::new(move |()| send.run(Intent::SyncNow))
            on_figures=Callback::new(move |shown| send.run(Intent::ShowFigures(shown)))
            on_show_account=Callback::new(move |()| send.run(Intent::ShowAccount))
            on_sign_out=Callback::new(move |keep_local| send.run(Intent::SignOut { keep_local }))
        />
    }
}

/// The editor or the inbox, whichever was asked for last.
#[component]
fn BesidePanel(view: TasksView, desk: Desk, resolving: RwSignal<Option<EntityId>>) -> impl IntoView {
    let Desk { beside, draft, send } = desk;
    let close = Callback::new(move |()| desk.clear(Beside::Nothing));
    let leave = move |id: EntityId, left: Left| {
        match left {
            Left::Saved(changes) if changes.is_empty() => {}
            Left::Saved(changes) => send.run(Intent::EditTask { id, changes }),
            Left::Deleted => send.run(Intent::DeleteTask { id }),
            Left::Cancelled => {}
        }
        close.run(());
    };
    let editor = move |entry: TaskEntry| {
        let id = entry.id;
        let is_in =
            move |list: Signal<Vec<TaskEntry>>| list.with(|all| all.iter().any(|entry| entry.id == id));
        let gone = Signal::derive(move || !is_in(view.open) && !is_in(view.completed));
        let on_leave = Callback::new(move |left| leave(id, left));
        view! { <TaskEditor entry draft today=view.today gone on_leave /> }
    };
    changing(move || match beside.get() {
        Beside::Nothing => ().into_any(),
        Beside::Task(entry) => editor(entry).into_any(),
        Beside::Conflicts => {
            let on_open = Callback::new(move |id| resolving.set(Some(id)));
            view! { <ConflictInbox conflicts=view.conflicts now=view.now on_open on_close=close /> }
                .into_any()
        }
    })
}

/// The merge dialog, for as long as its conflict is open: settled on another device, it says so.
#[component]
fn Resolving(
    conflicts: Signal<Vec<ConflictCard>>,
    resolving: RwSignal<Option<EntityId>>,
    send: Callback<Intent>,
) -> impl IntoView {
    let find = move |id: EntityId, all: &[ConflictCard]| all.iter().find(|card| card.id == id).cloned();
    let current = Memo::new(move |_| {
        let id = resolving.get()?;
        Some((id, conflicts.with(|all| find(id, all)).is_some()))
    });
    let close = Callback::new(move |()| resolving.set(None));
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
