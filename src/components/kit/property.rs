//! One line of a panel: the name of a value, and the value in words. A press opens a popover that changes it. On a phone
//! the popover is a sheet.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use crate::browser::focus;
use crate::browser::frame::before_next_paint;
use crate::components::kit::changing::{changing, while_true};
use crate::components::kit::icon::Icon;
use crate::components::kit::unfolding::Unfolding;

/// A value in words: its parts, each in the colour that a person gave it.
pub type Words = Vec<(String, Option<&'static str>)>;

#[component]
pub fn Property(
    icon: Icon,
    name: &'static str,
    words: Signal<Words>,
    /// The words for no value.
    none: &'static str,
    /// Draws the popover. It gets a callback that closes it.
    popover: Callback<Callback<()>, AnyView>,
) -> impl IntoView {
    let unfolding = Unfolding::closed();
    let (open, root) = (unfolding.open, unfolding.root);
    let close = Callback::new(move |()| unfolding.close());
    let pressed = move |ev: KeyboardEvent| {
        if ev.key() == "Escape" && open.get_untracked() {
            ev.prevent_default();
            ev.stop_propagation();
            unfolding.close();
        }
    };
    let value = changing(move || {
        let words = words.get();
        match words.is_empty() {
            true => view! { <span class="property__none">{none}</span> }.into_any(),
            false => words
                .into_iter()
                .map(|(words, colour)| view! { <span data-colour=colour>{words}</span> })
                .collect_view()
                .into_any(),
        }
    });
    let folded_out = move || {
        // Outside world: the keyboard focus goes into the popover.
        before_next_paint(move || focus::enter(root));
        view! { <div class="property__popover" tabindex="-1">{popover.run(close)}</div> }
    };
    view! {
        <span class="property" node_ref=root on:focusout=move |ev| unfolding.left(&ev) on:keydown=pressed>
            <button type="button" class="property__line" node_ref=unfolding.button aria-expanded=move || open.get().to_string()
                on:click=move |_| unfolding.toggle()>
                {icon.draw()}<span class="property__name">{name}</span>
                " "<span class="property__value">{value}</span>
            </button>
            {while_true(move || open.get(), folded_out)}
        </span>
    }
}
