//! Entities: everything in a workspace is one. An entity consists of fields, each with the revision that last changed
//! it.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;

use crate::fault::{Fault, planted};
use crate::ids::{EntityId, Revision};
use crate::sorted_map::SortedMap;
use crate::value::Value;

macro_rules! names {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[$vdoc])* $variant,)+
            /// A name from a later version of Tsugi: it is kept, synced and shown as it is, never dropped.
            Other(Box<str>),
        }

        impl $name {
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Other(name) => name,
                }
            }
        }

        // Sorted by name, so that a later version with more names has the same order.
        impl Ord for $name {
            fn cmp(&self, other: &Self) -> std::cmp::Ordering {
                self.as_str().cmp(other.as_str())
            }
        }

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        impl From<&str> for $name {
            fn from(name: &str) -> Self {
                match name {
                    $($text => Self::$variant,)+
                    other => Self::Other(other.into()),
                }
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Cow::<'de, str>::deserialize(deserializer).map(|name| Self::from(name.as_ref()))
            }
        }
    };
}

names! {
    /// The kind of an entity.
    Kind {
        Task = "task",
        List = "list",
        Section = "section",
        /// A folder, which holds lists.
        Folder = "folder",
        Label = "label",
        Comment = "comment",
        /// A filter that somebody has saved, as the text of its query.
        Filter = "filter",
        /// A disagreement between two replicas, open or settled; see `conflict`.
        Conflict = "conflict",
        /// The rules that a workspace has chosen for itself; see `policy`.
        Policy = "policy",
    }
}

names! {
    /// The name of a field. Modules such as `task` say which kinds have which fields.
    Field {
        Title = "title",
        Notes = "notes",
        /// When the task was completed, in milliseconds; null while it is open.
        Completed = "completed",
        Due = "due",
        Priority = "priority",
        List = "list",
        Position = "position",
        Created = "created",
        Name = "name",
        /// The ids of entities of kind `label`, as texts: sorted, each once.
        Labels = "labels",
        Section = "section",
        /// The task that this one is a part of.
        Parent = "parent",
        /// The day from which on the task can be done; in the form of `due`.
        Start = "start",
        /// How the task comes again.
        Recurrence = "recurrence",
        Assignee = "assignee",
        /// The first task of a series of recurring ones.
        Series = "series",
        /// The folder that a list is in.
        Folder = "folder",
        Colour = "colour",
        /// When a list was archived, in milliseconds; null while it is in use.
        Archived = "archived",
        /// When somebody made a list or label one of the favourites, in milliseconds; null while it is none.
        Favourite = "favourite",
        /// The task that a comment is about.
        Task = "task",
        Text = "text",
        /// The person who wrote a comment, according to the device that made it.
        Author = "author",
        Query = "query",
        /// When the entity was deleted, in milliseconds; null if it is not. An entity with a value here is a
        /// tombstone.
        Deleted = "deleted",
        // A conflict's own fields.
        Subject = "subject",
        State = "state",
        Base = "base",
        Local = "local",
        Remote = "remote",
        Result = "result",
        Rules = "rules",
        LocalAuthor = "local_author",
        RemoteAuthor = "remote_author",
        /// The values that the subject had before a person resolved the conflict.
        Before = "before",
        /// The device on which a person resolved it.
        Resolver = "resolver",
        /// The values that the rules chose, once a person has resolved a merge record.
        Merged = "merged",
    }
}

/// One field's value with the revision that last changed it; `Revision(0)` when only this replica knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell(pub Value, pub Revision);

/// Fields to set. A patch has only the fields that were changed, so patches of different fields always merge.
pub type Fields = SortedMap<Field, Value>;

/// The state of one entity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entity {
    pub id: EntityId,
    pub kind: Kind,
    pub fields: SortedMap<Field, Cell>,
}

static NULL: Value = Value::Null;

impl Entity {
    #[must_use]
    pub fn new(id: EntityId, kind: Kind) -> Self {
        Self {
            id,
            kind,
            fields: SortedMap::new(),
        }
    }

    /// The field's value; null when it was never set.
    #[must_use]
    pub fn value(&self, field: &Field) -> &Value {
        self.fields.get(field).map_or(&NULL, |cell| &cell.0)
    }

    /// The revision that last changed the field; 0 when the server never saw it.
    #[must_use]
    pub fn revision_of(&self, field: &Field) -> Revision {
        self.fields.get(field).map_or(Revision(0), |cell| cell.1)
    }

    /// The revision that last changed anything here.
    #[must_use]
    pub fn revision(&self) -> Revision {
        self.fields.values().map(|cell| cell.1).max().unwrap_or_default()
    }

    #[must_use]
    pub fn is_deleted(&self) -> bool {
        !self.value(&Field::Deleted).is_null()
    }

    /// Takes in cells from the server. A cell that is older than the one here changes nothing, so deltas may come
    /// twice or overlap.
    pub fn absorb(&mut self, cells: impl IntoIterator<Item = (Field, Cell)>) {
        for (field, cell) in cells {
            let known = self.revision_of(&field);
            if cell.1 > known || !self.fields.contains_key(&field) || planted(Fault::OldCellWins) {
                self.fields.insert(field, cell);
            }
        }
    }

    /// The changes after `cursor`, as an entity that has only the cells that changed. If the entity is deleted, or was
    /// brought back since, it has all cells: a snapshot leaves tombstones out, so the replica may have none of them.
    #[must_use]
    pub fn since(&self, cursor: Revision) -> Self {
        let whole = self.is_deleted() || self.revision_of(&Field::Deleted) > cursor;
        let newer = self.fields.iter().filter(|(_, cell)| whole || cell.1 > cursor);
        Self {
            id: self.id,
            kind: self.kind.clone(),
            fields: newer.map(|(field, cell)| (field.clone(), cell.clone())).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn entity(cells: &[(&str, &str, u64)]) -> Entity {
        let mut entity = Entity::new(EntityId(Uuid::nil()), Kind::Task);
        entity.absorb(
            cells
                .iter()
                .map(|(f, v, r)| (Field::from(*f), Cell(Value::text(*v), Revision(*r)))),
        );
        entity
    }

    #[test]
    fn cells_come_in_any_order_and_more_than_once() {
        let mut one = entity(&[("title", "a", 1), ("title", "b", 3)]);
        let other = entity(&[("title", "b", 3), ("title", "a", 1), ("title", "b", 3)]);
        assert_eq!(one, other);
        one.absorb([(Field::Title, Cell(Value::text("old"), Revision(2)))]);
        assert_eq!(one.value(&Field::Title), &Value::text("b"));
    }

    #[test]
    fn what_a_later_version_names_survives() {
        let text =
            r#"{"id":"00000000-0000-0000-0000-000000000000","kind":"habit","fields":{"streak":["9",4]}}"#;
        let entity: Entity = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&entity).unwrap(), text);
    }

    #[test]
    fn since_keeps_only_newer_cells() {
        let all = entity(&[("title", "a", 1), ("notes", "n", 5)]);
        assert_eq!(all.since(Revision(1)), entity(&[("notes", "n", 5)]));
        assert_eq!(all.revision(), Revision(5));
        let back = |deleted| entity(&[("title", "a", 1), ("notes", "n", 9), ("deleted", "x", deleted)]);
        assert_eq!(back(2).since(Revision(8)), back(2), "deleted, whenever");
    }
}
