//! What a device shows: its tasks, how far it is, and what it asks.

use std::collections::BTreeMap;

use tsugi_calendar::Date;
use tsugi_sync::ancestry::{self, Link};
use tsugi_sync::ids::{EntityId, Revision};
use tsugi_sync::replica::Replica;
use tsugi_sync::session::Phase;
use tsugi_sync::task::Task;

use crate::device::Device;
use crate::question::{Question, question};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Online {
    Offline,
    Connecting,
    Online,
}

/// A task as a device shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub id: EntityId,
    pub title: String,
    pub day: Option<Date>,
    pub notes: String,
    pub is_done: bool,
    /// How many tasks are above it.
    pub depth: usize,
    /// Two versions of it wait for a decision.
    pub is_asked: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    pub online: Online,
    pub rows: Vec<Row>,
    /// The version that it knows.
    pub version: Revision,
    /// Changes that the server has not answered.
    pub waiting: usize,
    pub questions: Vec<Question>,
}

impl Device {
    pub(crate) fn card(&self) -> Card {
        let replica = &self.replica;
        let questions = replica.ids().filter_map(|id| question(&replica.view(id)?));
        let questions: Vec<Question> = questions.collect();
        let is_asked = |id| questions.iter().any(|question| question.task == id);
        Card {
            online: match self.session.phase() {
                _ if self.controls.is_offline => Online::Offline,
                Phase::Live => Online::Online,
                Phase::Offline
                | Phase::Connecting
                | Phase::CatchingUp
                | Phase::Backoff(_)
                | Phase::Paused(_) => Online::Connecting,
            },
            rows: in_order(tasks(replica), is_asked),
            version: replica.cursor(),
            waiting: replica.outbox().len(),
            questions,
        }
    }
}

/// The tasks that are not deleted.
pub(crate) fn tasks(replica: &Replica) -> BTreeMap<EntityId, Task> {
    let views = replica.ids().filter_map(|id| replica.view(id));
    let tasks = views.filter_map(|view| Task::read(&view));
    tasks.map(|task| (task.id, task)).collect()
}

/// The rows with each task below its parent, and siblings in the order in which they were made.
fn in_order(tasks: BTreeMap<EntityId, Task>, is_asked: impl Fn(EntityId) -> bool) -> Vec<Row> {
    let link = |id: EntityId| {
        let task = tasks.get(&id)?;
        let parent = task.parent.filter(|parent| tasks.contains_key(parent))?;
        Some(Link {
            parent,
            moved: task.moved,
        })
    };
    // The path from the top names the place of a task.
    let place = |id: EntityId| {
        let above = ancestry::above(id, link).into_iter().rev();
        let path = above.chain([id]);
        path.filter_map(|id| tasks.get(&id).map(|task| (task.created, id)))
            .collect::<Vec<_>>()
    };
    let mut placed: Vec<_> = tasks.values().map(|task| (place(task.id), task)).collect();
    placed.sort_by(|(one, _), (other, _)| one.cmp(other));
    let row = |(place, task): (Vec<_>, &Task)| Row {
        id: task.id,
        title: task.title.clone(),
        day: task.due.as_ref().map(|due| due.date()),
        notes: task.notes.clone(),
        is_done: task.completed.is_some(),
        depth: place.len() - 1,
        is_asked: is_asked(task.id),
    };
    placed.into_iter().map(row).collect()
}
