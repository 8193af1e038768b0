//! A button behind which there are more: they fold out under it, and away again when one has chosen or gone on.

use std::sync::Arc;

use leptos::ev::{FocusEvent, KeyboardEvent, MouseEvent};
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{HtmlElement, Node};

use crate::components::kit::changing::while_true;
use crate::components::kit::icon::Icon;

/// One thing to choose.
#[derive(Clone)]
pub struct Choice {
    pub name: String,
    pub icon: Option<Icon>,
    /// A colour to show before the name.
    pub colour: Option<&'static str>,
    /// A line above it.
    pub begins_group: bool,
    /// Not a `Callback`: choosing may take the menu off the screen, and what belongs to it.
    pub on_choose: Arc<dyn Fn() + Send + Sync>,
}

impl std::fmt::Debug for Choice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Choice")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl Choice {
    #[must_use]
    pub fn new(name: impl Into<String>, icon: Icon, on_choose: impl Fn() + Send + Sync + 'static) -> Self {
        Self {
            name: name.into(),
            icon: Some(icon),
            colour: None,
            begins_group: false,
            on_choose: Arc::new(on_choose),
        }
    }

    /// With a line above it.
    #[must_use]
    pub fn after_line(self) -> Self {
        Self {
            begins_group: true,
            ..self
        }
    }

    #[must_use]
    pub fn coloured(self, colour: Option<&'static str>) -> Self {
        Self {
            icon: None,
            colour,
            ..self
        }
    }
}

#[component]
pub fn Menu(
    /// What the button is called; shown only where `face` has no words.
    name: String,
    class: &'static str,
    /// What the button shows.
    face: AnyView,
    /// Made when it folds out, of what is there then.
    choices: Callback<(), Vec<Choice>>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let root = NodeRef::<html::Span>::new();
    let button = NodeRef::<html::Button>::new();
    let close = move || {
        open.try_set(false);
        if let Some(button) = button.try_get_untracked().flatten() {
            drop(button.focus());
        }
    };
    let left = move |ev: FocusEvent| {
        let next = ev
            .related_target()
            .and_then(|target| target.dyn_into::<Node>().ok());
        let within = root
            .try_get_untracked()
            .flatten()
            .is_some_and(|root| next.is_some_and(|next| root.contains(Some(&next))));
        if !within {
            open.try_set(false);
        }
    };
    let pressed = move |ev: KeyboardEvent| {
        let step: i32 = match ev.key().as_str() {
            "Escape" if open.get_untracked() => {
                close();
                0
            }
            "ArrowDown" if open.get_untracked() => 1,
            "ArrowUp" if open.get_untracked() => -1,
            _ => return,
        };
        ev.prevent_default();
        ev.stop_propagation();
        if let Some(root) = root.get_untracked().filter(|_| step != 0) {
            step_focus(&root, step);
        }
    };
    let folded_out = move || {
        let choice = move |choice: Choice| {
            let chosen = move |ev: MouseEvent| {
                ev.stop_propagation();
                close();
                (choice.on_choose)();
            };
            view! {
                <li class="menu__item" class:menu__item--group=choice.begins_group>
                    <button type="button" class="menu__choice" on:click=chosen>
                        {choice.icon.map(Icon::draw)}
                        {choice.colour.map(|colour| view! { <span class="swatch" data-colour=colour></span> })}
                        {choice.name}
                    </button>
                </li>
            }
        };
        // Outside world: the keyboard goes where the choice is.
        request_animation_frame(move || {
            if let Some(root) = root.try_get_untracked().flatten() {
                step_focus(&root, 1);
            }
        });
        view! { <ul class="menu__list" role="list">{choices.run(()).into_iter().map(choice).collect_view()}</ul> }
    };
    view! {
        <span class="menu" node_ref=root on:focusout=left on:keydown=pressed>
            <button type="button" class=class node_ref=button aria-label=name.clone() title=name
                aria-expanded=move || open.get().to_string() on:click=move |ev: MouseEvent| {
                    ev.stop_propagation();
                    open.update(|open| *open = !*open);
                }>
                {face}
            </button>
            {while_true(move || open.get(), folded_out)}
        </span>
    }
}

/// The focus goes to the next choice, or the one before; round at the ends.
fn step_focus(root: &HtmlElement, step: i32) {
    let Some(list) = root.last_element_child().map(|list| list.children()) else {
        return;
    };
    let choice = |nth: i32| {
        let item = u32::try_from(nth).ok().and_then(|nth| list.item(nth))?;
        item.first_element_child()?.dyn_into::<HtmlElement>().ok()
    };
    let active = document().active_element();
    let count = list.length() as i32;
    let is_active = |nth: &i32| {
        let active = active.as_ref();
        choice(*nth).is_some_and(|choice| active.is_some_and(|active| choice.is_same_node(Some(active))))
    };
    let next = match (0..count).find(is_active) {
        Some(here) => (here + step).rem_euclid(count.max(1)),
        None => 0,
    };
    if let Some(choice) = choice(next) {
        // What cannot take the focus leaves it where it was.
        drop(choice.focus());
    }
}
