//! A list as a board: its sections side by side, with a card for each task that has no parent.

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use tsugi_calendar::{Date, Time};
use tsugi_sync::ids::EntityId;

use crate::browser::{focus, names, pointer};
use crate::components::kit::changing::changing;
use crate::components::kit::icon::Icon;
use crate::components::kit::menu::Menu;
use crate::components::rows::group_heading::{Groups, section_choices};
use crate::components::rows::task_row::{EditButton, RowHandlers, label_views, progress_sign, signs};
use crate::signals::window::{Board as Content, Column, TaskEntry};
use tsugi_screen::drag_over::Order;
use tsugi_screen::drop_place::mark_of_home;
use tsugi_screen::intent::arrange::Container;
use tsugi_screen::model::Named;
use tsugi_screen::question::Ask;
use tsugi_screen::text::due;
use tsugi_screen::text::due::{DaysOver, Present};
use tsugi_words::phrases;

/// The values and callbacks that columns and cards need.
#[derive(Clone, Copy, Debug)]
pub struct BoardView {
    pub today: Signal<Date>,
    /// The time on this device's clock.
    pub time: Signal<Time>,
    /// The time zone of this device.
    pub zone: StoredValue<String>,
    pub editing: Signal<Option<EntityId>>,
    pub selected: Signal<std::collections::BTreeSet<EntityId>>,
    pub groups: Groups,
    pub handlers: RowHandlers,
    pub on_more: Callback<Option<EntityId>>,
}

#[component]
pub fn Board(board: Signal<Content>, view: BoardView) -> impl IntoView {
    let sections = Memo::new(move |_| {
        board.with(|board| {
            let sections = board.columns.iter().map(|column| column.section.clone());
            sections.collect::<Vec<Option<Named>>>()
        })
    });
    let list = view.groups.list;
    let columns = move |section: Option<Named>| {
        let id = section.as_ref().map(|section| section.id);
        let find = move |board: &Content| {
            let same = |column: &&Column| column.section.as_ref().map(|section| section.id) == id;
            board.columns.iter().find(same).cloned()
        };
        let column = Memo::new(move |_| board.with(find));
        view! { <BoardColumn section column=column.into() view /> }
    };
    let add = list.map(|list| {
        let ask = move |_| view.groups.on_ask.run(Ask::Add(Container::Section { list }));
        view! {
            <li class="column column--new">
                <button type="button" class="column__new" on:click=ask>{Icon::Plus.draw()}{phrases::new_section()}</button>
            </li>
        }
    });
    view! {
        <ul class="board" role="list" aria-label=phrases::columns() data-order=Order::Board.name()>
            <For each=move || sections.get() key=|section| section.clone().map(|section| (section.id, section.name)) children=columns />
            {add}
        </ul>
    }
}

#[component]
fn BoardColumn(section: Option<Named>, column: Signal<Option<Column>>, view: BoardView) -> impl IntoView {
    let id = section.as_ref().map(|section| section.id);
    let name = section
        .as_ref()
        .map_or(phrases::no_section().to_owned(), |section| section.name.clone());
    let mark = mark_of_home(view.groups.list, id);
    let over = mark.clone();
    let total = Memo::new(move |_| column.with(|column| column.as_ref().map_or(0, |column| column.total)));
    let cards = Memo::new(move |_| {
        let cards = column.with(|column| column.as_ref().map(|column| column.cards.clone()));
        cards.unwrap_or_default()
    });
    let menu = section.map(|section| {
        let count = total.get_untracked();
        view! {
            <Menu name=phrases::more_of_section(&section.name) class="icon-button group__more"
                face=Icon::More.draw().into_any() choices=section_choices(section.id, section.name, count, view.groups) />
        }
    });
    let more = changing(move || {
        let more = cards.with(Vec::len) < total.get();
        more.then(|| {
            view! {
                <button type="button" class="column__new" on:click=move |_| view.on_more.run(id)>
                    {phrases::show_more_cards()}
                </button>
            }
        })
    });
    view! {
        <li class="column" class:takes=move || view.groups.drag.is_over(&over) data-drop=mark>
            <div class="column__head">
                <h2 class="column__name">{name.clone()}</h2>
                <span class="group__count">{move || phrases::number(total.get())}</span>
                {menu}
            </div>
            <ul class="column__cards" role="list" aria-label=phrases::column_tasks(&name)>
                <For each=move || cards.get() key=|entry| entry.id children=move |entry| view! { <Card entry view /> } />
            </ul>
            {more}
        </li>
    }
}

#[component]
fn Card(entry: TaskEntry, view: BoardView) -> impl IntoView {
    let id = entry.id;
    let row = ReadSignal::from(entry.row);
    let handlers = view.handlers;
    let is_selected = Signal::derive(move || view.selected.with(|all| all.contains(&id)));
    let is_open = Signal::derive(move || view.editing.get() == Some(id));
    let pressed = move |ev: MouseEvent| {
        if !view.groups.drag.has_just_ended() {
            handlers.pressed(id, is_selected, &ev);
        }
    };
    let due = Memo::new(move |_| {
        row.with(|row| {
            let due = row.due.as_ref()?;
            let (today, time) = (view.today.get(), view.time.get());
            let chip =
                |zone: &String| due::chip(due, Present { today, time, zone }, row.completed, DaysOver::None);
            view.zone.with_value(chip)
        })
    });
    let due = changing(move || {
        due.get()
            .map(|due| view! { <span class=due.state.class()>{due.words}</span> })
    });
    let more = Memo::new(move |_| row.with(|row| (row.progress, row.labels.clone())));
    let more = changing(move || {
        let (progress, labels) = more.get();
        view! { {progress_sign(progress)}{label_views(labels)} }
    });
    let check_id = names::check(id);
    let toggled = {
        let check_id = check_id.clone();
        move |ev| {
            handlers.on_toggle.run((id, event_target_checked(&ev)));
            focus::keep_focus(check_id.clone(), names::PAGE_HEADING);
        }
    };
    view! {
        <li class="card" class:task--selected=is_selected class:task--open=is_open data-task=id.to_string() data-handle=""
            data-priority=move || row.with(|row| row.priority.map(|rank| rank.to_string())) on:click=pressed
            on:contextmenu=move |ev: MouseEvent| handlers.menu(id, &ev)>
            <label class="task__check" on:click=move |ev: MouseEvent| pointer::click_once(&ev)>
                <input type="checkbox" class="check" id=check_id aria-labelledby=names::title(id)
                    prop:checked=move || row.with(|row| row.completed) on:change=toggled />
            </label>
            <EditButton row />
            <span class="card__title" id=names::title(id)>{move || row.with(|row| row.title.clone())}</span>
            <span class="card__marks">{due}{more}{signs(row)}</span>
        </li>
    }
}
