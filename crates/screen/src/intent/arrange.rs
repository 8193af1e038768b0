//! Intents about order: where tasks are, and the lists, sections, folders and labels that they are in.

use tsugi_calendar::{Date, Due};
use tsugi_sync::colour::Colour;
use tsugi_sync::gesture::Contents;
use tsugi_sync::home::Home;
use tsugi_sync::ids::EntityId;
use tsugi_sync::task::Priority;
use tsugi_words::phrases;

use crate::place::TaskPlace;

/// A spot for tasks among the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spot {
    /// Right under a row of the list, at a depth. With the row at depth 1: depth 2 means below its task, 1 beside it, 0
    /// beside its parent.
    Under {
        row: EntityId,
        depth: u8,
    },
    /// Before a task, as its sibling.
    Before(EntityId),
    /// At the beginning of a section, or of the part of a list without a section.
    First(Home),
    Last(Home),
    /// Below a task, after its other sub-tasks.
    Into(EntityId),
    /// On a day: the task becomes due then, and keeps its position.
    On(Date),
    /// With this label, beside those that it has.
    Labelled(EntityId),
}

/// By one step: up or down, in or out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shift {
    Up,
    Down,
    /// Below the task before it.
    In,
    /// Beside its parent.
    Out,
    /// To the end of the next column of a board.
    NextColumn,
    PreviousColumn,
}

impl Shift {
    /// The name of the command.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Up => phrases::move_task_up(),
            Self::Down => phrases::move_task_down(),
            Self::In => phrases::indent_task(),
            Self::Out => phrases::outdent_task(),
            Self::NextColumn => phrases::move_to_next_column(),
            Self::PreviousColumn => phrases::move_to_previous_column(),
        }
    }

    /// The same key in the order that a place has. On a board, a card goes from column to column. In a place without
    /// an order of its own, nothing goes in or out of another task, because the tree is not on the screen.
    #[must_use]
    pub fn within(self, place: &TaskPlace) -> Option<Self> {
        match (self, place) {
            (Self::In, TaskPlace::Board(_)) => Some(Self::NextColumn),
            (Self::Out, TaskPlace::Board(_)) => Some(Self::PreviousColumn),
            (Self::Up | Self::Down, _) | (_, TaskPlace::Inbox | TaskPlace::List(_) | TaskPlace::Board(_)) => {
                Some(self)
            }
            (
                Self::In | Self::Out | Self::NextColumn | Self::PreviousColumn,
                TaskPlace::Today
                | TaskPlace::Upcoming
                | TaskPlace::Label(_)
                | TaskPlace::Search(_)
                | TaskPlace::Completed
                | TaskPlace::Deleted,
            ) => None,
        }
    }
}

/// A thing that holds tasks and has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    List,
    Folder,
    Section { list: EntityId },
    Label,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrange {
    Move {
        tasks: Vec<EntityId>,
        to: Spot,
    },
    Shift {
        task: EntityId,
        by: Shift,
    },
    /// Make tasks due on a day, where each keeps its time of day, or at a time.
    SetDue {
        tasks: Vec<EntityId>,
        due: Option<Due>,
    },
    SetPriority {
        tasks: Vec<EntityId>,
        priority: Option<Priority>,
    },
    /// Put the label on all of these tasks, or take it off all.
    SetLabel {
        tasks: Vec<EntityId>,
        label: EntityId,
        on: bool,
    },
    /// Make another task like this one, which is not done yet.
    Duplicate {
        task: EntityId,
    },
    /// Make all overdue tasks due today.
    RescheduleOverdue,
    /// Change lists, folders, sections and labels themselves.
    Furnish(Furnish),
}

/// A change of the lists, folders, sections and labels that tasks are in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Furnish {
    Add {
        container: Container,
        name: String,
    },
    Rename {
        id: EntityId,
        name: String,
    },
    Recolour {
        id: EntityId,
        colour: Option<Colour>,
    },
    /// Show a list or label among the favourites, or no more.
    Favour {
        id: EntityId,
        on: bool,
    },
    Archive {
        list: EntityId,
        archived: bool,
    },
    /// Put a list into a folder or out of it: before another list there, or at the end.
    PutList {
        list: EntityId,
        folder: Option<EntityId>,
        before: Option<EntityId>,
    },
    PutFolder {
        folder: EntityId,
        before: Option<EntityId>,
    },
    PutSection {
        section: EntityId,
        before: Option<EntityId>,
    },
    DeleteList {
        list: EntityId,
        contents: Contents,
    },
    DeleteSection {
        section: EntityId,
        contents: Contents,
    },
    /// The lists of the folder stay, and are in no folder.
    DeleteFolder {
        folder: EntityId,
    },
    /// The tasks with the label stay, and do not show it any more.
    DeleteLabel {
        label: EntityId,
    },
}
