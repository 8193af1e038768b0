//! The conflicts beside the page, the dialog that decides one, and the one that decides many.

use leptos::prelude::*;
use tsugi_sync::entity::Field;
use tsugi_sync::ids::EntityId;

use crate::browser::time;
use crate::components::kit::changing::changing;
use crate::components::merge::batch::DecideAll;
use crate::components::merge::dialog::{MergeDialog, MergeHandlers, Settled, Then};
use crate::components::merge::field::MergeContext;
use crate::components::merge::history::HistoryHandlers;
use crate::components::merge::inbox::{ConflictInbox, InboxHandlers, TO_DECIDE};
use crate::routes::overlay::{Hand, Overlay};
use crate::signals::store::View;
use tsugi_screen::conflicts::batch::pressed;
use tsugi_screen::conflicts::card::ConflictCard;
use tsugi_screen::conflicts::history::HistoryOf;
use tsugi_screen::conflicts::queue::Queue;
use tsugi_screen::intent::{AppIntent, EditIntent, GoIntent, Intent, Resolution, ShowIntent, SyncIntent};
use tsugi_screen::place::{Beside, InboxTab};
use tsugi_screen::question::Ask;

/// The conflicts beside the page.
#[must_use]
pub fn conflicts(hand: Hand, on_close: Callback<()>) -> AnyView {
    let Hand { view, overlay, send } = hand;
    let zone = StoredValue::new(time::time_zone().unwrap_or_default());
    let handlers = InboxHandlers {
        on_open: Callback::new(move |queue| overlay.set(Overlay::Resolving(queue))),
        on_take: Callback::new(move |(id, version)| {
            let resolution = view.conflicts.with_untracked(|cards| {
                let card = find(id, cards)?;
                let results = pressed(&card, version, &zone.get_value())?;
                Some(Resolution::of(&card, results, &zone.get_value()))
            });
            if let Some(resolution) = resolution {
                send.run(Intent::Sync(SyncIntent::Resolve(vec![resolution])));
            }
        }),
        on_all: Callback::new(move |ids| overlay.set(Overlay::DecidingAll(ids))),
        on_tab: Callback::new(move |nth| {
            let tab = match nth {
                TO_DECIDE => InboxTab::ToDecide,
                _ => InboxTab::History,
            };
            let address = view
                .address
                .with_untracked(|address| address.with(Beside::Conflicts(tab)));
            send.run(Intent::Go(GoIntent::Replace(address)));
        }),
        on_history: Callback::new(move |shown: bool| {
            let of = shown.then_some(HistoryOf::All);
            send.run(Intent::Show(ShowIntent::History(of)));
        }),
        history: history_handlers(send),
        on_close,
    };
    let tab = Memo::new(
        move |last: Option<&usize>| match view.address.with(|address| address.beside) {
            Beside::Conflicts(tab) => usize::from(tab == InboxTab::History),
            // The panel is about to close.
            Beside::Nothing | Beside::Task(_) => last.copied().unwrap_or_default(),
        },
    );
    view! { <ConflictInbox tab conflicts=view.conflicts history=view.history since=view.since now=view.now zone handlers /> }
        .into_any()
}

/// What the person can do with a thing that was decided.
#[must_use]
pub fn history_handlers(send: Callback<Intent>) -> HistoryHandlers {
    HistoryHandlers {
        on_undo: Callback::new(move |(conflict, anyway)| {
            send.run(Intent::Edit(EditIntent::Unresolve { conflict, anyway }));
        }),
        on_take: Callback::new(move |resolution| {
            send.run(Intent::Sync(SyncIntent::Resolve(vec![resolution])));
        }),
        on_save: Callback::new(move |()| send.run(Intent::App(AppIntent::SaveHistory))),
    }
}

/// The conflicts about a task.
fn about(task: EntityId, cards: &[ConflictCard]) -> Option<Queue> {
    let about = cards.iter().filter(|card| card.task == task);
    let about: Vec<EntityId> = about.map(|card| card.id).collect();
    let first = *about.first()?;
    Some(Queue::new(about, first))
}

/// The dialog that decides a conflict, as long as that is open.
#[must_use]
pub fn resolving(Hand { view, overlay, send }: Hand) -> AnyView {
    view! { <Resolving view overlay send /> }.into_any()
}

fn find(id: EntityId, all: &[ConflictCard]) -> Option<ConflictCard> {
    all.iter().find(|card| card.id == id).cloned()
}

/// The dialog that decides a conflict. If the conflict is settled on another device, it says so; if it is settled here, the
/// dialog closes, or the next conflict comes.
#[component]
fn Resolving(view: View, overlay: RwSignal<Overlay>, send: Callback<Intent>) -> impl IntoView {
    let conflicts = view.conflicts;
    let context = MergeContext {
        content: view.sidebar,
        today: view.today,
        zone: StoredValue::new(time::time_zone().unwrap_or_default()),
    };
    // What the person decided last. The dialog stays open with what was chosen until the decision is saved.
    let saving = RwSignal::new(None::<(EntityId, Then)>);
    let is_open = move |id: EntityId| conflicts.with(|all| all.iter().any(|card| card.id == id));
    let queue = Memo::new(move |_| match overlay.get() {
        Overlay::Resolving(queue) => Some(queue),
        Overlay::Ask(Ask::Conflict(task)) => conflicts.with_untracked(|cards| about(task, cards)),
        Overlay::Nothing
        | Overlay::Drawer
        | Overlay::Palette(_)
        | Overlay::Shortcuts
        | Overlay::QuickAdd
        | Overlay::DecidingAll(_)
        | Overlay::Ask(_) => None,
    });
    let go = move |queue: Option<Queue>| {
        saving.set(None);
        overlay.set(queue.map_or(Overlay::Nothing, Overlay::Resolving));
    };
    let current = Memo::new(move |_| {
        let queue = queue.get()?;
        Some((queue.current(), is_open(queue.current())))
    });
    // What was decided here is saved: the next one comes.
    Effect::new(move |_| {
        let (Some((id, false)), Some((saved, then))) = (current.get(), saving.get_untracked()) else {
            return;
        };
        if id == saved {
            let next = queue.get_untracked().filter(|_| then == Then::Next);
            go(next.and_then(|queue| queue.turned(1, |id| untrack(|| is_open(id)))));
        }
    });
    let close = Callback::new(move |()| go(None));
    let dialog = move |opened: ConflictCard| {
        let id = opened.id;
        let queue = queue.get_untracked();
        let place = queue
            .as_ref()
            .map_or((1, 1), |queue| queue.place(|id| untrack(|| is_open(id))));
        let latest = {
            let opened = opened.clone();
            Memo::new(move |_| {
                conflicts
                    .with(|all| find(id, all))
                    .unwrap_or_else(|| opened.clone())
            })
        };
        let on_save = Callback::new(move |(results, then): (Vec<(Field, String)>, Then)| {
            saving.set(Some((id, then)));
            let zone = context.zone.get_value();
            let resolution = latest.with_untracked(|card| Resolution::of(card, results, &zone));
            send.run(Intent::Sync(SyncIntent::Resolve(vec![resolution])));
        });
        let on_turn = Callback::new(move |by: isize| {
            let turned = queue
                .as_ref()
                .and_then(|queue| queue.turned(by, |id| untrack(|| is_open(id))));
            if turned.is_some() {
                go(turned);
            }
        });
        let handlers = MergeHandlers {
            on_save,
            on_later: close,
            on_turn,
        };
        view! { <MergeDialog opened latest=latest.into() place context problem=view.problem handlers /> }
    };
    changing(move || {
        let (id, is_open) = current.get()?;
        let is_saved = move || untrack(|| saving.get()).is_some_and(|(saved, _)| saved == id);
        match conflicts.with_untracked(|all| find(id, all)) {
            Some(card) if is_open => Some(dialog(card).into_any()),
            // The next one comes, or the dialog closes.
            Some(_) | None if is_saved() => None,
            Some(_) | None => Some(view! { <Settled on_close=close /> }.into_any()),
        }
    })
}

/// The dialog that decides many conflicts at once.
#[must_use]
pub fn deciding_all(ids: &[EntityId], view: View, send: Callback<Intent>, close: Callback<()>) -> AnyView {
    let opened = view.conflicts.with_untracked(|all| {
        let cards = ids.iter().filter_map(|id| find(*id, all));
        cards.collect::<Vec<_>>()
    });
    let on_apply = Callback::new(move |resolutions| {
        send.run(Intent::Sync(SyncIntent::Resolve(resolutions)));
        close.run(());
    });
    let zone = time::time_zone().unwrap_or_default();
    view! { <DecideAll opened now=view.conflicts zone on_apply on_close=close /> }.into_any()
}
