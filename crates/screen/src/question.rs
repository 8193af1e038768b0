//! Questions that a part of the screen asks the person in a dialog.

use tsugi_sync::ids::EntityId;

use crate::intent::arrange::Container;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// A name for something new.
    Add(Container),
    Rename {
        id: EntityId,
        name: String,
    },
    /// Whether the tasks of a list that is deleted are deleted too.
    DeleteList {
        id: EntityId,
        name: String,
        count: usize,
    },
    DeleteSection {
        id: EntityId,
        name: String,
        count: usize,
    },
    /// A colour for a list or label.
    Recolour(EntityId),
    /// The list or section to which these tasks go.
    MoveTo(Vec<EntityId>),
    /// Which command to carry out for a task, in a menu at a point of the window.
    Menu {
        task: EntityId,
        at: (i32, i32),
    },
    /// What becomes of the conflict about this task.
    Conflict(EntityId),
    /// When these tasks are due.
    Due(Vec<EntityId>),
    /// The labels that these tasks get.
    Label(Vec<EntityId>),
}
