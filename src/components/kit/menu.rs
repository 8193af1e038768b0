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
use crate::components::kit::unfolding::Unfolding;

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

/// A menu at a point of the window, such as where the person has pressed the right button.
#[component]
pub fn FloatingMenu(at: (i32, i32), choices: Vec<Choice>, on_close: Callback<()>) -> impl IntoView {
    let root = NodeRef::<html::Span>::new();
    focus::return_on_cleanup(&[]);
    let left = move |ev: FocusEvent| {
        if focus::leaves(&ev, root) {
            on_close.try_run(());
        }
    };
    let pressed = move |ev: KeyboardEvent| press(&ev, root, move || on_close.run(()));
    // Outside world: the keyboard focus goes to the first item.
    before_next_paint(move || focus::step_in_menu(root, Step::Next));
    let (left_edge, top) = (
        format!("min({}px, 100vw - 15rem)", at.0),
        format!("clamp(0.5rem, {}px, 100dvh - 33rem)", at.1),
    );
    view! {
        <span class="menu menu--floating" node_ref=root style:left=left_edge style:top=top on:focusout=left
            on:keydown=pressed>
            {choice_list(choices, on_close)}
        </span>
    }
}

/// Answers a key in an open menu.
fn press(ev: &KeyboardEvent, menu: NodeRef<html::Span>, close: impl FnOnce()) {
    match ev.key().as_str() {
        "Escape" => close(),
        "ArrowDown" => focus::step_in_menu(menu, Step::Next),
        "ArrowUp" => focus::step_in_menu(menu, Step::Previous),
        _ => return,
    }
    ev.prevent_default();
    ev.stop_propagation();
}

/// The items of a menu. `before` is called first when one is chosen.
fn choice_list(choices: Vec<Choice>, before: Callback<()>) -> AnyView {
    let item = move |choice: Choice| {
        let chosen = move |ev: MouseEvent| {
            ev.stop_propagation();
            before.run(());
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
    view! { <ul class="menu__list" role="list">{choices.into_iter().map(item).collect_view()}</ul> }
        .into_any()
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
    let unfolding = Unfolding::closed();
    let (open, root) = (unfolding.open, unfolding.root);
    let close = Callback::new(move |()| unfolding.close());
    let pressed = move |ev: KeyboardEvent| {
        if open.get_untracked() {
            press(&ev, root, move || unfolding.close());
        }
    };
    let folded_out = move || {
        // Outside world: the keyboard focus goes to the first item.
        before_next_paint(move || focus::step_in_menu(root, Step::Next));
        choice_list(choices.run(()), close)
    };
    view! {
        <span class="menu" node_ref=root on:focusout=move |ev| unfolding.left(&ev) on:keydown=pressed>
            <button type="button" class=class node_ref=unfolding.button aria-label=name.clone() title=name
                aria-expanded=move || open.get().to_string() on:click=move |ev: MouseEvent| {
                    ev.stop_propagation();
                    unfolding.toggle();
                }>
                {face}
            </button>
            {while_true(move || open.get(), folded_out)}
        </span>
    }
}
