//! The part of a list that is in sight. Each row is a signal of its own, so that a change redraws one row and leaves
//! the list as it is.

use leptos::prelude::ArcReadSignal;
use tsugi_screen::model::{Heading, Named, TaskRow};
use tsugi_sync::ids::EntityId;

/// A task in the list of a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub entry: TaskEntry,
    pub spot: Spot,
}

/// The place of a row among the others. It changes when other tasks change, and the row stays the same.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spot {
    /// The depth in the tree: 0 for a task without a parent.
    pub depth: u8,
    /// The headings above it. It is the first task under the last of them; the others have no tasks.
    pub headings: Vec<Heading>,
}

/// The part of a place's list that is in sight or near it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Window {
    /// How many tasks the list has.
    pub total: usize,
    /// How many of them are completed, whether they are shown or not.
    pub completed: usize,
    /// Whether a search is still under way, so that the list may grow.
    pub growing: bool,
    /// How many tasks come before the first one in sight.
    pub first: usize,
    pub items: Vec<Item>,
    /// The headings after the last task, of groups without tasks; empty unless the last task is in the window.
    pub tail: Vec<Heading>,
}

/// A row that is lit for a moment, and brought into sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lit {
    pub task: EntityId,
    /// How many tasks of the list come before it, if it may be out of sight.
    pub place: Option<usize>,
}

/// A list as a board: a column for the tasks without a section, and one for each section.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Board {
    pub columns: Vec<Column>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// None for the column of the tasks without a section.
    pub section: Option<Named>,
    /// How many tasks without a parent it has, drawn or not.
    pub total: usize,
    pub cards: Vec<TaskEntry>,
}

/// A row of the list. It is a signal of its own, so that a change redraws one row and leaves the list as it is.
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
