//! How syncing really goes: a card for each thing that was measured, with a small drawing, and what waits.

use leptos::prelude::*;
use tsugi_screen::truth::chart::{Chart, HEIGHT, Ink, WIDTH};
use tsugi_screen::truth::{Fact, Row, Truth, Waiting};
use tsugi_words::phrases;

use crate::components::kit::changing::{Changing, changing};

/// All cards, drawn again when something was measured. `on_decide` opens the questions that wait for the person.
pub fn truth(truth: Signal<Truth>, on_decide: Callback<()>) -> Changing {
    changing(move || {
        let Truth {
            facts,
            waiting,
            waits,
        } = truth.get();
        (!facts.is_empty()).then(|| {
            view! {
                <div class="truth">
                    {facts.into_iter().map(card).collect_view()}
                    {what_waits(waiting, waits, on_decide)}
                </div>
            }
        })
    })
}

fn card(fact: Fact) -> AnyView {
    let Fact {
        title,
        value,
        says,
        chart,
        rows,
    } = fact;
    let name = format!("{title}: {value}. {says}");
    view! {
        <section class="truth__card">
            <h2 class="truth__title">{title}</h2>
            <p class="truth__value">{value}</p>
            <p class="truth__says">{says}</p>
            {chart.map(|chart| draw(chart, name))}
            {(!rows.is_empty()).then(|| view! { <dl class="truth__rows">{rows.into_iter().map(row).collect_view()}</dl> })}
        </section>
    }
    .into_any()
}

/// A drawing. Its name is the sentence that it draws.
fn draw(Chart { paths, ends }: Chart, name: String) -> AnyView {
    let path = |(ink, path): (Ink, String)| {
        let class = match ink {
            Ink::Main => "chart__main",
            Ink::Faint => "chart__faint",
            Ink::Other => "chart__other",
            Ink::Line => "chart__line",
        };
        view! { <path class=class d=path vector-effect="non-scaling-stroke" /> }
    };
    let ends = ends.map(|(left, right)| {
        view! { <p class="chart__ends" aria-hidden="true"><span>{left}</span><span>{right}</span></p> }
    });
    view! {
        <svg class="chart" role="img" aria-label=name viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none">
            {paths.into_iter().map(path).collect_view()}
        </svg>
        {ends}
    }
    .into_any()
}

fn row(Row { name, value, part }: Row) -> AnyView {
    let bar = part.map(|part| {
        view! {
            <svg class="truth__bar" aria-hidden="true" viewBox="0 0 100 4" preserveAspectRatio="none">
                <path class="chart__main" d=format!("M0 0h{part}v4h-{part}z") />
            </svg>
        }
    });
    view! { <div class="truth__row"><dt>{name}</dt><dd>{bar}<span>{value}</span></dd></div> }.into_any()
}

fn what_waits(waiting: Vec<Waiting>, waits: usize, on_decide: Callback<()>) -> AnyView {
    let line = move |waiting: Waiting| {
        let decide = waiting.is_question.then(|| {
            view! {
                <button type="button" class="button button--small" on:click=move |_| on_decide.run(())>{phrases::decide()}</button>
            }
        });
        view! {
            <li class="truth__line">
                <span><b dir="auto">{waiting.title}</b>" · "{waiting.fields}" — "{waiting.why}</span>
                <span class="truth__since">{decide}{waiting.since}</span>
            </li>
        }
    };
    view! {
        <section class="truth__card truth__card--wide">
            <h2 class="truth__title">{phrases::truth_waiting()}</h2>
            <p class="truth__says">{phrases::truth_waits(waits)}</p>
            <ul class="truth__lines" role="list">{waiting.into_iter().map(line).collect_view()}</ul>
        </section>
    }
    .into_any()
}
