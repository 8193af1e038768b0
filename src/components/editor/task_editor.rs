//! The editor of one task: a panel beside the list. The task may change elsewhere while it is open.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use tsugi_calendar::Date;
use tsugi_sync::entity::Field;
use tsugi_sync::ids::{EntityId, Timestamp, UserId};

use crate::browser::{device, focus, keyboard, names};
use crate::components::editor::belonging::{LabelField, PlaceField, PriorityField};
use crate::components::editor::comments::Comments;
use crate::components::editor::fields::{Editing, NotesField, TitleField};
use crate::components::editor::repeat_property::RepeatProperty;
use crate::components::editor::sub_tasks::{Breadcrumb, SubTaskHandlers, SubTasks};
use crate::components::editor::when_field::{WhenField, WhenWords};
use crate::components::kit::changing::{changing, while_true};
use crate::components::kit::icon::Icon;
use crate::components::kit::tabs::{Tab, Tabs, panel};
use crate::components::merge::history::{HistoryHandlers, HistoryList};
use tsugi_screen::conflicts::history::HistoryEntry;
use tsugi_screen::edits::draft::Draft;
use tsugi_screen::model::Sidebar;
use tsugi_words::phrases;

/// Callbacks of the editor. The owner of the draft saves it as the person types, so that closing keeps everything.
#[derive(Clone, Copy, Debug)]
pub struct EditorHandlers {
    pub on_close: Callback<()>,
    /// The person left an input.
    pub on_pause: Callback<()>,
    pub on_delete: Callback<()>,
    /// Restores the task, with what was typed meanwhile.
    pub on_restore: Callback<()>,
    pub sub_tasks: SubTaskHandlers,
    pub on_comment: Callback<String>,
    pub on_delete_comment: Callback<EntityId>,
    /// Opens the conflict about this task.
    pub on_decide: Callback<()>,
    /// Shows what was decided about the task, or stops that.
    pub on_history: Callback<bool>,
    pub history: HistoryHandlers,
}

/// The values that the editor shows beside the task itself.
#[derive(Clone, Copy, Debug)]
pub struct EditorContext {
    pub content: Signal<Sidebar>,
    pub today: Signal<Date>,
    pub now: Signal<Timestamp>,
    pub user: Signal<Option<UserId>>,
    /// Writes a moment for people.
    pub format: fn(Timestamp) -> String,
    /// The fields of an open conflict about the task, in words.
    pub conflict: Signal<Option<String>>,
    pub history: Signal<Vec<HistoryEntry>>,
}

#[component]
pub fn TaskEditor(
    /// The task and the draft. The page owns them, because it saves the draft when the person goes on to another task.
    editing: Editing,
    context: EditorContext,
    handlers: EditorHandlers,
) -> impl IntoView {
    let problem = Memo::new(move |_| editing.draft.with(Draft::problem));
    let (on_close, on_delete, on_restore) = (handlers.on_close, handlers.on_delete, handlers.on_restore);
    focus::return_on_cleanup(&[names::PAGE_HEADING]);
    // Where a finger would bring up a keyboard that nobody asked for, the editor itself gets the focus.
    focus::focus(match device::has_coarse_pointer() {
        true => names::EDITOR,
        false => names::EDITOR_TITLE,
    });
    // What cannot be saved keeps the editor open, so that the person sees why. Escape and the button close it anyway.
    let done = move || {
        if problem.with_untracked(Option::is_none) {
            on_close.run(());
        }
    };
    let on_enter = Callback::new(move |()| done());
    let pressed = move |ev: KeyboardEvent| match ev.key().as_str() {
        _ if keyboard::is_composing(&ev) => {}
        "Escape" => {
            focus::leave();
            on_close.run(());
        }
        "Enter" if keyboard::is_modified(&ev) => done(),
        _ => {}
    };
    let on_pause = handlers.on_pause;
    let gone = Memo::new(move |_| editing.task.with(|task| task.deleted));
    let has_begun = Memo::new(move |before: Option<&bool>| {
        before == Some(&true) || editing.draft.with(|draft| !draft.changes().is_empty())
    });
    let saved = while_true(
        move || has_begun.get() && editing.draft.with(|draft| draft.unsaved().is_empty()),
        || view! { {Icon::Check.draw()}{phrases::visit_saved()} },
    );
    let gone_note = while_true(
        move || gone.get(),
        move || {
            view! {
                <p class="note" role="status">
                    {phrases::task_gone()} " "
                    <button type="button" class="link-button" on:click=move |_| on_restore.run(())>
                        {phrases::restore_with_this()}
                    </button>
                </p>
            }
        },
    );
    let on_decide = handlers.on_decide;
    let conflict_note = changing(move || {
        let fields = context.conflict.get()?;
        Some(view! {
            <p class="note note--conflict" role="status">
                {Icon::Split.draw()}<span>{phrases::conflict_here(&fields)}</span>" "
                <button type="button" class="link-button" on:click=move |_| on_decide.run(())>{phrases::decide()}</button>
            </p>
        })
    });
    view! {
        <section id=names::EDITOR class="panel editor" role="dialog" tabindex="-1" aria-label=phrases::task() on:keydown=pressed
            on:focusout=move |_| { on_pause.try_run(()); }>
            <h2 class="visually-hidden">{phrases::task()}</h2>
            <div class="panel__head">
                <Breadcrumb editing on_open=handlers.sub_tasks.on_open />
                <span class="editor__saved">{saved}</span>
                <button type="button" class="icon-button" aria-label=phrases::delete_task() title=phrases::delete_task()
                    on:click=move |_| on_delete.run(())>
                    {Icon::Trash.draw()}
                </button>
                <button type="button" class="icon-button" aria-label=phrases::close() on:click=move |_| on_close.run(())>
                    {Icon::Close.draw()}
                </button>
            </div>
            {gone_note}{conflict_note}
            <TitleField id=names::EDITOR_TITLE editing content=context.content today=context.today on_toggle=handlers.sub_tasks.on_toggle on_enter />
            <p class="problem editor__problem" role="alert">{problem}</p>
            <NotesField editing />
            <SubTasks task=editing.id() gone=gone.into() below=Memo::new(move |_| editing.task.with(|task| task.below.clone())).into()
                content=context.content today=context.today handlers=handlers.sub_tasks />
            <Properties editing context />
            <Talk editing gone=gone.into() context handlers />
            <Facts editing context />
        </section>
    }
}

/// The first tab of a task's editor. The other one is the history.
const COMMENTS: usize = 0;

/// What was said about the task, and what was decided about it.
#[component]
fn Talk(
    editing: Editing,
    gone: Signal<bool>,
    context: EditorContext,
    handlers: EditorHandlers,
) -> impl IntoView {
    let at = RwSignal::new(COMMENTS);
    let on_turn = Callback::new(move |tab: usize| {
        at.set(tab);
        handlers.on_history.run(tab != COMMENTS);
    });
    on_cleanup(move || handlers.on_history.run(false));
    let content = changing(move || {
        match at.get() != COMMENTS {
        true => view! { <HistoryList entries=context.history since=Signal::stored(None) handlers=handlers.history title=false /> }.into_any(),
        false => view! {
            <Comments task=editing.id() gone comments=Memo::new(move |_| editing.task.with(|task| task.comments.clone())).into()
                user=context.user now=context.now on_add=handlers.on_comment on_delete=handlers.on_delete_comment />
        }
        .into_any(),
    }
    });
    view! {
        <Tabs id="talk" name=phrases::about_task() tabs=[phrases::comments(), phrases::history()].map(Tab::of) at=at.into() on_turn />
        {panel("talk", at.into(), content)}
    }
}

/// What a task has beside its words, one line for each: due date, start, recurrence, list, labels and priority.
#[component]
fn Properties(editing: Editing, context: EditorContext) -> impl IntoView {
    let start = WhenWords {
        name: phrases::start(),
        none: phrases::no_start(),
        time: phrases::start_time(),
        icon: Icon::Start,
    };
    view! {
        <div class="properties">
            <WhenField field=Field::Due words=WhenWords::due() editing today=context.today />
            <WhenField field=Field::Start words=start editing today=context.today />
            <RepeatProperty editing today=context.today />
            <PlaceField editing content=context.content />
            <LabelField editing content=context.content />
            <PriorityField editing />
        </div>
    }
}

/// The times that nobody edits: when the task was created, and when it was completed.
#[component]
fn Facts(editing: Editing, context: EditorContext) -> impl IntoView {
    let facts = move || {
        let (created, completed) = editing.task.with(|task| (task.created, task.completed));
        let created = (created > Timestamp(0)).then(|| phrases::created_at(&(context.format)(created)));
        let completed = completed.map(|at| phrases::completed_at(&(context.format)(at)));
        let said: Vec<String> = created.into_iter().chain(completed).collect();
        said.join(" · ")
    };
    view! { <p class="hint editor__facts">{facts}</p> }
}
