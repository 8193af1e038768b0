//! The frame around every page but the account screen: header, sidebar, the panel beside the page, and the overlay on
//! it.

use std::collections::BTreeSet;

use leptos::prelude::*;

use crate::browser::{focus, names, page};
use crate::components::header::AppHeader;
use crate::components::kit::changing::{changing, while_true};
use crate::components::kit::icon::Icon;
use crate::components::rows::drag::{Drag, DragEffect, DragMarks};
use crate::components::sidebar::{BottomBar, Drawer, Sidebar, Sides};
use crate::components::undo_toast::UndoToast;
use crate::routes::TasksPage;
use crate::routes::late::Late;
use crate::routes::overlay::{Hand, Overlay, Overlays};
use crate::routes::side_panel::BesidePanel;
use crate::signals::store::View;
use tsugi_screen::gestures::Which;
use tsugi_screen::intent::arrange::Arrange;
use tsugi_screen::intent::{AppIntent, EditIntent, GoIntent, Intent, ShowIntent};
use tsugi_screen::model::Opens;
use tsugi_screen::place::{Address, Beside, InboxTab, Place, TaskPlace};
use tsugi_screen::question::Ask;
use tsugi_screen::settings::Settings;
use tsugi_words::phrases;

#[component]
pub fn Frame(view: View, late: Late, send: Callback<Intent>) -> impl IntoView {
    let here = view.place();
    let overlay = RwSignal::new(Overlay::Nothing);
    let go = Callback::new(move |place| send.run(Intent::Go(GoIntent::To(Address::of(place)))));
    let ask = Callback::new(move |ask| overlay.set(Overlay::Ask(ask)));
    let arrange = Callback::new(move |what| send.run(Intent::Arrange(what)));
    let selected = Signal::derive(move || view.selected.with(BTreeSet::len));
    let drag = Drag::new(selected);
    drag.listen(Callback::new(move |dropped| {
        let select = |id, on| send.run(Intent::Show(ShowIntent::Select { id, on }));
        let arrange = match dropped {
            DragEffect::Rested(id) => return select(id, true),
            // A task that is selected alone was only selected because a finger rested on it before it moved.
            DragEffect::Lifted(id) => {
                let is_alone = view.selected.with_untracked(|selected| selected.iter().eq([&id]));
                if is_alone {
                    select(id, false);
                }
                return;
            }
            DragEffect::Done(id) => {
                return send.run(Intent::Edit(EditIntent::SetCompleted { id, completed: true }));
            }
            DragEffect::Later(task) => return overlay.set(Overlay::Ask(Ask::Due(vec![task]))),
            // A selected task takes all other selected tasks along.
            DragEffect::Task(task, to) => Arrange::Move {
                tasks: view
                    .selected
                    .with_untracked(|selected| match selected.contains(&task) {
                        true => selected.iter().copied().collect(),
                        false => vec![task],
                    }),
                to,
            },
            DragEffect::List(furnish) => Arrange::Furnish(furnish),
        };
        send.run(Intent::Arrange(arrange));
    }));
    let touched = move |ev: leptos::ev::TouchEvent| {
        if drag.holds_page() {
            ev.prevent_default();
        }
    };
    let sides = Sides {
        here,
        content: view.sidebar,
        counts: view.counts,
        on_go: go,
        today: view.today,
        drag,
        on_ask: ask,
        on_arrange: arrange,
        on_fold: Callback::new(move |(id, folded)| send.run(Intent::Show(ShowIntent::Fold { id, folded }))),
        on_quick_add: Callback::new(move |()| overlay.set(Overlay::QuickAdd)),
    };
    let beside = Memo::new(move |_| view.address.with(|address| address.beside));
    let is_beside = Signal::derive(move || beside.get() != Beside::Nothing);
    let hides = Signal::derive(move || view.settings.with(|settings| settings.hides_sidebar));
    let drawer = while_true(
        move || overlay.get() == Overlay::Drawer,
        move || view! { <Drawer sides on_close=Callback::new(move |()| overlay.set(Overlay::Nothing)) /> },
    );
    view! {
        <a class="skip" href="#main">{phrases::skip_to_content()}</a>
        <FrameHeader view late send />
        {late.draw(move |views| (views.signed_out)(view, send))}
        <div class="frame" class:frame--bare=hides class:frame--drags=move || drag.is_dragging() on:touchmove=touched>
            <Sidebar sides />
            <div class="workspace" class:workspace--beside=is_beside>
                <main id="main" class="workspace__main"><Page view late send drag ask /></main>
                <BesidePanel view late send overlay />
            </div>
        </div>
        <BottomBar sides on_browse=Callback::new(move |()| overlay.set(Overlay::Drawer)) />
        <button type="button" class="add-button" aria-label=phrases::quick_add() on:click=move |_| overlay.set(Overlay::QuickAdd)>
            {Icon::Plus.draw()}
        </button>
        {drawer}
        <Overlays view late overlay send />
        {late.draw(move |views| (views.resolving)(Hand { view, overlay, send }))}
        <Announcer view here />
        <p class="visually-hidden" role="status">{view.said}</p>
        <DragMarks drag />
        <UndoToast notice=view.undo on_dismiss=Callback::new(move |()| send.run(Intent::Show(ShowIntent::DismissUndo)))
            on_open=Callback::new(move |opens| {
                let address = match opens {
                    Opens::Place(place) => Address::of(place),
                    Opens::History => inbox(view, InboxTab::History),
                };
                send.run(Intent::Go(GoIntent::To(address)));
            })
            on_press=Callback::new(move |(direction, gesture)| {
                send.run(Intent::Edit(EditIntent::CarryOut(direction, Which::This(gesture))));
            }) />
    }
}

/// The page with the conflicts beside it.
fn inbox(view: View, tab: InboxTab) -> Address {
    view.address
        .with_untracked(|address| address.with(Beside::Conflicts(tab)))
}

#[component]
fn FrameHeader(view: View, late: Late, send: Callback<Intent>) -> impl IntoView {
    let conflicts = view.conflicts;
    let inbox_open = Signal::derive(move || {
        view.address
            .with(|address| matches!(address.beside, Beside::Conflicts(_)))
    });
    let toggle_inbox = Callback::new(move |()| {
        let go = match inbox_open.get_untracked() {
            true => GoIntent::CloseBeside,
            false => GoIntent::To(inbox(view, InboxTab::ToDecide)),
        };
        send.run(Intent::Go(go));
    });
    let toggle_sidebar = Callback::new(move |()| {
        let settings = view.settings.get_untracked();
        send.run(Intent::App(AppIntent::ChooseSettings(Settings {
            hides_sidebar: !settings.hides_sidebar,
            ..settings
        })));
    });
    view! {
        <AppHeader
            sync=view.status
            account=view.account
            conflicts=Signal::derive(move || conflicts.with(Vec::len))
            inbox_open
            hides_sidebar=Signal::derive(move || view.settings.with(|settings| settings.hides_sidebar))
            on_sidebar=toggle_sidebar
            on_conflicts=toggle_inbox
            sync_popover=late.draw(move |views| (views.sync_popover)(view, send))
            account_popover=late.draw(move |views| (views.account_popover)(view, send))
        />
    }
}

/// The page that the address names.
#[component]
fn Page(view: View, late: Late, send: Callback<Intent>, drag: Drag, ask: Callback<Ask>) -> impl IntoView {
    // The page stays the same while a person types into a search.
    let page = Memo::new(move |_| view.address.with(|address| address.place.page()));
    changing(move || match page.get() {
        Place::Tasks(place) => view! { <TasksPage place view late send drag ask /> }.into_any(),
        page @ (Place::Settings | Place::AboutSync | Place::Lab | Place::Nowhere) => late
            .draw(move |views| (views.page)(page.clone(), view, send))
            .into_any(),
    })
}

/// Announces the place to which the person has gone: in the window's title, to screen readers, and by moving the focus.
#[component]
fn Announcer(view: View, here: Signal<Place>) -> impl IntoView {
    let title = Memo::new(move |_| here.with(|here| view.sidebar.with(|sidebar| sidebar.title_of(here))));
    let page = Memo::new(move |_| here.with(Place::page));
    // Outside world: the title of the window.
    Effect::new(move |_| page::set_title(&phrases::page_title(&title.get(), phrases::app())));
    // Outside world: when the person has gone to another page, the focus goes to its beginning.
    Effect::new(move |before: Option<Place>| {
        let now = page.get();
        if before.is_some_and(|before| before != now) {
            focus::focus(match is_search(&now) {
                true => names::SEARCH,
                false => names::PAGE_HEADING,
            });
        }
        now
    });
    let count = Memo::new(move |_| {
        view.window
            .with(|window| window.total - window.completed.min(window.total))
    });
    let said = Signal::derive(move || {
        // This is said only when the person comes to another place, and not for every task that is added or removed.
        if view.loading.get() {
            return String::new();
        }
        let title = title.get();
        let has_tasks = page.with(|page| page.tasks().is_some() && !is_search(page));
        match has_tasks {
            true => phrases::place_and_count(&title, &phrases::tasks_count(count.get_untracked())),
            false => title,
        }
    });
    view! { <p class="visually-hidden" role="status">{said}</p> }
}

fn is_search(place: &Place) -> bool {
    place.tasks().and_then(TaskPlace::search).is_some()
}
