//! The links between entities: which ones are in a list or section, and which tasks are below others.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use super::Entities;
use crate::ancestry::{self, Link};
use crate::entity::{Entity, Field, Kind};
use crate::ids::EntityId;
use crate::value::Value;

/// The links of entities, as they are shown.
pub(super) struct Family<'a> {
    entities: &'a dyn Entities,
    /// Made on demand, if [`Entities::members`] answers none. Entities without a link cost next to nothing.
    index: OnceCell<BTreeMap<EntityId, Vec<EntityId>>>,
}

/// The fields by which one entity is in or below another.
const LINKS: [Field; 3] = [Field::Parent, Field::List, Field::Section];

impl<'a> Family<'a> {
    pub(super) fn of(entities: &'a dyn Entities) -> Self {
        Self {
            entities,
            index: OnceCell::new(),
        }
    }

    /// The entities that name this one in one of these fields, tombstones too.
    pub(super) fn members(&self, id: EntityId, by: &[Field]) -> impl Iterator<Item = Entity> {
        let members = self.entities.members(id).unwrap_or_else(|| {
            let index = self.index.get_or_init(|| index(self.entities));
            index.get(&id).cloned().unwrap_or_default()
        });
        let views = members
            .into_iter()
            .filter_map(|member| self.entities.view(member));
        views.filter(move |view| by.iter().any(|by| link(view, by) == Some(id)))
    }

    /// All entities that name this one, tombstones too.
    pub(super) fn all_members(&self, id: EntityId) -> impl Iterator<Item = EntityId> {
        self.members(id, &LINKS).map(|member| member.id)
    }

    /// These tasks and all tasks below them, parents first, each once. Deleted tasks are left out, and a cycle ends
    /// where it closes.
    pub(super) fn branches(&self, heads: &[EntityId]) -> Vec<Entity> {
        let mut met = BTreeSet::new();
        let mut ahead: Vec<EntityId> = heads.iter().rev().copied().collect();
        let mut branch = Vec::new();
        while let Some(id) = ahead.pop() {
            if !met.insert(id) {
                continue;
            }
            if let Some(task) = self.task(id) {
                branch.push(task);
                ahead.extend(self.members(id, &[Field::Parent]).map(|member| member.id));
            }
        }
        branch
    }

    /// The tasks among these that are not below another of them.
    pub(super) fn topmost(&self, tasks: &[EntityId]) -> Vec<EntityId> {
        let below = |id: &EntityId| {
            let mut above = self.above(*id).into_iter();
            above.any(|id| tasks.contains(&id))
        };
        let mut top: Vec<_> = tasks.iter().copied().filter(|id| !below(id)).collect();
        top.dedup();
        top
    }

    /// The tasks that this one is shown below, nearest first.
    pub(super) fn above(&self, id: EntityId) -> Vec<EntityId> {
        ancestry::above(id, |id| self.link(id))
    }

    /// The parent of a task; none if either of them is deleted.
    pub(super) fn link(&self, id: EntityId) -> Option<Link> {
        let task = self.task(id)?;
        let parent = link(&task, &Field::Parent)?;
        self.task(parent)?;
        let moved = task.revision_of(&Field::Parent);
        Some(Link { parent, moved })
    }

    /// The task with this id, if it is not deleted.
    pub(super) fn task(&self, id: EntityId) -> Option<Entity> {
        let view = self.entities.view(id)?;
        (view.kind == Kind::Task && !view.is_deleted()).then_some(view)
    }
}

fn index(entities: &dyn Entities) -> BTreeMap<EntityId, Vec<EntityId>> {
    let mut index: BTreeMap<EntityId, Vec<EntityId>> = BTreeMap::new();
    entities.each(&mut |entity| {
        let links: BTreeSet<EntityId> = LINKS.iter().filter_map(|by| link(entity, by)).collect();
        for to in links {
            index.entry(to).or_default().push(entity.id);
        }
    });
    index
}

pub(super) fn link(entity: &Entity, field: &Field) -> Option<EntityId> {
    id_in(entity.value(field))
}

pub(super) fn id_in(value: &Value) -> Option<EntityId> {
    value.as_text()?.parse().ok()
}
