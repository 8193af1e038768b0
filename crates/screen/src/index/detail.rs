//! The task in the editor, with its parents, its sub-tasks and its comments.

use std::collections::{BTreeMap, BTreeSet};

use tsugi_calendar::Date;
use tsugi_sync::comment::Comment;
use tsugi_sync::entity::{Entity, Field};
use tsugi_sync::ids::{EntityId, Timestamp, UserId};
use tsugi_sync::task::Task;
use tsugi_words::zones;

use super::shelves::Shelves;
use crate::local::Local;
use crate::model::Named;
use crate::text::fields::to_text;

/// The fields that a person can edit in the editor.
pub const EDITED: [Field; 10] = [
    Field::Title,
    Field::Notes,
    Field::Due,
    Field::Start,
    Field::Recurrence,
    Field::List,
    Field::Section,
    Field::Priority,
    Field::Labels,
    Field::Parent,
];

/// How many of the tasks above are named, the nearest ones. More of them would not help anybody.
const ABOVE: usize = 32;

/// What the editor shows of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detail {
    pub id: EntityId,
    /// The fields of [`EDITED`] as the texts that a person edits.
    pub texts: Vec<(Field, String)>,
    pub completed: Option<Timestamp>,
    pub created: Timestamp,
    /// Whether it was deleted, on this device or another.
    pub deleted: bool,
    /// The tasks that it is a part of, the outermost first.
    pub above: Vec<Named>,
    pub below: Vec<SubTask>,
    /// The oldest first.
    pub comments: Vec<Remark>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SubTask {
    pub id: EntityId,
    pub title: String,
    pub completed: bool,
    /// The day on which it is due, on the clocks of this device.
    pub due: Option<Date>,
    /// 1 is the highest.
    pub priority: Option<u8>,
}

/// A comment, as people read it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Remark {
    pub id: EntityId,
    pub text: String,
    pub created: Timestamp,
    /// The person who wrote it; none if they had no account.
    pub author: Option<UserId>,
}

impl Detail {
    /// The task with everything that belongs to it; none if the entity is not a task.
    #[must_use]
    pub fn of(id: EntityId, local: &Local, shelves: &Shelves, comments: &Comments) -> Option<Self> {
        local.look(id, |view| {
            let view = view?;
            let task = Task::read(view).or_else(|| Task::read_deleted(view))?;
            let texts = EDITED
                .into_iter()
                .map(|field| (field.clone(), to_text(&field, view.value(&field))));
            Some(Self {
                id,
                texts: texts.collect(),
                completed: task.completed,
                created: task.created,
                deleted: task.deleted.is_some(),
                above: above(&task, local, shelves),
                below: below(id, local, shelves),
                comments: comments.about(id, local),
            })
        })
    }

    /// The field as the text that a person edits; empty if the editor does not edit it.
    #[must_use]
    pub fn text_of(&self, field: &Field) -> String {
        let text = self.texts.iter().find(|(known, _)| known == field);
        text.map(|(_, text)| text.clone()).unwrap_or_default()
    }
}

fn above(task: &Task, local: &Local, shelves: &Shelves) -> Vec<Named> {
    // A deleted task is not shown below another one, but it still names its parent.
    let deleted_from = task.deleted.and(task.parent);
    let parent = deleted_from.filter(|parent| shelves.is_there(*parent));
    let parent = parent.or_else(|| shelves.parent(task.id));
    let above = parent
        .into_iter()
        .flat_map(|parent| std::iter::once(parent).chain(shelves.above(parent)));
    let named = |id| {
        local
            .look(id, |view| view.and_then(Task::read))
            .map(|task| Named {
                id: task.id,
                name: task.title,
                colour: None,
            })
    };
    let mut above: Vec<Named> = above.take(ABOVE).filter_map(named).collect();
    above.reverse();
    above
}

fn below(id: EntityId, local: &Local, shelves: &Shelves) -> Vec<SubTask> {
    let children = shelves.children(id);
    let tasks: Vec<Task> = children
        .into_iter()
        .filter_map(|child| local.look(child, |view| view.and_then(Task::read)))
        .collect();
    let sub_task = |task: Task| SubTask {
        id: task.id,
        title: task.title,
        completed: task.completed.is_some(),
        due: task.due.map(|due| zones::here(&due).date()),
        priority: task.priority.map(|priority| priority.number() as u8),
    };
    tasks.into_iter().map(sub_task).collect()
}

/// The comments of each task.
#[derive(Debug, Default)]
pub struct Comments {
    tasks: BTreeMap<EntityId, EntityId>,
    about: BTreeMap<EntityId, BTreeSet<EntityId>>,
}

impl Comments {
    /// Takes in an entity of any kind, as it is now.
    pub fn put(&mut self, id: EntityId, view: Option<&Entity>) {
        let task = view.and_then(Comment::read).map(|comment| comment.task);
        let before = match task {
            Some(task) => self.tasks.insert(id, task),
            None => self.tasks.remove(&id),
        };
        if let Some(comments) = before.and_then(|before| self.about.get_mut(&before)) {
            comments.remove(&id);
        }
        if let Some(task) = task {
            self.about.entry(task).or_default().insert(id);
        }
    }

    fn about(&self, task: EntityId, local: &Local) -> Vec<Remark> {
        let ids = self.about.get(&task).into_iter().flatten();
        let comments = ids.filter_map(|id| local.look(*id, |view| view.and_then(Comment::read)));
        let mut remarks: Vec<Remark> = Vec::new();
        for comment in comments {
            let key = (comment.created, comment.id);
            let place = remarks.partition_point(|other| (other.created, other.id) < key);
            let remark = Remark {
                id: comment.id,
                text: comment.text,
                created: comment.created,
                author: comment.author,
            };
            remarks.insert(place, remark);
        }
        remarks
    }
}
