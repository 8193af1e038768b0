//! The names of elements: the ids and attributes by which one part of the app finds elements that another part has
//! drawn.
//!
//! A component that draws an element and a hook that finds it have to use the same name, so each name is spelled once,
//! here. (In a `view!` the name of an attribute has to be written out.) Left out: classes and attributes that only
//! style sheets read, and ids that only one component uses.

use tsugi_sync::ids::EntityId;

/// The heading of a page. The focus goes there when the element that had it is gone.
pub const PAGE_HEADING: &str = "tasks-heading";
/// The list of a page's tasks.
pub const TASKS: &str = "tasks";
/// The input of a search.
pub const SEARCH: &str = "search";
/// The editor of a task.
pub const EDITOR: &str = "editor";
/// The title in a task's editor.
pub const EDITOR_TITLE: &str = "editor-title";
/// The input for a new sub-task in a task's editor.
pub const NEW_SUB_TASK: &str = "new-sub-task";
/// The input for a comment in a task's editor.
pub const COMMENT: &str = "comment";
/// The heading of the list of conflicts.
pub const INBOX_HEADING: &str = "inbox-heading";
/// The button that shows the conflicts.
pub const CONFLICTS_BUTTON: &str = "conflicts-button";
/// The button that shows the sidebar on a small screen.
pub const BROWSE_BUTTON: &str = "browse-button";
/// The overlay that covers the page when the app has stopped. `start.js` shows it too.
pub const STOPPED: &str = "tsugi-stopped";

/// The checkbox of a task.
#[must_use]
pub fn check(task: EntityId) -> String {
    format!("check-{task}")
}

/// The title of a task in a list or on a board, which names its checkbox.
#[must_use]
pub fn title(task: EntityId) -> String {
    format!("title-{task}")
}

/// The button that folds the sub-tasks of a task, or a section.
#[must_use]
pub fn fold(entity: EntityId) -> String {
    format!("fold-{entity}")
}

/// On a task's row or card: the task's id.
pub(super) const TASK: &str = "data-task";
/// On a row that a finger pushes aside: what will happen, and its words. Style sheets read them.
pub(super) const SWIPE: &str = "data-swipe";
pub(super) const SWIPE_WORDS: &str = "data-swipe-words";
/// On a row: the depth in the tree, 0 for a task without a parent.
pub(super) const DEPTH: &str = "data-depth";
/// On a row whose task is completed or deleted. Such a row keeps its place.
pub(super) const OVER: &str = "data-over";
/// On the part of a row by which the task is dragged.
pub(super) const HANDLE: &str = "data-handle";
/// On the element around rows or cards: their order, see [`tsugi_screen::drag_over::Order`].
pub(super) const ORDER: &str = "data-order";
/// On a heading over the tasks of a group, which is inside the row of the first of them.
pub(super) const HEADING: &str = "data-heading";
/// On an element that takes a dropped task: its mark, see [`tsugi_screen::drop_place::spot_of`].
pub(super) const DROP: &str = "data-drop";
/// On a list in the sidebar: its id.
pub(super) const LIST: &str = "data-list";
/// On a list in the sidebar: the id of its folder.
pub(super) const FOLDER: &str = "data-folder";
/// On a folder in the sidebar, which takes a dropped list: its id.
pub(super) const INTO_FOLDER: &str = "data-into-folder";
