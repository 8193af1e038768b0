//! From an intent about order to the edits that carry it out. Plain functions of the state that the screen shows.

mod container;
mod moving;
#[cfg(test)]
mod tests;

use tsugi_calendar::Due;
use tsugi_sync::conflict::write_time;
use tsugi_sync::entity::{Entity, Field, Fields, Kind};
use tsugi_sync::gesture::{Entities, MoveError, Stamp, TooMany};
use tsugi_sync::ids::EntityId;
use tsugi_sync::limits;
use tsugi_sync::replica::Edit;
use tsugi_sync::sorted_map::SortedMap;
use tsugi_sync::task::{Task, TooManyLabels, write_labels};
use tsugi_sync::title::TitleError;
use tsugi_sync::value::Value;
use tsugi_words::zones;

use crate::index::catalog::Catalog;
use crate::index::shelves::{Shelf, Shelves};
use crate::index::sorted::id_of;
use crate::intent::arrange::Arrange;
use crate::local::Local;
use crate::text::fields::InvalidText;
use tsugi_words::phrases;

/// The state from which arranging starts: the data of this tab, and its order.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'a> {
    pub local: &'a Local,
    pub shelves: &'a Shelves,
    pub catalog: &'a Catalog,
}

/// The time, and the fresh id and random number for this gesture.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    pub stamp: Stamp,
    /// The id for an entity that is created.
    pub id: EntityId,
    pub jitter: u64,
}

/// The edits to make, and how the screen tells the person.
#[derive(Clone, Debug)]
pub struct Arranged {
    pub edits: Vec<Edit>,
    /// The text of the undo entry: "3 tasks moved".
    pub what: String,
    /// Whether the person sees the effect. Then a screen reader alone says the text; otherwise a notice shows it.
    pub in_sight: bool,
}

/// The reason why something is not arranged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotArrange {
    #[error("{}", phrases::too_many_at_once(.0.0, limits::GESTURE_TASKS))]
    TooMany(#[from] TooMany),
    #[error("{}", phrases::not_below_itself())]
    BelowItself,
    #[error("{}", phrases::gone_meanwhile())]
    Gone,
    /// The task is already as far in this direction as it can be.
    #[error("{}", phrases::no_further())]
    NoFurther,
    #[error("{}", InvalidText::from(*.0))]
    Name(#[from] TitleError),
    #[error("{}", phrases::too_many_labels(limits::LABELS))]
    Labels(#[from] TooManyLabels),
}

impl From<MoveError> for CannotArrange {
    fn from(error: MoveError) -> Self {
        match error {
            MoveError::BelowItself => Self::BelowItself,
            MoveError::NotThere => Self::Gone,
        }
    }
}

/// The edits that carry out `what`. Several edits of one entity are joined into one.
///
/// # Errors
/// If it cannot be done. Nothing has changed then.
pub fn arrange(desk: Desk<'_>, what: &Arrange, moment: Moment) -> Result<Arranged, CannotArrange> {
    let stamp = moment.stamp;
    let told = |edits: Vec<Edit>, what: String| Arranged {
        edits: joined(edits),
        what,
        in_sight: false,
    };
    Ok(match what {
        Arrange::Move { tasks, to } => moving::move_tasks(desk, tasks, to, moment)?,
        Arrange::Shift { task, by } => moving::shift(desk, *task, *by, moment)?,
        Arrange::SetDue { tasks, due } => {
            let edits = tasks.iter().filter_map(|id| desk.due(*id, due.as_ref(), stamp));
            told(edits.collect(), phrases::tasks_rescheduled(tasks.len()))
        }
        Arrange::SetPriority { tasks, priority } => {
            let value = priority.map_or(Value::Null, Value::from);
            let edits = tasks
                .iter()
                .filter_map(|id| desk.set(*id, Kind::Task, Field::Priority, value.clone(), stamp));
            told(edits.collect(), phrases::tasks_changed(tasks.len()))
        }
        Arrange::SetLabel { tasks, label, on } => {
            let edits: Result<Vec<_>, _> = tasks
                .iter()
                .map(|id| desk.label(*id, *label, *on, stamp))
                .collect();
            told(
                edits?.into_iter().flatten().collect(),
                phrases::tasks_changed(tasks.len()),
            )
        }
        Arrange::Duplicate { task } => {
            let edit = desk.duplicate(*task, moment)?;
            told(vec![edit], phrases::done_added(&desk.name(*task)))
        }
        Arrange::RescheduleOverdue => {
            let overdue = desk.shelves.shelf(Shelf::Overdue);
            let ids = overdue.into_iter().flat_map(|overdue| overdue.from(0)).map(id_of);
            let edits: Vec<Edit> = ids
                .filter_map(|id| desk.due(id, Some(&Due::On(stamp.today)), stamp))
                .collect();
            let count = edits.len();
            told(edits, phrases::tasks_rescheduled(count))
        }
        Arrange::Furnish(furnish) => {
            let (edits, what, in_sight) = container::furnish(desk, furnish, moment)?;
            Arranged {
                in_sight,
                ..told(edits, what)
            }
        }
    })
}

/// The entities of the tab. The shelves know which tasks belong to a container.
impl Entities for Desk<'_> {
    fn view(&self, id: EntityId) -> Option<Entity> {
        self.local.view(id)
    }

    fn each(&self, look: &mut dyn FnMut(&Entity)) {
        self.local.each(look);
    }

    fn members(&self, id: EntityId) -> Option<Vec<EntityId>> {
        Some(self.shelves.members(id).collect())
    }
}

impl Desk<'_> {
    fn there(self, id: EntityId) -> Option<Entity> {
        self.local.view(id).filter(|view| !view.is_deleted())
    }

    fn task(self, id: EntityId) -> Option<Task> {
        self.local.look(id, |view| view.and_then(Task::read))
    }

    /// The name or title of an entity.
    fn name(self, id: EntityId) -> String {
        let name = |view: &Entity| {
            let named = [Field::Name, Field::Title];
            let name = named.iter().find_map(|field| view.value(field).as_text());
            name.map(str::to_owned)
        };
        self.local
            .look(id, |view| view.and_then(name))
            .unwrap_or_default()
    }

    /// The edit that sets a field; none if the entity is gone or the field has this value already.
    fn set(self, id: EntityId, kind: Kind, field: Field, value: Value, stamp: Stamp) -> Option<Edit> {
        let view = self.there(id)?;
        (*view.value(&field) != value).then(|| edit(id, kind, Fields::from([(field, value)]), stamp))
    }

    /// The edit that creates a task like this one, at the end of its place.
    fn duplicate(self, id: EntityId, moment: Moment) -> Result<Edit, CannotArrange> {
        let copies = |field: &Field| {
            let kept = [
                Field::Title,
                Field::Notes,
                Field::Due,
                Field::Start,
                Field::Recurrence,
            ];
            let placed = [
                Field::Priority,
                Field::Labels,
                Field::List,
                Field::Section,
                Field::Parent,
            ];
            kept.contains(field) || placed.contains(field)
        };
        let view = self.there(id).ok_or(CannotArrange::Gone)?;
        let copied = view.fields.iter().filter(|(field, _)| copies(field));
        let mut set: Fields = copied
            .map(|(field, cell)| (field.clone(), cell.0.clone()))
            .collect();
        set.insert(Field::Created, write_time(moment.stamp.at));
        Ok(edit(moment.id, Kind::Task, set, moment.stamp))
    }

    /// The edit that makes a task due on a day, or at a time. On a day, a task with a time keeps its time of day.
    fn due(self, id: EntityId, due: Option<&Due>, stamp: Stamp) -> Option<Edit> {
        let before = self.task(id)?.due;
        let value = match due {
            None => Value::Null,
            Some(Due::On(day)) => before
                .map_or(Due::On(*day), |before| zones::on_day_here(&before, *day))
                .into(),
            Some(due) => due.clone().into(),
        };
        self.set(id, Kind::Task, Field::Due, value, stamp)
    }

    fn label(
        self,
        id: EntityId,
        label: EntityId,
        on: bool,
        stamp: Stamp,
    ) -> Result<Option<Edit>, TooManyLabels> {
        let Some(task) = self.task(id) else {
            return Ok(None);
        };
        let mut labels = task.labels;
        labels.retain(|has| *has != label);
        labels.extend(on.then_some(label));
        let value = write_labels(&labels)?;
        Ok(self.set(id, Kind::Task, Field::Labels, value, stamp))
    }
}

fn edit(entity: EntityId, kind: Kind, set: Fields, stamp: Stamp) -> Edit {
    Edit {
        entity,
        kind,
        set,
        seen: Fields::new(),
        at: stamp.at,
        group: Some(stamp.group),
    }
}

/// Joins the edits of each entity into one. The entities keep the order in which they first occur.
fn joined(edits: Vec<Edit>) -> Vec<Edit> {
    let mut places: SortedMap<EntityId, usize> = SortedMap::new();
    let mut joined: Vec<Edit> = Vec::with_capacity(edits.len());
    for edit in edits {
        match places.get(&edit.entity).and_then(|place| joined.get_mut(*place)) {
            Some(first) => first.set.extend(edit.set),
            None => {
                places.insert(edit.entity, joined.len());
                joined.push(edit);
            }
        }
    }
    joined
}
