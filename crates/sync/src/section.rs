//! Sections: the parts of a list.

use crate::conflict::read_time;
use crate::entity::{Entity, Field, Fields, Kind};
use crate::ids::{EntityId, Timestamp};
use crate::list::named;
use crate::position::Position;
use crate::title::TitleError;
use crate::value::Value;

/// A part of a list. If its list is gone, the section is not shown, and its tasks are in no section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    pub id: EntityId,
    pub name: String,
    pub list: Option<EntityId>,
    pub position: Option<Position>,
    pub created: Timestamp,
}

impl Section {
    /// Reads a section. None for a tombstone and for an entity that is not a section.
    #[must_use]
    pub fn read(entity: &Entity) -> Option<Self> {
        if entity.kind != Kind::Section || entity.is_deleted() {
            return None;
        }
        let text = |field| entity.value(field).as_text();
        Some(Self {
            id: entity.id,
            name: text(&Field::Name).unwrap_or_default().to_owned(),
            list: text(&Field::List).and_then(|id| id.parse().ok()),
            position: text(&Field::Position).and_then(|key| key.parse().ok()),
            created: read_time(entity.value(&Field::Created)),
        })
    }

    /// The fields of a new section.
    ///
    /// # Errors
    /// When the name is empty or too long.
    pub fn create(name: &str, list: EntityId, now: Timestamp) -> Result<Fields, TitleError> {
        let mut fields = named(name, now)?;
        fields.insert(Field::List, Value::Text(list.to_string()));
        Ok(fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::Cell;
    use crate::ids::Revision;

    #[test]
    fn a_section_is_read_as_it_was_made() {
        let list = EntityId(uuid::Uuid::from_u128(1));
        let mut entity = Entity::new(EntityId(uuid::Uuid::nil()), Kind::Section);
        let fields = Section::create("Soon", list, Timestamp(5)).unwrap();
        entity.absorb(fields.into_iter().map(|(f, value)| (f, Cell(value, Revision(1)))));
        let section = Section::read(&entity).unwrap();
        assert_eq!((section.name.as_str(), section.list), ("Soon", Some(list)));
        assert_eq!(Section::create("", list, Timestamp(5)), Err(TitleError::Empty));
    }
}
