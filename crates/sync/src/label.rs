//! Labels, which tasks of different lists can share. A task holds the ids of its labels, so that a label can be
//! renamed in one place.

use crate::colour::Colour;
use crate::conflict::read_time;
use crate::entity::{Entity, Field, Fields, Kind};
use crate::ids::{EntityId, Timestamp};
use crate::list::named;
use crate::task::read_moment;
use crate::title::TitleError;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    pub id: EntityId,
    pub name: String,
    pub colour: Option<Colour>,
    /// When it became a favourite, if it is one.
    pub favourite: Option<Timestamp>,
    pub created: Timestamp,
}

impl Label {
    /// Reads a label. None for a tombstone and for an entity that is not a label. A task keeps the id of a deleted
    /// label and does not show it; if the label is brought back, the task shows it again.
    #[must_use]
    pub fn read(entity: &Entity) -> Option<Self> {
        if entity.kind != Kind::Label || entity.is_deleted() {
            return None;
        }
        Some(Self {
            id: entity.id,
            name: entity
                .value(&Field::Name)
                .as_text()
                .unwrap_or_default()
                .to_owned(),
            colour: Colour::read(entity.value(&Field::Colour)),
            favourite: read_moment(entity, &Field::Favourite),
            created: read_time(entity.value(&Field::Created)),
        })
    }

    /// The fields of a new label.
    ///
    /// # Errors
    /// When the name is empty or too long.
    pub fn create(name: &str, now: Timestamp) -> Result<Fields, TitleError> {
        named(name, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::Cell;
    use crate::ids::Revision;

    #[test]
    fn a_label_is_read_as_it_was_made() {
        let mut entity = Entity::new(EntityId(uuid::Uuid::nil()), Kind::Label);
        let mut fields = Label::create("errand", Timestamp(5)).unwrap();
        fields.insert(Field::Colour, Colour::Pink.into());
        entity.absorb(fields.into_iter().map(|(f, value)| (f, Cell(value, Revision(1)))));
        let label = Label::read(&entity).unwrap();
        assert_eq!(
            (label.name.as_str(), label.colour),
            ("errand", Some(Colour::Pink))
        );
    }
}
