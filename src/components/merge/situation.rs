//! A real situation: what happened in two sentences, and two buttons that each say what they do.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use crate::browser::keyboard;
use crate::components::kit::icon::Icon;
use crate::components::kit::keys::Keys;
use crate::components::merge::dialog::{MergeHandlers, Then, stale};
use crate::components::merge::field::beginning;
use tsugi_screen::conflicts::card::{ConflictCard, Version};
use tsugi_screen::conflicts::situation::{self, Answer, Deed, Situation};
use tsugi_words::phrases;

#[component]
pub fn SituationView(
    situation: Situation,
    card: ConflictCard,
    /// The conflict as it is now: what somebody has written meanwhile is not overwritten.
    latest: Signal<ConflictCard>,
    zone: StoredValue<String>,
    problem: Signal<Option<String>>,
    handlers: MergeHandlers,
    count: usize,
) -> impl IntoView {
    let then = if count > 1 { Then::Next } else { Then::Close };
    let tried = RwSignal::new(false);
    let give = move |nth: usize| {
        tried.set(true);
        let now = zone.with_value(|zone| latest.with_untracked(|card| situation::situation(card, zone)));
        if let Some(now) = now {
            handlers.on_save.run((now.answers[nth].results.clone(), then));
        }
    };
    let pressed = move |ev: KeyboardEvent| {
        let nth = match ev.key().as_str() {
            "1" => 0,
            "2" => 1,
            "[" if count > 1 => return handlers.on_turn.run(-1),
            "]" if count > 1 => return handlers.on_turn.run(1),
            _ => return,
        };
        if !keyboard::is_modified(&ev) && !keyboard::is_composing(&ev) && !ev.repeat() {
            ev.prevent_default();
            give(nth);
        }
    };
    let side = |version: Version, deed: Deed, class: &'static str| {
        let did = match card.when_of(version) {
            Some(when) => phrases::who_and_when(deed.name(), when),
            None => deed.name().to_owned(),
        };
        view! {
            <div class=class>
                <span class="knot__deed" aria-hidden="true">{icon(deed).draw()}</span>
                <span class="knot__who">{card.name_of(version).to_owned()}</span>
                <span class="knot__did">{did}</span>
            </div>
        }
    };
    let sides = [
        side(Version::First, situation.deeds[0], "knot__side knot__side--first"),
        side(
            Version::Second,
            situation.deeds[1],
            "knot__side knot__side--second",
        ),
    ];
    let quote = situation.quote.iter().map(|(label, value)| {
        let (label, value) = (label.clone(), beginning(value));
        view! { <div class="situation__row"><dt>{label}</dt><dd dir="auto">{value}</dd></div> }
    });
    let quote = (!situation.quote.is_empty())
        .then(|| view! { <dl class="situation__quote">{quote.collect_view()}</dl> });
    let is_unknown = situation.deeds == [Deed::Changed; 2];
    let raw = is_unknown.then(|| {
        let values = situation
            .answers
            .iter()
            .map(|answer| view! { <code>{answer.effect.clone()}</code> });
        view! { <p class="situation__raw">{values.collect_view()}</p> }
    });
    let button = move |(nth, answer): (usize, &Answer)| {
        let key: &'static [&'static str] = if nth == 0 { &["1"] } else { &["2"] };
        view! {
            <button type="button" class="situation__answer" class:situation__answer--deletes=answer.deletes
                on:click=move |_| give(nth)>
                <span class="situation__label">{answer.label.clone()}</span>
                " "<span class="situation__effect">{answer.effect.clone()}</span>
                <Keys keys=key />
            </button>
        }
    };
    let buttons = situation.answers.iter().enumerate().map(button).collect_view();
    let problem = move || problem.get().filter(|_| tried.get());
    view! {
        <div class="situation" on:keydown=pressed>
            <div class="knot">{sides.into_iter().collect_view()}</div>
            <p class="dialog__title situation__headline" tabindex="-1" autofocus>{situation.headline}</p>
            <p class="hint">{situation.hint}</p>
            {stale(&card, latest)}
            {quote}{raw}
            <div class="situation__answers">{buttons}</div>
            <p class="problem" role="alert">{problem}</p>
            <div class="dialog__buttons merge__foot">
                <span class="merge__left">{situation.kind}</span>
                <button type="button" class="button button--quiet" on:click=move |_| handlers.on_later.run(())>
                    {phrases::decide_later()}
                </button>
            </div>
        </div>
    }
}

fn icon(deed: Deed) -> Icon {
    match deed {
        Deed::Changed => Icon::Pencil,
        Deed::Deleted => Icon::Trash,
        Deed::Done => Icon::Check,
    }
}
