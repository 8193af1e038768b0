//! What was decided before: what was kept, what was not, who decided, and a way to take it back.

use leptos::prelude::*;
use tsugi_sync::ids::EntityId;

use crate::components::kit::changing::{changing, while_true};
use crate::components::kit::empty::Empty;
use crate::components::kit::icon::Icon;
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
            entries
                .iter()
                .filter(is_shown)
                .take(drawn)
                .cloned()
                .collect::<Vec<_>>()
        })
    });
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
            let alone = entries.iter().filter(|entry| entry.decider == Decider::Rule);
            (entries.len(), alone.count())
        };
        let (all, alone) = entries.with(alone);
        phrases::merges_counted(all, alone)
    };
    let foot = move || {
        view! {
            <p class="inbox__keys">
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
        {while_true(move || title && !none(), chips)}
        <ul class="inbox__list" role="list" aria-label=phrases::history()>
            {changing(move || left.get().into_iter().map(|entry| view! { <Entry entry handlers title /> }).collect_view())}
        </ul>
        {more}
        {while_true(move || title && !none(), foot)}
        </div>
    }
}

#[component]
fn Entry(entry: HistoryEntry, handlers: HistoryHandlers, title: bool) -> impl IntoView {
    let id = entry.id;
    let asks = RwSignal::new(false);
    let lines = entry
        .lines
        .into_iter()
        .map(|line| draw_line(line, handlers))
        .collect_view();
    let undo_name = format!("{}: {}", phrases::undo(), entry.title);
    let undo = move |overwrites: bool| {
        let name = undo_name.clone();
        let press = move |_| match overwrites {
            true => asks.set(true),
            false => handlers.on_undo.run((id, false)),
        };
        view! {
            <button type="button" class="button button--small" aria-label=name on:click=press>{phrases::undo()}</button>
        }
    };
    let (button, overwritten) = match entry.undo {
        Undo::ByTaking => (None, Vec::new()),
        Undo::Possible => (Some(undo(false).into_any()), Vec::new()),
        Undo::Overwrites(overwritten) => (Some(undo(true).into_any()), overwritten),
        Undo::TooLate => (Some(reason(phrases::undone_too_late())), Vec::new()),
        Undo::Never => (Some(reason(phrases::undone_never())), Vec::new()),
    };
    let guard = move || {
        let says = overwritten
            .iter()
            .map(|(now, then)| view! { <p>{phrases::edited_since(now, then)}</p> });
        view! {
            <div class="history__guard" role="alert">
                {says.collect_view()}
                <button type="button" class="button button--small button--danger"
                    on:click=move |_| handlers.on_undo.run((id, true))>{phrases::undo_anyway()}</button>
                <button type="button" class="button button--small" on:click=move |_| asks.set(false)>
                    {phrases::leave_it()}
                </button>
            </div>
        }
    };
    let icon = match entry.decider {
        Decider::Person => Icon::Person,
        Decider::Rule => Icon::Split,
    };
    let head = title.then(|| view! { <span class="inbox__title" dir="auto">{entry.title}</span>" " });
    view! {
        <li class="history__entry">
            <p class="history__head">{head}<span class="inbox__when">{entry.when}</span></p>
            {lines}
            <p class="history__foot">{icon.draw()}<span>{entry.who}</span>{button}</p>
            {while_true(move || asks.get(), guard)}
        </li>
    }
}

fn reason(why: &'static str) -> AnyView {
    view! { <span class="history__late">{why}</span> }.into_any()
}

/// "Priority 2 was kept, not Priority 3", with the rule, and a button that takes the other.
fn draw_line(line: HistoryLine, handlers: HistoryHandlers) -> AnyView {
    let first = |text: &str| text.lines().next().unwrap_or_default().to_owned();
    let says = match (line.kept.is_empty(), line.dropped.as_slice()) {
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
