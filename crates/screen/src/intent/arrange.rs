//! What a person does to the order of things: where tasks stand, and the lists, sections, folders and labels they
//! stand in.

use tsugi_calendar::Date;
use tsugi_sync::colour::Colour;
use tsugi_sync::gesture::Contents;
use tsugi_sync::home::Home;
use tsugi_sync::ids::EntityId;
use tsugi_sync::task::Priority;

/// A place for tasks among the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spot {
    /// Right under a row of the list, as deep as that: below its task, beside it, or beside one that it is below.
    Under {
        row: EntityId,
        depth: u8,
    },
    /// Before a task, as its sibling.
    Before(EntityId),
    /// At the beginning of a section, or of what is in none.
    First(Home),
    Last(Home),
    /// Below a task, after what is there.
    Into(EntityId),
    /// On a day: it is due then, and stands where it stood.
    On(Date),
    /// With this label too.
    Labelled(EntityId),
}

/// Up or down, in or out, by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shift {
    Up,
    Down,
    /// Below the one before it.
    In,
    /// Beside the one it is below.
    Out,
}

/// What is given a name.
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
    SetDue {
        tasks: Vec<EntityId>,
        due: Option<Date>,
    },
    SetPriority {
        tasks: Vec<EntityId>,
        priority: Option<Priority>,
    },
    /// The label is on all of these tasks, or on none.
    SetLabel {
        tasks: Vec<EntityId>,
        label: EntityId,
        on: bool,
    },
    /// All that is overdue is due today.
    RescheduleOverdue,
    /// Lists, folders, sections and labels themselves.
    Furnish(Furnish),
}

/// What a person does to what tasks are in.
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
    Archive {
        list: EntityId,
        archived: bool,
    },
    /// A list goes into a folder or out of it, before another one there or to the end.
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
    /// Its lists stay, in none.
    DeleteFolder {
        folder: EntityId,
    },
    /// Tasks lose it from sight.
    DeleteLabel {
        label: EntityId,
    },
}
