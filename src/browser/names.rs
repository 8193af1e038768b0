//! What elements are called: the ids and attributes by which one part of the app finds what another part has drawn.
//!
//! A component that draws an element and a hook that finds it have to agree, and so each name stands here once. (In a
//! `view!` the name of an attribute has to be written out.) Left out: classes and attributes that only style sheets read,
//! and ids that one component uses by itself.

use tsugi_sync::ids::EntityId;

/// The heading of a page. The focus goes there when what had it is gone.
pub const PAGE_HEADING: &str = "tasks-heading";
/// The list of a page's tasks.
pub const TASKS: &str = "tasks";
/// Where a search is typed.
pub const SEARCH: &str = "search";
/// The title in a task's editor.
pub const EDITOR_TITLE: &str = "editor-title";
/// The heading of the conflicts beside the page.
pub const INBOX_HEADING: &str = "inbox-heading";
/// The button that shows the conflicts.
pub const CONFLICTS_BUTTON: &str = "conflicts-button";
/// The button that shows the sidebar on a small screen.
pub const BROWSE_BUTTON: &str = "browse-button";
/// What covers the page when the app has stopped. `start.js` shows it, too.
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

/// The button that folds what is below a task or in a section.
#[must_use]
pub fn fold(entity: EntityId) -> String {
    format!("fold-{entity}")
}

/// On a task's row or card: the task's id.
pub(super) const TASK: &str = "data-task";
/// On a row: how many tasks it is a part of, one within the other.
pub(super) const DEPTH: &str = "data-depth";
/// On a row whose task is completed or deleted. Such a row keeps its place.
pub(super) const OVER: &str = "data-over";
/// On what a task is dragged by.
pub(super) const HANDLE: &str = "data-handle";
/// On what holds rows or cards: what their order means, see [`tsugi_screen::drop_place::Order`].
pub(super) const ORDER: &str = "data-order";
/// On a heading that stands over the tasks of a group, within the row of the first of them.
pub(super) const HEADING: &str = "data-heading";
/// On what takes a task that is dropped on it: its mark, see [`tsugi_screen::drop_place::spot_of`].
pub(super) const DROP: &str = "data-drop";
/// On a list in the sidebar: its id.
pub(super) const LIST: &str = "data-list";
/// On a list in the sidebar: the id of its folder.
pub(super) const FOLDER: &str = "data-folder";
/// On a folder in the sidebar, which takes a list that is dropped on it: its id.
pub(super) const INTO_FOLDER: &str = "data-into-folder";
