//! Values of fields as people read them, and as the controls edit them.

use tsugi_sync::entity::Field;
use tsugi_sync::ids::Timestamp;

use crate::conflicts::card::{ConflictField, joined};
use crate::model::{DELETED, FieldKind};
use crate::text::priority_name;
use crate::text::repeat;
use crate::text::when;
use tsugi_words::phrases;

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
        FieldKind::Labels => joined(value.split(' ').map(name)),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fields::kind_of;

    #[test]
    fn values_are_shown_as_people_read_them_and_unknown_ones_as_they_are() {
        let names = [("7".to_owned(), "Garden".to_owned())];
        for (name, value, words) in [
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
        ] {
            let kind = kind_of(&name);
            assert_eq!(say(value, &name, kind, &names, "UTC"), words, "{name:?} {value}");
        }
    }
}
