//! A notice that a part of the app could not be loaded, with a button to try again. Reloading helps if the server has
//! another version of the app by now, which has other parts.

use leptos::prelude::*;

use crate::browser::page;
use crate::components::kit::changing::while_true;
use tsugi_words::phrases;

#[component]
pub fn PartMissing(
    missing: Signal<bool>,
    /// Whether there is nothing else on the page.
    alone: Signal<bool>,
    on_again: Callback<()>,
) -> impl IntoView {
    let notice = move || {
        view! {
            <div class="update">
                <span class="update__text">{phrases::part_missing()}</span>
                <button type="button" class="button" on:click=move |_| on_again.run(())>{phrases::try_again()}</button>
                <button type="button" class="button" on:click=move |_| page::reload()>{phrases::reload()}</button>
            </div>
        }
    };
    let page = || view! { <main class="visually-hidden"><h1>{phrases::app()}</h1></main> };
    view! {
        {while_true(move || missing.get() && alone.get(), page)}
        <div class="updates" role="status" aria-live="polite">{while_true(move || missing.get(), notice)}</div>
    }
}
