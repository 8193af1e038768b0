//! Edits that are on the screen and not durable yet, as a text that the device keeps until they are.
//!
//! A page may be loaded again before its last edits are in the log. The next page takes them up from this text. It may
//! find edits there that did become durable in the last moment: those are known by their values.

use serde::{Deserialize, Serialize};
use tsugi_sync::entity::Entity;
use tsugi_sync::replica::Edit;

/// How many edits are noted at most, and in how many bytes. A text is written with each key press that edits, so it is
/// short; a change of very many tasks is not noted.
const EDITS: usize = 100;
const BYTES: usize = 200_000;

#[derive(Serialize, Deserialize)]
struct Note {
    edits: Vec<Edit>,
}

/// The text for these edits. None if there are none, or too many.
#[must_use]
pub fn to_text<'a>(edits: impl Iterator<Item = &'a Edit>) -> Option<String> {
    let edits: Vec<Edit> = edits.take(EDITS + 1).cloned().collect();
    if edits.is_empty() || edits.len() > EDITS {
        return None;
    }
    let text = serde_json::to_string(&Note { edits }).ok()?;
    (text.len() <= BYTES).then_some(text)
}

/// The edits of a text; none if it cannot be read.
#[must_use]
pub fn from_text(text: &str) -> Vec<Edit> {
    if text.len() > BYTES {
        return Vec::new();
    }
    serde_json::from_str::<Note>(text).map_or_else(|_| Vec::new(), |note| note.edits)
}

/// The edits of a note that are not durable, in their order. `is_there` says whether an entity has all the values that an
/// edit sets.
///
/// Edits become durable in order. So once one edit of an entity is not, none after it is, even if the entity looks so:
/// whoever ticked a task and took that back has left it as it was before both.
#[must_use]
pub fn not_durable(edits: Vec<Edit>, is_there: impl Fn(&Edit) -> bool) -> Vec<Edit> {
    let mut left: Vec<Edit> = Vec::new();
    for edit in edits {
        let is_behind = left.iter().any(|earlier| earlier.entity == edit.entity);
        if is_behind || !is_there(&edit) {
            left.push(edit);
        }
    }
    left
}

/// Whether an entity has all the values that an edit sets.
#[must_use]
pub fn is_there(edit: &Edit, view: Option<&Entity>) -> bool {
    view.is_some_and(|view| edit.set.iter().all(|(field, value)| view.value(field) == value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsugi_sync::entity::{Cell, Field, Fields, Kind};
    use tsugi_sync::ids::{EntityId, Revision, Timestamp};
    use tsugi_sync::value::Value;
    use uuid::Uuid;

    fn edit(title: &str) -> Edit {
        Edit {
            entity: EntityId(Uuid::from_u128(1)),
            kind: Kind::Task,
            set: Fields::from([(Field::Title, title.into()), (Field::Due, Value::Null)]),
            seen: Fields::from([(Field::Deleted, Value::Null)]),
            at: Timestamp(7),
            group: Some(Uuid::from_u128(2)),
        }
    }

    #[test]
    fn edits_come_back_as_they_were() {
        let edits = [edit("milk"), edit("oat milk")];
        let text = to_text(edits.iter()).unwrap();
        assert_eq!(from_text(&text), edits);
        assert_eq!(to_text([].iter()), None);
        assert_eq!(to_text(vec![edit("milk"); EDITS + 1].iter()), None);
        assert_eq!(to_text([edit(&"m".repeat(BYTES))].iter()), None);
        for text in ["", "{", "[]", r#"{"edits":[{}]}"#] {
            assert_eq!(from_text(text), [], "{text}");
        }
    }

    #[test]
    fn an_edit_whose_values_are_there_is_durable_unless_one_before_it_is_not() {
        let mut view = Entity::new(EntityId(Uuid::from_u128(1)), Kind::Task);
        assert!(!is_there(&edit("milk"), None));
        assert!(!is_there(&edit("milk"), Some(&view)));
        view.absorb([(Field::Title, Cell("milk".into(), Revision(3)))]);
        assert!(is_there(&edit("milk"), Some(&view)));
        assert!(!is_there(&edit("oat milk"), Some(&view)));
        let left = |titles: &[&str]| {
            let edits = titles.iter().map(|title| edit(title)).collect();
            not_durable(edits, |edit| is_there(edit, Some(&view)))
        };
        assert_eq!(left(&["milk"]), []);
        assert_eq!(left(&["milk", "oat milk"]), [edit("oat milk")]);
        assert_eq!(left(&["oat milk", "milk"]), [edit("oat milk"), edit("milk")]);
    }
}
