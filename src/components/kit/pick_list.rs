//! A list that finds one of many things by a few letters of its name, such as a list to move tasks to.

use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use tsugi_screen::shortcuts::fitness;
use tsugi_words::fold::fold;
use tsugi_words::phrases;

use crate::browser::keyboard::is_composing;
use crate::components::kit::changing::changing;
use crate::components::kit::icon::Icon;

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

#[component]
pub fn PickList<T: Clone + PartialEq + Send + Sync + 'static>(
    /// The id of the list, and the beginning of its lines' ids.
    id: &'static str,
    /// The name of the input and of the list.
    name: &'static str,
    placeholder: &'static str,
    /// What the person types.
    typed: RwSignal<String>,
    options: Signal<Vec<Pick<T>>>,
    on_pick: Callback<T>,
    /// Makes a new thing of the typed name. If it is given, a name that no option has is offered last.
    #[prop(optional)]
    on_new: Option<Callback<String>>,
) -> impl IntoView {
    let at = RwSignal::new(0_usize);
    let shown = Memo::new(move |_| typed.with(|typed| options.with(|options| fitting(typed, options))));
    let fresh = Memo::new(move |_| {
        on_new?;
        let name = typed.with(|typed| typed.trim().to_owned());
        let is_known = options.with(|options| options.iter().any(|option| fold(&option.name) == fold(&name)));
        (!name.is_empty() && !is_known).then_some(name)
    });
    let pick = move |place: usize| match shown.with_untracked(|shown| shown.get(place).cloned()) {
        Some(option) => on_pick.run(option.value),
        None => {
            if let (Some(on_new), Some(name)) = (on_new, fresh.get_untracked()) {
                on_new.run(name);
            }
        }
    };
    let pressed = move |ev: KeyboardEvent| {
        let lines = shown.with_untracked(Vec::len) + usize::from(fresh.with_untracked(Option::is_some));
        let last = lines.saturating_sub(1);
        match ev.key().as_str() {
            _ if is_composing(&ev) => return,
            "ArrowDown" => at.update(|at| *at = if *at >= last { 0 } else { *at + 1 }),
            "ArrowUp" => at.update(|at| *at = at.checked_sub(1).unwrap_or(last)),
            "Enter" => pick(at.get_untracked()),
            _ => return,
        }
        ev.prevent_default();
        ev.stop_propagation();
    };
    let active = Signal::derive(move || format!("{id}-{}", at.get()));
    let lines = changing(move || {
        let line = |place: usize, icon: Icon, colour, depth: u8, name: String, mark: Option<&'static str>| {
            let is_at = move || (at.get() == place).to_string();
            view! {
                <li id=format!("{id}-{place}") class="palette__option" role="option" style:--depth=depth.to_string()
                    aria-selected=is_at on:mousedown=|ev: MouseEvent| ev.prevent_default() on:click=move |_| pick(place)>
                    <span class="sidebar__icon" data-colour=colour>{icon.draw()}</span>
                    <span class="palette__name">{name}</span>
                    {mark.map(|mark| view! { <span class="palette__mark">{mark}</span> })}
                </li>
            }
        };
        let shown = shown.get();
        let fresh = fresh.get().map(|name| {
            let name = phrases::new_name(&name);
            line(shown.len(), Icon::Plus, None, 0, name, None)
        });
        let known = shown.into_iter().enumerate().map(|(place, option)| {
            line(
                place,
                option.icon,
                option.colour,
                option.depth,
                option.name,
                option.mark,
            )
        });
        known.chain(fresh).collect_view()
    });
    let none = changing(move || {
        let none = shown.with(Vec::is_empty) && fresh.with(Option::is_none);
        none.then(|| view! { <p class="palette__none">{phrases::nothing_by_that_name()}</p> })
    });
    let input = move |ev| {
        typed.set(event_target_value(&ev));
        at.set(0);
    };
    view! {
        <div class="palette__line">
            {Icon::Search.draw()}
            <input class="palette__input" type="text" role="combobox" autofocus autocomplete="off" aria-label=name
                placeholder=placeholder aria-expanded="true" aria-controls=id aria-activedescendant=active
                prop:value=typed on:input=input on:keydown=pressed />
        </div>
        <ul id=id class="palette__options" role="listbox" aria-label=name>{lines}</ul>
        {none}
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
