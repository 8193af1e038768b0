//! Edits that the server refused. Their texts are not lost: the person can correct one and send it again, copy it, or
//! discard it.

use leptos::prelude::*;

use crate::components::ids;
use crate::components::kit::changing::{changing, while_true};
use tsugi_screen::model::{FieldKind, RefusedCard, RefusedValue};
use tsugi_screen::text::merge;
use tsugi_screen::text::when;
use tsugi_words::phrases;

/// Callbacks of a refused edit.
#[derive(Clone, Copy, Debug)]
pub struct RefusedHandlers {
    pub on_resend: Callback<(u64, Vec<(String, String)>)>,
    pub on_copy: Callback<String>,
    pub on_discard: Callback<u64>,
}

#[component]
pub fn NeedsAttention(
    refused: Signal<Vec<RefusedCard>>,
    /// The time zone of this device.
    zone: StoredValue<String>,
    handlers: RefusedHandlers,
) -> impl IntoView {
    let some = move || refused.with(|cards| !cards.is_empty());
    let section = move || {
        view! {
            <section class="attention">
                <h2 id=ids::ATTENTION_HEADING class="attention__title">{phrases::needs_attention()}</h2>
                <p class="attention__hint">{phrases::refused_hint()}</p>
                <ul class="attention__list" role="list" aria-labelledby=ids::ATTENTION_HEADING>
                    <For each=move || refused.get() key=|card| (card.id, card.reason.clone()) let:card>
                        <RefusedItem card zone handlers />
                    </For>
                </ul>
            </section>
        }
    };
    while_true(some, section)
}

/// The mode of a card: the person reads it, corrects it, or is about to discard it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Reading,
    Editing,
    Discarding,
}

#[component]
fn RefusedItem(card: RefusedCard, zone: StoredValue<String>, handlers: RefusedHandlers) -> impl IntoView {
    let id = card.id;
    let mode = RwSignal::new(Mode::Reading);
    let fields: Vec<_> = card
        .values
        .into_iter()
        .map(|value| {
            let line = RwSignal::new(merge::editable(&value.text, value.kind));
            (value, line)
        })
        .collect();
    let fields = StoredValue::new(fields);
    let values = move || {
        let value = |(value, line): &(RefusedValue, RwSignal<String>)| {
            let text = zone.with_value(|zone| line.with(|line| from_line(value, line, zone)));
            (value.field.as_str().to_owned(), text)
        };
        fields.with_value(|all| all.iter().map(value).collect::<Vec<_>>())
    };
    let said = move || {
        let said = |(value, line): &(RefusedValue, RwSignal<String>)| {
            let words = zone.with_value(|zone| {
                let text = line.with(|line| from_line(value, line, zone));
                merge::say(&text, &value.field, value.kind, &value.names, zone)
            });
            (value.label.clone(), words)
        };
        fields.with_value(|all| all.iter().map(said).collect::<Vec<_>>())
    };
    let as_text = move || {
        let said = said().into_iter();
        let lines = said.map(|(label, words)| format!("{label}: {words}"));
        lines.collect::<Vec<_>>().join("\n")
    };
    let reading = move || {
        let rows = said()
            .into_iter()
            .map(|(label, words)| view! { <div class="facts__row"><dt>{label}</dt><dd>{words}</dd></div> });
        view! { <dl class="facts">{rows.collect_view()}</dl> }.into_any()
    };
    let editing = move || {
        let typed = fields
            .get_value()
            .into_iter()
            .filter(|(value, _)| is_typed(value.kind));
        let inputs = typed.map(|(value, line)| {
            view! {
                <label class="field">
                    <span class="field__label">{value.label}</span>
                    <textarea class="input input--grows" rows="1" bind:value=line></textarea>
                </label>
            }
        });
        inputs.collect_view().into_any()
    };
    view! {
        <li class="refused">
            <p class="refused__title">{card.title}</p>
            <p class="refused__reason">
                {card.reason} " " <span class="refused__code">{phrases::code()} " " {card.code}</span>
            </p>
            {changing(move || if mode.get() == Mode::Editing { editing() } else { reading() })}
            <RefusedButtons mode
                on_resend=Callback::new(move |()| handlers.on_resend.run((id, values())))
                on_copy=Callback::new(move |()| handlers.on_copy.run(as_text()))
                on_discard=Callback::new(move |()| handlers.on_discard.run(id)) />
        </li>
    }
}

#[component]
fn RefusedButtons(
    mode: RwSignal<Mode>,
    on_resend: Callback<()>,
    on_copy: Callback<()>,
    on_discard: Callback<()>,
) -> impl IntoView {
    let button = move |class: &'static str, label: &'static str, press: Callback<()>| {
        view! { <button type="button" class=class on:click=move |_| press.run(())>{label}</button> }
    };
    let go = move |to: Mode| Callback::new(move |()| mode.set(to));
    let buttons = changing(move || match mode.get() {
        Mode::Reading => [
            button(
                "button button--primary",
                phrases::edit_and_resend(),
                go(Mode::Editing),
            ),
            button("button", phrases::copy(), on_copy),
            button("button button--quiet", phrases::discard(), go(Mode::Discarding)),
        ]
        .collect_view(),
        Mode::Editing => [
            button("button button--primary", phrases::send_again(), on_resend),
            button("button", phrases::cancel(), go(Mode::Reading)),
        ]
        .collect_view(),
        Mode::Discarding => [
            button("button button--danger", phrases::discard_for_good(), on_discard),
            button("button", phrases::cancel(), go(Mode::Reading)),
        ]
        .collect_view(),
    });
    view! { <div class="refused__buttons">{buttons}</div> }
}

/// Whether people type values of this kind. The other kinds are chosen from what exists, and are sent again unchanged.
fn is_typed(kind: FieldKind) -> bool {
    match kind {
        FieldKind::Text | FieldKind::Multiline | FieldKind::When | FieldKind::Priority | FieldKind::Raw => {
            true
        }
        FieldKind::Place | FieldKind::Labels | FieldKind::Recurrence => false,
        FieldKind::Completed | FieldKind::Deleted => false,
    }
}

/// The typed line, as the text of the value.
fn from_line(value: &RefusedValue, line: &str, zone: &str) -> String {
    match value.kind {
        FieldKind::When => when::from_line(line, zone),
        FieldKind::Text | FieldKind::Multiline | FieldKind::Priority | FieldKind::Raw => line.to_owned(),
        FieldKind::Place | FieldKind::Labels | FieldKind::Recurrence => line.to_owned(),
        FieldKind::Completed | FieldKind::Deleted => line.to_owned(),
    }
}
