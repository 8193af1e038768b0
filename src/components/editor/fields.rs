//! The fields of the editor that are typed: title and notes. An untouched field shows the task as it is now. A
//! touched field keeps the typed text, and says so if the task has changed elsewhere meanwhile.

use leptos::ev::{Event, FocusEvent, KeyboardEvent, MouseEvent};
use leptos::html;
use leptos::prelude::*;
use tsugi_calendar::Date;
use tsugi_quick_add::{Chip, Dropped, Parsed};
use tsugi_sync::entity::Field;
use tsugi_sync::ids::EntityId;

use crate::browser::{focus, keyboard, pointer, time};
use crate::components::editor::notes_preview::NotesPreview;
use crate::components::kit::changing::changing;
use crate::components::quick_add::{Chips, READER, Reading, context_here};
use tsugi_screen::edits::draft::{Draft, Here, title_problem};
use tsugi_screen::index::detail::Detail;
use tsugi_screen::model::Sidebar;
use tsugi_screen::place::TaskPlace;
use tsugi_screen::text::{quick_add, when};
use tsugi_words::phrases;

/// The task in the editor, the draft over it, and the time zone in which times are shown.
#[derive(Clone, Copy, Debug)]
pub struct Editing {
    pub task: Signal<Detail>,
    pub draft: RwSignal<Draft>,
    /// The time zone of this device.
    pub zone: StoredValue<String>,
}

impl Editing {
    /// The task that is edited. It stays the same.
    #[must_use]
    pub fn id(self) -> EntityId {
        self.task.with_untracked(|task| task.id)
    }

    /// The text that the input of a field shows.
    #[must_use]
    pub fn shown(self, field: Field) -> Signal<String> {
        let shown = move |_: Option<&String>| {
            self.draft
                .with(|draft| self.task.with(|task| draft.shown(&field, task)))
        };
        Memo::new(shown).into()
    }

    /// Changes the draft.
    pub fn change(self, change: impl FnOnce(&mut Draft, &Detail)) {
        self.draft
            .update(|draft| self.task.with_untracked(|task| change(draft, task)));
    }

    /// The person left an input of the editor.
    pub fn settle(self) {
        self.draft.update(Draft::settle);
    }

    pub fn set(self, field: Field, value: String) {
        self.change(|draft, task| draft.typed(field, value, task));
    }
}

/// The title: an input of one line, which grows with its text. Before it is the task's circle. Chips show which of the
/// words that the person has typed say more than the title. Those go into the fields when the person leaves the title.
#[component]
pub fn TitleField(
    id: &'static str,
    editing: Editing,
    content: Signal<Sidebar>,
    today: Signal<Date>,
    on_toggle: Callback<(EntityId, bool)>,
    on_enter: Callback<()>,
) -> impl IntoView {
    let shown = editing.shown(Field::Title);
    // What somebody else writes into the title is not taken apart here.
    let is_typed = RwSignal::new(false);
    let before = RwSignal::new(shown.get_untracked());
    let dropped = RwSignal::new(Vec::<Dropped>::new());
    let parsed = Memo::new(move |_| {
        let title = shown.get();
        let before = before.get();
        let context = context_here(today.get()).filter(|_| is_typed.get() && title != before)?;
        let read = |dropped: &Vec<Dropped>| {
            content.with(|content| quick_add::read_title(&title, &before, &context, dropped, content))
        };
        Some(dropped.with(read))
    });
    let take_words = move || {
        // When the editor has gone, its title loses the focus once more.
        let parsed = parsed.try_get_untracked().flatten();
        let says_more = |parsed: &Parsed| !parsed.chips.is_empty() && title_problem(&parsed.title).is_none();
        if let Some(parsed) = parsed.filter(says_more) {
            editing.change(|draft, task| {
                let zone = editing.zone.get_value();
                content.with_untracked(|content| {
                    let (zone, fresh_id) = (&zone, time::new_id);
                    draft.take_words(
                        &parsed,
                        Here {
                            content,
                            zone,
                            fresh_id,
                        },
                        task,
                    );
                });
            });
        }
        if let Some(title) = shown.try_get_untracked() {
            before.try_set(title);
            dropped.try_set(Vec::new());
            is_typed.try_set(false);
        }
    };
    on_cleanup(take_words);
    let part = NodeRef::<html::Span>::new();
    let left = move |ev: FocusEvent| {
        if focus::leaves(&ev, part) {
            take_words();
        }
    };
    let on_drop = Callback::new(move |chip: Chip| {
        dropped.update(|dropped| dropped.push(shown.with_untracked(|title| chip.dropped(title))));
    });
    let reading = Reading {
        place: Signal::stored(TaskPlace::Inbox),
        today,
        content,
        reader: Signal::stored(Some(READER)),
    };
    let priority = editing.shown(Field::Priority);
    let completed = Memo::new(move |_| editing.task.with(|task| task.completed.is_some()));
    let typed = move |ev: Event| {
        is_typed.set(true);
        editing.set(Field::Title, event_target_value(&ev));
    };
    let toggled = move |ev: Event| on_toggle.run((editing.id(), event_target_checked(&ev)));
    let pressed = move |ev: KeyboardEvent| {
        if keyboard::is_enter(&ev) {
            ev.prevent_default();
            ev.stop_propagation();
            take_words();
            on_enter.run(());
        }
    };
    view! {
        <span class="editor__named" node_ref=part on:focusout=left>
        <div class="editor__title" data-priority=priority>
            <label class="task__check" on:click=move |ev: MouseEvent| pointer::click_once(&ev)>
                <input type="checkbox" class="check" aria-label=phrases::completed() prop:checked=completed
                    on:change=toggled />
            </label>
            <div class="grows grows--bare" data-text=shown>
                <textarea id=id class="input input--grows" rows=1 aria-label=phrases::title() prop:value=shown on:input=typed
                    on:keydown=pressed></textarea>
            </div>
        </div>
        <Chips id="editor-understood".to_owned() text=shown parsed reading on_drop />
        </span>
        <Overtaken field=Field::Title editing />
    }
}

/// The notes, as people read them. A click on them, or the focus, makes them an input.
#[component]
pub fn NotesField(editing: Editing) -> impl IntoView {
    let shown = editing.shown(Field::Notes);
    let input = NodeRef::<html::Textarea>::new();
    let is_empty = Memo::new(move |_| shown.with(|notes| notes.trim().is_empty()));
    let typed = move |ev: Event| editing.set(Field::Notes, event_target_value(&ev));
    let on_tick = Callback::new(move |notes| editing.set(Field::Notes, notes));
    let read = changing(move || (!is_empty.get()).then(|| view! { <NotesPreview notes=shown on_tick /> }));
    let clicked = move |ev: MouseEvent| {
        if !pointer::is_on_control(&ev) {
            focus::focus_textarea(input);
        }
    };
    view! {
        <div class="notes" class:notes--written=move || !is_empty.get()>
            <div class="grows grows--bare" data-text=shown>
                <textarea class="input input--grows" rows=1 aria-label=phrases::notes() placeholder=phrases::notes()
                    node_ref=input prop:value=shown on:input=typed></textarea>
            </div>
            <div class="notes__read" on:click=clicked>{read}</div>
        </div>
        <Overtaken field=Field::Notes editing />
    }
}

/// A note under a field whose task has changed elsewhere while the person was typing.
#[component]
pub fn Overtaken(
    field: Field,
    editing: Editing,
    /// Turns the value into words, for a field whose stored text people do not read.
    #[prop(optional, into)]
    say: Option<Callback<String, String>>,
) -> impl IntoView {
    let field = StoredValue::new(field);
    let theirs = Memo::new(move |_| {
        let task = editing.task;
        editing
            .draft
            .with(|draft| task.with(|task| field.with_value(|field| draft.overtaken(field, task))))
    });
    let take = move |_| {
        editing
            .draft
            .update(|draft| field.with_value(|f| draft.forget(f)))
    };
    let note = move |value: String| {
        let value = match say {
            _ if value.is_empty() => phrases::emptied().to_owned(),
            Some(say) => say.run(value),
            None => when::say(&value, &editing.zone.get_value()),
        };
        view! {
            <p class="note" role="status">
                {phrases::changed_elsewhere()} " " <q class="note__value">{value}</q> " "
                <button type="button" class="link-button" on:click=take>{phrases::take_that()}</button>
            </p>
        }
    };
    changing(move || theirs.get().map(note))
}
