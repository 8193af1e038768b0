//! The result of one field of the merge dialog, with the control that edits it.

use leptos::prelude::*;
use tsugi_sync::entity::Field;

use crate::components::editor::belonging::{list_offers, priority_offers};
use crate::components::editor::repeat::RepeatField;
use crate::components::editor::when_field::{Picking, WhenWords, picker};
use crate::components::kit::changing::changing;
use crate::components::kit::choice::{Choice, Offer};
use crate::components::kit::icon::Icon;
use crate::components::kit::property::{Property, Words};
use crate::components::merge::field::{Deciding, MergeContext, result_id};
use tsugi_screen::conflicts::card::Version;
use tsugi_screen::conflicts::choice::Choosing;
use tsugi_screen::edits::draft::with_label;
use tsugi_screen::model::FieldKind;
use tsugi_screen::text::merge::shown;
use tsugi_screen::text::when;
use tsugi_words::phrases;

#[component]
pub fn ResultField(
    nth: usize,
    deciding: Deciding,
    context: MergeContext,
    tried: RwSignal<bool>,
) -> impl IntoView {
    let Deciding { choosing, pick, .. } = deciding;
    let box_id = result_id(nth);
    let (id, problem_id) = (format!("{box_id}-control"), format!("{box_id}-problem"));
    let problem = Memo::new(move |_| {
        let zone = context.zone.get_value();
        let problem = choosing.with(|choosing| pick.with(|pick| choosing.problem(pick, &zone)));
        problem.filter(|_| tried.get())
    });
    let control = Control {
        choosing,
        value: Memo::new(move |_| choosing.with(|choosing| pick.with(|pick| choosing.shown(pick)))).into(),
        is_decided: Signal::derive(move || {
            choosing.with(|choosing| pick.with(|pick| choosing.is_decided(pick)))
        }),
        on_type: Callback::new(move |value: String| {
            let typed =
                choosing.with_untracked(|choosing| pick.with_untracked(|pick| choosing.typed(pick, value)));
            pick.set(typed);
        }),
        wrong: Signal::derive(move || problem.get().is_some().to_string()),
    };
    // A group of controls and a popover name themselves, so they need no label here.
    let kind = choosing.with_untracked(|choosing| choosing.field.kind);
    let label = match kind {
        FieldKind::Labels | FieldKind::Recurrence | FieldKind::When => None,
        FieldKind::Text
        | FieldKind::Multiline
        | FieldKind::Priority
        | FieldKind::Place
        | FieldKind::Completed
        | FieldKind::Deleted
        | FieldKind::Raw => Some(view! {
            <label class="field__label" for=id.clone()>{phrases::result()}</label>
        }),
    };
    view! {
        <div class="merge__result" id=box_id>
            {label}
            {control.draw(kind, id, problem_id.clone(), context)}
            <p id=problem_id class="problem" role="alert">{problem}</p>
        </div>
    }
}

/// The value of a choice before a person has decided. No field has it.
const UNDECIDED: &str = "?";

/// The control that edits a result.
#[derive(Clone, Copy)]
struct Control {
    choosing: Memo<Choosing>,
    value: Signal<String>,
    is_decided: Signal<bool>,
    on_type: Callback<String>,
    wrong: Signal<String>,
}

impl Control {
    fn draw(self, kind: FieldKind, id: String, problem_id: String, context: MergeContext) -> AnyView {
        match kind {
            FieldKind::Text => self.text(id, problem_id, 1),
            FieldKind::Multiline | FieldKind::Raw => self.text(id, problem_id, 3),
            FieldKind::When => self.when(context),
            FieldKind::Priority => self.choice(id, Signal::derive(priority_offers)),
            FieldKind::Place => self.place(id, context),
            FieldKind::Completed | FieldKind::Deleted => {
                self.choice(id, Signal::derive(move || self.sides(context)))
            }
            FieldKind::Labels => view! { <LabelsResult control=self context /> }.into_any(),
            FieldKind::Recurrence => view! {
                <RepeatField label=phrases::result() text=self.value day=context.today is_chosen=self.is_decided
                    on_change=self.on_type />
            }
            .into_any(),
        }
    }

    fn text(self, id: String, problem_id: String, rows: u32) -> AnyView {
        view! {
            <textarea id=id class="input input--grows" dir="auto" prop:value=self.value rows=rows
                placeholder=phrases::result_empty() aria-describedby=problem_id aria-invalid=self.wrong
                on:input=move |ev| self.on_type.run(event_target_value(&ev))></textarea>
        }
        .into_any()
    }

    /// The popover of the editor, with the calendar and the line to type a day in words.
    fn when(self, context: MergeContext) -> AnyView {
        let picking = Picking {
            words: WhenWords::due(),
            shown: self.value,
            today: context.today,
            zone: context.zone,
            set: self.on_type,
        };
        let said = Signal::derive(move || -> Words {
            let said = self.value.with(|text| {
                context
                    .zone
                    .with_value(|zone| when::describe(text, context.today.get(), zone))
            });
            let none = || self.is_decided.get().then(|| phrases::no_date().to_owned());
            said.or_else(none).into_iter().map(|said| (said, None)).collect()
        });
        let popover = Callback::new(move |close| picker(picking, close));
        view! { <Property icon=Icon::Calendar name=phrases::result() words=said none=phrases::result_empty() popover /> }
            .into_any()
    }

    /// Until the person has decided, it shows none of the offers as chosen.
    fn choice(self, id: String, offers: Signal<Vec<Offer>>) -> AnyView {
        let all = Signal::derive(move || {
            let none = (!self.is_decided.get()).then(|| Offer::new(UNDECIDED, phrases::result_empty()));
            none.into_iter().chain(offers.get()).collect::<Vec<_>>()
        });
        let value = Signal::derive(move || match self.is_decided.get() {
            true => self.value.get(),
            false => UNDECIDED.to_owned(),
        });
        let on_choose = Callback::new(move |value: String| {
            if value != UNDECIDED {
                self.on_type.run(value);
            }
        });
        view! { <Choice id offers=all value on_choose /> }.into_any()
    }

    /// The result for a list can be any list. For a section or a parent, it can be only one of the versions.
    fn place(self, id: String, context: MergeContext) -> AnyView {
        let is_list = self
            .choosing
            .with_untracked(|choosing| choosing.field.field == Field::List);
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

    /// The values of the versions; equal ones occur once.
    fn sides(self, context: MergeContext) -> Vec<Offer> {
        let mut offers: Vec<Offer> = Vec::new();
        self.choosing.with(|choosing| {
            for value in Version::ALL
                .iter()
                .filter_map(|version| choosing.field.version(*version))
            {
                if !offers.iter().any(|offer| offer.value == value) {
                    let words = shown(value, &choosing.field, &context.zone.get_value());
                    offers.push(Offer::new(value.to_owned(), words));
                }
            }
        });
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
        let sides = control.choosing.with(|choosing| choosing.field.names.clone());
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
