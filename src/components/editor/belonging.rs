//! The fields for a task's list and section, its priority and its labels.

use leptos::prelude::*;
use tsugi_sync::entity::Field;
use tsugi_sync::home::Home;
use tsugi_sync::ids::EntityId;
use tsugi_sync::task::Priority;

use crate::browser::time;
use crate::components::editor::fields::{Editing, Overtaken};
use crate::components::kit::changing::changing;
use crate::components::kit::choice::Offer;
use crate::components::kit::icon::Icon;
use crate::components::kit::pick_list::{Pick, PickList};
use crate::components::kit::picker::homes;
use crate::components::kit::property::{Property, Words};
use crate::components::kit::unsent::unsent_text;
use tsugi_screen::intent::NewLabel;
use tsugi_screen::model::{Named, Sidebar};
use tsugi_screen::text::priority_name;
use tsugi_screen::unsent::Input;
use tsugi_words::phrases;

/// All lists, the inbox first. If the chosen list is not among them any more, it is added.
#[must_use]
pub fn list_offers(content: &Sidebar, chosen: &str) -> Vec<Offer> {
    let inbox = Offer::new("", phrases::inbox());
    let lists = content.lists().map(offer);
    with_chosen(
        [inbox].into_iter().chain(lists).collect(),
        chosen,
        phrases::a_list_put_away(),
    )
}

/// The sections of a list; "no section" comes first.
#[must_use]
pub fn section_offers(content: &Sidebar, list: &str, chosen: &str) -> Vec<Offer> {
    let none = Offer::new("", phrases::no_section());
    let list = list.parse::<EntityId>().ok();
    let sections = list
        .and_then(|list| content.sections.get(&list))
        .into_iter()
        .flatten();
    with_chosen(
        [none].into_iter().chain(sections.map(offer)).collect(),
        chosen,
        phrases::a_section_gone(),
    )
}

/// No priority, and the priorities from "p1", the highest, to "p4".
#[must_use]
pub fn priority_offers() -> Vec<Offer> {
    let none = Offer::new("", phrases::no_priority());
    let named = |priority: Priority| {
        Offer::new(
            priority.number().to_string(),
            priority_name(&priority.number().to_string()),
        )
    };
    [none].into_iter().chain(Priority::ALL.map(named)).collect()
}

fn offer(named: &Named) -> Offer {
    Offer::new(named.id.to_string(), named.name.clone())
}

fn with_chosen(mut offers: Vec<Offer>, chosen: &str, gone: &str) -> Vec<Offer> {
    if !offers.iter().any(|offer| offer.value == chosen) {
        offers.push(Offer::new(chosen, gone));
    }
    offers
}

/// List and section, in one property. A sub-task has none, because it is where its parent is.
#[component]
pub fn PlaceField(editing: Editing, content: Signal<Sidebar>) -> impl IntoView {
    let list = editing.shown(Field::List);
    let section = editing.shown(Field::Section);
    let parent = editing.shown(Field::Parent);
    let is_part = Memo::new(move |_| parent.with(|parent| !parent.is_empty()));
    let words = Signal::derive(move || -> Words {
        content.with(|content| {
            let lists = list.with(|list| list_offers(content, list));
            let colour = list.with(|list| content.list(list.parse().ok()?)?.colour);
            let list_name = list.with(|list| name_in(&lists, list));
            let sections = list.with(|list| section.with(|section| section_offers(content, list, section)));
            let section = section.get();
            let section = (!section.is_empty()).then(|| (name_in(&sections, &section), None));
            [(list_name, colour)].into_iter().chain(section).collect()
        })
    });
    let popover = Callback::new(move |close: Callback<()>| {
        let pick = Callback::new(move |home: Home| {
            let text = |id: Option<EntityId>| id.map(|id| id.to_string()).unwrap_or_default();
            editing.change(|draft, task| {
                draft.put_on(text(home.list), task);
                draft.typed(Field::Section, text(home.section), task);
            });
            close.run(());
        });
        let options = Signal::derive(move || content.with(homes));
        view! {
            <PickList id="editor-lists" name=phrases::list() placeholder=phrases::pick_placeholder()
                typed=RwSignal::new(String::new()) options on_pick=pick />
        }
        .into_any()
    });
    let say_list = Callback::new(move |list: String| {
        name_in(
            &content.with_untracked(|content| list_offers(content, &list)),
            &list,
        )
    });
    changing(move || {
        (!is_part.get()).then(|| {
            view! {
                <Property icon=Icon::List name=phrases::list() words none=phrases::inbox() popover />
                <Overtaken field=Field::List editing say=say_list />
            }
        })
    })
}

fn name_in(offers: &[Offer], value: &str) -> String {
    let offer = offers.iter().find(|offer| offer.value == value);
    offer.map(|offer| offer.name.clone()).unwrap_or_default()
}

/// The priority, in the colour of its flag.
#[component]
pub fn PriorityField(editing: Editing) -> impl IntoView {
    let value = editing.shown(Field::Priority);
    let words = Signal::derive(move || -> Words {
        let value = value.get();
        let colour = priority_colour(&value);
        (!value.is_empty())
            .then(|| (priority_name(&value), colour))
            .into_iter()
            .collect()
    });
    let popover = Callback::new(move |close: Callback<()>| {
        let pick = Callback::new(move |value| {
            editing.set(Field::Priority, value);
            close.run(());
        });
        let option = |offer: Offer| Pick {
            colour: priority_colour(&offer.value),
            value: offer.value,
            name: offer.name,
            icon: Icon::Flag,
            depth: 0,
            mark: None,
        };
        let options: Vec<_> = priority_offers().into_iter().map(option).collect();
        view! {
            <PickList id="editor-priorities" name=phrases::priority() placeholder=phrases::pick_placeholder()
                typed=RwSignal::new(String::new()) options=Signal::stored(options) on_pick=pick />
        }
        .into_any()
    });
    let say = Callback::new(move |value: String| priority_name(&value));
    view! {
        <Property icon=Icon::Flag name=phrases::priority() words none=phrases::no_priority() popover />
        <Overtaken field=Field::Priority editing say />
    }
}

fn priority_colour(value: &str) -> Option<&'static str> {
    match value {
        "1" => Some("red"),
        "2" => Some("orange"),
        "3" => Some("blue"),
        _ => None,
    }
}

/// The task's labels, each in its colour. The popover gives and takes labels, existing or new.
#[component]
pub fn LabelField(editing: Editing, content: Signal<Sidebar>) -> impl IntoView {
    let value = editing.shown(Field::Labels);
    let typed = unsent_text(Input::Label(editing.id()));
    let known = Memo::new(move |_| {
        let new = editing.draft.with(|draft| {
            let new = draft.new_labels().iter();
            new.map(|label| Named {
                id: label.id,
                name: label.name.clone(),
                colour: None,
            })
            .collect::<Vec<_>>()
        });
        content.with(|content| content.labels.iter().cloned().chain(new).collect::<Vec<_>>())
    });
    let has = move |label: &Named| value.with(|value| value.contains(&label.id.to_string()));
    let words = Signal::derive(move || -> Words {
        let chosen = known.get().into_iter().filter(has);
        chosen
            .map(|label| (format!("@{}", label.name), label.colour))
            .collect()
    });
    let popover = Callback::new(move |_| {
        let options = Signal::derive(move || {
            let option = |label: Named| Pick {
                mark: has(&label).then(phrases::selected_mark),
                value: (label.id, !has(&label)),
                name: label.name,
                icon: Icon::Label,
                colour: label.colour,
                depth: 0,
            };
            known.get().into_iter().map(option).collect()
        });
        let on_pick = Callback::new(move |(label, on)| {
            editing.change(|draft, task| draft.label(label, on, task));
            typed.set(String::new());
        });
        let on_new = Callback::new(move |name: String| {
            let id = EntityId(time::new_id());
            editing.change(|draft, task| draft.new_label(NewLabel { id, name }, task));
            typed.set(String::new());
        });
        view! {
            <PickList id="editor-labels" name=phrases::labels() placeholder=phrases::add_label() typed options on_pick
                on_new />
        }
        .into_any()
    });
    view! { <Property icon=Icon::Label name=phrases::labels() words none=phrases::no_labels() popover /> }
}
