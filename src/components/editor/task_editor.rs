//! The editor of one task: a panel beside the list. The task may change elsewhere while it is open.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use tsugi_calendar::Date;
use tsugi_sync::entity::Field;
use tsugi_sync::ids::{EntityId, Timestamp, UserId};

use crate::browser::{focus, keyboard, names};
use crate::components::editor::belonging::{LabelField, PlaceFields, PriorityField};
use crate::components::editor::comments::Comments;
use crate::components::editor::fields::{Editing, NotesField, Overtaken, TitleField, WhenField};
use crate::components::editor::repeat::RepeatField;
use crate::components::editor::sub_tasks::{Breadcrumb, SubTaskHandlers, SubTasks};
use crate::components::kit::changing::while_true;
use crate::components::kit::icon::Icon;
use tsugi_screen::edits::draft::Draft;
use tsugi_screen::model::Sidebar;
use tsugi_screen::text::repeat;
use tsugi_screen::text::when;
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
    focus::focus(names::EDITOR_TITLE);
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
    view! {
        <section class="panel editor" role="dialog" aria-label=phrases::task() on:keydown=pressed
            on:focusout=move |_| { on_pause.try_run(()); }>
            <div class="panel__head">
                <h2 class="panel__title">{phrases::task()}</h2>
                <button type="button" class="icon-button" aria-label=phrases::close()
                    on:click=move |_| on_close.run(())>
                    {Icon::Close.draw()}
                </button>
            </div>
            {gone_note}
            <Breadcrumb editing on_open=handlers.sub_tasks.on_open />
            <TitleField id=names::EDITOR_TITLE editing on_enter />
            <NotesField editing />
            <Fields editing context />
            <SubTasks task=editing.id() gone=gone.into() below=Memo::new(move |_| editing.task.with(|task| task.below.clone())).into()
                handlers=handlers.sub_tasks />
            <Comments task=editing.id() gone=gone.into() comments=Memo::new(move |_| editing.task.with(|task| task.comments.clone())).into()
                user=context.user now=context.now on_add=handlers.on_comment on_delete=handlers.on_delete_comment />
            <Facts editing context />
            <div class="editor__foot">
                <p class="problem" role="alert">{problem}</p>
                <div class="editor__buttons">
                    <button type="button" class="button button--danger editor__delete"
                        on:click=move |_| on_delete.run(())>
                        {Icon::Trash.draw()}{phrases::delete_task()}
                    </button>
                </div>
            </div>
        </section>
    }
}

/// The fields for due date, recurrence, list, section, priority and labels.
#[component]
fn Fields(editing: Editing, context: EditorContext) -> impl IntoView {
    let due = editing.shown(Field::Due);
    let day = Signal::derive(move || {
        let due = due.with(|due| when::date_of(due).parse().ok());
        due.unwrap_or_else(|| context.today.get())
    });
    let set_rule = Callback::new(move |rule| editing.set(Field::Recurrence, rule));
    let say_rule = Callback::new(|rule: String| rule.parse().map_or(rule, |rule| repeat::say(&rule)));
    view! {
        <WhenField id="editor-due" field=Field::Due label=phrases::due() time_label=phrases::due_time() editing
            today=context.today quick=true />
        <WhenField id="editor-start" field=Field::Start label=phrases::start() time_label=phrases::start_time() editing
            today=context.today />
        <div class="field">
            <RepeatField id="editor-repeat" label=phrases::repeat() text=editing.shown(Field::Recurrence) day
                on_change=set_rule />
            <Overtaken field=Field::Recurrence editing say=say_rule />
        </div>
        <div class="editor__pair">
            <PlaceFields editing content=context.content />
            <PriorityField editing />
        </div>
        <LabelField editing content=context.content />
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
