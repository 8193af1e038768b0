//! A choice of one of a few things, as buttons side by side.

use leptos::prelude::*;

use crate::components::kit::changing::changing;
use crate::components::kit::choice::Offer;

#[component]
pub fn Segments(
    name: &'static str,
    #[prop(into)] offers: Signal<Vec<Offer>>,
    #[prop(into)] value: Signal<String>,
    on_choose: Callback<String>,
) -> impl IntoView {
    let buttons = changing(move || {
        let button = |offer: Offer| {
            let mine = offer.value.clone();
            let is_chosen = move || value.with(|value| *value == mine).to_string();
            view! {
                <button type="button" class="chip-button" aria-pressed=is_chosen
                    on:click=move |_| on_choose.run(offer.value.clone())>
                    {offer.name}
                </button>
            }
        };
        offers.get().into_iter().map(button).collect_view()
    });
    view! { <div class="segments" role="group" aria-label=name>{buttons}</div> }
}
