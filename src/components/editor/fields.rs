//! The fields of the editor that are typed: title, notes and times. An untouched field shows the task as it is now. A
//! touched field keeps the typed text, and says so if the task has changed elsewhere meanwhile.

use leptos::ev::{Event, FocusEvent, KeyboardEvent};
use leptos::prelude::*;
use tsugi_calendar::Date;
use tsugi_sync::entity::Field;
use tsugi_sync::ids::EntityId;

use crate::browser::{element, keyboard};
use crate::components::editor::notes_preview::NotesPreview;
use crate::components::ids;
use crate::components::kit::changing::{changing, while_true};
use tsugi_screen::edits::draft::Draft;
use tsugi_screen::index::detail::Detail;
use tsugi_screen::text::when;
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

/// The title: an input of one line, which grows with its text.
#[component]
pub fn TitleField(id: &'static str, editing: Editing, on_enter: Callback<()>) -> impl IntoView {
    let shown = editing.shown(Field::Title);
    let typed = move |ev: Event| editing.set(Field::Title, event_target_value(&ev));
    let pressed = move |ev: KeyboardEvent| {
        if keyboard::is_enter(&ev) {
            ev.prevent_default();
            ev.stop_propagation();
            on_enter.run(());
        }
    };
    view! {
        <div class="field">
            <label class="field__label" for=id>{phrases::title()}</label>
            <div class="grows" data-text=shown>
                <textarea id=id class="input input--grows" rows=1 prop:value=shown on:input=typed
                    on:keydown=pressed></textarea>
            </div>
            <Overtaken field=Field::Title editing />
        </div>
    }
}

/// The notes, as an input or as a preview.
#[component]
pub fn NotesField(editing: Editing) -> impl IntoView {
    let shown = editing.shown(Field::Notes);
    let previews = RwSignal::new(false);
    let is_empty = Memo::new(move |_| shown.with(|notes| notes.trim().is_empty()));
    let typed = move |ev: Event| editing.set(Field::Notes, event_target_value(&ev));
    let body = changing(move || match previews.get() && !is_empty.get() {
        true => view! { <NotesPreview notes=shown /> }.into_any(),
        false => view! {
            <textarea id=ids::EDITOR_NOTES class="input input--grows input--tall" rows=6 prop:value=shown
                on:input=typed></textarea>
        }
        .into_any(),
    });
    view! {
        <div class="field">
            <div class="field__head">
                <label class="field__label" for=ids::EDITOR_NOTES>{phrases::notes()}</label>
                <button type="button" class="link-button field__aside" aria-pressed=move || previews.get().to_string()
                    hidden=is_empty on:click=move |_| previews.update(|on| *on = !*on)>
                    {phrases::preview()}
                </button>
            </div>
            {body}
            <Overtaken field=Field::Notes editing />
        </div>
    }
}

/// A day, and if the person wants, a time of day in a time zone.
#[component]
pub fn WhenField(
    id: &'static str,
    field: Field,
    label: &'static str,
    /// The name of the input for the time.
    time_label: &'static str,
    editing: Editing,
    today: Signal<Date>,
    /// Whether it offers shortcuts for frequent days.
    #[prop(optional)]
    quick: bool,
) -> impl IntoView {
    let field = StoredValue::new(field);
    let shown = editing.shown(field.get_value());
    let set = move |value: String| editing.set(field.get_value(), value);
    // A date that is typed halfway reads as empty. Writing that back would delete the half that is there.
    let dated = move |ev: Event| {
        if let Some(date) = element::valid_value(&ev) {
            set(shown.with_untracked(|text| when::with_date(text, &date)));
        }
    };
    let wrong = RwSignal::new(false);
    let left = move |ev: FocusEvent| match when::of_this_century(&event_target_value(&ev)) {
        Some(date) => {
            wrong.set(false);
            if let Some(text) = shown.try_with_untracked(|text| when::with_date(text, &date)) {
                set(text);
            }
        }
        None => wrong.set(element::valid_value(&ev).is_none()),
    };
    let wrong = while_true(
        move || wrong.get(),
        || view! { <p class="problem" role="alert">{phrases::date_not_taken()}</p> },
    );
    let timed = move |ev: Event| {
        if let Some(time) = element::valid_value(&ev) {
            let zone = editing.zone.get_value();
            set(shown.with_untracked(|text| when::with_time(text, &time, today.get_untracked(), &zone)));
        }
    };
    let date = Memo::new(move |_| shown.with(|text| when::date_of(text)));
    let time = Memo::new(move |_| shown.with(|text| when::time_of(text)));
    let place = Memo::new(move |_| {
        let zone = shown.with(|text| when::zone_of(text))?;
        (zone != editing.zone.get_value()).then(|| phrases::time_in(&zone))
    });
    let place = changing(move || place.get().map(|place| view! { <p class="hint">{place}</p> }));
    let shortcuts = quick.then(|| view! { <QuickDays today shown on_pick=Callback::new(set) /> });
    view! {
        <div class="field">
            <label class="field__label" for=id>{label}</label>
            <div class="when">
                <input id=id class="input when__date" type="date" min=when::FIRST_DATE max="9999-12-31" prop:value=date
                    on:input=dated on:blur=left />
                <input class="input when__time" type="time" aria-label=time_label prop:value=time
                    on:input=timed />
                {shortcuts}
            </div>
            {place}
            {wrong}
            <Overtaken field=field.get_value() editing />
        </div>
    }
}

#[component]
fn QuickDays(today: Signal<Date>, shown: Signal<String>, on_pick: Callback<String>) -> impl IntoView {
    let pick = move |label: &'static str, days: i32| {
        let picked = move |_| {
            if let Some(day) = today.get_untracked().plus(days) {
                on_pick.run(shown.with_untracked(|text| when::on_day(text, day)));
            }
        };
        view! { <button type="button" class="chip-button" on:click=picked>{label}</button> }
    };
    view! {
        <div class="when__quick">
            {pick(phrases::today(), 0)}
            {pick(phrases::tomorrow(), 1)}
            {pick(phrases::next_week(), 7)}
            <button type="button" class="chip-button" on:click=move |_| on_pick.run(String::new())>
                {phrases::no_date()}
            </button>
        </div>
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
