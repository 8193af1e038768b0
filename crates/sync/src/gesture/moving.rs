//! Moving: to another list, below another task, and to another place among siblings.

use super::family::link;
use super::{Entities, Family, Stamp, TooMany, within_limit};
use crate::ancestry;
use crate::entity::{Entity, Field, Fields, Kind};
use crate::home::Home;
use crate::ids::EntityId;
use crate::position::Position;
use crate::replica::Edit;
use crate::task::Task;
use crate::value::Value;

/// Why a task cannot go below another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoveError {
    #[error("a task cannot go below itself, or below what is below it")]
    BelowItself,
    #[error("that task is not there any more")]
    NotThere,
}

/// Moves tasks out of their parents into a list, with all that is below them. A task that is below another of `tasks`
/// stays there.
///
/// # Errors
/// When that is more than one gesture may change.
pub fn move_to(
    entities: &dyn Entities,
    tasks: &[EntityId],
    home: Home,
    stamp: Stamp,
) -> Result<Vec<Edit>, TooMany> {
    let family = Family::of(entities);
    let heads = family.topmost(tasks);
    let tasks = heads.into_iter().filter_map(|id| family.task(id));
    let edits = tasks.filter_map(|task| {
        let set = changes(&task, None, home);
        (!set.is_empty()).then(|| stamp.edit(task.id, Kind::Task, set))
    });
    within_limit(edits.collect())
}

/// Puts a task below another one, with all that is below it. It also gets the list and section of its new root, so
/// that it is in the right place if that root is deleted.
///
/// # Errors
/// When that would make a cycle, or one of the two is deleted.
pub fn nest(
    entities: &dyn Entities,
    task: EntityId,
    parent: EntityId,
    stamp: Stamp,
) -> Result<Vec<Edit>, MoveError> {
    let family = Family::of(entities);
    let moved = family.task(task).ok_or(MoveError::NotThere)?;
    let below = family.task(parent).ok_or(MoveError::NotThere)?;
    let above = family.above(parent);
    if task == parent || above.contains(&task) {
        return Err(MoveError::BelowItself);
    }
    let root = above.last().and_then(|root| family.task(*root)).unwrap_or(below);
    let home = Home {
        list: link(&root, &Field::List),
        section: link(&root, &Field::Section),
    };
    let mut edits = Vec::new();
    // The new parent may hang on a cycle that is cut, with this task beyond the cut. Then the cut task loses the
    // parent that it names. Otherwise the cycle would be cut at the moved task instead, which would then not be below
    // its new parent.
    let link = |id| family.link(id);
    if ancestry::leads_to(parent, task, link)
        && let Some(cut) = family.task(root.id).filter(|root| root.id != task)
    {
        let set = Fields::from([(Field::Parent, Value::Null)]);
        edits.push(stamp.edit(cut.id, Kind::Task, set));
    }
    let set = changes(&moved, Some(parent), home);
    if !set.is_empty() {
        edits.push(stamp.edit(task, Kind::Task, set));
    }
    Ok(edits)
}

/// The fields to set so that a task is there; only those that differ.
fn changes(task: &Entity, parent: Option<EntityId>, home: Home) -> Fields {
    let to = [
        (Field::Parent, parent),
        (Field::List, home.list),
        (Field::Section, home.section),
    ];
    let value = |to: Option<EntityId>| to.map_or(Value::Null, |id| Value::Text(id.to_string()));
    let to = to.into_iter().map(|(field, to)| (field, value(to)));
    to.filter(|(field, value)| task.value(field) != value).collect()
}

/// Puts a task before the one that is now at `index` among its siblings. The siblings come in order, and the task may
/// be among them. Mostly this is one edit. Other siblings get a position only if they come before the task and have
/// none, or if there is no room between positions.
///
/// # Errors
/// When that is more than one gesture may change.
pub fn place(
    siblings: &[&Task],
    task: EntityId,
    index: usize,
    jitter: u64,
    stamp: Stamp,
) -> Result<Vec<Edit>, TooMany> {
    let edit = |(id, position): (EntityId, Position)| {
        let set = Fields::from([(Field::Position, position.into())]);
        stamp.edit(id, Kind::Task, set)
    };
    let (before, after) = siblings.split_at(index.min(siblings.len()));
    let others = |part: &[&Task]| -> Vec<(EntityId, Option<Position>)> {
        let others = part.iter().filter(|sibling| sibling.id != task);
        others
            .map(|sibling| (sibling.id, sibling.position.clone()))
            .collect()
    };
    let (before, after) = (others(before), others(after));
    let placed = among(&before, &after, task, jitter).unwrap_or_else(|| {
        let order = before.iter().map(|(id, _)| *id).chain([task]);
        let order: Vec<_> = order.chain(after.iter().map(|(id, _)| *id)).collect();
        let spread = Position::spread(order.len());
        order.into_iter().zip(spread).collect()
    });
    within_limit(placed.into_iter().map(edit).collect())
}

/// Siblings, each with the position it has.
type Placed = [(EntityId, Option<Position>)];

/// The new positions, if the siblings that have one can keep it.
fn among(before: &Placed, after: &Placed, task: EntityId, jitter: u64) -> Option<Vec<(EntityId, Position)>> {
    let mut placed = Vec::new();
    let mut last: Option<Position> = None;
    let next = after.first().and_then(|(_, position)| position.as_ref());
    for (sibling, position) in before {
        last = Some(match position {
            Some(position) => position.clone(),
            // Siblings without a position come last. They need one when a task is put behind them.
            None => {
                let position = Position::between(last.as_ref(), next, jitter).ok()?;
                placed.push((*sibling, position.clone()));
                position
            }
        });
    }
    let position = Position::between(last.as_ref(), next, jitter).ok()?;
    placed.push((task, position));
    Some(placed)
}
