//! A page of tasks: the inbox, a list, a day, or the results of a search. It has a heading, quick add if tasks can be
//! added here, and the list.

use leptos::prelude::*;
use tsugi_calendar::{Date, Due, Time};
use tsugi_sync::gesture::Contents;
use tsugi_sync::ids::EntityId;

use crate::browser::{device, focus, names, time};
use crate::components::kit::changing::{changing, while_true};
use crate::components::kit::empty::{Empty, Skeleton};
use crate::components::kit::icon::Icon;
use crate::components::kit::unsent::unsent_text;
use crate::components::merge::needs_attention::{NeedsAttention, RefusedHandlers};
use crate::components::quick_add::{QuickAdd, Reading};
use crate::components::rows::board::BoardView;
use crate::components::rows::bulk_bar::{BulkBar, BulkHandlers};
use crate::components::rows::drag::Drag;
use crate::components::rows::group_heading::Groups;
use crate::components::rows::task_list::{RowView, TaskList};
use crate::components::rows::task_row::RowHandlers;
use crate::components::search_field::SearchField;
use crate::routes::late::Late;
use crate::signals::store::View;
use tsugi_screen::drag_over::Order;
use tsugi_screen::edits::start_here;
use tsugi_screen::intent::arrange::{Arrange, Container, Furnish};
use tsugi_screen::intent::{AddTo, AppIntent, EditIntent, GoIntent, Intent, ShowIntent, SyncIntent};
use tsugi_screen::model::AccountState;
use tsugi_screen::place::{Address, Beside, TaskPlace};
use tsugi_screen::question::Ask;
use tsugi_screen::text::due::DaysOver;
use tsugi_screen::unsent::Input;
use tsugi_words::phrases;

#[component]
pub fn TasksPage(
    place: TaskPlace,
    view: View,
    late: Late,
    send: Callback<Intent>,
    drag: Drag,
    ask: Callback<Ask>,
) -> impl IntoView {
    let text = unsent_text(Input::QuickAdd(Address::of(place.clone())));
    let takes_tasks = place.takes_tasks();
    let searches = matches!(place, TaskPlace::Search(_));
    let here = StoredValue::new(place.clone());
    let add = Callback::new(move |lines| {
        let to = AddTo::Place(here.get_value());
        send.run(Intent::Edit(EditIntent::AddTasks { to, lines }));
    });
    let reading = Reading {
        place: Signal::derive(move || here.get_value()),
        today: view.today,
        content: view.sidebar,
        reader: late.reader(),
    };
    let quick_add =
        takes_tasks.then(|| view! { <QuickAdd id="quick-add" name=phrases::add_task() refusal=Signal::stored(None) completions_id="quick-add-names" text reading on_add=add autofocus=false /> });
    let typed = Signal::derive(move || {
        view.address
            .with(|address| searched(address).unwrap_or_default().to_owned())
    });
    let search = searches.then(|| {
        let look_for = move |text| {
            send.run(Intent::Go(GoIntent::Replace(Address::of(TaskPlace::Search(
                text,
            )))))
        };
        view! { <SearchField typed on_type=Callback::new(look_for) /> }
    });
    let list = {
        let place = place.clone();
        changing(move || match view.loading.get() {
            true => view! { <Skeleton /> }.into_any(),
            false => view! { <Listed place=place.clone() view late send drag ask /> }.into_any(),
        })
    };
    view! {
        <PageHead place view send ask />
        {search}
        {quick_add}
        {move || view.problem.get().map(|problem| view! { <p class="problem" role="alert">{problem}</p> })}
        {late.draw(move |views| (views.refused)(view, send))}
        {list}
    }
}

/// The edits that the server refused.
#[must_use]
pub fn refused(view: View, send: Callback<Intent>) -> AnyView {
    let handlers = RefusedHandlers {
        on_resend: Callback::new(move |(seq, values)| {
            send.run(Intent::Sync(SyncIntent::ResendRefused { seq, values }))
        }),
        on_copy: Callback::new(move |text| send.run(Intent::App(AppIntent::CopyText(text)))),
        on_discard: Callback::new(move |seq| send.run(Intent::Sync(SyncIntent::DiscardRefused { seq }))),
    };
    view! { <NeedsAttention refused=view.refused zone=zone_here() handlers /> }.into_any()
}

/// The time zone of this device.
fn zone_here() -> StoredValue<String> {
    StoredValue::new(time::time_zone().unwrap_or_default())
}

#[component]
fn PageHead(place: TaskPlace, view: View, send: Callback<Intent>, ask: Callback<Ask>) -> impl IntoView {
    let counts_open = matches!(place, TaskPlace::Inbox | TaskPlace::List(_) | TaskPlace::Board(_));
    let searches = matches!(place, TaskPlace::Search(_));
    let title = {
        let place = place.clone().into();
        Memo::new(move |_| view.sidebar.with(|sidebar| sidebar.title_of(&place)))
    };
    let shown = RwSignal::new(true);
    let total = Memo::new(move |_| view.window.with(|window| window.total));
    let completed = Memo::new(move |_| view.window.with(|window| window.completed));
    let open = {
        let place = place.clone();
        Memo::new(move |_| view.counts.with(|counts| counts.of(&place)))
    };
    let count = Signal::derive(move || match (view.loading.get(), counts_open, searches) {
        (true, ..) => String::new(),
        (false, true, _) => phrases::open_tasks(open.get()),
        (false, false, true) => match view.address.with(|address| searched(address) == Some("")) {
            true => String::new(),
            false => phrases::found_tasks(total.get()),
        },
        // An empty place shows a longer text instead.
        (false, false, false) if total.get() == 0 => String::new(),
        (false, false, false) => phrases::tasks_count(total.get()),
    });
    // A page first shows its completed tasks.
    send.run(Intent::Show(ShowIntent::Completed(true)));
    let on_fold = Callback::new(move |on| {
        shown.set(on);
        send.run(Intent::Show(ShowIntent::Completed(on)));
    });
    let fold = changing(move || {
        let count = completed.get();
        (count > 0).then(|| view! { <CompletedFold shown count on_fold /> })
    });
    view! {
        <div class="list-head">
            <h1 id=names::PAGE_HEADING class="list-head__title" tabindex="-1">{title}</h1>
            <span class="list-head__count">{count}</span>
            {fold}
            {place.list().map(|list| view! { <ListTools list place view send ask /> })}
        </div>
    }
}

/// The tools of a list: the choice between list and board, and adding a section.
#[component]
fn ListTools(
    list: EntityId,
    place: TaskPlace,
    view: View,
    send: Callback<Intent>,
    ask: Callback<Ask>,
) -> impl IntoView {
    let is_board = matches!(place, TaskPlace::Board(_));
    let way = move |to: TaskPlace, icon: Icon, words: &'static str, is_here: bool| {
        let go = move |_| send.run(Intent::Go(GoIntent::To(Address::of(to.clone()))));
        view! {
            <button type="button" class="ways__way" aria-pressed=is_here.to_string() on:click=go>
                {icon.draw()}{words}
            </button>
        }
    };
    let remove = (list == start_here::list()).then(|| {
        let gone = move |_| {
            let contents = Contents::Delete;
            let delete = Furnish::DeleteList { list, contents };
            send.run(Intent::Arrange(Arrange::Furnish(delete)));
            send.run(Intent::Go(GoIntent::To(Address::of(TaskPlace::Inbox))));
        };
        let is_there = Memo::new(move |_| view.sidebar.with(|sidebar| sidebar.list(list).is_some()));
        while_true(move || is_there.get(), move || {
            view! {
                <p class="start-about">
                    {phrases::start_about()}" "
                    <button type="button" class="link-button" on:click=gone>{phrases::start_remove()}</button>
                </p>
            }
        })
    });
    view! {
        <span class="list-tools">
            <button type="button" class="fold" on:click=move |_| ask.run(Ask::Add(Container::Section { list }))>
                {Icon::Plus.draw()}{phrases::new_section()}
            </button>
            <span class="ways" role="group" aria-label=phrases::view_as()>
                {way(TaskPlace::List(list), Icon::List, phrases::as_list(), !is_board)}
                {way(TaskPlace::Board(list), Icon::Board, phrases::as_board(), is_board)}
            </span>
        </span>
        {remove}
    }
}

#[component]
fn CompletedFold(shown: RwSignal<bool>, count: usize, on_fold: Callback<bool>) -> impl IntoView {
    let expanded = Signal::derive(move || shown.get().to_string());
    let label = Signal::derive(move || match shown.get() {
        true => phrases::hide_completed(count),
        false => phrases::show_completed(count),
    });
    view! {
        <button type="button" class="fold" aria-expanded=expanded
            on:click=move |_| on_fold.run(!shown.get_untracked())>
            {label}
            {Icon::Chevron.draw()}
        </button>
    }
}

/// The list or board of tasks, or the text or outline that is shown without one.
#[component]
fn Listed(
    place: TaskPlace,
    view: View,
    late: Late,
    send: Callback<Intent>,
    drag: Drag,
    ask: Callback<Ask>,
) -> impl IntoView {
    let handlers = row_handlers(view, send, ask);
    let editing = Memo::new(move |_| match view.address.with(|address| address.beside) {
        Beside::Task(id) => Some(id),
        Beside::Nothing | Beside::Conflicts(_) => None,
    });
    let list = place.list();
    let sections = Memo::new(move |_| {
        let of = |list| view.sidebar.with(|sidebar| sidebar.sections_of(list).to_vec());
        list.map(of).unwrap_or_default()
    });
    let groups = Groups {
        today: view.today,
        list,
        sections: sections.into(),
        drag,
        on_arrange: Callback::new(move |what| send.run(Intent::Arrange(what))),
        on_fold: Callback::new(move |(id, folded)| {
            send.run(Intent::Show(ShowIntent::Fold { id, folded }));
            focus::keep_focus(names::fold(id), names::PAGE_HEADING);
        }),
        on_ask: ask,
    };
    let names_lists = list.is_none() && place != TaskPlace::Inbox;
    let days_over = match place {
        TaskPlace::Today => DaysOver::Today,
        TaskPlace::Upcoming => DaysOver::Each,
        TaskPlace::Inbox
        | TaskPlace::List(_)
        | TaskPlace::Board(_)
        | TaskPlace::Label(_)
        | TaskPlace::Search(_) => DaysOver::None,
        TaskPlace::Completed | TaskPlace::Deleted => DaysOver::None,
    };
    let zone = zone_here();
    // The clock on the screen moves with `now`.
    let time = Memo::new(move |_| {
        view.now.track();
        let (hour, minute) = time::clock();
        Time::new(hour, minute).unwrap_or(Time::NOON)
    });
    let rows = RowView {
        today: view.today,
        editing: editing.into(),
        names_lists: Signal::derive(move || names_lists),
        days_over,
        time: time.into(),
        zone,
        lit: view.lit,
        syncs: Signal::derive(move || matches!(view.account.get(), AccountState::SignedIn { .. })),
        handlers,
        groups,
        order: order_of(&place),
    };
    let on_look = Callback::new(move |sight| send.run(Intent::Show(ShowIntent::Look(sight))));
    let shown = if let TaskPlace::Board(_) = place {
        let cards = BoardView {
            today: view.today,
            time: time.into(),
            zone,
            editing: editing.into(),
            selected: view.selected,
            groups,
            handlers,
            on_more: Callback::new(move |section| send.run(Intent::Show(ShowIntent::More { section }))),
        };
        late.draw(move |views| (views.board)(view.board, cards))
            .into_any()
    } else {
        view! {
            <Emptiness place view />
            <TaskList window=view.window selected=view.selected rows on_look />
        }
        .into_any()
    };
    view! {
        {shown}
        {late.draw(move |views| (views.selected)(view, send, ask))}
    }
}

/// The order of the rows, which decides what a drop between them does.
fn order_of(place: &TaskPlace) -> Order {
    match place {
        TaskPlace::Inbox | TaskPlace::List(_) => Order::Tree,
        TaskPlace::Upcoming | TaskPlace::Today => Order::Days,
        TaskPlace::Board(_) => Order::Board,
        TaskPlace::Label(_) | TaskPlace::Search(_) | TaskPlace::Completed | TaskPlace::Deleted => {
            Order::Fixed
        }
    }
}

fn row_handlers(view: View, send: Callback<Intent>, ask: Callback<Ask>) -> RowHandlers {
    let beside = move |beside| {
        let address = view.address.with_untracked(|address| address.with(beside));
        send.run(Intent::Go(GoIntent::To(address)));
    };
    // The task from which a selection reaches to the one that is pressed with Shift.
    let anchor = RwSignal::new(None::<EntityId>);
    RowHandlers {
        on_toggle: Callback::new(move |(id, completed)| {
            send.run(Intent::Edit(EditIntent::SetCompleted { id, completed }))
        }),
        on_edit: Callback::new(move |id| {
            // Where a finger has selected a task, the next ones are selected by a touch.
            let selected = view.selected.get_untracked();
            match device::has_coarse_pointer() && !selected.is_empty() {
                true => {
                    let on = !selected.contains(&id);
                    send.run(Intent::Show(ShowIntent::Select { id, on }));
                }
                false => beside(Beside::Task(id)),
            }
        }),
        on_select: Callback::new(move |(id, on)| {
            anchor.set(Some(id));
            send.run(Intent::Show(ShowIntent::Select { id, on }));
        }),
        on_extend: Callback::new(move |id| {
            let ids = focus::rows(names::TASKS);
            send.run(Intent::Show(ShowIntent::SelectThese(between(
                &ids,
                anchor.get_untracked(),
                id,
            ))));
        }),
        on_restore: Callback::new(move |id| send.run(Intent::Edit(EditIntent::RestoreTask { id }))),
        on_conflicts: Callback::new(move |task| ask.run(Ask::Conflict(task))),
        on_menu: Callback::new(move |(task, at)| ask.run(Ask::Menu { task, at })),
    }
}

/// All rows from the one to the other, whichever is first; only the last if the first is not in sight.
fn between(rows: &[EntityId], from: Option<EntityId>, to: EntityId) -> Vec<EntityId> {
    let place = |id: EntityId| rows.iter().position(|row| *row == id);
    match (from.and_then(place), place(to)) {
        (Some(from), Some(to)) => rows[from.min(to)..=from.max(to)].to_vec(),
        (Some(_) | None, _) => vec![to],
    }
}

/// The bar with the commands for all selected tasks.
#[must_use]
pub fn selected(view: View, send: Callback<Intent>, ask: Callback<Ask>) -> AnyView {
    let count = Signal::derive(move || view.selected.with(|selected| selected.len()));
    let tasks = move || {
        view.selected
            .with_untracked(|selected| selected.iter().copied().collect::<Vec<_>>())
    };
    let arrange = move |what| {
        send.run(Intent::Arrange(what));
        send.run(Intent::Show(ShowIntent::SelectNone));
    };
    let handlers = BulkHandlers {
        on_complete: Callback::new(move |()| send.run(Intent::Edit(EditIntent::CompleteSelected))),
        on_due: Callback::new(move |due: Option<Date>| {
            let due = due.map(Due::On);
            arrange(Arrange::SetDue { tasks: tasks(), due });
        }),
        on_priority: Callback::new(move |priority| {
            arrange(Arrange::SetPriority {
                tasks: tasks(),
                priority,
            });
        }),
        on_move: Callback::new(move |()| ask.run(Ask::MoveTo(tasks()))),
        on_label: Callback::new(move |()| ask.run(Ask::Label(tasks()))),
        on_delete: Callback::new(move |()| send.run(Intent::Edit(EditIntent::DeleteSelected))),
        on_clear: Callback::new(move |()| send.run(Intent::Show(ShowIntent::SelectNone))),
    };
    view! { <BulkBar count today=view.today handlers /> }.into_any()
}

/// The text for a place without tasks: which tasks belong here, and how to add one.
#[component]
fn Emptiness(place: TaskPlace, view: View) -> impl IntoView {
    let is_known = {
        let place = place.clone();
        Memo::new(move |_| {
            view.sidebar.with(|sidebar| match &place {
                TaskPlace::List(id) | TaskPlace::Board(id) => sidebar.list(*id).is_some(),
                TaskPlace::Label(id) => sidebar.labels.iter().any(|label| label.id == *id),
                TaskPlace::Inbox
                | TaskPlace::Today
                | TaskPlace::Upcoming
                | TaskPlace::Search(_)
                | TaskPlace::Completed
                | TaskPlace::Deleted => true,
            })
        })
    };
    let none_open = Memo::new(move |_| {
        view.window.with(|window| {
            window
                .items
                .iter()
                .all(|item| item.entry.row.with(|row| row.completed))
                && window.total <= window.completed
                && !window.growing
        })
    });
    let has_completed = Memo::new(move |_| view.window.with(|window| window.completed > 0));
    let is_empty = Memo::new(move |_| view.window.with(|window| window.total == 0 && !window.growing));
    let looks_for = Memo::new(move |_| view.address.with(|address| searched(address) != Some("")));
    let keeps_completed = matches!(place, TaskPlace::Inbox | TaskPlace::List(_));
    // Upcoming shows its empty days, so it needs no such text.
    let has_days = place == TaskPlace::Upcoming;
    let is_bare = move || match keeps_completed {
        true => none_open.get(),
        false => is_empty.get() && !has_days,
    };
    while_true(is_bare, move || {
        let place = place.clone();
        changing(move || {
            let (title, hint) = words(&place, has_completed.get(), looks_for.get(), is_known.get());
            view! { <Empty title hint /> }
        })
    })
}

fn words(
    place: &TaskPlace,
    has_completed: bool,
    looks_for: bool,
    is_known: bool,
) -> (&'static str, &'static str) {
    match place {
        _ if !is_known => (phrases::no_such_list(), phrases::no_such_list_hint()),
        TaskPlace::Inbox | TaskPlace::List(_) | TaskPlace::Board(_) if has_completed => {
            (phrases::all_done(), phrases::all_done_hint())
        }
        TaskPlace::Inbox => (phrases::empty_inbox(), phrases::empty_inbox_hint()),
        TaskPlace::List(_) => (phrases::empty_list(), phrases::empty_list_hint()),
        TaskPlace::Board(_) => (phrases::empty_board(), phrases::empty_board_hint()),
        TaskPlace::Today => (phrases::empty_today(), phrases::empty_today_hint()),
        TaskPlace::Upcoming => (phrases::empty_upcoming(), phrases::empty_upcoming_hint()),
        TaskPlace::Label(_) => (phrases::empty_label(), phrases::empty_label_hint()),
        TaskPlace::Search(_) if looks_for => (phrases::nothing_found(), phrases::nothing_found_hint()),
        TaskPlace::Search(_) => (phrases::empty_search(), phrases::empty_search_hint()),
        TaskPlace::Completed => (phrases::empty_completed(), phrases::empty_completed_hint()),
        TaskPlace::Deleted => (phrases::empty_deleted(), phrases::empty_deleted_hint()),
    }
}

/// The text of a search, if the address is one.
fn searched(address: &Address) -> Option<&str> {
    address.place.tasks().and_then(TaskPlace::search)
}
