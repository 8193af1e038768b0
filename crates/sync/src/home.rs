//! Homes: the place of a branch of tasks, which is the place of the task at its top.

use crate::ids::EntityId;

/// A list, or a section of it, or the inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Home {
    /// None means the inbox.
    pub list: Option<EntityId>,
    pub section: Option<EntityId>,
}
