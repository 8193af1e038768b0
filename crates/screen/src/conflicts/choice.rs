//! What a person has chosen for one field so far, and what that makes of it.

use tsugi_sync::entity::Field;
use tsugi_words::phrases;

use crate::conflicts::card::{ConflictField, Version};
use crate::conflicts::places::{Places, Take, places};
use crate::conflicts::words;
use crate::model::FieldKind;
use crate::text::when;

/// The decision of a person about one field. Nothing is chosen before the person chooses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Pick {
    #[default]
    Nothing,
    Version(Version),
    /// Both, where the two can be put together.
    Both,
    /// Something for some places of the notes.
    Places(Vec<Option<Take>>),
    /// A value that the person typed or picked.
    Own(String),
}

/// One field of the dialog, with what is computed from it once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choosing {
    pub field: ConflictField,
    /// What "Keep both" gives, if both can be kept.
    pub both: Option<String>,
    /// The notes place by place.
    pub places: Option<Places>,
}

impl Choosing {
    #[must_use]
    pub fn of(field: ConflictField) -> Self {
        let places =
            (field.kind == FieldKind::Multiline).then(|| places(&field.before, &field.first, &field.second));
        // Notes that could be merged are asked about where a workspace wants it so. Then a side is a whole, and "Keep both"
        // is what the rule would make of them.
        let merged = places.as_ref().filter(|places| places.asked == 0);
        let merged = merged.and_then(|places| places.text(&[]));
        let places = places.filter(|places| places.asked > 0);
        let both = match (field.kind, &places) {
            (FieldKind::Multiline, None) => merged,
            (FieldKind::Text, _) => words::both(&field.before, &field.first, &field.second),
            (FieldKind::Labels, _) => labels(&field),
            (_, Some(places)) => places.text(&vec![Some(Take::Both); places.asked]),
            (
                FieldKind::When
                | FieldKind::Priority
                | FieldKind::Place
                | FieldKind::Recurrence
                | FieldKind::Completed
                | FieldKind::Deleted
                | FieldKind::Raw,
                None,
            ) => None,
        };
        Self { field, both, places }
    }

    /// The result as the text of the field; none while the person has not decided.
    #[must_use]
    pub fn result(&self, pick: &Pick, zone: &str) -> Option<String> {
        match pick {
            Pick::Nothing => None,
            Pick::Version(version) => match (&self.places, version) {
                (Some(places), Version::First | Version::Second | Version::Before)
                    if !places.is_only(*version) =>
                {
                    places.text(&vec![Some(Take::Version(*version)); places.asked])
                }
                (_, version) => self.field.version(*version).map(str::to_owned),
            },
            Pick::Both => self.both.clone(),
            Pick::Places(taken) => self.places.as_ref()?.text(taken),
            Pick::Own(own) => Some(match self.field.kind {
                FieldKind::Text | FieldKind::Raw => own.trim().to_owned(),
                FieldKind::When => when::from_line(own, zone),
                FieldKind::Multiline | FieldKind::Deleted | FieldKind::Completed => own.clone(),
                FieldKind::Priority | FieldKind::Place | FieldKind::Labels | FieldKind::Recurrence => {
                    own.clone()
                }
            }),
        }
    }

    /// The text that the control of the result shows; empty while nothing is chosen. A date is shown as it is kept, because
    /// its control is a calendar.
    #[must_use]
    pub fn shown(&self, pick: &Pick) -> String {
        match pick {
            Pick::Own(own) => own.clone(),
            Pick::Nothing | Pick::Version(_) | Pick::Both | Pick::Places(_) => {
                self.result(pick, "").unwrap_or_default()
            }
        }
    }

    /// The person typed into the result. What is chosen stays chosen as long as the text is still equal to it.
    #[must_use]
    pub fn typed(&self, pick: &Pick, typed: String) -> Pick {
        match *pick != Pick::Nothing && self.shown(pick) == typed {
            true => pick.clone(),
            false => Pick::Own(typed),
        }
    }

    /// The lines that the person has taken in one place of the notes.
    #[must_use]
    pub fn taken(&self, pick: &Pick, nth: usize) -> Option<Take> {
        match pick {
            Pick::Version(Version::Now) | Pick::Nothing | Pick::Own(_) => None,
            Pick::Version(version) => Some(Take::Version(*version)),
            Pick::Both => Some(Take::Both),
            Pick::Places(taken) => taken.get(nth).copied().flatten(),
        }
    }

    /// The person takes something in one place of the notes; what was taken in the others stays.
    #[must_use]
    pub fn take(&self, pick: &Pick, nth: usize, take: Take) -> Pick {
        let count = self.places.as_ref().map_or(0, |places| places.asked);
        let taken = (0..count).map(|place| match place == nth {
            true => Some(take),
            false => self.taken(pick, place),
        });
        Pick::Places(taken.collect())
    }

    /// Whether the person has decided, as far as this can be said without looking at the result.
    #[must_use]
    pub fn is_decided(&self, pick: &Pick) -> bool {
        self.result(pick, "").is_some()
    }

    /// The reason why the result cannot be saved; none if it can.
    #[must_use]
    pub fn problem(&self, pick: &Pick, zone: &str) -> Option<&'static str> {
        let result = self.result(pick, zone)?;
        match self.field.kind {
            FieldKind::Text if matches!(self.field.field, Field::Title | Field::Name) => {
                result.is_empty().then_some(phrases::title_needed())
            }
            FieldKind::When => (!when::is_when_or_empty(&result)).then_some(phrases::date_wrong()),
            FieldKind::Text | FieldKind::Multiline | FieldKind::Deleted | FieldKind::Completed => None,
            FieldKind::Priority | FieldKind::Place | FieldKind::Labels | FieldKind::Recurrence => None,
            FieldKind::Raw => None,
        }
    }
}

/// All labels that either side added, less what either side removed.
fn labels(field: &ConflictField) -> Option<String> {
    let [before, first, second] =
        [&field.before, &field.first, &field.second].map(|text| text.split(' ').collect::<Vec<_>>());
    let kept = first
        .iter()
        .filter(|label| second.contains(label) || !before.contains(label));
    let added = second
        .iter()
        .filter(|label| !before.contains(label) && !first.contains(label));
    let mut all: Vec<&str> = kept
        .chain(added)
        .copied()
        .filter(|label| !label.is_empty())
        .collect();
    all.sort_unstable();
    let both = all.join(" ");
    (both != field.first && both != field.second).then_some(both)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fields::kind_of;

    fn field(name: Field) -> Choosing {
        Choosing::of(ConflictField {
            kind: kind_of(&name),
            field: name,
            label: "Title".to_owned(),
            before: "Buy milk".to_owned(),
            first: "Buy oat milk".to_owned(),
            second: "Buy two litres of milk".to_owned(),
            now: "Buy two litres of milk".to_owned(),
            names: Vec::new(),
        })
    }

    #[test]
    fn nothing_is_chosen_before_the_person_chooses() {
        let field = field(Field::Title);
        assert_eq!(field.result(&Pick::default(), "UTC"), None);
        assert!(!field.is_decided(&Pick::default()));
        assert_eq!(field.shown(&Pick::default()), "");
    }

    #[test]
    fn a_choice_fills_the_result_and_typing_makes_it_ones_own() {
        let field = field(Field::Title);
        let pick = Pick::Version(Version::Second);
        assert_eq!(
            field.result(&pick, "UTC").as_deref(),
            Some("Buy two litres of milk")
        );
        assert_eq!(
            field.result(&Pick::Both, "UTC").as_deref(),
            Some("Buy oat / two litres of milk")
        );
        let own = field.typed(&pick, "Buy 2 l of oat milk".to_owned());
        assert_eq!(own, Pick::Own("Buy 2 l of oat milk".to_owned()));
        assert_eq!(field.typed(&pick, field.field.second.clone()), pick);
        assert_eq!(
            field.typed(&Pick::Nothing, String::new()),
            Pick::Own(String::new())
        );
    }

    #[test]
    fn what_may_not_be_saved() {
        let problem = |name: Field, text: &str| field(name).problem(&Pick::Own(text.to_owned()), "UTC");
        assert_eq!(problem(Field::Title, "  "), Some(phrases::title_needed()));
        assert_eq!(problem(Field::Notes, ""), None);
        assert_eq!(problem(Field::Due, "2026-02-30"), Some(phrases::date_wrong()));
        assert_eq!(
            problem(Field::Due, "2026-02-28 25:00"),
            Some(phrases::date_wrong())
        );
        assert_eq!(problem(Field::Due, ""), None);
        assert_eq!(problem(Field::from("mood"), ""), None);
    }

    #[test]
    fn of_notes_that_could_be_merged_a_side_is_a_whole() {
        let notes = Choosing::of(ConflictField {
            before: "milk\neggs\nbread".to_owned(),
            first: "oat milk\neggs\nbread".to_owned(),
            second: "milk\neggs\nrye bread".to_owned(),
            ..field(Field::Notes).field
        });
        let result = |pick| notes.result(&pick, "UTC");
        assert_eq!(
            result(Pick::Version(Version::First)).as_deref(),
            Some("oat milk\neggs\nbread")
        );
        assert_eq!(result(Pick::Both).as_deref(), Some("oat milk\neggs\nrye bread"));
    }

    /// A side that is chosen and not edited is saved exactly as it was, whatever its kind.
    #[test]
    fn a_side_stays_as_it_was() {
        let due = Choosing::of(ConflictField {
            first: "2026-11-24T15:00[Asia/Tokyo]".to_owned(),
            ..field(Field::Due).field
        });
        let pick = Pick::Version(Version::First);
        assert_eq!(
            due.result(&pick, "UTC").as_deref(),
            Some("2026-11-24T15:00[Asia/Tokyo]")
        );
        assert_eq!(due.both, None, "two dates cannot both be kept");
    }

    #[test]
    fn the_value_that_it_has_now_is_offered_only_if_it_is_another_one() {
        let title = field(Field::Title);
        assert_eq!(title.field.version(Version::Now), None);
        let changed = ConflictField {
            now: "Buy rice milk".to_owned(),
            ..title.field
        };
        assert_eq!(changed.version(Version::Now), Some("Buy rice milk"));
    }
}
