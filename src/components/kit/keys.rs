//! Keys as the screen shows them beside what they do. A screen reader says the names of buttons, not of keys.

use leptos::prelude::*;

#[component]
pub fn Keys(keys: &'static [&'static str]) -> impl IntoView {
    let keys = keys.iter().map(|key| view! { <kbd>{*key}</kbd> }).collect_view();
    view! { <span class="keys" aria-hidden="true">{keys}</span> }
}
