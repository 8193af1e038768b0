//! Tasks, read from their entities.
//!
//! Reading is lenient: if this version cannot read a value, the task counts as having none, and the value stays in
//! the entity as it is. Writing is strict: each value is checked before a task gets it.

use tsugi_calendar::Rule;
pub use tsugi_calendar::{Date, DateError, Due};

use crate::conflict::{read_time, write_time};
use crate::entity::{Entity, Field, Fields, Kind};
use crate::ids::{EntityId, Revision, Timestamp, UserId};
use crate::limits;
use crate::position::Position;
pub use crate::title::{TitleError, check_title};
use crate::value::Value;

/// A task as a person knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    pub id: EntityId,
    pub title: String,
    pub notes: String,
    /// The list it was put in. A sub-task is in the list of its root, see `ancestry`.
    pub list: Option<EntityId>,
    pub section: Option<EntityId>,
    /// The task that this one is a part of.
    pub parent: Option<EntityId>,
    /// The revision at which it got that parent. It decides where a cycle of parents is cut.
    pub moved: Revision,
    /// In order, each once.
    pub labels: Vec<EntityId>,
    pub priority: Option<Priority>,
    pub start: Option<Due>,
    pub due: Option<Due>,
    pub recurrence: Option<Rule>,
    /// The first task of the series of recurring tasks. None if this task is the first itself.
    pub series: Option<EntityId>,
    pub position: Option<Position>,
    pub assignee: Option<UserId>,
    pub completed: Option<Timestamp>,
    pub created: Timestamp,
    /// When it was deleted. Only a tombstone has one, see [`Task::read_deleted`].
    pub deleted: Option<Timestamp>,
}

impl Task {
    /// Reads a task. None for a tombstone and for an entity that is not a task.
    #[must_use]
    pub fn read(entity: &Entity) -> Option<Self> {
        Self::read_any(entity).filter(|task| task.deleted.is_none())
    }

    /// Reads a task that was deleted, so that a person can bring it back.
    #[must_use]
    pub fn read_deleted(entity: &Entity) -> Option<Self> {
        Self::read_any(entity).filter(|task| task.deleted.is_some())
    }

    fn read_any(entity: &Entity) -> Option<Self> {
        if entity.kind != Kind::Task {
            return None;
        }
        let text = |field| entity.value(field).as_text();
        let id = |field| text(field).and_then(|id| id.parse().ok());
        let due = |field| text(field).and_then(|due| due.parse().ok());
        Some(Self {
            id: entity.id,
            title: text(&Field::Title).unwrap_or_default().to_owned(),
            notes: text(&Field::Notes).unwrap_or_default().to_owned(),
            list: id(&Field::List),
            section: id(&Field::Section),
            parent: id(&Field::Parent),
            moved: entity.revision_of(&Field::Parent),
            labels: read_labels(entity.value(&Field::Labels)),
            priority: Priority::read(entity.value(&Field::Priority)),
            start: due(&Field::Start),
            due: due(&Field::Due),
            recurrence: text(&Field::Recurrence).and_then(|rule| rule.parse().ok()),
            series: id(&Field::Series),
            position: text(&Field::Position).and_then(|key| key.parse().ok()),
            assignee: text(&Field::Assignee).and_then(|id| id.parse().ok()),
            completed: read_moment(entity, &Field::Completed),
            created: read_time(entity.value(&Field::Created)),
            // Any value makes it a tombstone, as in `Entity::is_deleted`.
            deleted: entity
                .is_deleted()
                .then(|| read_time(entity.value(&Field::Deleted))),
        })
    }

    /// The fields of a new task.
    ///
    /// # Errors
    /// When the title is empty or too long.
    pub fn create(title: &str, now: Timestamp) -> Result<Fields, TitleError> {
        let title = check_title(title)?;
        Ok(Fields::from([
            (Field::Title, title.into()),
            (Field::Created, write_time(now)),
        ]))
    }
}

/// The moment in a field. None if the field is empty or is not a number.
pub(crate) fn read_moment(entity: &Entity, field: &Field) -> Option<Timestamp> {
    let value = entity.value(field);
    value.as_int().map(|_| read_time(value))
}

/// How urgent a task is: 1 is the highest, 4 the lowest. A task may have none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    First,
    Second,
    Third,
    Fourth,
}

impl Priority {
    pub const ALL: [Self; 4] = [Self::First, Self::Second, Self::Third, Self::Fourth];

    /// 1 to 4.
    #[must_use]
    pub fn number(self) -> i64 {
        match self {
            Self::First => 1,
            Self::Second => 2,
            Self::Third => 3,
            Self::Fourth => 4,
        }
    }

    #[must_use]
    pub fn read(value: &Value) -> Option<Self> {
        let number = value.as_int()?;
        Self::ALL.into_iter().find(|priority| priority.number() == number)
    }
}

impl From<Priority> for Value {
    fn from(priority: Priority) -> Self {
        Self::Int(priority.number())
    }
}

fn read_labels(value: &Value) -> Vec<EntityId> {
    let Value::List(items) = value else {
        return Vec::new();
    };
    let mut labels: Vec<EntityId> = items
        .iter()
        .filter_map(|item| item.as_text()?.parse().ok())
        .collect();
    labels.sort_unstable();
    labels.dedup();
    labels
}

/// The labels of a task in the form in which they are stored: in order, each once. No labels at all are stored as
/// no value.
///
/// # Errors
/// If there are too many.
pub fn write_labels(labels: &[EntityId]) -> Result<Value, TooManyLabels> {
    let mut names: Vec<String> = labels.iter().map(EntityId::to_string).collect();
    names.sort_unstable();
    names.dedup();
    match names.len() {
        0 => Ok(Value::Null),
        count if count > limits::LABELS => Err(TooManyLabels(count)),
        _ => Ok(Value::List(names.into_iter().map(Value::Text).collect())),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a task has at most {max} labels, not {0}", max = limits::LABELS)]
pub struct TooManyLabels(usize);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::Cell;

    fn task(fields: impl IntoIterator<Item = (Field, Value)>) -> Entity {
        let mut entity = Entity::new(EntityId(uuid::Uuid::nil()), Kind::Task);
        let cells = fields
            .into_iter()
            .map(|(field, value)| (field, Cell(value, Revision(1))));
        entity.absorb(cells);
        entity
    }

    #[test]
    fn a_tombstone_is_no_task() {
        let mut entity = task(Task::create("x", Timestamp(5)).unwrap());
        assert_eq!(Task::read(&entity).unwrap().created, Timestamp(5));
        assert_eq!(Task::read_deleted(&entity), None);
        entity.absorb([(Field::Deleted, Cell(Value::Int(9), Revision(2)))]);
        assert_eq!(Task::read(&entity), None);
        assert_eq!(Task::read_deleted(&entity).unwrap().deleted, Some(Timestamp(9)));
    }

    #[test]
    fn all_of_a_task() {
        let id = |n| EntityId(uuid::Uuid::from_u128(n));
        let read = Task::read(&task([
            (Field::Title, "milk".into()),
            (Field::List, id(1).to_string().as_str().into()),
            (Field::Section, id(2).to_string().as_str().into()),
            (Field::Parent, id(3).to_string().as_str().into()),
            (Field::Labels, write_labels(&[id(5), id(4), id(5)]).unwrap()),
            (Field::Priority, Priority::Second.into()),
            (Field::Start, "2026-11-01".into()),
            (Field::Due, "2026-11-24T15:00[Asia/Tokyo]".into()),
            (Field::Recurrence, "FREQ=DAILY".into()),
            (Field::Series, id(6).to_string().as_str().into()),
            (Field::Position, "V".into()),
            (Field::Completed, 7.into()),
        ]))
        .unwrap();
        assert_eq!(read.labels, [id(4), id(5)]);
        assert_eq!(
            [read.list, read.section, read.parent, read.series],
            [Some(id(1)), Some(id(2)), Some(id(3)), Some(id(6))]
        );
        assert_eq!(read.priority, Some(Priority::Second));
        assert_eq!(read.recurrence.unwrap().to_string(), "FREQ=DAILY");
        assert_eq!(read.position.unwrap().as_str(), "V");
        assert_eq!((read.moved, read.completed), (Revision(1), Some(Timestamp(7))));
    }

    /// A task is read even if its fields hold odd values. A value that cannot be read counts as none.
    #[test]
    fn reading_forgives() {
        let odd = [
            Value::Null,
            true.into(),
            Value::Int(-1),
            Value::Int(5),
            "".into(),
            "<12>".into(),
            Value::List(vec![Value::Null, "x".into()]),
            Value::Map([("a".to_owned(), Value::Null)].into()),
        ];
        let fields = [
            Field::List,
            Field::Section,
            Field::Parent,
            Field::Labels,
            Field::Priority,
            Field::Start,
            Field::Due,
            Field::Recurrence,
            Field::Series,
            Field::Position,
            Field::Assignee,
        ];
        let plain = Task::read(&task([])).unwrap();
        for value in odd {
            let all = fields.iter().map(|field| (field.clone(), value.clone()));
            let read = Task::read(&task(all)).unwrap();
            let moved = read.moved;
            assert_eq!(
                Task {
                    moved: plain.moved,
                    ..read
                },
                plain,
                "{value:?}"
            );
            assert_eq!(moved, Revision(1));
        }
    }

    #[test]
    fn labels_have_a_limit() {
        let labels: Vec<_> = (0..=limits::LABELS as u128)
            .map(|n| EntityId(uuid::Uuid::from_u128(n)))
            .collect();
        assert_eq!(write_labels(&labels), Err(TooManyLabels(limits::LABELS + 1)));
        assert!(write_labels(&labels[1..]).unwrap().is_within_limits());
        assert_eq!(write_labels(&[]), Ok(Value::Null));
    }
}
