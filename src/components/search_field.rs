//! The input of a search.

use leptos::prelude::*;

use crate::browser::names;
use crate::components::kit::icon::Icon;
use tsugi_words::phrases;

#[component]
pub fn SearchField(typed: Signal<String>, on_type: Callback<String>) -> impl IntoView {
    view! {
        <div class="search" role="search">
            {Icon::Search.draw()}
            <input id=names::SEARCH class="search__input" type="search" autocomplete="off" enterkeyhint="search"
                aria-label=phrases::search_tasks() placeholder=phrases::search_tasks() prop:value=typed
                on:input=move |ev| on_type.run(event_target_value(&ev)) />
        </div>
    }
}
