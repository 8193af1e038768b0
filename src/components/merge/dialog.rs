//! The merge dialog: for each field it shows base, mine and theirs, and a result that the person chooses or types.

use leptos::prelude::*;
use tsugi_sync::entity::Field;

use crate::browser::names;
use crate::components::kit::modal::Modal;
use crate::components::merge::field::{MergeContext, MergeField};
use tsugi_screen::model::ConflictCard;
use tsugi_screen::text::merge::{Pick, Side, sentence};
use tsugi_words::phrases;

const RETURN_TO: &[&str] = &[names::INBOX_HEADING, names::CONFLICTS_BUTTON];

#[component]
pub fn MergeDialog(
    /// The conflict as it was when the dialog opened, because the values must not change while a person compares them.
    card: ConflictCard,
    context: MergeContext,
    /// The reason why the decision was not saved.
    problem: Signal<Option<String>>,
    on_save: Callback<Vec<(Field, String)>>,
    on_later: Callback<()>,
) -> impl IntoView {
    let picks: Vec<_> = card
        .fields
        .iter()
        .map(|_| RwSignal::new(Pick::Side(Side::Mine)))
        .collect();
    let pairs: Vec<_> = card.fields.iter().cloned().zip(picks).collect();
    let trying = RwSignal::new(false);
    let groups = pairs.iter().cloned().enumerate().map(|(place, (field, pick))| {
        let labels = (card.mine_label.clone(), card.theirs_label.clone());
        view! { <MergeField place field pick context labels show_problem=trying /> }
    });
    let groups = groups.collect_view();
    let sentence = sentence(&card).map(|sentence| view! { <p class="merge__sentence">{sentence}</p> });
    let tried = RwSignal::new(false);
    // A problem from before the first attempt to save is about something else.
    let problem = move || problem.get().filter(|_| tried.get());
    let save = move |_| {
        let zone = context.zone.get_value();
        trying.set(true);
        let sound = pairs
            .iter()
            .all(|(field, pick)| pick.with(|p| p.problem(field, &zone)).is_none());
        if sound {
            let results = pairs
                .iter()
                .map(|(field, pick)| (field.field.clone(), pick.with(|p| p.result(field, &zone))));
            tried.set(true);
            on_save.run(results.collect());
        }
    };
    view! {
        <Modal class="dialog dialog--merge" labelled_by="merge-title" on_close=on_later return_to=RETURN_TO>
            <div class="dialog__head">
                <h2 id="merge-title" class="dialog__title" tabindex="-1" autofocus>{phrases::resolve()}</h2>
                <p class="merge__task">{card.task_title}</p>
                {sentence}
                <p class="hint">{phrases::resolve_hint()}</p>
            </div>
            <div class="dialog__body">{groups}</div>
            <p class="problem" role="alert">{problem}</p>
            <div class="dialog__buttons">
                <button type="button" class="button" on:click=move |_| on_later.run(())>{phrases::decide_later()}</button>
                <button type="button" class="button button--primary" on:click=save>{phrases::save_result()}</button>
            </div>
        </Modal>
    }
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
