//! Deleting and restoring entities, with the tasks that are below or within them.

use std::collections::BTreeSet;

use super::{Entities, Family, Stamp, TooMany, within_limit};
use crate::conflict::write_time;
use crate::entity::{Entity, Field, Fields, Kind};
use crate::ids::EntityId;
use crate::replica::Edit;
use crate::value::Value;

/// The fate of the tasks of a list or section that is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contents {
    Delete,
    /// They stay: tasks of a list are shown in the inbox, and tasks of a section in its list. Each still names the
    /// deleted list or section, so that it is back there if that is restored.
    Keep,
}

/// Deletes tasks with all that is below them.
///
/// # Errors
/// When that is more than one gesture may change.
pub fn delete(entities: &dyn Entities, tasks: &[EntityId], stamp: Stamp) -> Result<Vec<Edit>, TooMany> {
    let family = Family::of(entities);
    let branches = family.branches(tasks);
    let edits = branches.iter().map(|task| gone(task, stamp));
    within_limit(edits.collect())
}

/// Deletes a list with its sections.
///
/// # Errors
/// When that is more than one gesture may change.
pub fn delete_list(
    entities: &dyn Entities,
    list: EntityId,
    contents: Contents,
    stamp: Stamp,
) -> Result<Vec<Edit>, TooMany> {
    delete_place(entities, list, &Field::List, contents, stamp)
}

/// Deletes a section of a list.
///
/// # Errors
/// When that is more than one gesture may change.
pub fn delete_section(
    entities: &dyn Entities,
    section: EntityId,
    contents: Contents,
    stamp: Stamp,
) -> Result<Vec<Edit>, TooMany> {
    delete_place(entities, section, &Field::Section, contents, stamp)
}

fn delete_place(
    entities: &dyn Entities,
    place: EntityId,
    by: &Field,
    contents: Contents,
    stamp: Stamp,
) -> Result<Vec<Edit>, TooMany> {
    let family = Family::of(entities);
    let is_there = |id| entities.view(id).filter(|entity| !entity.is_deleted());
    let members: Vec<Entity> = family
        .members(place, std::slice::from_ref(by))
        .filter(|entity| !entity.is_deleted())
        .collect();
    let sections = members.iter().filter(|entity| entity.kind == Kind::Section);
    let mut edits: Vec<_> = is_there(place)
        .iter()
        .chain(sections)
        .map(|entity| gone(entity, stamp))
        .collect();
    if contents == Contents::Delete {
        // A sub-task is where its parent is, even if its own fields name another list or section.
        let roots = members
            .iter()
            .map(|entity| entity.id)
            .filter(|id| family.above(*id).is_empty());
        let tasks = family.branches(&roots.collect::<Vec<_>>());
        edits.extend(tasks.iter().map(|task| gone(task, stamp)));
    }
    within_limit(edits)
}

fn gone(entity: &Entity, stamp: Stamp) -> Edit {
    let set = Fields::from([(Field::Deleted, write_time(stamp.at))]);
    stamp.edit(entity.id, entity.kind.clone(), set)
}

/// Restores a deleted entity, with everything below and within it that was deleted in the same moment.
///
/// # Errors
/// When that is more than one gesture may change.
pub fn restore(entities: &dyn Entities, id: EntityId, stamp: Stamp) -> Result<Vec<Edit>, TooMany> {
    let family = Family::of(entities);
    let Some(head) = entities.view(id).filter(Entity::is_deleted) else {
        return Ok(Vec::new());
    };
    let moment = head.value(&Field::Deleted);
    let mut met = BTreeSet::from([id]);
    let mut ahead = vec![id];
    let mut edits = Vec::new();
    while let Some(next) = ahead.pop() {
        let Some(entity) = entities
            .view(next)
            .filter(|entity| entity.value(&Field::Deleted) == moment)
        else {
            continue;
        };
        let set = Fields::from([(Field::Deleted, Value::Null)]);
        edits.push(stamp.edit(next, entity.kind.clone(), set));
        ahead.extend(family.all_members(next).filter(|member| met.insert(*member)));
    }
    within_limit(edits)
}
