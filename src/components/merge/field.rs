//! One field of the merge dialog: its versions to choose from, and the result.

use leptos::prelude::*;
use tsugi_calendar::Date;

use crate::components::kit::changing::changing;
use crate::components::kit::icon::Icon;
use crate::components::kit::keys::Keys;
use crate::components::merge::result::ResultField;
use tsugi_screen::conflicts::card::{ConflictCard, ConflictField, Version};
use tsugi_screen::conflicts::choice::{Choosing, Pick};
use tsugi_screen::conflicts::places::{Stretch, Take};
use tsugi_screen::conflicts::{days, words};
use tsugi_screen::model::{FieldKind, Sidebar};
use tsugi_screen::text::merge::shown;
use tsugi_words::phrases;

/// How many equal lines stay in sight beside a place of the notes that a person has to decide.
const LINES_AROUND: usize = 2;

/// The values that the controls of the results offer.
#[derive(Clone, Copy, Debug)]
pub struct MergeContext {
    pub content: Signal<Sidebar>,
    pub today: Signal<Date>,
    /// The time zone of this device.
    pub zone: StoredValue<String>,
}

/// One field that the person decides.
#[derive(Clone, Copy, Debug)]
pub struct Deciding {
    pub choosing: Memo<Choosing>,
    pub pick: RwSignal<Pick>,
    /// How many questions it has: one, or one for each place of the notes.
    pub questions: usize,
}

impl Deciding {
    /// Takes something, in this place if it is about notes. Returns whether that can be taken.
    pub fn take(self, place: usize, take: Take) -> bool {
        let pick = self
            .choosing
            .with_untracked(|choosing| match (take, &choosing.places) {
                (Take::Version(Version::Now), _) | (Take::Version(_), None) => {
                    let Take::Version(version) = take else { return None };
                    choosing.field.version(version).map(|_| Pick::Version(version))
                }
                (Take::Both, None) => choosing.both.is_some().then_some(Pick::Both),
                (take, Some(_)) => Some(self.pick.with_untracked(|pick| choosing.take(pick, place, take))),
            });
        let can = pick.is_some();
        if let Some(pick) = pick {
            self.pick.set(pick);
        }
        can
    }

    /// Whether nothing is taken in this place yet.
    #[must_use]
    pub fn is_open(self, place: usize) -> bool {
        self.choosing.with_untracked(|choosing| {
            self.pick.with_untracked(|pick| {
                let places = choosing.places.as_ref().map_or(0, |places| places.asked);
                !choosing.is_decided(pick) && (places == 0 || choosing.taken(pick, place).is_none())
            })
        })
    }
}

/// The id of the first choice of a question.
#[must_use]
pub fn question_id(question: usize) -> String {
    format!("merge-question-{question}")
}

/// The id of the part that has the control of a field's result.
#[must_use]
pub fn result_id(field: usize) -> String {
    format!("merge-{field}-result")
}

#[component]
pub fn MergeField(
    nth: usize,
    card: StoredValue<ConflictCard>,
    deciding: Deciding,
    /// The number of its first question.
    first_question: usize,
    /// The question that the keys answer.
    at: RwSignal<usize>,
    context: MergeContext,
    /// Whether the person has tried to save.
    tried: RwSignal<bool>,
) -> impl IntoView {
    let Deciding {
        choosing,
        pick,
        questions,
    } = deciding;
    let label = choosing.with_untracked(|choosing| choosing.field.label.clone());
    let about = move || choosing.with(|choosing| about(&choosing.field));
    let chosen = Memo::new(move |_| {
        pick.with(|pick| {
            choosing.with(|choosing| match pick {
                _ if !choosing.is_decided(pick) => None,
                Pick::Version(version) => {
                    Some(card.with_value(|card| phrases::chosen(card.name_of(*version))))
                }
                Pick::Both => Some(phrases::chosen(phrases::keep_both())),
                Pick::Own(_) => Some(phrases::own_result().to_owned()),
                Pick::Places(_) | Pick::Nothing => None,
            })
        })
    });
    let chosen = changing(move || {
        chosen
            .get()
            .map(|chosen| view! { <span class="merge__chosen">{Icon::Check.draw()}{chosen}</span> })
    });
    let sides = changing(move || {
        let side = Sides {
            card,
            deciding,
            first_question,
            zone: context.zone,
        };
        choosing.with(|choosing| match &choosing.places {
            Some(places) if places.asked > 0 => side.notes(choosing),
            Some(_) | None => side.versions(choosing),
        })
    });
    let has_turn = move || {
        let at = at.get();
        (first_question..first_question + questions).contains(&at)
    };
    view! {
        <fieldset class="merge" class:merge--turn=has_turn data-question=first_question.to_string()>
            <legend class="merge__legend">{label}</legend>
            <p class="merge__about"><span>{about}</span>{chosen}</p>
            {sides}
            <ResultField nth deciding context tried />
        </fieldset>
    }
}

/// How the versions of a field differ, in words.
fn about(field: &ConflictField) -> String {
    match field.kind {
        FieldKind::When => days::apart(&field.first, &field.second).unwrap_or_default(),
        FieldKind::Labels => phrases::rule_set().to_owned(),
        FieldKind::Text
        | FieldKind::Multiline
        | FieldKind::Priority
        | FieldKind::Place
        | FieldKind::Recurrence
        | FieldKind::Completed
        | FieldKind::Deleted
        | FieldKind::Raw => String::new(),
    }
}

/// What a choice looks like.
struct Look {
    class: &'static str,
    icon: Icon,
    key: &'static [&'static str],
}

fn look(take: Take) -> Look {
    let (class, icon, key): (_, _, &'static [&'static str]) = match take {
        Take::Both => ("side side--both", Icon::Split, &["B"]),
        Take::Version(Version::First) => ("side side--first", Icon::Device, &["1"]),
        Take::Version(Version::Second) => ("side side--second", Icon::Phone, &["2"]),
        Take::Version(Version::Now) => ("side side--now", Icon::Sync, &["3"]),
        Take::Version(Version::Before) => ("side side--before", Icon::History, &["0"]),
    };
    Look { class, icon, key }
}

/// The choices of one field.
#[derive(Clone, Copy)]
struct Sides {
    card: StoredValue<ConflictCard>,
    deciding: Deciding,
    first_question: usize,
    zone: StoredValue<String>,
}

impl Sides {
    /// One choice for each version, and before them the one for both.
    fn versions(self, choosing: &Choosing) -> AnyView {
        let field = &choosing.field;
        let mut choices = Vec::new();
        if let Some(both) = &choosing.both {
            let said = shown(both, field, &self.zone.get_value());
            let value = self.value(field, both, field.kind == FieldKind::Text);
            choices.push((
                Take::Both,
                phrases::keep_both_is(&said),
                value,
                phrases::keep_both_words().to_owned(),
            ));
        }
        for version in Version::ALL {
            let Some(text) = field.version(version) else {
                continue;
            };
            let said = shown(text, field, &self.zone.get_value());
            let is_marked = field.kind == FieldKind::Text && version != Version::Before;
            let value = self.value(field, text, is_marked);
            let is_dated = field.kind == FieldKind::When && version != Version::Before;
            let hint = is_dated.then(|| days::from_before(&field.before, text)).flatten();
            choices.push((
                Take::Version(version),
                self.name(version, &said),
                value,
                hint.unwrap_or_default(),
            ));
        }
        let drawn = choices
            .into_iter()
            .enumerate()
            .map(|(nth, (take, name, value, hint))| {
                let id = (nth == 0).then(|| question_id(self.first_question));
                self.choice(0, take, id, name, value, hint)
            });
        view! { <div class="merge__sides">{drawn.collect_view()}</div> }.into_any()
    }

    /// The name of a choice, as a screen reader says it: "This device, 10:42: Trip to Kyoto".
    fn name(self, version: Version, said: &str) -> String {
        self.card.with_value(|card| match card.when_of(version) {
            Some(when) => phrases::side_is(card.name_of(version), when, said),
            None => phrases::side_is_now(card.name_of(version), said),
        })
    }

    /// A value as people read it. Where it is text, what differs from the value before is marked.
    fn value(self, field: &ConflictField, text: &str, is_marked: bool) -> AnyView {
        if !is_marked || text.is_empty() {
            return shown(text, field, &self.zone.get_value()).into_any();
        }
        marked(&field.before, text)
    }

    fn choice(
        self,
        place: usize,
        take: Take,
        id: Option<String>,
        name: String,
        value: AnyView,
        hint: String,
    ) -> AnyView {
        let Look { class, icon, key } = look(take);
        let Deciding { choosing, pick, .. } = self.deciding;
        let checked = move || {
            pick.with(|pick| match (take, pick) {
                (Take::Version(version), Pick::Version(chosen)) if *chosen == version => true,
                (Take::Both, Pick::Both) => true,
                (take, pick) => choosing.with(|choosing| choosing.taken(pick, place) == Some(take)),
            })
        };
        let group = format!("merge-{}-{place}", self.first_question);
        let (who, when) = self.card.with_value(|card| match take {
            Take::Both => (phrases::keep_both().to_owned(), String::new()),
            Take::Version(version) => (
                card.name_of(version).to_owned(),
                card.when_of(version).unwrap_or_default().to_owned(),
            ),
        });
        let deciding = self.deciding;
        let hint_id = format!("{group}-{}", key.concat());
        let described = (!hint.is_empty()).then(|| hint_id.clone());
        let hint = (!hint.is_empty()).then(|| view! { <span class="side__hint" id=hint_id>{hint}</span> });
        let name = beginning_of(&name, HEARD);
        view! {
            <label class=class>
                <input id=id type="radio" class="side__radio" name=group aria-label=name aria-describedby=described
                    prop:checked=checked
                    on:change=move |_| { deciding.take(place, take); } />
                <span class="side__head" aria-hidden="true">
                    {icon.draw()}<span class="side__name">{who}</span><span class="side__who">{when}</span><Keys keys=key />
                </span>
                <span class="side__value" dir="auto" aria-hidden="true">{value}</span>
                {hint}
            </label>
        }
        .into_any()
    }

    /// The notes place by place. Of lines that are equal, only those beside a place are shown.
    fn notes(self, choosing: &Choosing) -> AnyView {
        let Some(places) = &choosing.places else {
            return ().into_any();
        };
        let draw = |stretch: &Stretch| match stretch {
            Stretch::Same(lines) => same_lines(lines),
            Stretch::Of(version, lines) => {
                let class = match version {
                    Version::First => "places__lines places__lines--first",
                    Version::Second | Version::Now | Version::Before => "places__lines places__lines--second",
                };
                let by = self.card.with_value(|card| match version {
                    Version::First if card.makers[0].is_here => phrases::added_here().to_owned(),
                    Version::First | Version::Second | Version::Now | Version::Before => {
                        phrases::added_by(card.name_of(*version))
                    }
                });
                let lines = lines.trim_end().to_owned();
                view! { <p class=class dir="auto">{lines}<span class="places__by">{by}</span></p> }.into_any()
            }
            Stretch::Asked {
                nth,
                first,
                second,
                before,
            } => self.place(*nth, places.asked, [first, second, before]),
        };
        let now = choosing.field.version(Version::Now).map(|text| {
            let name = self.name(Version::Now, text);
            let value = beginning(text).into_any();
            self.choice(
                usize::MAX,
                Take::Version(Version::Now),
                None,
                name,
                value,
                String::new(),
            )
        });
        let stretches = places.stretches.iter().map(draw).collect_view();
        view! { <div class="places">{stretches}{now}</div> }.into_any()
    }

    /// One place of the notes that both sides changed.
    fn place(self, nth: usize, count: usize, [first, second, before]: [&String; 3]) -> AnyView {
        let question = self.first_question + nth;
        let title = match count {
            1 => phrases::same_line().to_owned(),
            count => phrases::same_line_nth(nth + 1, count),
        };
        let both = format!("{first}{second}");
        let said = |text: &str| text.trim_end().replace('\n', " / ");
        let mut choices = Vec::new();
        choices.push((
            Take::Both,
            phrases::keep_both_is(&said(&both)),
            beginning(both.trim_end()).into_any(),
        ));
        for (version, text) in [
            (Version::First, first),
            (Version::Second, second),
            (Version::Before, before),
        ] {
            let name = match text.is_empty() {
                true => phrases::emptied().to_owned(),
                false => said(text),
            };
            let value = match (version, text.is_empty()) {
                (_, true) => phrases::emptied().into_any(),
                (Version::Before, _) => beginning(text.trim_end()).into_any(),
                _ => marked(before.trim_end(), text.trim_end()),
            };
            choices.push((Take::Version(version), self.name(version, &name), value));
        }
        let drawn = choices.into_iter().enumerate().map(|(at, (take, name, value))| {
            let id = (at == 0).then(|| question_id(question));
            let hint = match take {
                Take::Both => phrases::keep_both_lines().to_owned(),
                Take::Version(_) => String::new(),
            };
            self.choice(nth, take, id, name, value, hint)
        });
        let drawn = drawn.collect_view();
        let name = title.clone();
        view! {
            <div class="places__place" role="group" aria-label=name data-question=question.to_string()>
                <p class="places__title" aria-hidden="true">{title}</p>
                <div class="merge__sides">{drawn}</div>
            </div>
        }
        .into_any()
    }
}

/// A text in which what differs from the text before is marked.
#[must_use]
pub fn marked(before: &str, text: &str) -> AnyView {
    let (before, text) = (&beginning(before), &beginning(text));
    let part = |(text, is_new): words::Part| match is_new {
        true => view! { <mark>{text}</mark> }.into_any(),
        false => text.into_any(),
    };
    words::marked(before, text)
        .into_iter()
        .map(part)
        .collect_view()
        .into_any()
}

/// How many characters of a value a choice shows.
const SHOWN: usize = 2_000;

/// How many characters of a choice a screen reader says.
const HEARD: usize = 300;

/// The beginning of a long value. The result has all of it.
#[must_use]
pub fn beginning(text: &str) -> String {
    beginning_of(text, SHOWN)
}

fn beginning_of(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Lines that are the same on both sides: the first and the last ones, and how many there are between.
fn same_lines(text: &str) -> AnyView {
    let lines: Vec<&str> = text.lines().collect();
    if lines.len() <= 2 * LINES_AROUND + 1 {
        return view! { <p class="places__lines" dir="auto">{lines.join("\n")}</p> }.into_any();
    }
    let head = lines[..LINES_AROUND].join("\n");
    let tail = lines[lines.len() - LINES_AROUND..].join("\n");
    let hidden = phrases::same_lines(lines.len() - 2 * LINES_AROUND);
    view! {
        <p class="places__lines" dir="auto">{head}</p>
        <p class="places__same">{hidden}</p>
        <p class="places__lines" dir="auto">{tail}</p>
    }
    .into_any()
}
