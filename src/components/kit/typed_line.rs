//! A line in which a person types a value in words. It says what it understands, and takes that when they press Enter or
//! go elsewhere.

use leptos::ev::{Event, KeyboardEvent};
use leptos::prelude::*;

use crate::browser::keyboard;

#[component]
pub fn TypedLine(
    name: &'static str,
    placeholder: &'static str,
    /// The sentence for a text that is not understood.
    wrong: &'static str,
    /// Says what a text means; none if it is not understood.
    say: Callback<String, Option<String>>,
    /// Called with a text that is understood.
    on_take: Callback<String>,
    /// Called after Enter.
    on_close: Callback<()>,
) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let is_wrong = RwSignal::new(false);
    let understood = Memo::new(move |_| say.run(typed.get()));
    // The input hears that the focus leaves it even when it is being removed.
    let take = move || {
        let is_understood = understood.try_get_untracked().flatten().is_some();
        if is_understood {
            on_take.run(typed.get_untracked());
            typed.set(String::new());
        }
        is_understood
    };
    let pressed = move |ev: KeyboardEvent| {
        if keyboard::is_enter(&ev) && !keyboard::is_modified(&ev) {
            ev.prevent_default();
            ev.stop_propagation();
            match typed.with_untracked(|typed| typed.trim().is_empty()) || take() {
                true => on_close.run(()),
                false => is_wrong.set(true),
            }
        }
    };
    let input = move |ev: Event| {
        is_wrong.set(false);
        typed.set(event_target_value(&ev));
    };
    let says = move || match (understood.get(), is_wrong.get()) {
        (Some(said), _) => said,
        (None, true) => wrong.to_owned(),
        (None, false) => String::new(),
    };
    view! {
        <input class="input" type="text" autocomplete="off" enterkeyhint="done" aria-label=name placeholder=placeholder
            prop:value=typed on:input=input on:keydown=pressed on:blur=move |_| { take(); } />
        <p class="picker__says" class:problem=move || is_wrong.get() role="status">{says}</p>
    }
}
