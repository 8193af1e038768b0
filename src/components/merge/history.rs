//! What was decided before: what was kept, what was not, who decided, and a way to take it back.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use tsugi_sync::ids::EntityId;

use crate::browser::{focus, keyboard};
use crate::components::kit::changing::{changing, while_true};
use crate::components::kit::empty::Empty;
use crate::components::kit::icon::Icon;
use crate::components::kit::keyed::{Line, keyed};
use crate::components::kit::keys::Keys;
use tsugi_screen::conflicts::card::joined;
use tsugi_screen::conflicts::history::{Decider, HistoryEntry, HistoryLine, Undo};
use tsugi_screen::intent::Resolution;
use tsugi_words::phrases;

/// How many entries are drawn at first, and how many more each time that a person asks for more.
const DRAWN: usize = 50;

/// What the person can do with what was decided.
#[derive(Clone, Copy, Debug)]
pub struct HistoryHandlers {
    /// Takes a decision back; with true, also where somebody has edited the task since.
    pub on_undo: Callback<(EntityId, bool)>,
    /// Takes the value that was not kept.
    pub on_take: Callback<Resolution>,
    /// Saves the whole history into a file.
    pub on_save: Callback<()>,
}

#[component]
pub fn HistoryList(
    entries: Signal<Vec<HistoryEntry>>,
    /// What others did while the person was away, in words.
    since: Signal<Option<String>>,
    handlers: HistoryHandlers,
    /// Whether the entries are of several tasks, so that each says its task, and can be filtered.
    title: bool,
) -> impl IntoView {
    let shown = RwSignal::new(None::<Decider>);
    let drawn = RwSignal::new(DRAWN);
    let left = Memo::new(move |_| {
        let (shown, drawn) = (shown.get(), drawn.get());
        let is_shown = |entry: &&HistoryEntry| shown.is_none_or(|shown| shown == entry.decider);
        entries.with(|entries| {
            let shown = entries.iter().filter(is_shown).take(drawn);
            shown.map(|entry| Line::Item(entry.id)).collect::<Vec<_>>()
        })
    });
    let draw = move |line: Line| match line {
        Line::Head(_) => ().into_any(),
        Line::Item(id) => view! { <Entry id entries handlers title /> }.into_any(),
    };

    let none = move || entries.with(Vec::is_empty);
    let chip = move |of: Option<Decider>, name: &'static str| {
        let pressed = move || (shown.get() == of).to_string();
        view! {
            <button type="button" class="chip" aria-pressed=pressed on:click=move |_| shown.set(of)>{name}</button>
        }
    };
    let chips = move || {
        view! {
            <div class="inbox__filters">
                {chip(None, phrases::history_all())}
                {chip(Some(Decider::Person), phrases::history_people())}
                {chip(Some(Decider::Rule), phrases::history_rules())}
            </div>
        }
    };
    let count = move || {
        let alone = |entries: &Vec<HistoryEntry>| {
            let by = |wanted: Decider| entries.iter().filter(|entry| entry.decider == wanted).count();
            let alone = by(Decider::Rule);
            (alone + by(Decider::Person), alone)
        };
        let (all, alone) = entries.with(alone);
        phrases::merges_counted(all, alone)
    };
    let foot = move || {
        view! {
            <p class="inbox__keys">
                <span aria-hidden="true">
                    <Keys keys=&["J", "K"] />{phrases::key_move()}<Keys keys=&["U"] />{phrases::key_undo()}
                </span>
                <span>{count}</span>
                <button type="button" class="link-button" on:click=move |_| handlers.on_save.run(())>{phrases::save_history()}</button>
            </p>
        }
    };
    let more = while_true(
        move || entries.with(Vec::len) > drawn.get(),
        move || {
            view! {
                <button type="button" class="button" on:click=move |_| drawn.update(|drawn| *drawn += DRAWN)>
                    {phrases::show_more_cards()}
                </button>
            }
        },
    );
    view! {
        <div class="inbox__all">
        {while_true(none, || view! { <Empty title=phrases::no_history() hint=phrases::no_history_hint() /> })}
        {changing(move || since.get().filter(|_| title).map(|since| view! { <p class="history__since">{since}</p> }))}
        {while_true(move || title && !none(), chips)}
        <ul class="inbox__list" role="list" aria-label=phrases::history()>
            {keyed(left.into(), draw)}
        </ul>
        {more}
        {while_true(move || title && !none(), foot)}
        </div>
    }
}

/// One entry. It stays the same element while it changes, so that the focus stays in it.
#[component]
fn Entry(
    id: EntityId,
    entries: Signal<Vec<HistoryEntry>>,
    handlers: HistoryHandlers,
    title: bool,
) -> impl IntoView {
    let entry = Memo::new(move |_| entries.with(|all| all.iter().find(|entry| entry.id == id).cloned()));
    let asks = RwSignal::new(false);
    // Once it is taken back, the entry is gone: the focus goes on to the one beside it.
    let undo = move |anyway: bool| {
        focus::leave_card(id);
        handlers.on_undo.run((id, anyway));
    };
    let press = move || match entry.with_untracked(|entry| entry.as_ref().map(|entry| entry.undo.clone())) {
        Some(Undo::Possible) => undo(false),
        Some(Undo::Overwrites(_)) => asks.set(true),
        Some(Undo::ByTaking | Undo::TooLate | Undo::Never) | None => {}
    };
    let is_edit =
        move || entry.with(|entry| entry.as_ref().is_some_and(|entry| entry.decider == Decider::Edit));
    let pressed = move |ev: KeyboardEvent| {
        if keyboard::latin(&ev) == "u" && !keyboard::is_modified(&ev) && !ev.repeat() {
            ev.prevent_default();
            press();
        }
    };
    let drawn = changing(move || {
        Some(draw_entry(
            entry.get()?,
            handlers,
            title,
            Callback::new(move |()| press()),
        ))
    });
    let guard = changing(move || {
        let Undo::Overwrites(overwritten) = entry.with(|entry| Some(entry.as_ref()?.undo.clone()))? else {
            return None;
        };
        let says = overwritten
            .iter()
            .map(|(now, then)| view! { <p>{phrases::edited_since(now, then)}</p> });
        asks.get().then(|| {
            view! {
                <div class="history__guard" role="alert">
                    {says.collect_view()}
                    <button type="button" class="button button--small button--danger" on:click=move |_| undo(true)>
                        {phrases::undo_anyway()}
                    </button>
                    <button type="button" class="button button--small" on:click=move |_| asks.set(false)>
                        {phrases::leave_it()}
                    </button>
                </div>
            }
        })
    });
    view! {
        <li>
            <div class="history__entry" class:history__entry--edit=is_edit data-conflict=id.to_string() tabindex="-1" on:keydown=pressed>{drawn}{guard}</div>
        </li>
    }
}

fn draw_entry(entry: HistoryEntry, handlers: HistoryHandlers, title: bool, on_undo: Callback<()>) -> AnyView {
    let lines = entry
        .lines
        .into_iter()
        .map(|line| draw_line(line, handlers))
        .collect_view();
    let undo_name = format!("{}: {}", phrases::undo(), entry.title);
    let button = match entry.undo {
        Undo::ByTaking => None,
        Undo::Possible | Undo::Overwrites(_) => Some(
            view! {
                <button type="button" class="button button--small" aria-label=undo_name on:click=move |_| on_undo.run(())>
                    {phrases::undo()}
                </button>
            }
            .into_any(),
        ),
        Undo::TooLate => Some(reason(phrases::undone_too_late())),
        Undo::Never => Some(reason(phrases::undone_never())),
    };
    let icon = match entry.decider {
        Decider::Person => Icon::Person,
        Decider::Rule => Icon::Split,
        Decider::Edit => Icon::Pencil,
    };
    let head = title.then(|| view! { <span class="inbox__title" dir="auto">{entry.title}</span>" " });
    view! {
        <p class="history__head">{head}<span class="inbox__when">{entry.when}</span></p>
        {lines}
        <p class="history__foot">{icon.draw()}<span>{entry.who}</span>{button}</p>
    }
    .into_any()
}

fn reason(why: &'static str) -> AnyView {
    view! { <span class="history__late">{why}</span> }.into_any()
}

/// "Priority 2 was kept, not Priority 3", with the rule, and a button that takes the other.
fn draw_line(line: HistoryLine, handlers: HistoryHandlers) -> AnyView {
    let first = |text: &str| text.lines().next().unwrap_or_default().to_owned();
    let says = match (line.kept.is_empty(), line.dropped.as_slice()) {
        _ if line.said.is_some() => line.said.unwrap_or_default(),
        (true, _) => phrases::both_were_kept().to_owned(),
        (false, []) => phrases::was_kept(&first(&line.kept)),
        (false, dropped) => {
            let dropped = joined(dropped.iter().map(|value| first(value)));
            phrases::was_kept_not(&first(&line.kept), &dropped)
        }
    };
    let rule = line
        .rule
        .map(|rule| view! { <span class="history__rule">{rule}</span> });
    let take = line.take.map(|(name, resolution)| {
        let press = move |_| handlers.on_take.run(resolution.clone());
        view! { <button type="button" class="button button--small" on:click=press>{name}</button> }
    });
    view! {
        <p class="history__line">
            <span class="inbox__kind">{line.label}</span>" "<span dir="auto">{says}</span>" "{rule}{take}
        </p>
    }
    .into_any()
}
