//! The part of a list that is in sight. Each row is a signal of its own, so that a change redraws one row and the list
//! stays as it is.

use leptos::prelude::ArcReadSignal;
use tsugi_screen::model::{Heading, Named, TaskRow};
use tsugi_sync::ids::EntityId;

/// A task in the list of a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub entry: TaskEntry,
    /// How many tasks it is a part of, one within the other.
    pub depth: u8,
    /// It is the first under the last of these headings; nothing is under those before.
    pub headings: Vec<Heading>,
}

/// The part of a place's list that is in sight, or near it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Window {
    /// How many tasks the list has.
    pub total: usize,
    /// How many of them are completed, shown or folded away.
    pub completed: usize,
    /// Not all of the list is known yet: a search is under way.
    pub growing: bool,
    /// How many stand before the first in sight.
    pub first: usize,
    pub items: Vec<Item>,
    /// What stands after the last task, over nothing; only where the last is in the window.
    pub tail: Vec<Heading>,
}

/// A list as a board: a column for what is in no section, and one for each section.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Board {
    pub columns: Vec<Column>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// None is the column of what is in no section.
    pub section: Option<Named>,
    /// How many tasks are at the top of it, drawn or not.
    pub total: usize,
    pub cards: Vec<TaskEntry>,
}

/// A place in the list. The row is its own signal, so that a change redraws one row and the list stays as it is.
#[derive(Clone, Debug)]
pub struct TaskEntry {
    pub id: EntityId,
    pub row: ArcReadSignal<TaskRow>,
}

impl PartialEq for TaskEntry {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && self.row == other.row
    }
}
