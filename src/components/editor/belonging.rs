//! The fields for a task's list and section, its priority and its labels.

use leptos::ev::{Event, KeyboardEvent};
use leptos::prelude::*;
use tsugi_sync::entity::Field;
use tsugi_sync::ids::EntityId;
use tsugi_sync::task::Priority;

use crate::browser::{keyboard, time};
use crate::components::editor::fields::{Editing, Overtaken};
use crate::components::ids;
use crate::components::kit::changing::changing;
use crate::components::kit::choice::{Choice, Offer};
use crate::components::kit::icon::Icon;
use crate::components::kit::unsent::unsent_text;
use tsugi_screen::intent::NewLabel;
use tsugi_screen::model::{Named, Sidebar};
use tsugi_screen::text::priority_name;
use tsugi_screen::unsent::Input;
use tsugi_words::fold::fold;
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

/// List and section. They cannot be chosen for a sub-task, because it is where its parent is.
#[component]
pub fn PlaceFields(editing: Editing, content: Signal<Sidebar>) -> impl IntoView {
    let list = editing.shown(Field::List);
    let section = editing.shown(Field::Section);
    let parent = editing.shown(Field::Parent);
    let is_part = Signal::derive(move || parent.with(|parent| !parent.is_empty()));
    let lists = Signal::derive(move || content.with(|content| list.with(|list| list_offers(content, list))));
    let sections = Signal::derive(move || {
        content
            .with(|content| list.with(|list| section.with(|section| section_offers(content, list, section))))
    });
    let has_sections = Memo::new(move |_| sections.with(|sections| sections.len() > 1) && !is_part.get());
    let put_on = Callback::new(move |list| editing.change(|draft, task| draft.put_on(list, task)));
    let put_in = Callback::new(move |section| editing.set(Field::Section, section));
    let section_choice = changing(move || {
        has_sections.get().then(|| {
            view! {
                <div class="field">
                    <label class="field__label" for=ids::EDITOR_SECTION>{phrases::section()}</label>
                    <Choice id=ids::EDITOR_SECTION offers=sections value=section on_choose=put_in />
                </div>
            }
        })
    });
    let say_list = Callback::new(move |list: String| {
        name_in(
            &content.with_untracked(|content| list_offers(content, &list)),
            &list,
        )
    });
    view! {
        <div class="field">
            <label class="field__label" for=ids::EDITOR_LIST>{phrases::list()}</label>
            <Choice id=ids::EDITOR_LIST offers=lists value=list on_choose=put_on disabled=is_part />
            <Overtaken field=Field::List editing say=say_list />
        </div>
        {section_choice}
    }
}

fn name_in(offers: &[Offer], value: &str) -> String {
    let offer = offers.iter().find(|offer| offer.value == value);
    offer.map(|offer| offer.name.clone()).unwrap_or_default()
}

/// The priority, with a mark that shows it by its shape and not only by its colour.
#[component]
pub fn PriorityField(editing: Editing) -> impl IntoView {
    let value = editing.shown(Field::Priority);
    let choose = Callback::new(move |value| editing.set(Field::Priority, value));
    let say = Callback::new(move |value: String| priority_name(&value));
    view! {
        <div class="field">
            <label class="field__label" for=ids::EDITOR_PRIORITY>{phrases::priority()}</label>
            <span class="priority" data-priority=value>
                <PriorityMark />
                <Choice id=ids::EDITOR_PRIORITY offers=Signal::derive(priority_offers) value on_choose=choose />
            </span>
            <Overtaken field=Field::Priority editing say />
        </div>
    }
}

/// Four bars. The style sheet fills one to four of them, by the priority class of the element around them.
#[component]
pub fn PriorityMark() -> impl IntoView {
    view! { <span class="priority__mark" aria-hidden="true"><i></i><i></i><i></i><i></i></span> }
}

/// The task's labels, and an input to add another one, existing or new.
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
    let chosen = Memo::new(move |_| {
        let has = |label: &Named| value.with(|value| value.contains(&label.id.to_string()));
        known.with(|known| {
            known
                .iter()
                .filter(|label| has(label))
                .cloned()
                .collect::<Vec<_>>()
        })
    });
    let add = move || {
        let name = typed.get_untracked().trim().to_owned();
        if name.is_empty() {
            return;
        }
        let there = known.with_untracked(|known| {
            known
                .iter()
                .find(|label| fold(&label.name) == fold(&name))
                .cloned()
        });
        editing.change(|draft, task| match there {
            Some(label) => draft.label(label.id, true, task),
            None => {
                let id = EntityId(time::new_id());
                draft.new_label(NewLabel { id, name }, task);
            }
        });
        typed.set(String::new());
    };
    let pressed = move |ev: KeyboardEvent| {
        if keyboard::is_enter(&ev) && !keyboard::is_modified(&ev) {
            ev.prevent_default();
            add();
        }
    };
    let changed = move |ev: Event| {
        let name = event_target_value(&ev);
        // A label that the person picks from the suggestions is added without Enter. The browser says the same once more
        // when the editor closes over the input, and then there is nothing left to ask.
        let is_known = known.try_with_untracked(|known| known.iter().any(|label| label.name == name));
        if is_known == Some(true) {
            typed.set(name);
            add();
        }
    };
    let chip = move |label: Named| {
        let id = label.id;
        let remove = move |_| editing.change(|draft, task| draft.label(id, false, task));
        view! {
            <li class="label label--chosen" data-colour=label.colour>
                {label.name.clone()}
                <button type="button" class="label__remove" aria-label=phrases::remove_label(&label.name) on:click=remove>
                    {Icon::Close.draw()}
                </button>
            </li>
        }
    };
    let chips = changing(move || chosen.get().into_iter().map(chip).collect_view());
    let options = changing(move || {
        let rest = known.with(|known| {
            let rest = known
                .iter()
                .filter(|label| chosen.with(|chosen| !chosen.contains(label)));
            rest.map(|label| label.name.clone()).collect::<Vec<_>>()
        });
        rest.into_iter()
            .map(|name| view! { <option value=name></option> })
            .collect_view()
    });
    view! {
        <div class="field">
            <label class="field__label" for=ids::EDITOR_LABELS>{phrases::labels()}</label>
            <ul class="labels" role="list" hidden=move || chosen.with(Vec::is_empty)>{chips}</ul>
            <input id=ids::EDITOR_LABELS class="input" type="text" list=ids::EDITOR_LABEL_NAMES autocomplete="off"
                placeholder=phrases::add_label() prop:value=typed on:input=move |ev| typed.set(event_target_value(&ev))
                on:change=changed on:keydown=pressed />
            <datalist id=ids::EDITOR_LABEL_NAMES>{options}</datalist>
        </div>
    }
}
