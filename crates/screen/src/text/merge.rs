//! The rules of the merge dialog, as plain functions: what a choice puts into the result, which results can be saved,
//! and which part of a value differs from the base.

use tsugi_sync::entity::Field;
use tsugi_sync::ids::Timestamp;

use crate::model::{ConflictCard, ConflictField, DELETED, FieldKind};
use crate::text::priority_name;
use crate::text::repeat;
use crate::text::when;
use tsugi_words::phrases;

/// One of the three values that the dialog offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Mine,
    Theirs,
    Base,
}

impl Side {
    pub const ALL: [Self; 3] = [Self::Mine, Self::Theirs, Self::Base];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Mine => phrases::mine(),
            Self::Theirs => phrases::theirs(),
            Self::Base => phrases::base(),
        }
    }

    #[must_use]
    pub fn value(self, field: &ConflictField) -> &str {
        match self {
            Self::Mine => &field.mine,
            Self::Theirs => &field.theirs,
            Self::Base => &field.base,
        }
    }
}

/// The decision of a person about one field, so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pick {
    Side(Side),
    /// A text that the person typed.
    Own(String),
}

impl Pick {
    /// The person typed into the result. A chosen side stays chosen as long as the text is still equal to its value.
    #[must_use]
    pub fn typed(&self, typed: String, field: &ConflictField) -> Self {
        match self {
            Self::Side(side) if editable(side.value(field), field.kind) == typed => Self::Side(*side),
            Self::Side(_) | Self::Own(_) => Self::Own(typed),
        }
    }

    /// The text that the control of the result shows.
    #[must_use]
    pub fn text(&self, field: &ConflictField) -> String {
        match self {
            Self::Side(side) => editable(side.value(field), field.kind),
            Self::Own(own) => own.clone(),
        }
    }

    /// The value to save. A typed time without a zone is one of `zone`.
    #[must_use]
    pub fn result(&self, field: &ConflictField, zone: &str) -> String {
        match self {
            Self::Side(side) => side.value(field).to_owned(),
            Self::Own(own) => match field.kind {
                FieldKind::Text | FieldKind::Raw => own.trim().to_owned(),
                FieldKind::When => when::from_line(own, zone),
                FieldKind::Multiline | FieldKind::Deleted | FieldKind::Completed => own.clone(),
                FieldKind::Priority | FieldKind::Place | FieldKind::Labels | FieldKind::Recurrence => {
                    own.clone()
                }
            },
        }
    }

    #[must_use]
    pub fn is(&self, side: Side) -> bool {
        matches!(self, Self::Side(chosen) if *chosen == side)
    }

    /// The reason why the result cannot be saved; none if it can.
    #[must_use]
    pub fn problem(&self, field: &ConflictField, zone: &str) -> Option<&'static str> {
        let result = self.result(field, zone);
        match field.kind {
            FieldKind::Text if matches!(field.field, Field::Title | Field::Name) => {
                result.is_empty().then_some(phrases::title_needed())
            }
            FieldKind::When => (!when::is_when_or_empty(&result)).then_some(phrases::date_wrong()),
            FieldKind::Text | FieldKind::Multiline | FieldKind::Deleted | FieldKind::Completed => None,
            FieldKind::Priority | FieldKind::Place | FieldKind::Labels | FieldKind::Recurrence => None,
            FieldKind::Raw => None,
        }
    }
}

/// A value in the form that the control of its kind edits.
#[must_use]
pub fn editable(value: &str, kind: FieldKind) -> String {
    match kind {
        FieldKind::When => when::to_line(value),
        FieldKind::Text | FieldKind::Multiline | FieldKind::Deleted | FieldKind::Completed => {
            value.to_owned()
        }
        FieldKind::Priority | FieldKind::Place | FieldKind::Labels | FieldKind::Recurrence => {
            value.to_owned()
        }
        FieldKind::Raw => value.to_owned(),
    }
}

/// A value of a field in conflict, as people read it.
#[must_use]
pub fn shown(value: &str, field: &ConflictField, zone: &str) -> String {
    say(value, &field.field, field.kind, &field.names, zone)
}

/// A value of a field, as people read it. A value for which this version has no words is shown as it is.
#[must_use]
#[expect(clippy::wildcard_enum_match_arm, reason = "only two fields name a place")]
pub fn say(value: &str, field: &Field, kind: FieldKind, names: &[(String, String)], zone: &str) -> String {
    let name = |id: &str| {
        let named = names.iter().find(|(named, _)| named == id);
        named.map_or_else(|| id.to_owned(), |(_, name)| name.clone())
    };
    match kind {
        FieldKind::Deleted if value == DELETED => phrases::delete_it().to_owned(),
        FieldKind::Deleted => phrases::keep_it().to_owned(),
        FieldKind::When if value.is_empty() => phrases::no_date().to_owned(),
        FieldKind::When => when::say(value, zone),
        FieldKind::Priority if value.is_empty() => phrases::no_priority().to_owned(),
        FieldKind::Priority => priority_name(value),
        FieldKind::Place if value.is_empty() => match field {
            Field::List => phrases::inbox().to_owned(),
            Field::Section => phrases::no_section().to_owned(),
            _ => phrases::nothing().to_owned(),
        },
        FieldKind::Place => name(value),
        FieldKind::Labels if value.is_empty() => phrases::no_labels().to_owned(),
        FieldKind::Labels => {
            let names: Vec<String> = value.split(' ').map(name).collect();
            names.join(", ")
        }
        FieldKind::Recurrence if value.is_empty() => phrases::repeat_never().to_owned(),
        FieldKind::Recurrence => value
            .parse()
            .map_or_else(|_| value.to_owned(), |rule| repeat::say(&rule)),
        FieldKind::Completed if value.is_empty() => phrases::not_completed().to_owned(),
        FieldKind::Completed => match value.parse() {
            Ok(at) => phrases::completed_at(&phrases::moment(Timestamp(at))),
            Err(_) => value.to_owned(),
        },
        FieldKind::Text | FieldKind::Multiline | FieldKind::Raw if value.is_empty() => {
            phrases::emptied().to_owned()
        }
        FieldKind::Text | FieldKind::Multiline | FieldKind::Raw => value.to_owned(),
    }
}

/// A sentence about the conflict, for cases that the fields side by side do not explain, such as a deletion. Only the
/// device that noticed the conflict says which side is which device.
#[must_use]
pub fn sentence(card: &ConflictCard) -> Option<&'static str> {
    let of = |kind| card.fields.iter().find(|field| field.kind == kind);
    if let Some(field) = of(FieldKind::Deleted) {
        return Some(match (field.mine == DELETED, field.theirs == DELETED) {
            (false, true) if card.noticed_here => phrases::deleted_there(),
            (true, false) if card.noticed_here => phrases::deleted_here(),
            (_, _) => phrases::deleted_both(),
        });
    }
    let field = of(FieldKind::Completed)?;
    Some(match field.mine.is_empty() {
        true if card.noticed_here => phrases::completed_there(),
        false if card.noticed_here => phrases::completed_here(),
        true | false => phrases::completed_somewhere(),
    })
}

/// Splits `value` into three parts: the same as in the base, different, the same as in the base. In scripts that have
/// spaces, the cuts are between words.
#[must_use]
pub fn difference<'v>(base: &str, value: &'v str) -> (&'v str, &'v str, &'v str) {
    if base == value {
        return (value, "", "");
    }
    let same = |a: &(char, char)| a.0 == a.1;
    let head: usize = base
        .chars()
        .zip(value.chars())
        .take_while(same)
        .map(|(_, c)| c.len_utf8())
        .sum();
    let backwards = base[head..].chars().rev().zip(value[head..].chars().rev());
    let tail: usize = backwards.take_while(same).map(|(_, c)| c.len_utf8()).sum();
    let from = to_word_start(value, head);
    let to = to_word_end(value, value.len() - tail);
    // Spaces at the edges are left out of the different part, because nobody sees them.
    let middle = &value[from..to];
    let from = from + (middle.len() - middle.trim_start().len());
    let to = (to - (middle.len() - middle.trim_end().len())).max(from);
    (&value[..from], &value[from..to], &value[to..])
}

fn in_word(c: char) -> bool {
    c.is_ascii_alphanumeric()
}

fn to_word_start(value: &str, at: usize) -> usize {
    let cuts_word = value[at..].chars().next().is_some_and(in_word);
    let word = value[..at].chars().rev().take_while(|c| in_word(*c)).count();
    if cuts_word { at - word } else { at }
}

fn to_word_end(value: &str, at: usize) -> usize {
    let cuts_word = value[..at].chars().next_back().is_some_and(in_word);
    let word = value[at..].chars().take_while(|c| in_word(*c)).count();
    if cuts_word { at + word } else { at }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fields::kind_of;
    use tsugi_sync::ids::EntityId;

    fn field(name: Field) -> ConflictField {
        ConflictField {
            kind: kind_of(&name),
            field: name,
            label: "Title".to_owned(),
            base: "Buy milk".to_owned(),
            mine: "Buy oat milk".to_owned(),
            theirs: "Buy two litres of milk".to_owned(),
            names: [("7".to_owned(), "Garden".to_owned())].into(),
        }
    }

    #[test]
    fn a_choice_fills_the_result_and_typing_makes_it_ones_own() {
        let field = field(Field::Title);
        let pick = Pick::Side(Side::Theirs);
        assert_eq!(pick.result(&field, "UTC"), field.theirs);
        let own = pick.typed("Buy 2 l of oat milk".to_owned(), &field);
        assert_eq!(own.result(&field, "UTC"), "Buy 2 l of oat milk");
        assert!(Side::ALL.iter().all(|side| !own.is(*side)));
        assert_eq!(pick.typed(field.theirs.clone(), &field), pick);
    }

    #[test]
    fn what_may_not_be_saved() {
        let problem = |name: Field, text: &str| Pick::Own(text.to_owned()).problem(&field(name), "UTC");
        assert_eq!(problem(Field::Title, "  "), Some(phrases::title_needed()));
        assert_eq!(problem(Field::Notes, ""), None);
        assert_eq!(problem(Field::Due, "2026-02-30"), Some(phrases::date_wrong()));
        assert_eq!(
            problem(Field::Due, "2026-02-28 25:00"),
            Some(phrases::date_wrong())
        );
        assert_eq!(problem(Field::Due, ""), None);
        assert_eq!(problem(Field::Due, " 2026-02-28"), None);
        assert_eq!(problem(Field::from("mood"), ""), None);
    }

    /// A side that is chosen and not edited is saved exactly as it was, whatever its kind.
    #[test]
    fn a_time_is_typed_in_one_line_and_a_side_stays_as_it_was() {
        let due = ConflictField {
            mine: "2026-11-24T15:00[Asia/Tokyo]".to_owned(),
            ..field(Field::Due)
        };
        let pick = Pick::Side(Side::Mine);
        assert_eq!(pick.text(&due), "2026-11-24 15:00 Asia/Tokyo");
        assert_eq!(pick.typed(pick.text(&due), &due), pick);
        assert_eq!(pick.result(&due, "UTC"), due.mine);
        let own = pick.typed("2026-11-24 16:00".to_owned(), &due);
        assert_eq!(own.result(&due, "Europe/Rome"), "2026-11-24T16:00[Europe/Rome]");
    }

    #[test]
    fn values_are_shown_as_people_read_them_and_unknown_ones_as_they_are() {
        let table = [
            (Field::Priority, "1", phrases::priority_1()),
            (Field::Priority, "", phrases::no_priority()),
            (Field::Priority, "\"urgent\"", "\"urgent\""),
            (Field::List, "", "Inbox"),
            (Field::List, "7", "Garden"),
            (Field::Labels, "7 8", "Garden, 8"),
            (Field::Recurrence, "FREQ=DAILY", "Every day"),
            (Field::Recurrence, "FREQ=HOURLY", "FREQ=HOURLY"),
            (Field::Start, "2026-11-24", "Tue, Nov 24, 2026"),
            (Field::Completed, "", phrases::not_completed()),
            (Field::from("mood"), "{\"calm\":7}", "{\"calm\":7}"),
            (Field::from("mood"), "", phrases::emptied()),
        ];
        for (name, value, words) in table {
            assert_eq!(
                shown(value, &field(name.clone()), "UTC"),
                words,
                "{name:?} {value}"
            );
        }
    }

    #[test]
    fn a_crossing_is_explained_in_a_sentence() {
        let card = |mine: &str, noticed_here| ConflictCard {
            id: EntityId(uuid::Uuid::nil()),
            task: EntityId(uuid::Uuid::nil()),
            task_title: String::new(),
            opened: Timestamp(0),
            mine_label: String::new(),
            theirs_label: String::new(),
            noticed_here,
            fields: vec![
                field(Field::Due),
                ConflictField {
                    mine: mine.to_owned(),
                    theirs: "7".to_owned(),
                    ..field(Field::Completed)
                },
            ],
        };
        assert_eq!(sentence(&card("", true)), Some(phrases::completed_there()));
        assert_eq!(sentence(&card("7", true)), Some(phrases::completed_here()));
        assert_eq!(sentence(&card("7", false)), Some(phrases::completed_somewhere()));
    }

    #[test]
    fn the_part_that_differs() {
        let table = [
            ("Buy milk", "Buy oat milk", ("Buy ", "oat", " milk")),
            ("Buy milk", "Buy milk", ("Buy milk", "", "")),
            ("", "new", ("", "new", "")),
            ("a", "a ", ("a ", "", "")),
            ("Call Anna", "Call Anja", ("Call ", "Anja", "")),
            ("歯医者に電話", "歯医者に予約", ("歯医者に", "予約", "")),
            ("会議の資料", "会議", ("会議", "", "")),
            ("aaa", "aa", ("aa", "", "")),
        ];
        for (base, value, expected) in table {
            assert_eq!(difference(base, value), expected, "{base} / {value}");
        }
    }
}
