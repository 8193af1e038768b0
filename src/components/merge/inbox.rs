//! The list of conflicts: each open conflict, to be settled now or later.

use leptos::prelude::*;
use tsugi_sync::ids::{EntityId, Timestamp};

use crate::browser::{focus, names};
use crate::components::kit::changing::while_true;
use crate::components::kit::empty::Empty;
use crate::components::kit::icon::Icon;
use tsugi_screen::model::ConflictCard;
use tsugi_screen::text::merge::sentence;
use tsugi_words::phrases;

#[component]
pub fn ConflictInbox(
    conflicts: Signal<Vec<ConflictCard>>,
    now: Signal<Timestamp>,
    on_open: Callback<EntityId>,
    on_close: Callback<()>,
) -> impl IntoView {
    focus::return_on_cleanup(&[names::CONFLICTS_BUTTON, names::PAGE_HEADING]);
    focus::focus(names::INBOX_HEADING);
    let none = move || conflicts.with(Vec::is_empty);
    let escape = move |ev: leptos::ev::KeyboardEvent| {
        if ev.key() == "Escape" {
            on_close.run(());
        }
    };
    let empty = while_true(
        none,
        || view! { <Empty title=phrases::no_conflicts() hint=phrases::no_conflicts_hint() /> },
    );
    view! {
        <section class="panel inbox" aria-labelledby=names::INBOX_HEADING on:keydown=escape>
            <div class="panel__head">
                <h2 id=names::INBOX_HEADING class="panel__title" tabindex="-1">{phrases::conflicts()}</h2>
                <button type="button" class="icon-button" aria-label=phrases::close() on:click=move |_| on_close.run(())>
                    {Icon::Close.draw()}
                </button>
            </div>
            {empty}
            <ul class="inbox__list" role="list" aria-label=phrases::open_conflicts()>
                <For each=move || conflicts.get() key=key_of let:card>
                    <InboxItem card now on_open />
                </For>
            </ul>
        </section>
    }
}

/// The key of an item. An item is drawn again when one of these parts changes.
fn key_of(card: &ConflictCard) -> (EntityId, String, usize) {
    (card.id, card.task_title.clone(), card.fields.len())
}

#[component]
fn InboxItem(card: ConflictCard, now: Signal<Timestamp>, on_open: Callback<EntityId>) -> impl IntoView {
    let (id, opened) = (card.id, card.opened);
    let fields = card
        .fields
        .iter()
        .map(|field| field.label.clone())
        .collect::<Vec<_>>()
        .join(" · ");
    let sentence =
        sentence(&card).map(|sentence| view! { <span class="inbox__sentence">{sentence}</span> " " });
    let when = Signal::derive(move || phrases::ago(now.get().since(opened)));
    view! {
        <li class="inbox__item">
            <button type="button" class="inbox__button" on:click=move |_| on_open.run(id)>
                <span class="inbox__title">{card.task_title}</span>
                " "
                {sentence}
                <span class="inbox__fields">{fields}</span>
                " "
                <span class="inbox__when">{when}</span>
            </button>
        </li>
    }
}
