//! How a task comes again: a popover with a line to type it in words, and a control for each part.

use leptos::prelude::*;
use tsugi_calendar::Date;
use tsugi_sync::entity::Field;

use crate::components::editor::fields::{Editing, Overtaken};
use crate::components::editor::repeat::RepeatField;
use crate::components::kit::icon::Icon;
use crate::components::kit::property::{Property, Words};
use crate::components::kit::typed_line::TypedLine;
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
    let read = move |typed: &str| day_picker::read_rule(typed, &context_here(today.get_untracked())?);
    let say_typed = Callback::new(move |typed: String| read(&typed).map(|rule| repeat::say(&rule)));
    let take = Callback::new(move |typed: String| {
        if let Some(rule) = read(&typed) {
            set.run(rule.to_string());
        }
    });
    let popover = Callback::new(move |close| {
        view! {
            <TypedLine name=phrases::repeat() placeholder=phrases::repeat_placeholder() wrong=phrases::rule_not_taken()
                say=say_typed on_take=take on_close=close />
            <RepeatField label=phrases::repeat() text day on_change=set />
        }
        .into_any()
    });
    view! {
        <Property icon=Icon::Repeat name=phrases::repeat() words none=phrases::repeat_never() popover />
        <Overtaken field=Field::Recurrence editing say />
    }
}
