//! A picker that finds one of many things by a few letters of its name: a list to move tasks to, or a label to give
//! them.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use tsugi_sync::home::Home;
use tsugi_sync::ids::EntityId;

use crate::browser::keyboard::is_composing;
use crate::components::ids;
use crate::components::kit::changing::changing;
use crate::components::kit::icon::Icon;
use crate::components::kit::modal::Modal;
use tsugi_screen::model::Sidebar;
use tsugi_screen::shortcuts::fitness;
use tsugi_words::phrases;

/// One of the things.
#[derive(Clone, Debug, PartialEq)]
pub struct Pick<T> {
    pub value: T,
    pub name: String,
    pub icon: Icon,
    pub colour: Option<&'static str>,
    /// Its level in the tree of things: 1 for a section inside a list.
    pub depth: u8,
    /// A note after its name, such as that the tasks already have this label.
    pub mark: Option<&'static str>,
}

/// Every place that a task can be in: the inbox, the lists, and their sections.
#[must_use]
pub fn homes(sidebar: &Sidebar) -> Vec<Pick<Home>> {
    let option = |home: Home, name: &str, icon, colour, depth| Pick {
        value: home,
        name: name.to_owned(),
        icon,
        colour,
        depth,
        mark: None,
    };
    let none = Home {
        list: None,
        section: None,
    };
    let mut all = vec![option(none, phrases::inbox(), Icon::Inbox, None, 0)];
    for list in sidebar.lists() {
        let home = Home {
            list: Some(list.id),
            section: None,
        };
        all.push(option(home, &list.name, Icon::List, list.colour, 0));
        all.extend(sidebar.sections_of(list.id).iter().map(|section| {
            let home = Home {
                section: Some(section.id),
                ..home
            };
            option(home, &section.name, Icon::SubTasks, None, 1)
        }));
    }
    all
}

/// All labels, with whether all of the tasks have it, or some, or none.
#[must_use]
pub fn labels(sidebar: &Sidebar, has: impl Fn(EntityId) -> Option<bool>) -> Vec<Pick<(EntityId, bool)>> {
    let option = |label: &tsugi_screen::model::Named| {
        let on = has(label.id);
        Pick {
            value: (label.id, on != Some(true)),
            name: label.name.clone(),
            icon: Icon::Label,
            colour: label.colour,
            depth: 0,
            mark: on.map(|all| match all {
                true => phrases::selected_mark(),
                false => phrases::some_mark(),
            }),
        }
    };
    sidebar.labels.iter().map(option).collect()
}

#[component]
pub fn Picker<T: Clone + PartialEq + Send + Sync + 'static>(
    title: &'static str,
    options: Vec<Pick<T>>,
    on_pick: Callback<T>,
    on_close: Callback<()>,
) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let at = RwSignal::new(0_usize);
    let shown = Memo::new(move |_| typed.with(|typed| fitting(typed, &options)));
    let pick = move |place: usize| {
        if let Some(option) = shown.with_untracked(|shown| shown.get(place).cloned()) {
            on_close.run(());
            on_pick.run(option.value);
        }
    };
    let pressed = move |ev: KeyboardEvent| {
        let last = shown.with_untracked(|shown| shown.len().saturating_sub(1));
        match ev.key().as_str() {
            _ if is_composing(&ev) => return,
            "ArrowDown" => at.update(|at| *at = if *at >= last { 0 } else { *at + 1 }),
            "ArrowUp" => at.update(|at| *at = at.checked_sub(1).unwrap_or(last)),
            "Enter" => pick(at.get_untracked()),
            _ => return,
        }
        ev.prevent_default();
    };
    let active = Signal::derive(move || format!("picker-{}", at.get()));
    let lines = changing(move || {
        let line = |(place, option): (usize, Pick<T>)| {
            let is_at = Signal::derive(move || at.get() == place);
            view! {
                <li id=format!("picker-{place}") class="palette__option" role="option"
                    style:--depth=option.depth.to_string() aria-selected=move || is_at.get().to_string()
                    on:click=move |_| pick(place)>
                    <span class="sidebar__icon" data-colour=option.colour>{option.icon.draw()}</span>
                    <span class="palette__name">{option.name}</span>
                    {option.mark.map(|mark| view! { <span class="palette__mark">{mark}</span> })}
                </li>
            }
        };
        shown.get().into_iter().enumerate().map(line).collect_view()
    });
    let none = changing(move || {
        let none = shown.with(Vec::is_empty);
        none.then(|| view! { <p class="palette__none">{phrases::nothing_by_that_name()}</p> })
    });
    let input = move |ev| {
        typed.set(event_target_value(&ev));
        at.set(0);
    };
    view! {
        <Modal class="dialog palette" labelled_by="picker-title" on_close>
            <h2 id="picker-title" class="picker__title">{title}</h2>
            <div class="palette__line">
                {Icon::Search.draw()}
                <input class="palette__input" type="text" role="combobox" autofocus autocomplete="off"
                    aria-label=title placeholder=phrases::pick_placeholder()
                    aria-expanded="true" aria-controls=ids::PICKER_OPTIONS aria-activedescendant=active
                    prop:value=typed on:input=input on:keydown=pressed />
            </div>
            <ul id=ids::PICKER_OPTIONS class="palette__options" role="listbox" aria-label=title>{lines}</ul>
            {none}
        </Modal>
    }
}

/// The options that match the typed text, the best first. Without text, all options in their order.
fn fitting<T: Clone>(typed: &str, options: &[Pick<T>]) -> Vec<Pick<T>> {
    if typed.trim().is_empty() {
        return options.to_vec();
    }
    let fit = |option: &Pick<T>| Some((fitness(typed, &option.name)?, option.clone()));
    let mut fitting: Vec<_> = options.iter().filter_map(fit).collect();
    fitting.sort_by_key(|(fitness, _)| std::cmp::Reverse(*fitness));
    fitting.into_iter().map(|(_, option)| option).collect()
}
