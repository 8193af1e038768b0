//! The conflicts beside the list: what is to decide, one card for each with both values, and what was decided before.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use tsugi_sync::ids::{EntityId, Timestamp};

use crate::browser::{focus, keyboard, names};
use crate::components::kit::changing::{Changing, changing, while_true};
use crate::components::kit::empty::Empty;
use crate::components::kit::icon::Icon;
use crate::components::kit::keyed::{Line, keyed};
use crate::components::kit::keys::Keys;
use crate::components::kit::tabs::{Tab, Tabs, panel};
use crate::components::merge::field::marked;
use crate::components::merge::history::{HistoryHandlers, HistoryList};
use tsugi_screen::conflicts::card::{ConflictCard, ConflictField, Version};
use tsugi_screen::conflicts::days;
use tsugi_screen::conflicts::filter::{Age, Filter, Group, groups, in_order, kind_in_words, offers};
use tsugi_screen::conflicts::history::HistoryEntry;
use tsugi_screen::conflicts::queue::Queue;
use tsugi_screen::conflicts::situation::situation;
use tsugi_screen::model::FieldKind;

use tsugi_screen::text::merge::shown;
use tsugi_words::phrases;

/// The first tab. The other one is the history.
pub const TO_DECIDE: usize = 0;

/// How many cards are drawn at first, and how many more each time that a person asks for more.
const DRAWN: usize = 50;

/// What the person can do in the panel.
#[derive(Clone, Copy, Debug)]
pub struct InboxHandlers {
    pub on_open: Callback<Queue>,
    /// Takes the side of one version at once.
    pub on_take: Callback<(EntityId, Version)>,
    /// Decides all of these at once, after a preview.
    pub on_all: Callback<Vec<EntityId>>,
    /// Goes to a tab.
    pub on_tab: Callback<usize>,
    /// Shows what was decided, or stops that.
    pub on_history: Callback<bool>,
    pub history: HistoryHandlers,
    pub on_close: Callback<()>,
}

#[component]
pub fn ConflictInbox(
    /// The tab that is shown: [`TO_DECIDE`], or the history.
    tab: Memo<usize>,
    conflicts: Signal<Vec<ConflictCard>>,
    history: Signal<Vec<HistoryEntry>>,
    since: Signal<Option<String>>,
    now: Signal<Timestamp>,
    zone: StoredValue<String>,
    handlers: InboxHandlers,
) -> impl IntoView {
    focus::return_on_cleanup(&[names::CONFLICTS_BUTTON, names::PAGE_HEADING]);
    focus::focus(names::INBOX_HEADING);
    Effect::new(move |_| handlers.on_history.run(tab.get() != TO_DECIDE));
    on_cleanup(move || handlers.on_history.run(false));
    let filter = RwSignal::new(Filter::default());
    let ids = move || shown_ids(conflicts, filter, now);
    let pressed = move |ev: KeyboardEvent| {
        if ev.key() == "Escape" {
            handlers.on_close.run(());
        } else {
            press(&ev, tab.get_untracked(), &ids, handlers);
        }
    };
    let to_decide = Tab {
        name: phrases::to_decide(),
        count: Signal::derive(move || conflicts.with(Vec::len)),
    };
    let content = changing(move || match tab.get() {
        TO_DECIDE => view! { <ToDecide conflicts filter now zone handlers /> }.into_any(),
        _ => view! { <HistoryList entries=history since handlers=handlers.history title=true /> }.into_any(),
    });
    view! {
        <section class="panel inbox" aria-labelledby=names::INBOX_HEADING on:keydown=pressed>
            <div class="panel__head">
                <h2 id=names::INBOX_HEADING class="panel__title" tabindex="-1">{phrases::conflicts()}</h2>
                <button type="button" class="icon-button" aria-label=phrases::close() on:click=move |_| handlers.on_close.run(())>
                    {Icon::Close.draw()}
                </button>
            </div>
            <Tabs id="inbox" name=phrases::conflicts() tabs=[to_decide, Tab::of(phrases::history())] at=tab.into() on_turn=handlers.on_tab />
            {panel("inbox", tab.into(), content)}
        </section>
    }
}

/// The conflicts that the filter leaves, in their order.
fn shown_ids(
    conflicts: Signal<Vec<ConflictCard>>,
    filter: RwSignal<Filter>,
    now: Signal<Timestamp>,
) -> Vec<EntityId> {
    conflicts
        .with_untracked(|cards| filter.with_untracked(|filter| in_order(cards, filter, now.get_untracked())))
}

/// Answers a key in the panel.
fn press(ev: &KeyboardEvent, tab: usize, ids: &dyn Fn() -> Vec<EntityId>, handlers: InboxHandlers) {
    if ev.repeat() && matches!(ev.key().as_str(), "1" | "2")
        || keyboard::is_modified(ev)
        || keyboard::is_composing(ev)
        || keyboard::is_in_field(ev)
    {
        return;
    }
    match (keyboard::latin(ev).as_str(), focus::card_in_focus()) {
        ("j" | "arrowdown", id) => focus::step_in_cards(id, 1),
        ("k" | "arrowup", id) => focus::step_in_cards(id, -1),
        _ if tab != TO_DECIDE => return,
        ("1", Some(id)) => take(id, Version::First, handlers),
        ("2", Some(id)) => take(id, Version::Second, handlers),
        ("a", _) if ids().len() > 1 => handlers.on_all.run(ids()),
        _ => return,
    }
    ev.prevent_default();
}

/// What is to decide: the filters, and a card for each conflict.
#[component]
fn ToDecide(
    conflicts: Signal<Vec<ConflictCard>>,
    filter: RwSignal<Filter>,
    now: Signal<Timestamp>,
    zone: StoredValue<String>,
    handlers: InboxHandlers,
) -> impl IntoView {
    let drawn = RwSignal::new(DRAWN);
    // The clock goes on all the time, so only the groups that it makes are looked at.
    let all =
        Memo::new(move |_| conflicts.with(|cards| filter.with(|filter| groups(cards, filter, now.get()))));
    let ids = move || shown_ids(conflicts, filter, now);
    let none = move || conflicts.with(Vec::is_empty);
    let empty = while_true(
        none,
        || view! { <Empty title=phrases::no_conflicts() hint=phrases::no_conflicts_hint() /> },
    );
    let count =
        Memo::new(move |_| all.with(|groups| groups.iter().map(|group| group.ids.len()).sum::<usize>()));
    let open = move |id: EntityId| handlers.on_open.run(Queue::new(ids(), id));
    let first = move || ids().first().copied();
    let bar = move || {
        let some = move || match (count.get(), conflicts.with(Vec::len)) {
            (some, all) if some < all => phrases::some_shown(some, all),
            _ => phrases::newest_first().to_owned(),
        };
        let many = while_true(
            move || count.get() > 1,
            move || {
                view! {
                    <button type="button" class="button button--small" on:click=move |_| handlers.on_all.run(ids())>
                        {phrases::all_like_this()}
                    </button>
                }
            },
        );
        view! {
            <p class="hint inbox__hint">{phrases::conflicts_hint()}</p>
            <Filters conflicts filter />
            <div class="inbox__bar">
                <span>{some}</span>
                {many}
                <button type="button" class="button button--small button--primary"
                    on:click=move |_| { if let Some(id) = first() { open(id) } }>
                    {phrases::decide_one_by_one()}
                </button>
            </div>
        }
    };
    let lines = Memo::new(move |_| all.with(|groups| lines(groups, drawn.get())));
    let draw = move |line: Line| match line {
        Line::Head(list) => group_head(all, list),
        Line::Item(id) => view! { <Card id conflicts zone on_open=Callback::new(open) /> }.into_any(),
    };
    let more = more(count, drawn);
    let no_match = while_true(
        move || count.get() == 0 && !none(),
        || view! { <p class="hint">{phrases::no_match()}</p> },
    );
    view! {
        <div class="inbox__all">
            {empty}
            {while_true(move || !none(), bar)}
            {no_match}
            <ul class="inbox__list" role="list" aria-label=phrases::open_conflicts()>
                {keyed(lines.into(), draw)}
            </ul>
            {more}
            {while_true(move || !none(), foot)}
        </div>
    }
}

/// The button for more cards, while there are more.
fn more(count: Memo<usize>, drawn: RwSignal<usize>) -> Changing {
    while_true(
        move || count.get() > drawn.get(),
        move || {
            view! {
                <button type="button" class="button" on:click=move |_| drawn.update(|drawn| *drawn += DRAWN)>
                    {phrases::show_more_cards()}
                </button>
            }
        },
    )
}

/// Takes a side of the conflict in focus, and goes to the next card.
fn take(id: EntityId, version: Version, handlers: InboxHandlers) {
    focus::leave_card(id);
    handlers.on_take.run((id, version));
}

/// The first `room` cards, each group after its head. A single group needs none.
fn lines(groups: &[Group], room: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut room = room;
    for group in groups {
        let cards = group.ids.iter().take(room).map(|id| Line::Item(*id));
        if groups.len() > 1 && room > 0 {
            lines.push(Line::Head(group.list.as_ref().map(|list| list.id)));
        }
        lines.extend(cards);
        room = room.saturating_sub(group.ids.len());
    }
    lines
}

fn group_head(groups: Memo<Vec<Group>>, list: Option<EntityId>) -> AnyView {
    let head = Memo::new(move |_| {
        groups.with(|groups| {
            let group = groups
                .iter()
                .find(|group| group.list.as_ref().map(|list| list.id) == list)?;
            Some((
                group.name.clone(),
                group.list.as_ref().and_then(|list| list.colour),
                group.ids.len(),
            ))
        })
    });
    let drawn = changing(move || {
        head.get().map(|(name, colour, count)| {
            view! { <span class="dot" data-colour=colour></span>{name}" "<span class="inbox__count">{count}</span> }
        })
    });
    view! { <li class="inbox__group">{drawn}</li> }.into_any()
}

fn foot() -> impl IntoView {
    view! {
        <p class="inbox__keys" aria-hidden="true">
            <Keys keys=&["J", "K"] />{phrases::key_move()}<Keys keys=&["↵"] />{phrases::key_open()}
            <Keys keys=&["1", "2"] />{phrases::key_side()}<Keys keys=&["A"] />{phrases::key_all()}
        </p>
    }
}

/// One filter for each thing by which people look for conflicts, if there is more than one of it.
#[component]
fn Filters(conflicts: Signal<Vec<ConflictCard>>, filter: RwSignal<Filter>) -> impl IntoView {
    let names = Memo::new(move |_| conflicts.with(|cards| offers(cards)));
    let select = move |nth: usize,
                       label: &'static str,
                       get: fn(&Filter) -> Option<String>,
                       set: fn(&mut Filter, Option<String>)| {
        let offers = move || {
            let options = names.with(|names| names[nth].clone());
            options
                .into_iter()
                .map(|name| view! { <option value=name.clone()>{name.clone()}</option> })
                .collect_view()
        };
        let chosen = move |ev| {
            let name = event_target_value(&ev);
            filter.update(|filter| set(filter, (!name.is_empty()).then_some(name)));
        };
        let value = move || filter.with(get).unwrap_or_default();
        // As long as it is set, it can be taken back.
        let needed =
            move || names.with(|names| names[nth].len() > 1) || filter.with(|filter| get(filter).is_some());
        while_true(needed, move || {
            view! {
                <select class="filter" aria-label=label prop:value=value on:change=chosen>
                    <option value="">{label}</option>
                    {changing(offers)}
                </select>
            }
        })
    };
    let aged = move |ev| {
        let name = event_target_value(&ev);
        let age = Age::ALL.into_iter().find(|age| age.name() == name);
        filter.update(|filter| filter.age = age);
    };
    let ages = Age::ALL.map(|age| view! { <option value=age.name()>{age.name()}</option> });
    view! {
        <div class="inbox__filters">
            {select(0, phrases::filter_list(), |filter| filter.list.clone(), |filter, name| filter.list = name)}
            {select(1, phrases::filter_device(), |filter| filter.device.clone(), |filter, name| filter.device = name)}
            {select(2, phrases::filter_kind(), |filter| filter.kind.clone(), |filter, name| filter.kind = name)}
            <select class="filter" aria-label=phrases::filter_age() on:change=aged>
                <option value="">{phrases::filter_age()}</option>
                {ages}
            </select>
        </div>
    }
}

#[component]
fn Card(
    id: EntityId,
    conflicts: Signal<Vec<ConflictCard>>,
    zone: StoredValue<String>,
    on_open: Callback<EntityId>,
) -> impl IntoView {
    let card = Memo::new(move |_| conflicts.with(|cards| cards.iter().find(|card| card.id == id).cloned()));
    let drawn = changing(move || {
        let card = card.get()?;
        let zone = zone.get_value();
        let content = match situation(&card, &zone) {
            Some(situation) => view! { <span class="inbox__sentence">{situation.headline}</span> }.into_any(),
            None => sides(&card, &zone),
        };
        Some(view! {
            <span class="inbox__title" dir="auto">{card.title.clone()}</span>" "
            <span class="inbox__kind">{kind_in_words(&card)}</span>" "
            <span class="inbox__when">{phrases::moment(card.opened)}</span>
            {content}
        })
    });
    view! {
        <li class="inbox__item">
            <button type="button" class="inbox__card" data-conflict=id.to_string() on:click=move |_| on_open.run(id)>
                {drawn}
            </button>
        </li>
    }
}

/// Both values of the first field that differs.
fn sides(card: &ConflictCard, zone: &str) -> AnyView {
    let Some(field) = card.asked().next() else {
        return ().into_any();
    };
    let side = |version: Version, class: &'static str| {
        let text = field.version(version).unwrap_or_default();
        let hint = match (version, field.kind) {
            (Version::Second, FieldKind::When) => days::apart(&field.first, &field.second),
            _ => None,
        };
        let hint = hint.map(|hint| view! { <span class="side__hint">{hint}</span> });
        let name = card.name_of(version).to_owned();
        let icon = match version {
            Version::First => Icon::Device,
            Version::Second | Version::Now | Version::Before => Icon::Phone,
        };
        view! {
            <span class=class>
                <span class="versus__value" dir="auto">{value(field, text, zone)}</span>{hint}" "
                <span class="versus__who">{icon.draw()}{name}</span>
            </span>
        }
    };
    view! {
        <span class="versus">
            {side(Version::First, "versus__side versus__side--first")}
            <span class="versus__arrow" aria-hidden="true">"↔"</span>
            {side(Version::Second, "versus__side versus__side--second")}
        </span>
    }
    .into_any()
}

/// A value on a card. Of notes it shows the lines around the first difference.
fn value(field: &ConflictField, text: &str, zone: &str) -> AnyView {
    match field.kind {
        FieldKind::Text if !text.is_empty() => marked(&field.before, text),
        FieldKind::Multiline if !text.is_empty() => {
            let shown = around_difference(&field.before, text);
            match field.before.starts_with(text) {
                // Lines were taken away, and nothing is new.
                true => shown.into_any(),
                false => marked(&around_difference(text, &field.before), &shown),
            }
        }
        FieldKind::Text
        | FieldKind::Multiline
        | FieldKind::When
        | FieldKind::Priority
        | FieldKind::Place
        | FieldKind::Labels
        | FieldKind::Recurrence
        | FieldKind::Completed
        | FieldKind::Deleted
        | FieldKind::Raw => shown(text, field, zone).into_any(),
    }
}

/// Two lines of a text from the first one on that is not in the other.
fn around_difference(other: &str, text: &str) -> String {
    let mut lines = text
        .lines()
        .zip(other.lines().map(Some).chain(std::iter::repeat(None)));
    // If only the end of the other is not here, the last line is beside the difference.
    let last = text.lines().count().saturating_sub(1);
    let from = lines
        .position(|(line, there)| there != Some(line))
        .unwrap_or(last);
    text.lines().skip(from).take(2).collect::<Vec<_>>().join("\n")
}
