//! The task in the editor, with all that hangs on it: what it is part of, what is part of it, what was said about it.

use std::collections::{BTreeMap, BTreeSet};

use tsugi_sync::comment::Comment;
use tsugi_sync::entity::{Entity, Field};
use tsugi_sync::ids::{EntityId, Timestamp, UserId};
use tsugi_sync::task::Task;

use super::shelves::Shelves;
use crate::local::Local;
use crate::model::Named;
use crate::text::fields::to_text;

/// The fields that the editor edits.
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

/// Tasks above that are named, the nearest of them: beyond, nobody finds their way by them.
const ABOVE: usize = 32;

/// What the editor shows of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detail {
    pub id: EntityId,
    /// The fields of [`EDITED`] as the texts that a person edits.
    pub texts: Vec<(Field, String)>,
    pub completed: Option<Timestamp>,
    pub created: Timestamp,
    /// It was deleted, here or elsewhere.
    pub deleted: bool,
    /// What it is a part of, the outermost first.
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
}

/// A comment, as people read it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Remark {
    pub id: EntityId,
    pub text: String,
    pub created: Timestamp,
    /// Who wrote it. Who has no account signs nothing.
    pub author: Option<UserId>,
}

impl Detail {
    /// The task, and what hangs on it; none for what is not a task.
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

    /// The field as the text a person edits; empty for a field that the editor does not hold.
    #[must_use]
    pub fn text_of(&self, field: &Field) -> String {
        let text = self.texts.iter().find(|(known, _)| known == field);
        text.map(|(_, text)| text.clone()).unwrap_or_default()
    }
}

fn above(task: &Task, local: &Local, shelves: &Shelves) -> Vec<Named> {
    // A deleted task is shown below no other, but it still names its parent.
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
    };
    tasks.into_iter().map(sub_task).collect()
}

/// Which comments are about which task.
#[derive(Debug, Default)]
pub struct Comments {
    tasks: BTreeMap<EntityId, EntityId>,
    about: BTreeMap<EntityId, BTreeSet<EntityId>>,
}

impl Comments {
    /// Takes in what became of an entity, whatever it is.
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
