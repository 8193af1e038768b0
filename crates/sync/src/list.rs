//! Lists, and the folders that may hold them.

use crate::colour::Colour;
use crate::conflict::{read_time, write_time};
use crate::entity::{Entity, Field, Fields, Kind};
use crate::ids::{EntityId, Timestamp};
use crate::position::Position;
use crate::task::read_moment;
use crate::title::{TitleError, check_title};

/// A list of tasks. The inbox is not a list: tasks without a list are in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    pub id: EntityId,
    pub name: String,
    pub folder: Option<EntityId>,
    pub colour: Option<Colour>,
    pub position: Option<Position>,
    /// When it was archived. It keeps its tasks, and is shown only among the archived lists.
    pub archived: Option<Timestamp>,
    /// When it became a favourite, if it is one.
    pub favourite: Option<Timestamp>,
    pub created: Timestamp,
}

impl List {
    /// Reads a list. None for a tombstone and for an entity that is not a list.
    #[must_use]
    pub fn read(entity: &Entity) -> Option<Self> {
        if entity.kind != Kind::List || entity.is_deleted() {
            return None;
        }
        let text = |field| entity.value(field).as_text();
        Some(Self {
            id: entity.id,
            name: text(&Field::Name).unwrap_or_default().to_owned(),
            folder: text(&Field::Folder).and_then(|id| id.parse().ok()),
            colour: Colour::read(entity.value(&Field::Colour)),
            position: text(&Field::Position).and_then(|key| key.parse().ok()),
            archived: read_moment(entity, &Field::Archived),
            favourite: read_moment(entity, &Field::Favourite),
            created: read_time(entity.value(&Field::Created)),
        })
    }

    /// The fields of a new list.
    ///
    /// # Errors
    /// When the name is empty or too long.
    pub fn create(name: &str, now: Timestamp) -> Result<Fields, TitleError> {
        named(name, now)
    }
}

/// A folder, in which lists may be put.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    pub id: EntityId,
    pub name: String,
    pub position: Option<Position>,
    pub created: Timestamp,
}

impl Folder {
    /// Reads a folder. None for a tombstone and for an entity that is not a folder.
    #[must_use]
    pub fn read(entity: &Entity) -> Option<Self> {
        if entity.kind != Kind::Folder || entity.is_deleted() {
            return None;
        }
        let text = |field| entity.value(field).as_text();
        Some(Self {
            id: entity.id,
            name: text(&Field::Name).unwrap_or_default().to_owned(),
            position: text(&Field::Position).and_then(|key| key.parse().ok()),
            created: read_time(entity.value(&Field::Created)),
        })
    }

    /// The fields of a new folder.
    ///
    /// # Errors
    /// When the name is empty or too long.
    pub fn create(name: &str, now: Timestamp) -> Result<Fields, TitleError> {
        named(name, now)
    }
}

/// The fields of a new entity that has a name.
pub(crate) fn named(name: &str, now: Timestamp) -> Result<Fields, TitleError> {
    Ok(Fields::from([
        (Field::Name, check_title(name)?.into()),
        (Field::Created, write_time(now)),
    ]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::Cell;
    use crate::ids::Revision;
    use crate::value::Value;

    fn entity(kind: Kind, fields: Fields) -> Entity {
        let mut entity = Entity::new(EntityId(uuid::Uuid::nil()), kind);
        let cells = fields.into_iter().map(|(f, value)| (f, Cell(value, Revision(1))));
        entity.absorb(cells);
        entity
    }

    #[test]
    fn a_list_is_read_as_it_was_made() {
        let folder = EntityId(uuid::Uuid::from_u128(1));
        let mut fields = List::create(" Home ", Timestamp(5)).unwrap();
        fields.extend([
            (Field::Folder, folder.to_string().as_str().into()),
            (Field::Colour, Colour::Teal.into()),
            (Field::Archived, 9.into()),
            (Field::Position, "V".into()),
        ]);
        let list = List::read(&entity(Kind::List, fields.clone())).unwrap();
        assert_eq!((list.name.as_str(), list.folder), ("Home", Some(folder)));
        assert_eq!(
            (list.colour, list.archived),
            (Some(Colour::Teal), Some(Timestamp(9)))
        );
        assert_eq!(list.position.unwrap().as_str(), "V");
        assert_eq!(Folder::read(&entity(Kind::List, fields.clone())), None);
        fields.insert(Field::Deleted, Value::Int(1));
        assert_eq!(List::read(&entity(Kind::List, fields)), None);
    }

    #[test]
    fn a_folder_has_a_name() {
        let fields = Folder::create("Work", Timestamp(5)).unwrap();
        let folder = Folder::read(&entity(Kind::Folder, fields)).unwrap();
        assert_eq!((folder.name.as_str(), folder.created), ("Work", Timestamp(5)));
        assert_eq!(Folder::create(" ", Timestamp(5)), Err(TitleError::Empty));
    }
}
