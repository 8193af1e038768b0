//! Filters that somebody keeps. The query is text: what it finds is for whoever searches to say.

use crate::conflict::read_time;
use crate::entity::{Entity, Field, Fields, Kind};
use crate::ids::{EntityId, Timestamp};
use crate::limits;
use crate::list::named;
use crate::position::Position;
use crate::title::TitleError;

/// A filter under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedFilter {
    pub id: EntityId,
    pub name: String,
    pub query: String,
    pub position: Option<Position>,
    pub created: Timestamp,
}

impl SavedFilter {
    /// Reads a filter that is there. None for a tombstone and for what is not a filter.
    #[must_use]
    pub fn read(entity: &Entity) -> Option<Self> {
        if entity.kind != Kind::Filter || entity.is_deleted() {
            return None;
        }
        let text = |field| entity.value(field).as_text();
        Some(Self {
            id: entity.id,
            name: text(&Field::Name).unwrap_or_default().to_owned(),
            query: text(&Field::Query).unwrap_or_default().to_owned(),
            position: text(&Field::Position).and_then(|key| key.parse().ok()),
            created: read_time(entity.value(&Field::Created)),
        })
    }

    /// The fields of a new filter.
    ///
    /// # Errors
    /// When name or query are empty or too long.
    pub fn create(name: &str, query: &str, now: Timestamp) -> Result<Fields, FilterError> {
        let mut fields = named(name, now)?;
        fields.insert(Field::Query, check_query(query)?.into());
        Ok(fields)
    }
}

/// A query as it is kept: trimmed.
///
/// # Errors
/// When nothing is left or it is too long.
pub fn check_query(query: &str) -> Result<&str, FilterError> {
    let query = query.trim();
    match query.chars().count() {
        0 => Err(FilterError::Empty),
        count if count > limits::QUERY_CHARS => Err(FilterError::TooLong(count)),
        _ => Ok(query),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    #[error(transparent)]
    Name(#[from] TitleError),
    #[error("a filter needs something to look for")]
    Empty,
    #[error("a filter has at most {max} characters; this one has {0}", max = limits::QUERY_CHARS)]
    TooLong(usize),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::Cell;
    use crate::ids::Revision;

    #[test]
    fn a_filter_is_read_as_it_was_made() {
        let mut entity = Entity::new(EntityId(uuid::Uuid::nil()), Kind::Filter);
        let fields = SavedFilter::create("Calls", " @phone p1 ", Timestamp(5)).unwrap();
        entity.absorb(fields.into_iter().map(|(f, value)| (f, Cell(value, Revision(1)))));
        let filter = SavedFilter::read(&entity).unwrap();
        assert_eq!(
            (filter.name.as_str(), filter.query.as_str()),
            ("Calls", "@phone p1")
        );
    }

    #[test]
    fn a_filter_has_limits() {
        let create = |name, query: &str| SavedFilter::create(name, query, Timestamp(5)).unwrap_err();
        assert_eq!(create("", "x"), FilterError::Name(TitleError::Empty));
        assert_eq!(create("x", "  "), FilterError::Empty);
        let long = "x".repeat(limits::QUERY_CHARS + 1);
        assert_eq!(create("x", &long), FilterError::TooLong(limits::QUERY_CHARS + 1));
    }
}
