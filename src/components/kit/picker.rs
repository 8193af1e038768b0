//! A dialog that finds one of many things by a few letters of its name: a list to move tasks to, or a label to give
//! them.

use leptos::prelude::*;
use tsugi_sync::home::Home;
use tsugi_sync::ids::EntityId;

use crate::components::ids;
use crate::components::kit::icon::Icon;
use crate::components::kit::modal::Modal;
use crate::components::kit::pick_list::{Pick, PickList};
use tsugi_screen::model::Sidebar;
use tsugi_words::phrases;

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
    let pick = Callback::new(move |value| {
        on_close.run(());
        on_pick.run(value);
    });
    let options = Signal::derive(move || options.clone());
    view! {
        <Modal class="dialog palette" labelled_by="picker-title" on_close>
            <h2 id="picker-title" class="picker__title">{title}</h2>
            <PickList id=ids::PICKER_OPTIONS name=title placeholder=phrases::pick_placeholder()
                typed=RwSignal::new(String::new()) options on_pick=pick />
        </Modal>
    }
}
