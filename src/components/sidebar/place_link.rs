//! A link to a place of the app. It has an address like any other link, so it can be copied or opened in a new tab. In
//! this tab it opens without a reload.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use crate::components::kit::icon::Icon;
use tsugi_screen::place::{Address, Place, TaskPlace};

/// Whether the browser would answer this click by opening the link in this tab.
fn opens_here(ev: &MouseEvent) -> bool {
    ev.button() == 0 && !ev.ctrl_key() && !ev.meta_key() && !ev.shift_key() && !ev.alt_key()
}

#[component]
pub fn PlaceLink(
    place: Place,
    /// The place where the person is.
    here: Signal<Place>,
    class: &'static str,
    on_go: Callback<Place>,
    children: Children,
) -> impl IntoView {
    let path = Address::of(place.clone()).to_path();
    let is_here = {
        let place = place.clone();
        move || {
            // A list and its board are the same place here, and so are all searches.
            let list = |place: &Place| place.tasks().and_then(TaskPlace::list);
            here.with(|here| {
                here.page() == place.page() || (list(here).is_some() && list(here) == list(&place))
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

/// The icon of a place.
#[must_use]
pub fn icon_of(place: &Place) -> Icon {
    match place {
        Place::Tasks(TaskPlace::Inbox) => Icon::Inbox,
        Place::Tasks(TaskPlace::Today) => Icon::Sun,
        Place::Tasks(TaskPlace::Upcoming) => Icon::Calendar,
        Place::Tasks(TaskPlace::List(_)) => Icon::List,
        Place::Tasks(TaskPlace::Board(_)) => Icon::Board,
        Place::Tasks(TaskPlace::Label(_)) => Icon::Label,
        Place::Tasks(TaskPlace::Search(_)) => Icon::Search,
        Place::Tasks(TaskPlace::Completed) => Icon::CheckCircle,
        Place::Tasks(TaskPlace::Deleted) => Icon::Trash,
        Place::Settings => Icon::Sliders,
        Place::AboutSync => Icon::Sync,
        Place::Lab => Icon::Split,
        Place::Nowhere => Icon::Alert,
    }
}
