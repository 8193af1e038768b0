//! One of the two pretend devices: its tasks, what it asks, its controls, and how far it is.

use leptos::prelude::*;
use tsugi_lab::card::{Card, Online};
use tsugi_lab::deed::Deed;
use tsugi_lab::device::{Controls, Who};
use tsugi_lab::lab::Act;
use tsugi_lab::question::{Choice, Question};

use crate::browser::focus;
use crate::components::kit::changing::changing;
use crate::components::kit::icon::Icon;
use crate::components::lab::controls::LabControls;
use crate::components::lab::rows::LabRows;
use tsugi_screen::text::lab;
use tsugi_words::phrases;

#[component]
pub fn LabDevice(
    who: Who,
    card: Signal<Card>,
    controls: Signal<Controls>,
    arriving: Signal<usize>,
    on_act: Callback<Act>,
) -> impl IntoView {
    let on_do = Callback::new(move |deed| on_act.run(Act::Do(deed)));
    let questions = Memo::new(move |_| card.with(|card| card.questions.clone()));
    let state = Memo::new(move |_| card.with(|card| (card.online, !card.questions.is_empty())));
    let state = changing(move || {
        let (icon, words) = match state.get() {
            (Online::Offline, _) => (Icon::CloudOff, phrases::offline()),
            (Online::Connecting, _) => (Icon::Sync, phrases::lab_connecting()),
            (Online::Online, true) => (Icon::Split, phrases::lab_asks()),
            (Online::Online, false) => (Icon::CloudCheck, phrases::lab_online()),
        };
        view! { {icon.draw()} {words} }
    });
    let knows = move || phrases::lab_knows(&card.with(|card| card.version).to_string());
    let under_way = move || match arriving.get() {
        0 => phrases::lab_waits(card.with(|card| card.waiting)),
        some => phrases::lab_arriving(some),
    };
    let (class, icon) = match who {
        Who::Laptop => ("lab-device", Icon::Device),
        Who::Phone => ("lab-device lab-device--phone", Icon::Phone),
    };
    view! {
        <section class=class aria-labelledby=heading(who)>
            <div class="lab-device__screen">
                <div class="lab-device__head">
                    {icon.draw()}
                    <h2 id=heading(who) tabindex="-1">{lab::name(who)}</h2>
                    <span class="lab-device__state">{state}</span>
                </div>
                {changing(move || questions.get().into_iter().map(|question| view! { <LabQuestion who card question on_do /> }).collect_view())}
                <LabRows who card on_do />
            </div>
            <LabControls who controls on_act />
            <p class="lab-device__knows">{Icon::History.draw()} <b>{knows}</b> <span>{under_way}</span></p>
        </section>
    }
}

fn heading(who: Who) -> &'static str {
    match who {
        Who::Laptop => "lab-laptop",
        Who::Phone => "lab-phone",
    }
}

/// The element with the choices of a device.
#[must_use]
pub fn choices(who: Who) -> &'static str {
    match who {
        Who::Laptop => "lab-choices-laptop",
        Who::Phone => "lab-choices-phone",
    }
}

/// A question about one task, with its answers.
#[component]
fn LabQuestion(who: Who, card: Signal<Card>, question: Question, on_do: Callback<Deed>) -> impl IntoView {
    let title = untrack(|| {
        card.with(|card| {
            let row = card.rows.iter().find(|row| row.id == question.task);
            row.map(|row| row.title.clone()).unwrap_or_default()
        })
    });
    let ask = phrases::lab_which_one(&title);
    let name = ask.clone();
    let conflict = question.conflict;
    let button = move |(nth, choice): (usize, Choice)| {
        let (says, from) = lab::choice(&choice);
        let pick = choice.pick;
        let decide = move |_| {
            on_do.run(Deed::Decide(conflict, pick));
            focus::keep_focus(heading(who).to_owned(), heading(who));
        };
        view! {
            <button type="button" id=(nth == 0).then(|| choices(who)) class="button button--small lab-choice" on:click=decide>
                <span class="lab-choice__says">{says}</span>
                <span class="lab-choice__from">{from}</span>
            </button>
        }
    };
    view! {
        <div class="lab-question" role="group" aria-label=name>
            <p>{Icon::Split.draw()} <span>{ask}</span></p>
            {question.choices.into_iter().enumerate().map(button).collect_view()}
        </div>
    }
}
