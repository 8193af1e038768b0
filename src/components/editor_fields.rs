//! The fields of the editor. Untouched they follow the task; touched they keep what was typed and say when the task
//! has moved on underneath.

use leptos::ev::{Event, KeyboardEvent, Targeted};
use leptos::prelude::*;
use leptos::web_sys::HtmlInputElement;
use tsugi_sync::entity::Field;

use crate::components::changing::changing;
use crate::components::draft::Draft;
use crate::components::due;
use crate::phrases;
use crate::state::model::TaskRow;

/// A text that grows with what is typed. Where lines make no sense, pass `on_enter`.
#[component]
pub fn TextField(
    id: &'static str,
    field: Field,
    label: &'static str,
    lines: u32,
    row: RwSignal<TaskRow>,
    draft: RwSignal<Draft>,
    #[prop(optional, into)] on_enter: Option<Callback<()>>,
) -> impl IntoView {
    let field = StoredValue::new(field);
    let tall = on_enter.is_none();
    let shown = Memo::new(move |_| draft.with(|d| row.with(|r| field.with_value(|f| d.shown(f, r)))));
    let typed = move |ev: Event| {
        let value = event_target_value(&ev);
        draft.update(|d| row.with_untracked(|r| d.typed(field.get_value(), value, r)));
    };
    let pressed = move |ev: KeyboardEvent| {
        let plain = ev.key() == "Enter" && !ev.is_composing() && ev.key_code() != 229;
        if let (true, Some(on_enter)) = (plain, on_enter) {
            ev.prevent_default();
            ev.stop_propagation();
            on_enter.run(());
        }
    };
    view! {
        <div class="field">
            <label class="field__label" for=id>{label}</label>
            <textarea id=id class="input input--grows" class:input--tall=tall rows=lines prop:value=shown
                on:input=typed on:keydown=pressed></textarea>
            <Overtaken field=field.get_value() row draft />
        </div>
    }
}

#[component]
pub fn DueField(row: RwSignal<TaskRow>, draft: RwSignal<Draft>, today: Signal<String>) -> impl IntoView {
    let shown = Memo::new(move |_| draft.with(|d| row.with(|r| d.shown(&Field::Due, r))));
    let set = move |value: String| draft.update(|d| row.with_untracked(|r| d.typed(Field::Due, value, r)));
    let typed = move |ev: Targeted<Event, HtmlInputElement>| {
        // A date that is typed halfway reads as empty; writing that back would wipe the half already there.
        if ev.target().check_validity() {
            set(ev.target().value());
        }
    };
    let shortcut = move |label: &'static str, days: i64| {
        let pick = move |_| set(due::days_after(&today.get(), days));
        view! { <button type="button" class="chip-button" on:click=pick>{label}</button> }
    };
    view! {
        <div class="field">
            <label class="field__label" for="editor-due">{phrases::due()}</label>
            <div class="due-field">
                <input id="editor-due" class="input" type="date" prop:value=shown on:input:target=typed />
                {shortcut(phrases::today(), 0)}
                {shortcut(phrases::tomorrow(), 1)}
                {shortcut(phrases::next_week(), 7)}
                <button type="button" class="chip-button" on:click=move |_| set(String::new())>{phrases::no_date()}</button>
            </div>
            <Overtaken field=Field::Due row draft />
        </div>
    }
}

/// Said under a field whose task has changed while the person was typing.
#[component]
fn Overtaken(field: Field, row: RwSignal<TaskRow>, draft: RwSignal<Draft>) -> impl IntoView {
    let field = StoredValue::new(field);
    let theirs = Memo::new(move |_| draft.with(|d| row.with(|r| field.with_value(|f| d.overtaken(f, r)))));
    let take = move |_| draft.update(|d| field.with_value(|f| d.forget(f)));
    let note = move |value: String| {
        let value = if value.is_empty() {
            phrases::emptied().to_owned()
        } else {
            value
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
