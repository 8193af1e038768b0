//! Where a task or a list is, if it is not where the person looks for it.

use tsugi_sync::entity::Field;
use tsugi_sync::ids::EntityId;

use super::Index;
use super::shelves::Shelf;
use crate::local::Local;
use crate::place::TaskPlace;

impl Index {
    /// The place where a new task can be seen, if the page does not show it. None if the page shows it. `page` is none on a
    /// page without tasks.
    ///
    /// Example: "Buy milk #Home" in the inbox is in the list Home. "Call Ann" in Today is in the inbox.
    #[must_use]
    pub fn elsewhere(&self, page: Option<&TaskPlace>, task: EntityId) -> Option<TaskPlace> {
        let home = self.shelves.home(task)?;
        let is_shown = match page {
            Some(TaskPlace::Inbox) => home.list.is_none(),
            Some(TaskPlace::List(list) | TaskPlace::Board(list)) => home.list == Some(*list),
            Some(TaskPlace::Today) => [Shelf::Overdue, Shelf::Today]
                .into_iter()
                .any(|shelf| self.shelves.stands_on(task, shelf)),
            Some(TaskPlace::Upcoming) => self.shelves.stands_on(task, Shelf::Ahead),
            Some(TaskPlace::Label(label)) => self.shelves.stands_on(task, Shelf::Labelled(*label)),
            Some(TaskPlace::Search(_) | TaskPlace::Completed | TaskPlace::Deleted) | None => false,
        };
        match (is_shown, home.list) {
            (true, _) => None,
            (false, None) => Some(TaskPlace::Inbox),
            (false, Some(list)) => Some(TaskPlace::List(list)),
        }
    }

    /// The place that has taken over from this one, if this is a list or label that has become one with another of the
    /// same name. Such a one is deleted at the time of its creation.
    #[must_use]
    pub fn twin_of(&self, place: &TaskPlace, local: &Local) -> Option<TaskPlace> {
        let name_of_gone = |id| {
            local.look(id, |view| {
                let view = view.filter(|view| view.is_deleted())?;
                let is_gone = view.value(&Field::Deleted) == view.value(&Field::Created);
                view.value(&Field::Name)
                    .as_text()
                    .filter(|_| is_gone)
                    .map(str::to_owned)
            })
        };
        match place {
            TaskPlace::List(id) => self.catalog.list_named(&name_of_gone(*id)?).map(TaskPlace::List),
            TaskPlace::Board(id) => self.catalog.list_named(&name_of_gone(*id)?).map(TaskPlace::Board),
            TaskPlace::Label(id) => self
                .catalog
                .label_named(&name_of_gone(*id)?)
                .map(TaskPlace::Label),
            TaskPlace::Inbox
            | TaskPlace::Today
            | TaskPlace::Upcoming
            | TaskPlace::Search(_)
            | TaskPlace::Completed
            | TaskPlace::Deleted => None,
        }
    }
}
