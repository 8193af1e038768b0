//! One field of the merge dialog.

use leptos::prelude::*;
use tsugi_calendar::Date;
use tsugi_sync::entity::Field;

use crate::components::editor::belonging::{list_offers, priority_offers};
use crate::components::editor::repeat::RepeatField;
use crate::components::kit::changing::changing;
use crate::components::kit::choice::{Choice, Offer};
use tsugi_screen::edits::draft::with_label;
use tsugi_screen::model::{ConflictField, FieldKind, Sidebar};
use tsugi_screen::text::merge::{Pick, Side, difference, shown};
use tsugi_words::phrases;

/// The values that the controls of the results offer.
#[derive(Clone, Copy, Debug)]
pub struct MergeContext {
    pub content: Signal<Sidebar>,
    pub today: Signal<Date>,
    /// The time zone of this device.
    pub zone: StoredValue<String>,
}

#[component]
pub fn MergeField(
    /// The index of the field in the dialog, which makes its element ids unique.
    place: usize,
    field: ConflictField,
    pick: RwSignal<Pick>,
    context: MergeContext,
    /// Author, device and time: of mine, and of theirs.
    labels: (String, String),
    /// Whether to show the problem of the result.
    show_problem: RwSignal<bool>,
) -> impl IntoView {
    let (mine, theirs) = labels;
    let sides = Side::ALL.map(|side| {
        let label = match side {
            Side::Mine => mine.clone(),
            Side::Theirs => theirs.clone(),
            Side::Base => phrases::base_label().to_owned(),
        };
        let id = format!("merge-{place}-{}", side.name());
        view! { <SideChoice id side label field=field.clone() zone=context.zone pick /> }
    });
    view! {
        <fieldset class="merge">
            <legend class="merge__legend">{field.label.clone()}</legend>
            <div class="merge__sides">{sides.collect_view()}</div>
            <ResultField place field pick context show_problem />
        </fieldset>
    }
}

/// One side: a radio button, its author, device and time, and its value. The part that differs from the base is marked.
#[component]
fn SideChoice(
    id: String,
    side: Side,
    label: String,
    field: ConflictField,
    zone: StoredValue<String>,
    pick: RwSignal<Pick>,
) -> impl IntoView {
    let group = id
        .rsplit_once('-')
        .map_or_else(String::new, |(group, _)| group.to_owned());
    let (name_id, value_id) = (format!("{id}-name"), format!("{id}-value"));
    let described = format!("{id}-who {value_id}");
    let is_compared = matches!(field.kind, FieldKind::Text | FieldKind::Multiline)
        && !side.value(&field).is_empty()
        && side != Side::Base;
    let value = if is_compared {
        let (before, changed, after) = difference(&field.base, side.value(&field));
        let changed = (!changed.is_empty()).then(|| view! { <mark>{changed.to_owned()}</mark> });
        view! { {before.to_owned()}{changed}{after.to_owned()} }.into_any()
    } else {
        shown(side.value(&field), &field, &zone.get_value()).into_any()
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
    context: MergeContext,
    show_problem: RwSignal<bool>,
) -> impl IntoView {
    let id = format!("merge-{place}-result");
    let problem_id = format!("{id}-problem");
    let field = StoredValue::new(field);
    let problem = Memo::new(move |_| {
        let zone = context.zone.get_value();
        let problem = pick.with(|p| field.with_value(|f| p.problem(f, &zone)));
        problem.filter(|_| show_problem.get())
    });
    let control = Control {
        field,
        value: Memo::new(move |_| pick.with(|p| field.with_value(|f| p.text(f)))).into(),
        on_type: Callback::new(move |value: String| {
            pick.update(|p| *p = field.with_value(|f| p.typed(value, f)))
        }),
        wrong: Signal::derive(move || problem.get().is_some().to_string()),
    };
    // A group of controls names itself, so it needs no label here.
    let label = match field.with_value(|field| field.kind) {
        FieldKind::Labels | FieldKind::Recurrence => None,
        FieldKind::Text
        | FieldKind::Multiline
        | FieldKind::When
        | FieldKind::Priority
        | FieldKind::Place
        | FieldKind::Completed
        | FieldKind::Deleted
        | FieldKind::Raw => Some(view! {
            <label class="field__label" for=id.clone()>{phrases::result()}</label>
        }),
    };
    view! {
        <div class="merge__result">
            {label}
            {control.draw(id, problem_id.clone(), context)}
            <p id=problem_id class="problem" role="alert">{problem}</p>
        </div>
    }
}

/// The control that edits a result.
#[derive(Clone, Copy)]
struct Control {
    field: StoredValue<ConflictField>,
    value: Signal<String>,
    on_type: Callback<String>,
    wrong: Signal<String>,
}

impl Control {
    fn draw(self, id: String, problem_id: String, context: MergeContext) -> AnyView {
        match self.field.with_value(|field| field.kind) {
            FieldKind::Text => self.text(id, problem_id, 1),
            FieldKind::Multiline | FieldKind::Raw => self.text(id, problem_id, 4),
            FieldKind::When => self.line(id, problem_id),
            FieldKind::Priority => self.choice(id, Signal::derive(priority_offers)),
            FieldKind::Place => self.place(id, context),
            FieldKind::Completed => self.choice(id, Signal::derive(move || self.sides(context))),
            FieldKind::Labels => view! { <LabelsResult control=self context /> }.into_any(),
            FieldKind::Recurrence => view! {
                <RepeatField label=phrases::result() text=self.value day=context.today
                    on_change=self.on_type />
            }
            .into_any(),
            FieldKind::Deleted => {
                let words = move || self.words(&self.value.get(), context);
                view! { <input id=id class="input" type="text" readonly prop:value=words /> }.into_any()
            }
        }
    }

    fn words(self, value: &str, context: MergeContext) -> String {
        self.field
            .with_value(|field| shown(value, field, &context.zone.get_value()))
    }

    fn text(self, id: String, problem_id: String, rows: u32) -> AnyView {
        view! {
            <textarea id=id class="input input--grows" prop:value=self.value rows=rows aria-describedby=problem_id
                aria-invalid=self.wrong on:input=move |ev| self.on_type.run(event_target_value(&ev))></textarea>
        }
        .into_any()
    }

    fn line(self, id: String, problem_id: String) -> AnyView {
        view! {
            <input id=id class="input input--when" type="text" autocomplete="off" placeholder=phrases::date_format()
                prop:value=self.value aria-describedby=problem_id aria-invalid=self.wrong
                on:input=move |ev| self.on_type.run(event_target_value(&ev)) />
        }
        .into_any()
    }

    fn choice(self, id: String, offers: Signal<Vec<Offer>>) -> AnyView {
        view! { <Choice id offers value=self.value on_choose=self.on_type /> }.into_any()
    }

    /// The result for a list can be any list. For a section or a parent, it can be only one of the three values.
    fn place(self, id: String, context: MergeContext) -> AnyView {
        let is_list = self.field.with_value(|field| field.field == Field::List);
        let offers = Signal::derive(move || {
            let sides = self.sides(context);
            let lists = match is_list {
                true => context.content.with(|content| list_offers(content, "")),
                false => Vec::new(),
            };
            let more = lists
                .into_iter()
                .filter(|list| !sides.iter().any(|side| side.value == list.value));
            sides.iter().cloned().chain(more).collect()
        });
        self.choice(id, offers)
    }

    /// The values of the sides; equal ones occur once.
    fn sides(self, context: MergeContext) -> Vec<Offer> {
        let mut offers: Vec<Offer> = Vec::new();
        let values = Side::ALL.map(|side| self.field.with_value(|field| side.value(field).to_owned()));
        for value in values {
            if !offers.iter().any(|offer| offer.value == value) {
                offers.push(Offer::new(value.clone(), self.words(&value, context)));
            }
        }
        offers
    }
}

/// All labels, and the deleted ones that a side still has.
#[component]
fn LabelsResult(control: Control, context: MergeContext) -> impl IntoView {
    let all = move || {
        let named = context.content.with(|content| {
            let labels = content.labels.iter();
            labels
                .map(|label| (label.id.to_string(), label.name.clone()))
                .collect::<Vec<_>>()
        });
        let sides = control.field.with_value(|field| field.names.clone());
        let gone = sides
            .into_iter()
            .filter(|(id, _)| !named.iter().any(|(there, _)| there == id));
        named.iter().cloned().chain(gone).collect::<Vec<_>>()
    };
    let label = move |(id, name): (String, String)| {
        let (has, toggled) = (id.clone(), id);
        let checked = move || {
            control
                .value
                .with(|value| value.split(' ').any(|label| label == has))
        };
        let toggle = move |_| {
            let value = control.value.get_untracked();
            let on = !value.split(' ').any(|label| label == toggled);
            control.on_type.run(with_label(&value, &toggled, on));
        };
        view! {
            <label class="merge__label">
                <input type="checkbox" class="check check--square" prop:checked=checked on:change=toggle />
                <span>{name}</span>
            </label>
        }
    };
    let boxes = changing(move || all().into_iter().map(label).collect_view());
    view! {
        <fieldset class="merge__labels">
            <legend class="field__label">{phrases::result()}</legend>
            {boxes}
        </fieldset>
    }
}
