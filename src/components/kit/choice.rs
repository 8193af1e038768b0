//! One of several things, chosen from a list that the browser folds out.

use leptos::ev::Event;
use leptos::prelude::*;

use crate::components::kit::changing::changing;

/// What can be chosen: the value, and what people call it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub value: String,
    pub name: String,
}

impl Offer {
    #[must_use]
    pub fn new(value: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            name: name.into(),
        }
    }
}

#[component]
pub fn Choice(
    #[prop(into)] id: String,
    #[prop(into)] offers: Signal<Vec<Offer>>,
    #[prop(into)] value: Signal<String>,
    on_choose: Callback<String>,
    /// What it is called where no label stands before it.
    #[prop(optional)]
    name: &'static str,
    #[prop(optional, into)] disabled: Signal<bool>,
    /// The id of what explains it.
    #[prop(optional, into)]
    described: Option<String>,
) -> impl IntoView {
    let options = changing(move || {
        let value = value.get();
        let option = move |offer: Offer| {
            let selected = offer.value == value;
            view! { <option value=offer.value selected=selected>{offer.name}</option> }
        };
        offers.get().into_iter().map(option).collect_view()
    });
    let name = (!name.is_empty()).then_some(name);
    let chosen = move |ev: Event| on_choose.run(event_target_value(&ev));
    view! {
        <select id=id class="input input--choice" aria-label=name aria-describedby=described disabled=disabled
            on:change=chosen>
            {options}
        </select>
    }
}
