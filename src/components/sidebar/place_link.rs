//! A link to a place of the app: an address like any other, for a new tab or the clipboard, that opens here without a
//! reload.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use crate::components::kit::icon::Icon;
use tsugi_screen::place::{Address, Place};

/// A click that the browser would answer by opening the link in this tab.
fn opens_here(ev: &MouseEvent) -> bool {
    ev.button() == 0 && !ev.ctrl_key() && !ev.meta_key() && !ev.shift_key() && !ev.alt_key()
}

#[component]
pub fn PlaceLink(
    place: Place,
    /// Where the person is.
    here: Signal<Place>,
    class: &'static str,
    on_go: Callback<Place>,
    children: Children,
) -> impl IntoView {
    let path = Address::of(place.clone()).to_path();
    let is_here = {
        let place = place.clone();
        move || {
            here.with(|here| match (here, &place) {
                (Place::Search(_), Place::Search(_)) => true,
                // However a list is shown, one is at it.
                (here, place) => here == place || (here.list().is_some() && here.list() == place.list()),
            })
        }
    };
    let clicked = move |ev: MouseEvent| {
        if opens_here(&ev) {
            ev.prevent_default();
            on_go.run(place.clone());
        }
    };
    view! {
        <a class=class href=path draggable="false" aria-current=move || is_here().then_some("page") on:click=clicked>
            {children()}
        </a>
    }
}

/// The picture of a place.
#[must_use]
pub fn icon_of(place: &Place) -> Icon {
    match place {
        Place::Inbox => Icon::Inbox,
        Place::Today => Icon::Sun,
        Place::Upcoming => Icon::Calendar,
        Place::List(_) => Icon::List,
        Place::Board(_) => Icon::Board,
        Place::Label(_) => Icon::Label,
        Place::Search(_) => Icon::Search,
        Place::Completed => Icon::CheckCircle,
        Place::Deleted => Icon::Trash,
        Place::Settings => Icon::Sliders,
        Place::AboutSync => Icon::Sync,
        Place::Nowhere => Icon::Alert,
    }
}
