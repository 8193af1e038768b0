//! A choice of one of several things: the browser's own select element.

use leptos::ev::Event;
use leptos::prelude::*;

use crate::components::kit::changing::changing;

/// One thing to choose: its value, and its name for people.
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
    /// The name of the control, for places without a label before it.
    #[prop(optional)]
    name: &'static str,
    #[prop(optional, into)] disabled: Signal<bool>,
    /// The id of the element that describes it.
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
