//! Homes: where a branch of tasks is, which is where the task at the top of it is.

use crate::ids::EntityId;

/// A list, or a section of it, or the inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Home {
    /// None is the inbox.
    pub list: Option<EntityId>,
    pub section: Option<EntityId>,
}
