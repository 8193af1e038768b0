//! Lines that stay the same elements while they change or move, so that the focus stays in them.

use std::sync::Arc;

use leptos::prelude::*;
use tsugi_sync::ids::EntityId;

/// What one line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Line {
    /// The head of a group; none is that of the group without a name.
    Head(Option<EntityId>),
    Item(EntityId),
}

/// Draws the lines. One type for all of them, because Leptos generates the code for moving them once for every type.
#[must_use]
pub fn keyed(lines: Signal<Vec<Line>>, draw: impl Fn(Line) -> AnyView + Send + Sync + 'static) -> AnyView {
    drawn(lines, Arc::new(draw))
}

fn drawn(lines: Signal<Vec<Line>>, draw: Arc<dyn Fn(Line) -> AnyView + Send + Sync>) -> AnyView {
    view! { <For each=move || lines.get() key=|line| *line children=move |line| draw(line) /> }.into_any()
}
