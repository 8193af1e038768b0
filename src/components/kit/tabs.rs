//! Two or more views of one thing, one of which is shown. The arrow keys go from tab to tab, as the ARIA Authoring Practices
//! Guide describes the pattern "Tabs" with automatic activation.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use crate::browser::focus;
use crate::components::kit::changing::changing;

/// One tab.
#[derive(Clone, Copy, Debug)]
pub struct Tab {
    pub name: &'static str,
    /// A number after the name; nothing if it is 0.
    pub count: Signal<usize>,
}

impl Tab {
    /// A tab without a number.
    #[must_use]
    pub fn of(name: &'static str) -> Self {
        let count = Signal::stored(0);
        Self { name, count }
    }
}

/// The row of tabs. What it shows is drawn by the caller, in a [`panel`] with the same `id`.
#[component]
pub fn Tabs<const COUNT: usize>(
    id: &'static str,
    /// What these are views of.
    name: &'static str,
    tabs: [Tab; COUNT],
    /// The one that is shown, counted from 0.
    at: Signal<usize>,
    on_turn: Callback<usize>,
) -> impl IntoView {
    let pressed = move |ev: KeyboardEvent| {
        let now = at.get_untracked();
        let next = match ev.key().as_str() {
            "ArrowRight" => (now + 1) % COUNT,
            "ArrowLeft" => (now + COUNT - 1) % COUNT,
            "Home" => 0,
            "End" => COUNT - 1,
            _ => return,
        };
        ev.prevent_default();
        on_turn.run(next);
        focus::focus_now(&tab_id(id, next));
    };
    let draw = |(nth, Tab { name, count }): (usize, Tab)| {
        let is_shown = move || at.get() == nth;
        let number = changing(move || {
            let count = count.get();
            (count > 0).then(|| view! { " "<span class="tabs__count">{count}</span> })
        });
        view! {
            <button type="button" role="tab" class="tabs__tab" id=tab_id(id, nth) aria-controls=panel_id(id)
                aria-selected=move || is_shown().to_string() tabindex=move || if is_shown() { "0" } else { "-1" }
                on:click=move |_| on_turn.run(nth)>
                {name}{number}
            </button>
        }
    };
    view! {
        <div class="tabs" role="tablist" aria-label=name on:keydown=pressed>
            {tabs.into_iter().enumerate().map(draw).collect_view()}
        </div>
    }
}

/// What the chosen tab shows.
#[must_use]
pub fn panel(id: &'static str, at: Signal<usize>, content: impl IntoView + 'static) -> AnyView {
    view! {
        <div role="tabpanel" class="tabs__panel" id=panel_id(id) aria-labelledby=move || tab_id(id, at.get())>
            {content}
        </div>
    }
    .into_any()
}

fn tab_id(id: &str, nth: usize) -> String {
    format!("{id}-tab-{nth}")
}

fn panel_id(id: &str) -> String {
    format!("{id}-panel")
}
