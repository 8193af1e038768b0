//! The panel beside the page: the editor of a task, or the conflicts.

use leptos::prelude::*;
use tsugi_sync::entity::Field;
use tsugi_sync::ids::EntityId;

use crate::browser::time::{self, Timer};
use crate::browser::{page, unsent};
use crate::components::editor::fields::Editing;
use crate::components::editor::sub_tasks::SubTaskHandlers;
use crate::components::editor::task_editor::{EditorContext, EditorHandlers, TaskEditor};
use crate::components::kit::changing::changing;
use crate::routes::conflicts;
use crate::routes::late::Late;
use crate::routes::overlay::{Hand, Overlay};
use crate::signals::store::View;
use tsugi_screen::conflicts::card::ConflictCard;
use tsugi_screen::conflicts::history::HistoryOf;
use tsugi_screen::edits::draft::Draft;
use tsugi_screen::gestures::Visit;
use tsugi_screen::index::detail::Detail;
use tsugi_screen::intent::{AddTo, EditIntent, GoIntent, Intent, ShowIntent};
use tsugi_screen::model::AccountState;
use tsugi_screen::place::Beside;
use tsugi_screen::question::Ask;
use tsugi_screen::unsent::Input;
use tsugi_words::phrases;

#[derive(Clone, Debug, PartialEq)]
enum PanelContent {
    Nothing,
    Task(EntityId),
    Conflicts,
}

/// The editor or the list of conflicts, as the address says.
#[component]
pub fn BesidePanel(
    view: View,
    late: Late,
    send: Callback<Intent>,
    overlay: RwSignal<Overlay>,
) -> impl IntoView {
    let shown = Memo::new(move |_| match view.address.with(|address| address.beside) {
        Beside::Nothing => PanelContent::Nothing,
        Beside::Conflicts(_) => PanelContent::Conflicts,
        Beside::Task(id) => match view.detail.with(|task| task.as_ref().map(|task| task.id)) {
            Some(there) if there == id => PanelContent::Task(id),
            Some(_) | None => PanelContent::Nothing,
        },
    });
    let hand = Hand { view, overlay, send };
    let close = Callback::new(move |()| send.run(Intent::Go(GoIntent::CloseBeside)));
    changing(move || {
        let views = late.get()?;
        match (shown.get(), view.detail.get_untracked()) {
            (PanelContent::Nothing, _) | (PanelContent::Task(_), None) => None,
            (PanelContent::Task(_), Some(task)) => Some((views.editor)(task, hand, close)),
            (PanelContent::Conflicts, _) => Some((views.conflicts)(hand, close)),
        }
    })
}

/// The editor of a task.
#[must_use]
pub fn editor(task: Detail, hand: Hand, close: Callback<()>) -> AnyView {
    view! { <EditingTask task hand close /> }.into_any()
}

/// How many milliseconds after the first key that is not saved the draft is saved: a closed tab loses no more.
const SAVED_AFTER: u64 = 200;

/// The editor, with its draft. The draft is saved while the person types, and once more in whatever way they leave: by
/// Escape, by a link, by *back*, or by opening another task.
#[component]
fn EditingTask(task: Detail, hand: Hand, close: Callback<()>) -> impl IntoView {
    let Hand { view, overlay, send } = hand;
    let id = task.id;
    let draft = RwSignal::new(Draft::default());
    // While the next task opens, this editor goes on showing its own task.
    let task = Memo::new(move |before: Option<&Detail>| {
        let now = view.detail.get().filter(|task| task.id == id);
        now.unwrap_or_else(|| before.unwrap_or(&task).clone())
    });
    let editing = Editing {
        task: task.into(),
        draft,
        zone: StoredValue::new(time::time_zone().unwrap_or_default()),
    };
    resume_notes(id, draft);
    let visit = Visit(time::new_id());
    let knew_deleted = task.with_untracked(|task| task.deleted);
    let save = move || save(id, draft, (visit, knew_deleted), view, send);
    // The person may type over a deleted task. That is saved when they restore the task, or when they leave.
    let has_news = Memo::new(move |_| {
        draft.with(|draft| !draft.unsaved().is_empty()) && !task.with(|task| task.deleted)
    });
    let timer = StoredValue::new_local(None::<Timer>);
    // Outside world: the clock.
    Effect::new(move |_| {
        draft.track();
        if has_news.get() && timer.with_value(Option::is_none) {
            let ring = move || {
                timer.try_set_value(None);
                save();
            };
            timer.set_value(Some(Timer::after(SAVED_AFTER, ring)));
        }
    });
    // A page that goes at once is not slower than the last keys: they are noted on this device.
    page::on_leave(save);
    on_cleanup(move || {
        save();
        keep_notes(id, draft);
    });
    let open = move |id| {
        let address = view
            .address
            .with_untracked(|address| address.with(Beside::Task(id)));
        send.run(Intent::Go(GoIntent::To(address)));
    };
    let handlers = EditorHandlers {
        on_close: close,
        on_pause: Callback::new(move |()| {
            if has_news.get_untracked() {
                save();
            }
            editing.settle();
        }),
        on_delete: Callback::new(move |()| {
            send.run(Intent::Edit(EditIntent::DeleteTask { id }));
            close.run(());
        }),
        on_restore: Callback::new(move |()| {
            send.run(Intent::Edit(EditIntent::RestoreTask { id }));
            save();
        }),
        sub_tasks: SubTaskHandlers {
            on_open: Callback::new(open),
            on_toggle: Callback::new(move |(id, completed)| {
                send.run(Intent::Edit(EditIntent::SetCompleted { id, completed }))
            }),
            on_add: Callback::new(move |lines| {
                let to = AddTo::Task(id);
                send.run(Intent::Edit(EditIntent::AddTasks { to, lines }));
            }),
        },
        on_comment: Callback::new(move |text| {
            send.run(Intent::Edit(EditIntent::AddComment { task: id, text }))
        }),
        on_decide: Callback::new(move |()| overlay.set(Overlay::Ask(Ask::Conflict(id)))),
        on_history: Callback::new(move |shown: bool| {
            let of = shown.then_some(HistoryOf::Task(id));
            send.run(Intent::Show(ShowIntent::History(of)));
        }),
        history: conflicts::history_handlers(send),
        on_delete_comment: Callback::new(move |id| send.run(Intent::Edit(EditIntent::DeleteComment { id }))),
    };
    let context = context(id, view);
    view! { <TaskEditor editing context handlers /> }
}

/// What the editor of a task shows beside the task itself.
fn context(id: EntityId, view: View) -> EditorContext {
    EditorContext {
        content: view.sidebar,
        today: view.today,
        now: view.now,
        user: Signal::derive(move || match view.account.get() {
            AccountState::SignedIn { user, .. } => user,
            AccountState::None | AccountState::Local => None,
        }),
        format: phrases::moment,
        history: view.history,
        conflict: Memo::new(move |_| {
            let about = |card: &&ConflictCard| card.task == id;
            view.conflicts
                .with(|cards| cards.iter().find(about).map(ConflictCard::fields_in_words))
        })
        .into(),
    }
}

/// Saves what is typed and valid. An edit that is carried out leaves no problem on the screen. One that is not stays in
/// the draft.
fn save(
    id: EntityId,
    draft: RwSignal<Draft>,
    (visit, knew_deleted): (Visit, bool),
    view: View,
    send: Callback<Intent>,
) {
    let unsaved = |draft: &Draft| (draft.unsaved(), draft.new_labels().to_vec());
    let (changes, new_labels) = draft.try_with_untracked(unsaved).unwrap_or_default();
    if changes.is_empty() {
        return;
    }
    send.run(Intent::Edit(EditIntent::ChangeTask {
        id,
        changes: changes.clone(),
        new_labels,
        knew_deleted,
        visit,
    }));
    if view.problem.with_untracked(Option::is_none) {
        draft.try_update_untracked(|draft| draft.saved(&changes));
    }
}

/// Takes up notes that could not be saved when the person left the editor.
fn resume_notes(id: EntityId, draft: RwSignal<Draft>) {
    let notes = unsent::text_of(&Input::Notes(id));
    if !notes.is_empty() {
        let before = unsent::text_of(&Input::NotesBefore(id));
        draft.update_untracked(|draft| draft.resume(Field::Notes, before, notes));
    }
}

/// Keeps notes that could not be saved on this device, with the notes that they were typed over.
fn keep_notes(id: EntityId, draft: RwSignal<Draft>) {
    let unsaved = draft.try_with_untracked(|draft| draft.unsaved_notes().cloned());
    let texts = unsaved.flatten().map(|notes| (notes.seen, notes.value));
    let (before, notes) = texts.unwrap_or_default();
    unsent::keep(&Input::NotesBefore(id), &before);
    unsent::keep(&Input::Notes(id), &notes);
}
