//! A button that opens a menu under itself. The menu closes when the person has chosen or moves on.

use std::sync::Arc;

use leptos::ev::{FocusEvent, KeyboardEvent, MouseEvent};
use leptos::html;
use leptos::prelude::*;
use tsugi_screen::shortcuts::Step;

use crate::browser::focus;
use crate::browser::frame::before_next_paint;
use crate::components::kit::changing::while_true;
use crate::components::kit::icon::Icon;

/// One item of the menu.
#[derive(Clone)]
pub struct Choice {
    pub name: String,
    pub icon: Icon,
    /// Whether there is a line above it.
    pub begins_group: bool,
    /// It is no `Callback`, because choosing may remove the menu from the screen, and a `Callback` would be dropped
    /// with it.
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
            icon,
            begins_group: false,
            on_choose: Arc::new(on_choose),
        }
    }

    /// The same item with a line above it.
    #[must_use]
    pub fn after_line(self) -> Self {
        Self {
            begins_group: true,
            ..self
        }
    }
}

#[component]
pub fn Menu(
    /// The name of the button. It is shown only if `face` has no words.
    name: String,
    class: &'static str,
    /// The content of the button.
    face: AnyView,
    /// Makes the items when the menu opens, from the state at that moment.
    choices: Callback<(), Vec<Choice>>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let root = NodeRef::<html::Span>::new();
    let button = NodeRef::<html::Button>::new();
    let close = move || {
        open.try_set(false);
        focus::focus_button(button);
    };
    let left = move |ev: FocusEvent| {
        if focus::leaves(&ev, root) {
            open.try_set(false);
        }
    };
    let pressed = move |ev: KeyboardEvent| {
        if !open.get_untracked() {
            return;
        }
        match ev.key().as_str() {
            "Escape" => close(),
            "ArrowDown" => focus::step_in_menu(root, Step::Next),
            "ArrowUp" => focus::step_in_menu(root, Step::Previous),
            _ => return,
        }
        ev.prevent_default();
        ev.stop_propagation();
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
                        {choice.icon.draw()}
                        {choice.name}
                    </button>
                </li>
            }
        };
        // Outside world: the keyboard focus goes to the first item.
        before_next_paint(move || focus::step_in_menu(root, Step::Next));
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
