//! The dialog that decides one conflict: field by field, or with the two buttons of a real situation.

use leptos::ev::{FocusEvent, KeyboardEvent};
use leptos::prelude::*;
use tsugi_sync::entity::Field;

use crate::browser::{element, focus, keyboard, names};
use crate::components::kit::changing::{Changing, while_true};
use crate::components::kit::icon::Icon;
use crate::components::kit::keys::Keys;
use crate::components::kit::modal::Modal;
use crate::components::merge::field::{Deciding, MergeContext, MergeField, question_id, result_id};
use crate::components::merge::situation::SituationView;
use tsugi_screen::conflicts::card::{ConflictCard, ConflictField, Merged, Version, joined};
use tsugi_screen::conflicts::choice::{Choosing, Pick};
use tsugi_screen::conflicts::places::Take;
use tsugi_screen::conflicts::situation::situation;
use tsugi_words::phrases;

const RETURN_TO: &[&str] = &[names::INBOX_HEADING, names::CONFLICTS_BUTTON, names::PAGE_HEADING];

/// What becomes of the dialog once the decision is saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    Close,
    /// The next conflict comes.
    Next,
}

/// What the person can do in the dialog.
#[derive(Clone, Copy, Debug)]
pub struct MergeHandlers {
    pub on_save: Callback<(Vec<(Field, String)>, Then)>,
    pub on_later: Callback<()>,
    /// Goes to the conflict after this one (1), or before it (−1).
    pub on_turn: Callback<isize>,
}

#[component]
pub fn MergeDialog(
    /// The conflict as it was when the dialog opened.
    opened: ConflictCard,
    /// The conflict as it is now: somebody may change the task meanwhile.
    latest: Signal<ConflictCard>,
    /// Which of the conflicts that are decided in a row this is, counted from 1, and how many there are.
    place: (usize, usize),
    context: MergeContext,
    /// The reason why the decision was not saved.
    problem: Signal<Option<String>>,
    handlers: MergeHandlers,
) -> impl IntoView {
    let (nth, count) = place;
    let turn = move |by: isize, name: &'static str, class: &'static str| {
        view! {
            <button type="button" class=class aria-label=name on:click=move |_| handlers.on_turn.run(by)>
                {Icon::Chevron.draw()}
            </button>
        }
    };
    let turns = (count > 1).then(|| {
        view! {
            <span class="merge__turns">
                {turn(-1, phrases::previous_conflict(), "icon-button calendar__turn")}
                <span>{phrases::nth_of(nth, count)}</span>
                {turn(1, phrases::next_conflict(), "icon-button calendar__turn calendar__turn--next")}
            </span>
        }
    });
    let place = opened.list.as_ref().map(|list| {
        view! { <span class="merge__list">{Icon::List.draw()}{list.name.clone()}</span> }
    });
    let is_situation = context.zone.with_value(|zone| situation(&opened, zone)).is_some();
    let keys = (!is_situation).then(|| {
        view! {
            <span class="merge__keys" aria-hidden="true">
                <Keys keys=&["B"] />{phrases::key_both()}<Keys keys=&["1", "2"] />{phrases::key_side()}
                <Keys keys=&["0"] />{phrases::key_before()}<Keys keys=&["E"] />{phrases::key_edit()}
            </span>
        }
    });
    let content = match context.zone.with_value(|zone| situation(&opened, zone)) {
        Some(situation) => {
            view! { <SituationView situation card=opened latest zone=context.zone problem handlers count /> }
                .into_any()
        }
        None => view! { <Fields opened latest context problem handlers count /> }.into_any(),
    };
    view! {
        <Modal class="dialog dialog--merge" labelled_by="merge-title" on_close=handlers.on_later return_to=RETURN_TO>
            <div class="merge__top">
                <h2 id="merge-title" class="merge__kind">{phrases::resolve()}</h2>
                {place}{keys}{turns}
            </div>
            {content}
        </Modal>
    }
}

/// The fields, each with its versions and its result.
#[component]
fn Fields(
    opened: ConflictCard,
    latest: Signal<ConflictCard>,
    context: MergeContext,
    problem: Signal<Option<String>>,
    handlers: MergeHandlers,
    count: usize,
) -> impl IntoView {
    let deciding = StoredValue::new(deciding(&opened, latest));
    let (at, tried) = (RwSignal::new(0_usize), RwSignal::new(false));
    let undecided = Memo::new(move |_| deciding.with_value(|fields| undecided(fields)));
    let save = move |then: Then| {
        tried.set(true);
        let zone = context.zone.get_value();
        let results = deciding.with_value(|fields| results(fields, &zone));
        match results {
            Some(results) => handlers.on_save.run((results, then)),
            None => show_undecided(deciding, &zone),
        }
    };
    let pressed = move |ev: KeyboardEvent| {
        if keyboard::is_composing(&ev) {
            return;
        }
        if keyboard::is_modified(&ev) {
            if keyboard::is_enter(&ev) {
                ev.prevent_default();
                save(if count > 1 { Then::Next } else { Then::Close });
            }
            return;
        }
        if keyboard::is_in_field(&ev) {
            return;
        }
        // A key that is held down does not answer the next conflict unseen.
        if ev.repeat() {
            return;
        }
        let did = match keyboard::latin(&ev).as_str() {
            "1" => choose(deciding, at, Take::Version(Version::First)),
            "2" => choose(deciding, at, Take::Version(Version::Second)),
            "3" => choose(deciding, at, Take::Version(Version::Now)),
            "0" => choose(deciding, at, Take::Version(Version::Before)),
            "b" => choose(deciding, at, Take::Both),
            "e" => {
                let field = deciding.with_value(|fields| question(fields, at.get_untracked()));
                focus::focus_within(&result_id(field.map_or(0, |(nth, _)| nth)));
                true
            }
            "[" if count > 1 => turn(handlers, -1),
            "]" if count > 1 => turn(handlers, 1),
            _ => false,
        };
        if did {
            ev.prevent_default();
        }
    };
    // The question that the keys answer is the one with the focus.
    let focused = move |ev: FocusEvent| {
        if let Some(nth) = element::number_of(&ev, "data-question") {
            at.set(nth);
        }
    };
    let card = StoredValue::new(opened);
    let mut first_question = 0;
    let fields = deciding.with_value(|all| {
        let draw = |(nth, deciding): (usize, &Deciding)| {
            let first = first_question;
            first_question += deciding.questions;
            view! { <MergeField nth card deciding=*deciding first_question=first at context tried /> }
        };
        all.iter().enumerate().map(draw).collect_view()
    });
    // A problem from before the first attempt to save is about something else.
    let problem = move || problem.get().filter(|_| tried.get());
    let foot = foot(undecided, count, Callback::new(save), handlers.on_later);
    view! {
        <div class="merge__all" on:keydown=pressed on:focusin=focused>
            {card.with_value(|opened| head(opened, latest))}
            <div class="dialog__body">{fields}{card.with_value(merged)}</div>
            <p class="problem merge__problem" role="alert">{problem}</p>
            {foot}
        </div>
    }
}

/// What the conflict is about, and whether the task has changed since the dialog opened.
fn head(opened: &ConflictCard, latest: Signal<ConflictCard>) -> AnyView {
    let names = |field: &&ConflictField| matches!(field.field, Field::Title | Field::Name);
    let title = match opened.asked().next().filter(names) {
        Some(field) => phrases::this_or_that(&field.first, &field.second),
        None => opened.title.clone(),
    };
    let says = phrases::both_changed(
        opened.name_of(Version::First),
        opened.name_of(Version::Second),
        &opened.fields_in_words(),
    );
    let stale = stale(opened, latest);
    view! {
        <div class="dialog__head">
            <p class="dialog__title" tabindex="-1" autofocus>{title}</p>
            <p class="hint">{says}</p>
            {stale}
        </div>
    }
    .into_any()
}

/// What rules decided about the same task, folded.
fn merged(opened: &ConflictCard) -> Option<AnyView> {
    let count = opened.merged.len();
    let line = |merged: &Merged| {
        let kept = match merged.kept.lines().next() {
            Some(kept) => phrases::was_kept(kept),
            None => phrases::both_were_kept().to_owned(),
        };
        let rule = merged
            .rule
            .map(|rule| view! { " "<span class="history__rule">{rule}</span> });
        view! {
            <li><span class="inbox__kind">{merged.label.clone()}</span>" "<span dir="auto">{kept}</span>{rule}</li>
        }
    };
    (count > 0).then(|| {
        view! {
            <details class="merge__merged">
                <summary>{phrases::merged_themselves(count)}</summary>
                <ul role="list">{opened.merged.iter().map(line).collect_view()}</ul>
            </details>
        }
        .into_any()
    })
}

/// Says when the task has changed since the dialog opened.
pub fn stale(opened: &ConflictCard, latest: Signal<ConflictCard>) -> Changing {
    let opened = opened.clone();
    while_true(
        move || latest.with(|latest| *latest != opened),
        || view! { <p class="merge__stale" role="status">{Icon::Sync.draw()}{phrases::changed_again()}</p> },
    )
}

/// What is left to decide, and the buttons.
fn foot(undecided: Memo<Vec<String>>, count: usize, save: Callback<Then>, on_later: Callback<()>) -> AnyView {
    let left = move || match undecided.get().as_slice() {
        [] => String::new(),
        some => phrases::left_to_decide(some.len(), &joined(some.iter().cloned())),
    };
    let unready = move || (!undecided.with(Vec::is_empty)).then_some("true");
    let next = (count > 1).then(|| {
        view! {
            <button type="button" class="button button--primary" aria-disabled=unready on:click=move |_| save.run(Then::Next)>
                {phrases::save_and_next()}" "<Keys keys=&["Ctrl", "↵"] />
            </button>
        }
    });
    let save_class = match count > 1 {
        true => "button",
        false => "button button--primary",
    };
    view! {
        <div class="dialog__buttons merge__foot">
            <span class="merge__left" role="status">{left}</span>
            <button type="button" class="button button--quiet" on:click=move |_| on_later.run(())>
                {phrases::decide_later()}
            </button>
            <button type="button" class=save_class aria-disabled=unready on:click=move |_| save.run(Then::Close)>
                {phrases::save_result()}
            </button>
            {next}
        </div>
    }
    .into_any()
}

/// The fields to decide, with nothing chosen.
fn deciding(opened: &ConflictCard, latest: Signal<ConflictCard>) -> Vec<Deciding> {
    let of = |field: &ConflictField| {
        let opened = Choosing::of(field.clone());
        let questions = opened.places.as_ref().map_or(1, |places| places.asked.max(1));
        let choosing = Memo::new(move |_| {
            let now = latest.with(|card| card.field(&opened.field.field).cloned());
            now.map_or_else(|| opened.clone(), Choosing::of)
        });
        Deciding {
            choosing,
            pick: RwSignal::new(Pick::Nothing),
            questions,
        }
    };
    opened.asked().map(of).collect()
}

/// The names of the fields that are not decided yet.
fn undecided(fields: &[Deciding]) -> Vec<String> {
    let open = |deciding: &&Deciding| {
        deciding
            .choosing
            .with(|choosing| !deciding.pick.with(|pick| choosing.is_decided(pick)))
    };
    let name = |deciding: &Deciding| deciding.choosing.with(|choosing| choosing.field.label.clone());
    fields.iter().filter(open).map(name).collect()
}

/// The results of all fields; none if one is not decided or cannot be saved.
fn results(fields: &[Deciding], zone: &str) -> Option<Vec<(Field, String)>> {
    let result = |deciding: &Deciding| {
        deciding.choosing.with_untracked(|choosing| {
            deciding.pick.with_untracked(|pick| {
                let is_sound = choosing.problem(pick, zone).is_none();
                let result = choosing.result(pick, zone).filter(|_| is_sound)?;
                Some((choosing.field.field.clone(), result))
            })
        })
    };
    fields.iter().map(result).collect()
}

/// Moves the focus to the first question that is not decided, or to the first result that cannot be saved.
fn show_undecided(fields: StoredValue<Vec<Deciding>>, zone: &str) {
    fields.with_value(|fields| {
        let count: usize = fields.iter().map(|deciding| deciding.questions).sum();
        let is_open =
            |at: &usize| question(fields, *at).is_some_and(|(nth, place)| fields[nth].is_open(place));
        let is_wrong = |deciding: &Deciding| results(std::slice::from_ref(deciding), zone).is_none();
        match (0..count).find(is_open) {
            Some(open) => focus::focus_now(&question_id(open)),
            None => focus::focus_within(&result_id(fields.iter().position(is_wrong).unwrap_or_default())),
        }
    });
}

/// The field of a question, and which of its places it is about.
fn question(fields: &[Deciding], at: usize) -> Option<(usize, usize)> {
    let mut first = 0;
    for (nth, deciding) in fields.iter().enumerate() {
        if at < first + deciding.questions {
            return Some((nth, at - first));
        }
        first += deciding.questions;
    }
    None
}

/// Answers the question that has the turn, and goes to the next. Returns whether there was something to choose.
fn choose(fields: StoredValue<Vec<Deciding>>, at: RwSignal<usize>, take: Take) -> bool {
    let now = at.get_untracked();
    let next = fields.with_value(|fields| {
        let (nth, place) = question(fields, now)?;
        fields[nth].take(place, take).then(|| {
            let open =
                |at: &usize| question(fields, *at).is_some_and(|(nth, place)| fields[nth].is_open(place));
            let count: usize = fields.iter().map(|deciding| deciding.questions).sum();
            (now + 1..count).chain(0..now).find(open)
        })
    });
    if let Some(Some(next)) = next {
        at.set(next);
        focus::focus_now(&question_id(next));
    }
    next.is_some()
}

fn turn(handlers: MergeHandlers, by: isize) -> bool {
    handlers.on_turn.run(by);
    true
}

/// A message that takes the place of the dialog, when somebody else has settled the conflict.
#[component]
pub fn Settled(on_close: Callback<()>) -> impl IntoView {
    view! {
        <Modal class="dialog dialog--small" labelled_by="settled-title" on_close=on_close return_to=RETURN_TO>
            <h2 id="settled-title" class="dialog__title" tabindex="-1" autofocus>{phrases::settled_title()}</h2>
            <p class="dialog__text">{phrases::settled_elsewhere()}</p>
            <div class="dialog__buttons">
                <button type="button" class="button button--primary" on:click=move |_| on_close.run(())>
                    {phrases::close()}
                </button>
            </div>
        </Modal>
    }
}
