//! Where one can go: the views, the lists in their folders, the labels. Beside the page on wide screens, in a drawer and
//! a bar at the bottom on narrow ones.

use leptos::prelude::*;

use crate::components::changing::changing;
use crate::components::icon::Icon;
use crate::components::modal::Modal;
use crate::components::place_link::{PlaceLink, icon_of};
use crate::phrases;
use crate::place::Place;
use crate::shortcuts::name_of;
use crate::state::model::{Counts, Named, Sidebar as Content};

/// What the sidebar shows, and tells.
#[derive(Clone, Copy, Debug)]
pub struct Sides {
    pub here: Signal<Place>,
    pub content: Signal<Content>,
    pub counts: Signal<Counts>,
    pub on_go: Callback<Place>,
    pub on_new_list: Callback<()>,
    pub on_quick_add: Callback<()>,
}

#[component]
pub fn Sidebar(sides: Sides) -> impl IntoView {
    view! {
        <nav class="sidebar" aria-label=phrases::main_navigation()>
            <SidebarContent sides />
        </nav>
    }
}

/// The sidebar where there is no room for it: over the page, until one has gone somewhere.
#[component]
pub fn Drawer(sides: Sides, on_close: Callback<()>) -> impl IntoView {
    let on_go = Callback::new(move |place| {
        on_close.run(());
        sides.on_go.run(place);
    });
    let on_new_list = Callback::new(move |()| {
        on_close.run(());
        sides.on_new_list.run(());
    });
    view! {
        <Modal class="drawer" labelled_by="drawer-title" on_close return_to=&["browse-button"]>
            <div class="drawer__head">
                <h2 id="drawer-title" class="drawer__title" tabindex="-1" autofocus>{phrases::browse()}</h2>
                <button type="button" class="icon-button" aria-label=phrases::close_sidebar()
                    on:click=move |_| on_close.run(())>
                    {Icon::Close.draw()}
                </button>
            </div>
            <SidebarContent sides=Sides { on_go, on_new_list, ..sides } />
        </Modal>
    }
}

#[component]
fn SidebarContent(sides: Sides) -> impl IntoView {
    let entry = move |place: Place| view! { <li><PlaceEntry sides place /></li> };
    let views = [
        Place::Search(String::new()),
        Place::Inbox,
        Place::Today,
        Place::Upcoming,
    ];
    let others = [
        Place::Completed,
        Place::Deleted,
        Place::AboutSync,
        Place::Settings,
    ];
    view! {
        <button type="button" class="sidebar__add" on:click=move |_| sides.on_quick_add.run(())>
            <span class="sidebar__plus">{Icon::Plus.draw()}</span>
            {phrases::quick_add()}
            <kbd class="sidebar__key">"Q"</kbd>
        </button>
        <ul class="sidebar__group" role="list" aria-label=phrases::views()>
            {views.map(entry).collect_view()}
        </ul>
        <div class="sidebar__head">
            <h2 class="sidebar__title">{phrases::lists()}</h2>
            <button type="button" class="icon-button sidebar__new" aria-label=phrases::new_list()
                title=phrases::new_list() on:click=move |_| sides.on_new_list.run(())>
                {Icon::Plus.draw()}
            </button>
        </div>
        <Lists sides />
        <Labels sides />
        <ul class="sidebar__group sidebar__group--last" role="list" aria-label=phrases::more_places()>
            {others.map(entry).collect_view()}
        </ul>
    }
}

/// A place that is always there.
#[component]
fn PlaceEntry(sides: Sides, place: Place) -> impl IntoView {
    let count = {
        let place = place.clone();
        Memo::new(move |_| sides.counts.with(|counts| counts.of(&place)))
    };
    view! {
        <PlaceLink place=place.clone() here=sides.here class="sidebar__link" on_go=sides.on_go>
            <span class="sidebar__icon">{icon_of(&place).draw()}</span>
            <span class="sidebar__name">{name_of(&place)}</span>
            <Count count />
        </PlaceLink>
    }
}

#[component]
fn Count(count: Memo<usize>) -> impl IntoView {
    changing(move || {
        let count = count.get();
        (count > 0).then(|| view! { " " <span class="sidebar__count">{phrases::number(count)}</span> })
    })
}

#[component]
fn Lists(sides: Sides) -> impl IntoView {
    let entry = move |list: Named| named_entry(sides, Place::List(list.id), list, Icon::List);
    changing(move || {
        let folders = sides.content.with(|content| content.folders.clone());
        let folder = |(folder, lists): (Option<Named>, Vec<Named>)| {
            let entries = lists.into_iter().map(entry).collect_view();
            match folder {
                None => view! { <ul class="sidebar__group" role="list" aria-label=phrases::lists()>{entries}</ul> }
                    .into_any(),
                Some(folder) => view! {
                    <details class="folder" open>
                        <summary class="folder__name">{Icon::Chevron.draw()}{folder.name.clone()}</summary>
                        <ul class="sidebar__group" role="list" aria-label=folder.name>{entries}</ul>
                    </details>
                }
                .into_any(),
            }
        };
        folders.into_iter().map(folder).collect_view()
    })
}

#[component]
fn Labels(sides: Sides) -> impl IntoView {
    let entry = move |label: Named| named_entry(sides, Place::Label(label.id), label, Icon::Label);
    changing(move || {
        let labels = sides.content.with(|content| content.labels.clone());
        (!labels.is_empty()).then(|| {
            view! {
                <div class="sidebar__head"><h2 class="sidebar__title">{phrases::labels()}</h2></div>
                <ul class="sidebar__group" role="list" aria-label=phrases::labels()>
                    {labels.into_iter().map(entry).collect_view()}
                </ul>
            }
        })
    })
}

/// A list or a label.
fn named_entry(sides: Sides, place: Place, named: Named, icon: Icon) -> impl IntoView {
    let count = {
        let place = place.clone();
        Memo::new(move |_| sides.counts.with(|counts| counts.of(&place)))
    };
    view! {
        <li>
            <PlaceLink place here=sides.here class="sidebar__link" on_go=sides.on_go>
                <span class="sidebar__icon" data-colour=named.colour>{icon.draw()}</span>
                <span class="sidebar__name">{named.name}</span>
                <Count count />
            </PlaceLink>
        </li>
    }
}

/// The places one goes to most, under the thumb.
#[component]
pub fn BottomBar(sides: Sides, on_browse: Callback<()>) -> impl IntoView {
    let views = [
        Place::Inbox,
        Place::Today,
        Place::Upcoming,
        Place::Search(String::new()),
    ];
    let link = move |place: Place| {
        view! {
            <PlaceLink place=place.clone() here=sides.here class="bottom-bar__link" on_go=sides.on_go>
                {icon_of(&place).draw()}
                <span class="bottom-bar__name">{name_of(&place)}</span>
            </PlaceLink>
        }
    };
    view! {
        <nav class="bottom-bar" aria-label=phrases::views()>
            {views.map(link).collect_view()}
            <button type="button" id="browse-button" class="bottom-bar__link" on:click=move |_| on_browse.run(())>
                {Icon::Menu.draw()}
                <span class="bottom-bar__name">{phrases::browse()}</span>
            </button>
        </nav>
    }
}
