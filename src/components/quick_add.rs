//! The line that adds tasks: type, Enter, type the next.

use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::html;
use leptos::prelude::*;

use crate::components::draft::title_problem;
use crate::components::icon::Icon;
use crate::phrases;

/// Enter that ends the composition of, say, Japanese text belongs to the input method. Safari reports that one after
/// the composition has ended, with the key code 229.
fn is_plain_enter(ev: &KeyboardEvent) -> bool {
    ev.key() == "Enter" && !ev.is_composing() && ev.key_code() != 229
}

#[component]
pub fn QuickAdd(
    id: &'static str,
    /// What was typed so far. It is the page's, so that what it understands of it can stand under the line.
    text: RwSignal<String>,
    /// Whether the line is what a dialog was opened for.
    autofocus: bool,
    /// The trimmed title of a new task.
    on_add: Callback<String>,
) -> impl IntoView {
    let title = text;
    let problem_id = format!("{id}-problem");
    let problem = RwSignal::new(None::<String>);
    let input = NodeRef::<html::Input>::new();
    let is_blank = move || title.with(|t| t.trim().is_empty());
    let add = move || {
        if is_blank() {
            return;
        }
        problem.set(title.with(|t| title_problem(t)));
        if problem.with(Option::is_none) {
            on_add.run(title.with(|t| t.trim().to_owned()));
            title.set(String::new());
        }
    };
    let pressed = move |ev: KeyboardEvent| {
        if is_plain_enter(&ev) {
            ev.prevent_default();
            add();
        }
    };
    let clicked = move |_| {
        add();
        if let Some(input) = input.get() {
            drop(input.focus());
        }
    };
    view! {
        <form class="quick-add" on:submit=move |ev: SubmitEvent| ev.prevent_default()>
            <span class="quick-add__icon">{Icon::Plus.draw()}</span>
            <input id=id class="quick-add__input" type="text" autocomplete="off" enterkeyhint="done"
                aria-label=phrases::add_task() placeholder=phrases::add_task() aria-describedby=problem_id.clone()
                autofocus=autofocus node_ref=input bind:value=title on:keydown=pressed />
            <button type="button" class="button button--primary quick-add__button"
                class:quick-add__button--idle=is_blank on:click=clicked>
                {phrases::add()}
            </button>
            <p id=problem_id class="problem quick-add__problem" role="alert">{problem}</p>
        </form>
    }
}
