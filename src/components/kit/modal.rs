//! A modal dialog. It is the browser's own, which keeps the focus inside and blocks the page behind it.

use leptos::ev::Event;
use leptos::html;
use leptos::prelude::*;

use crate::browser::{element, focus};

#[component]
pub fn Modal(
    /// The id of the heading that names the dialog.
    labelled_by: &'static str,
    class: &'static str,
    /// Escape was pressed.
    on_close: Callback<()>,
    /// The ids of elements that get the focus afterwards, if the one that opened the dialog is gone.
    #[prop(optional)]
    return_to: &'static [&'static str],
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    focus::return_on_cleanup(return_to);
    // Outside world: only a method call makes a dialog modal.
    Effect::new(move |_| element::show_modal(dialog));
    let cancelled = move |ev: Event| {
        ev.prevent_default();
        on_close.run(());
    };
    view! {
        <dialog class=class node_ref=dialog aria-labelledby=labelled_by on:cancel=cancelled>
            {children()}
        </dialog>
    }
}
