//! The dialog that decides many conflicts by one rule. It lists what will happen to each before it happens.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use std::collections::BTreeSet;
use tsugi_sync::ids::EntityId;

use crate::browser::{keyboard, names};
use crate::components::kit::changing::changing;
use crate::components::kit::icon::Icon;
use crate::components::kit::keys::Keys;
use crate::components::kit::modal::Modal;
use tsugi_screen::conflicts::batch::{Line, Preview, Rule, preview, rules};
use tsugi_screen::conflicts::card::ConflictCard;
use tsugi_screen::intent::Resolution;
use tsugi_words::phrases;

/// The id of the heading over what will happen.
const PREVIEW: &str = "batch-preview";

#[component]
pub fn DecideAll(
    /// The conflicts as they were when the dialog opened.
    opened: Vec<ConflictCard>,
    /// All conflicts as they are now.
    now: Signal<Vec<ConflictCard>>,
    zone: String,
    on_apply: Callback<Vec<Resolution>>,
    on_close: Callback<()>,
) -> impl IntoView {
    let rule = RwSignal::new(None::<Rule>);
    let left_out = RwSignal::new(BTreeSet::<EntityId>::new());
    let count = opened.len();
    let offers = rules(&opened, &zone);
    let seen = Memo::new(move |_| match rule.get() {
        Some(rule) => now.with(|now| preview(&opened, now, &rule, &zone)),
        None => Preview::default(),
    });
    let applied = Memo::new(move |_| {
        let is_taken = |line: &&Line| left_out.with(|left_out| !left_out.contains(&line.id));
        seen.with(|seen| {
            seen.lines
                .iter()
                .filter(is_taken)
                .map(|line| line.resolution.clone())
                .collect::<Vec<_>>()
        })
    });
    let apply = move || {
        let all = applied.get_untracked();
        if !all.is_empty() {
            on_apply.run(all);
        }
    };
    let pressed = move |ev: KeyboardEvent| {
        if keyboard::is_modified(&ev) && keyboard::is_enter(&ev) {
            ev.prevent_default();
            apply();
        }
    };
    let offer = |offer: Rule| {
        let (name, chosen) = (offer.name(), offer.clone());
        let checked = move || rule.with(|rule| rule.as_ref() == Some(&chosen));
        view! {
            <label class="batch__rule">
                <input type="radio" class="side__radio" name="decide-all" prop:checked=checked on:change=move |_| rule.set(Some(offer.clone())) />
                <span>{name}</span>
            </label>
        }
    };
    let offers = offers.into_iter().map(offer).collect_view();
    let lines = changing(move || {
        seen.with(|seen| {
            let lines = seen.lines.iter().map(|line| draw_line(line, left_out)).collect_view();
            let left = seen.left_out.iter().map(|left| {
                view! { <li class="batch__left">{Icon::Alert.draw()}<b>{left.title.clone()}</b>" "{phrases::left_out(left.why)}</li> }
            });
            view! { {lines}{left.collect_view()} }
        })
    });
    let some = move || applied.with(Vec::len);
    let says = move || match (rule.with(Option::is_some), some()) {
        (false, _) => phrases::apply_to_none().to_owned(),
        (true, some) => phrases::some_shown(some, count),
    };
    let unready = move || (some() == 0).then_some("true");
    view! {
        <Modal class="dialog dialog--batch" labelled_by="batch-title" on_close return_to=&[names::INBOX_HEADING]>
            <div class="merge__all" on:keydown=pressed>
                <div class="dialog__head">
                    <h2 id="batch-title" class="dialog__title" tabindex="-1" autofocus>{phrases::decide_at_once(count)}</h2>
                    <p class="hint">{phrases::not_taken_stays()}</p>
                </div>
                <div class="dialog__body batch">
                    <fieldset class="batch__rules"><legend class="merge__legend">{phrases::take()}</legend>{offers}</fieldset>
                    <section class="batch__preview" aria-labelledby=PREVIEW>
                        <h3 id=PREVIEW class="merge__legend">{phrases::what_will_happen()}" "<span class="hint" role="status">{says}</span></h3>
                        <ul class="batch__list" role="list">{lines}</ul>
                    </section>
                </div>
                <div class="dialog__buttons merge__foot">
                    <span class="merge__left">{phrases::one_undo()}</span>
                    <button type="button" class="button button--quiet" on:click=move |_| on_close.run(())>{phrases::cancel()}</button>
                    <button type="button" class="button button--primary" aria-disabled=unready on:click=move |_| apply()>
                        {move || phrases::apply_to(some())}" "<Keys keys=&["Ctrl", "↵"] />
                    </button>
                </div>
            </div>
        </Modal>
    }
}

fn draw_line(line: &Line, left_out: RwSignal<BTreeSet<EntityId>>) -> AnyView {
    let id = line.id;
    let taken = move || left_out.with(|left_out| !left_out.contains(&id));
    let toggle = move |_| {
        left_out.update(|left_out| {
            if !left_out.remove(&id) {
                left_out.insert(id);
            }
        });
    };
    let of = line
        .of
        .clone()
        .map(|of| view! { <span class="batch__of">{of}</span> });
    view! {
        <li class="batch__line">
            <label>
                <input type="checkbox" class="check check--square" prop:checked=taken on:change=toggle />
                <span class="batch__title" dir="auto">{line.title.clone()}</span>" "
                <span class="batch__effect">{line.effect.clone()}</span>" "{of}
            </label>
        </li>
    }
    .into_any()
}
