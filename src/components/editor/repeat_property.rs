//! How a task comes again: a popover with a line to type it in words, and a control for each part.

use leptos::ev::{Event, KeyboardEvent};
use leptos::prelude::*;
use tsugi_calendar::Date;
use tsugi_sync::entity::Field;

use crate::browser::keyboard;
use crate::components::editor::fields::{Editing, Overtaken};
use crate::components::editor::repeat::RepeatField;
use crate::components::kit::icon::Icon;
use crate::components::kit::property::{Property, Words};
use crate::components::quick_add::context_here;
use tsugi_screen::day_picker;
use tsugi_screen::text::{repeat, when};
use tsugi_words::phrases;

#[component]
pub fn RepeatProperty(editing: Editing, today: Signal<Date>) -> impl IntoView {
    let text = editing.shown(Field::Recurrence);
    let due = editing.shown(Field::Due);
    let day = Signal::derive(move || {
        let due = due.with(|due| when::date_of(due).parse().ok());
        due.unwrap_or_else(|| today.get())
    });
    let set = Callback::new(move |rule: String| editing.set(Field::Recurrence, rule));
    let say = Callback::new(|rule: String| rule.parse().map_or(rule, |rule| repeat::say(&rule)));
    let words = Signal::derive(move || -> Words {
        let text = text.get();
        (!text.is_empty())
            .then(|| (say.run(text), None))
            .into_iter()
            .collect()
    });
    let popover = Callback::new(move |close| {
        view! {
            <TypedRule today set close />
            <RepeatField label=phrases::repeat() text day on_change=set />
        }
        .into_any()
    });
    view! {
        <Property icon=Icon::Repeat name=phrases::repeat() words none=phrases::repeat_never() popover />
        <Overtaken field=Field::Recurrence editing say />
    }
}

/// The line in which a person types a rule in words.
#[component]
fn TypedRule(today: Signal<Date>, set: Callback<String>, close: Callback<()>) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let is_wrong = RwSignal::new(false);
    let understood = Memo::new(move |_| {
        let context = context_here(today.get())?;
        typed.with(|typed| day_picker::read_rule(typed, &context))
    });
    let take = move || {
        let rule = understood.try_get_untracked().flatten();
        if let Some(rule) = &rule {
            set.run(rule.to_string());
        }
        rule.is_some()
    };
    let pressed = move |ev: KeyboardEvent| {
        if keyboard::is_enter(&ev) && !keyboard::is_modified(&ev) {
            ev.prevent_default();
            ev.stop_propagation();
            match typed.with_untracked(|typed| typed.trim().is_empty()) || take() {
                true => close.run(()),
                false => is_wrong.set(true),
            }
        }
    };
    let left = move |_| {
        if take() {
            typed.try_set(String::new());
        }
    };
    let input = move |ev: Event| {
        is_wrong.set(false);
        typed.set(event_target_value(&ev));
    };
    let says = move || {
        let understood = understood.get().map(|rule| repeat::say(&rule));
        understood.unwrap_or_else(|| match is_wrong.get() {
            true => phrases::rule_not_taken().to_owned(),
            false => String::new(),
        })
    };
    view! {
        <input class="input" type="text" autocomplete="off" enterkeyhint="done" aria-label=phrases::repeat()
            placeholder=phrases::repeat_placeholder() prop:value=typed on:input=input on:keydown=pressed on:blur=left />
        <p class="picker__says" class:problem=move || is_wrong.get() role="status">{says}</p>
    }
}
