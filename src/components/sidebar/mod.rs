//! The places that a person can go to: the fixed ones, the lists in their folders, and the labels. Wide screens show
//! them beside the page; narrow ones show a drawer, and a bar at the bottom.

pub mod lists;
pub mod place_link;

use leptos::prelude::*;
use tsugi_calendar::Date;
use tsugi_sync::ids::EntityId;

use crate::browser::names;
use crate::components::kit::changing::changing;
use crate::components::kit::icon::Icon;
use crate::components::kit::modal::Modal;
use crate::components::rows::drag::Drag;
use crate::components::sidebar::lists::{Favourites, Labels, Lists};
use crate::components::sidebar::place_link::{PlaceLink, icon_of};
use tsugi_screen::drop_place::{mark_of_day, mark_of_home};
use tsugi_screen::intent::arrange::{Arrange, Container};
use tsugi_screen::model::{Counts, Sidebar as Content, group};
use tsugi_screen::place::{Place, TaskPlace};
use tsugi_screen::question::Ask;
use tsugi_screen::shortcuts::name_of;
use tsugi_words::phrases;

/// The values and callbacks that the sidebar needs.
#[derive(Clone, Copy, Debug)]
pub struct Sides {
    pub here: Signal<Place>,
    pub content: Signal<Content>,
    pub counts: Signal<Counts>,
    /// The present date on this device.
    pub today: Signal<Date>,
    pub on_go: Callback<Place>,
    pub drag: Drag,
    pub on_ask: Callback<Ask>,
    pub on_arrange: Callback<Arrange>,
    pub on_fold: Callback<(EntityId, bool)>,
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

/// The sidebar on a narrow screen: it lies over the page until the person has gone somewhere.
#[component]
pub fn Drawer(sides: Sides, on_close: Callback<()>) -> impl IntoView {
    let on_go = Callback::new(move |place| {
        on_close.run(());
        sides.on_go.run(place);
    });
    let on_ask = Callback::new(move |ask| {
        on_close.run(());
        sides.on_ask.run(ask);
    });
    view! {
        <Modal class="drawer" labelled_by="drawer-title" on_close return_to=&[names::BROWSE_BUTTON]>
            <div class="drawer__head">
                <h2 id="drawer-title" class="drawer__title" tabindex="-1" autofocus>{phrases::browse()}</h2>
                <button type="button" class="icon-button" aria-label=phrases::close_sidebar()
                    on:click=move |_| on_close.run(())>
                    {Icon::Close.draw()}
                </button>
            </div>
            <SidebarContent sides=Sides { on_go, on_ask, ..sides } />
        </Modal>
    }
}

#[component]
fn SidebarContent(sides: Sides) -> impl IntoView {
    let entry = move |place: Place| {
        let for_mark = place.clone();
        let mark = Memo::new(move |_| mark_of(&for_mark, sides.today.get()));
        let takes = move || mark.with(|mark| mark.as_ref().is_some_and(|mark| sides.drag.is_over(mark)));
        view! { <li class:takes=takes data-drop=move || mark.get()><PlaceEntry sides place /></li> }
    };
    let views = [
        Place::Tasks(TaskPlace::Search(String::new())),
        Place::Tasks(TaskPlace::Inbox),
        Place::Tasks(TaskPlace::Today),
        Place::Tasks(TaskPlace::Upcoming),
    ];
    let others = [
        Place::Tasks(TaskPlace::Completed),
        Place::Tasks(TaskPlace::Deleted),
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
        <Favourites sides />
        <div class="sidebar__head">
            <GroupTitle sides group=group::LISTS name=phrases::lists() />
            {new_button(sides, Container::Folder, phrases::new_folder(), Icon::NewFolder)}
            {new_button(sides, Container::List, phrases::new_list(), Icon::Plus)}
        </div>
        <div hidden=is_folded(sides, group::LISTS)><Lists sides /></div>
        <div class="sidebar__head">
            <GroupTitle sides group=group::LABELS name=phrases::labels() />
            {new_button(sides, Container::Label, phrases::new_label(), Icon::Plus)}
        </div>
        <div hidden=is_folded(sides, group::LABELS)><Labels sides /></div>
        <ul class="sidebar__foot" role="list" aria-label=phrases::more_places()>
            {others.map(entry).collect_view()}
        </ul>
    }
}

/// Whether a group of the sidebar is folded on this device.
pub(super) fn is_folded(sides: Sides, group: EntityId) -> Memo<bool> {
    Memo::new(move |_| sides.content.with(|content| content.folded.contains(&group)))
}

/// The title of a group. It folds the group.
#[component]
pub(super) fn GroupTitle(sides: Sides, group: EntityId, name: &'static str) -> impl IntoView {
    let folded = is_folded(sides, group);
    view! {
        <h2 class="sidebar__title">
            <button type="button" class="sidebar__fold" aria-expanded=move || (!folded.get()).to_string()
                on:click=move |_| sides.on_fold.run((group, !folded.get_untracked()))>
                {name}{Icon::Chevron.draw()}
            </button>
        </h2>
    }
}

fn new_button(sides: Sides, container: Container, words: &'static str, icon: Icon) -> impl IntoView {
    view! {
        <button type="button" class="icon-button sidebar__new" aria-label=words title=words
            on:click=move |_| sides.on_ask.run(Ask::Add(container))>
            {icon.draw()}
        </button>
    }
}

/// The mark of a place in the document, which decides what dropping a task on it does.
fn mark_of(place: &Place, today: Date) -> Option<String> {
    match place {
        Place::Tasks(TaskPlace::Inbox) => Some(mark_of_home(None, None)),
        Place::Tasks(TaskPlace::Today) => Some(mark_of_day(today)),
        Place::Tasks(TaskPlace::Upcoming)
        | Place::Tasks(TaskPlace::List(_))
        | Place::Tasks(TaskPlace::Board(_))
        | Place::Tasks(TaskPlace::Label(_))
        | Place::Tasks(TaskPlace::Search(_))
        | Place::Tasks(TaskPlace::Completed)
        | Place::Tasks(TaskPlace::Deleted)
        | Place::Settings
        | Place::AboutSync
        | Place::Lab
        | Place::Nowhere => None,
    }
}

/// The link to a fixed place.
#[component]
fn PlaceEntry(sides: Sides, place: Place) -> impl IntoView {
    let count = {
        let place = place.clone();
        Memo::new(move |_| {
            sides
                .counts
                .with(|counts| place.tasks().map_or(0, |place| counts.of(place)))
        })
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
pub(super) fn Count(count: Memo<usize>) -> impl IntoView {
    changing(move || {
        let count = count.get();
        (count > 0).then(|| view! { " " <span class="sidebar__count">{phrases::number(count)}</span> })
    })
}

/// The places that people use most, where a thumb reaches them.
#[component]
pub fn BottomBar(sides: Sides, on_browse: Callback<()>) -> impl IntoView {
    let views = [
        Place::Tasks(TaskPlace::Inbox),
        Place::Tasks(TaskPlace::Today),
        Place::Tasks(TaskPlace::Upcoming),
        Place::Tasks(TaskPlace::Search(String::new())),
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
            <button type="button" id=names::BROWSE_BUTTON class="bottom-bar__link" on:click=move |_| on_browse.run(())>
                {Icon::Menu.draw()}
                <span class="bottom-bar__name">{phrases::browse()}</span>
            </button>
        </nav>
    }
}
