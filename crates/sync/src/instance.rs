//! The next instance of a recurring task. It is a task of its own, and every device gives it the same id.
//!
//! The id is made from the series and the instance before it, and not from a date. Two devices may have different
//! dates for the same next instance, because it was put off on one of them or completed on another day, and still it
//! must be one task.

use tsugi_calendar::{Date, Due, Rule};
use uuid::Uuid;

use crate::entity::{Entity, Field, Fields};
use crate::ids::EntityId;
use crate::task::Task;
use crate::value::Value;

/// A task that is begun because the one before it was completed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    pub id: EntityId,
    pub fields: Fields,
    /// How many days it is due after the one before it.
    pub days: i32,
}

/// The id of the instance after this one.
#[must_use]
pub fn next_id(task: &Task) -> EntityId {
    let series = task.series.unwrap_or(task.id);
    EntityId(Uuid::new_v5(&series.0, task.id.to_string().as_bytes()))
}

/// The instance after this one, if this one is completed on day `done`. None if the task does not recur, or this was
/// the last instance.
#[must_use]
pub fn next(entity: &Entity, done: Date) -> Option<Instance> {
    let task = Task::read(entity)?;
    let rule = task.recurrence.as_ref()?;
    let anchor = task.due.as_ref().or(task.start.as_ref()).map_or(done, Due::date);
    let day = rule.next(anchor, done)?;
    let days = day.number() - anchor.number();
    let rest: Rule = rule.rest()?.anchored(anchor);
    let mut fields = carried_over(entity, &task, days);
    fields.insert(Field::Recurrence, Value::Text(rest.to_string()));
    if task.due.is_none() && task.start.is_none() {
        fields.insert(Field::Due, Due::On(day).into());
    }
    Some(Instance {
        id: next_id(&task),
        fields,
        days,
    })
}

/// A sub-task of the next instance, made from a sub-task of this one. `parent` is its new parent.
#[must_use]
pub fn next_below(entity: &Entity, parent: EntityId, days: i32) -> Option<Instance> {
    let task = Task::read(entity)?;
    let mut fields = carried_over(entity, &task, days);
    fields.insert(Field::Parent, Value::Text(parent.to_string()));
    Some(Instance {
        id: EntityId(Uuid::new_v5(&task.id.0, parent.to_string().as_bytes())),
        fields,
        days,
    })
}

/// All fields of the task, with its dates moved by `days`, and open again. `created` is copied too: every device that
/// begins the instance sets the same value, and the place of a task that is sorted by age does not change.
fn carried_over(entity: &Entity, task: &Task, days: i32) -> Fields {
    let stays = |field: &Field| !matches!(field, Field::Completed | Field::Deleted);
    let cells = entity
        .fields
        .iter()
        .filter(|(field, cell)| stays(field) && !cell.0.is_null());
    let mut fields: Fields = cells
        .map(|(field, cell)| (field.clone(), cell.0.clone()))
        .collect();
    let series = task.series.unwrap_or(task.id);
    fields.insert(Field::Series, Value::Text(series.to_string()));
    for (field, due) in [(Field::Due, &task.due), (Field::Start, &task.start)] {
        let later = due.as_ref().and_then(|due| Some(due.on(due.date().plus(days)?)));
        if let Some(later) = later {
            fields.insert(field, later.into());
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::{Cell, Kind};
    use crate::ids::Revision;

    fn task(fields: impl IntoIterator<Item = (Field, Value)>) -> Entity {
        let mut entity = Entity::new(EntityId(Uuid::from_u128(1)), Kind::Task);
        let cells = fields.into_iter().map(|(f, value)| (f, Cell(value, Revision(3))));
        entity.absorb(cells);
        entity
    }

    fn again(entity: &Entity, id: EntityId, fields: Fields) -> Entity {
        let mut next = Entity::new(id, entity.kind.clone());
        next.absorb(fields.into_iter().map(|(f, value)| (f, Cell(value, Revision(4)))));
        next
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn everything_comes_along_and_the_days_move() {
        let first = task([
            (Field::Title, "water".into()),
            (Field::Created, 5.into()),
            (Field::Priority, 2.into()),
            (Field::Start, "2026-11-22".into()),
            (Field::Due, "2026-11-24T09:00[Asia/Tokyo]".into()),
            (Field::Recurrence, "FREQ=WEEKLY;COUNT=2".into()),
            (Field::Completed, 9.into()),
            (Field::Deleted, Value::Null),
            (Field::from("mood"), "calm".into()),
        ]);
        let next_one = next(&first, day("2026-11-24")).unwrap();
        let expected = Fields::from([
            (Field::Title, "water".into()),
            (Field::Created, 5.into()),
            (Field::Priority, 2.into()),
            (Field::Start, "2026-11-29".into()),
            (Field::Due, "2026-12-01T09:00[Asia/Tokyo]".into()),
            (Field::Recurrence, "FREQ=WEEKLY;COUNT=1".into()),
            (Field::Series, first.id.to_string().as_str().into()),
            (Field::from("mood"), "calm".into()),
        ]);
        assert_eq!((&next_one.fields, next_one.days), (&expected, 7));
        let second = again(&first, next_one.id, next_one.fields);
        assert_ne!(second.id, first.id);
        assert_eq!(next(&second, day("2026-12-01")), None, "the count is over");
    }

    #[test]
    fn the_id_is_the_same_whatever_the_day_and_another_for_each_instance() {
        let first = task([
            (Field::Due, "2026-11-24".into()),
            (Field::Recurrence, "FREQ=DAILY".into()),
        ]);
        let early = next(&first, day("2026-11-24")).unwrap();
        let late = next(&first, day("2027-03-01")).unwrap();
        assert_eq!(early.id, late.id);
        let second = again(&first, early.id, early.fields);
        let third = next(&second, day("2026-11-25")).unwrap();
        assert!(third.id != second.id && third.id != first.id);
        let fourth = again(&first, third.id, third.fields);
        assert_eq!(Task::read(&fourth).unwrap().series, Some(first.id), "one series");
    }

    #[test]
    fn without_a_due_date_it_counts_from_the_start_or_from_when_it_was_done() {
        let rule = (Field::Recurrence, Value::from("FREQ=DAILY;INTERVAL=2"));
        let started = task([(Field::Start, "2026-11-24".into()), rule.clone()]);
        let fields = next(&started, day("2026-11-24")).unwrap().fields;
        assert_eq!(fields.get(&Field::Start), Some(&"2026-11-26".into()));
        assert_eq!(fields.get(&Field::Due), None);
        let fields = next(&task([rule]), day("2026-11-24")).unwrap().fields;
        assert_eq!(fields.get(&Field::Due), Some(&"2026-11-26".into()));
    }

    #[test]
    fn what_cannot_be_read_does_not_recur() {
        for rule in [Value::Null, "every day".into(), Value::Int(1)] {
            let odd = task([(Field::Due, "2026-11-24".into()), (Field::Recurrence, rule)]);
            assert_eq!(next(&odd, day("2026-11-24")), None);
        }
    }
}
