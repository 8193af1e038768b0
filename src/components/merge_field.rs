//! One field of the merge dialog.

use leptos::prelude::*;

use crate::components::merge::{Pick, Side, deletion_sentence, difference, shown};
use crate::phrases;
use crate::state::model::{ConflictField, FieldKind};

#[component]
pub fn MergeField(
    /// Which of the dialog's fields this is: makes ids of it.
    place: usize,
    field: ConflictField,
    pick: RwSignal<Pick>,
    /// Who, where and when: mine, theirs.
    labels: (String, String),
    /// Whether to say what is wrong with the result.
    show_problem: RwSignal<bool>,
) -> impl IntoView {
    let sentence = (field.kind == FieldKind::Deleted)
        .then(|| view! { <p class="merge__sentence">{deletion_sentence(&field)}</p> });
    let (mine, theirs) = labels;
    let sides = Side::ALL.map(|side| {
        let label = match side {
            Side::Mine => mine.clone(),
            Side::Theirs => theirs.clone(),
            Side::Base => phrases::base_label().to_owned(),
        };
        view! { <SideChoice id=format!("merge-{place}-{}", side.name()) side label field=field.clone() pick /> }
    });
    view! {
        <fieldset class="merge">
            <legend class="merge__legend">{field.label.clone()}</legend>
            {sentence}
            <div class="merge__sides">{sides.collect_view()}</div>
            <ResultField place field pick show_problem />
        </fieldset>
    }
}

/// One side: a radio, who it is, and the value with what differs from the base marked.
#[component]
fn SideChoice(
    id: String,
    side: Side,
    label: String,
    field: ConflictField,
    pick: RwSignal<Pick>,
) -> impl IntoView {
    let group = id
        .rsplit_once('-')
        .map_or_else(String::new, |(group, _)| group.to_owned());
    let (name_id, value_id) = (format!("{id}-name"), format!("{id}-value"));
    let described = format!("{id}-who {value_id}");
    let value = match field.kind {
        FieldKind::Text | FieldKind::Multiline if !side.value(&field).is_empty() && side != Side::Base => {
            let (before, changed, after) = difference(&field.base, side.value(&field));
            let changed = (!changed.is_empty()).then(|| view! { <mark>{changed.to_owned()}</mark> });
            view! { {before.to_owned()}{changed}{after.to_owned()} }.into_any()
        }
        kind => shown(side.value(&field), kind).into_any(),
    };
    view! {
        <label class="side">
            <input type="radio" class="side__radio" name=group aria-labelledby=name_id.clone()
                aria-describedby=described prop:checked=move || pick.with(|p| p.is(side)) on:change=move |_| pick.set(Pick::Side(side)) />
            <span class="side__name" id=name_id>{side.name()}</span>
            <span class="side__who" id=format!("{id}-who")>{label}</span>
            <span class="side__value" id=value_id>{value}</span>
        </label>
    }
}

#[component]
fn ResultField(
    place: usize,
    field: ConflictField,
    pick: RwSignal<Pick>,
    show_problem: RwSignal<bool>,
) -> impl IntoView {
    let id = format!("merge-{place}-result");
    let problem_id = format!("{id}-problem");
    let field = StoredValue::new(field);
    let kind = field.with_value(|f| f.kind);
    let value = Memo::new(move |_| pick.with(|p| field.with_value(|f| p.text(f).to_owned())));
    let typed = move |value: String| pick.update(|p| *p = field.with_value(|f| p.typed(value, f)));
    let problem = Memo::new(move |_| {
        let problem = pick.with(|p| field.with_value(|f| p.problem(f)));
        problem.filter(|_| show_problem.get())
    });
    let is_wrong = move || problem.get().is_some().to_string();
    let described = problem_id.clone();
    let input = match kind {
        FieldKind::Text | FieldKind::Multiline => view! {
            <textarea id=id.clone() class="input input--grows" prop:value=value
                rows=if kind == FieldKind::Text { 1 } else { 4 } aria-describedby=described aria-invalid=is_wrong
                on:input=move |ev| typed(event_target_value(&ev))></textarea>
        }
        .into_any(),
        FieldKind::Date => view! {
            <input id=id.clone() class="input input--date" type="text" inputmode="numeric" autocomplete="off"
                placeholder=phrases::date_format() prop:value=value aria-describedby=described aria-invalid=is_wrong
                on:input=move |ev| typed(event_target_value(&ev)) />
        }
        .into_any(),
        FieldKind::Deleted => view! {
            <input id=id.clone() class="input" type="text" readonly prop:value=move || shown(&value.get(), kind) />
        }
        .into_any(),
    };
    view! {
        <div class="merge__result">
            <label class="field__label" for=id>{phrases::result()}</label>
            {input}
            <p id=problem_id class="problem" role="alert">{problem}</p>
        </div>
    }
}
