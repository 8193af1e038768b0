//! Adding: tasks and sub-tasks from lines of quick add, and comments.

use tsugi_quick_add::Parsed;
use tsugi_sync::ids::EntityId;
use tsugi_sync::task::Task;

use crate::browser::time::{self, Timer};
use tsugi_screen::edits::add::Adding;
use tsugi_screen::edits::plan::NotDone;
use tsugi_screen::gestures::Direction;
use tsugi_screen::model::{AccountState, Opens};
use tsugi_screen::place::TaskPlace;
use tsugi_screen::text::summary::Summary;
use tsugi_words::phrases;

use super::doing::Planned;
use super::{Client, Tab};

/// How many milliseconds the row of a new task is lit.
const LIT_MS: u64 = 1_600;

impl Client {
    /// Adds tasks to a place. If the page on the screen does not show the last of them, a notice says where it is.
    pub(super) fn add_tasks(&self, place: &TaskPlace, lines: &[Parsed]) {
        let did = self.attempt(|tab| {
            let edits = self.adding(tab, place, |adding| adding.tasks(lines))?;
            Ok(Planned::all(edits, added(lines)))
        });
        let Ok(Some(did)) = did else { return };
        let address = self.store.address();
        let elsewhere = self
            .tab
            .borrow()
            .as_ref()
            .and_then(|tab| tab.screen.index().elsewhere(address.place.tasks(), did.last));
        if let Some(elsewhere) = elsewhere {
            let name = self.store.sidebar().title_of(&elsewhere.clone().into());
            let told = phrases::done_added_to(&name);
            self.notice_of(
                told,
                Some(Opens::Place(elsewhere)),
                Some((Direction::Undo, did.gesture)),
            );
        } else {
            self.light(did.last);
        }
    }

    /// Lights a row for a moment, and brings it into sight.
    fn light(&self, task: EntityId) {
        let client = self.clone();
        self.with_tab(|tab| tab.screen.light(task));
        *self.lit.borrow_mut() = Some(Timer::after(LIT_MS, move || client.store.set_lit(None)));
    }

    pub(super) fn add_sub_tasks(
        &self,
        tab: &Tab,
        parent: EntityId,
        lines: &[Parsed],
    ) -> Result<Planned, NotDone> {
        let Some(parent) = tab.local.look(parent, |view| view.and_then(Task::read)) else {
            return Ok(Planned::all(Vec::new(), added(lines)));
        };
        let edits = self.adding(tab, &TaskPlace::Inbox, |adding| adding.sub_tasks(&parent, lines))?;
        Ok(Planned::all(edits, added(lines)))
    }

    /// Calls `add` with the state that adding depends on: place, names, date, zone and account.
    pub(super) fn adding<T>(&self, tab: &Tab, place: &TaskPlace, add: impl FnOnce(&Adding<'_>) -> T) -> T {
        let user = match self.store.account() {
            AccountState::SignedIn { user, .. } => user,
            AccountState::None | AccountState::Local => None,
        };
        let zone = time::time_zone();
        add(&Adding {
            place,
            catalog: tab.screen.index().catalog(),
            today: self.store.today(),
            zone: zone.as_deref().unwrap_or("UTC"),
            user,
            now: time::now(),
            fresh_id: time::new_id,
        })
    }
}

/// What adding a task for each of these lines did.
fn added(lines: &[Parsed]) -> Summary {
    match lines {
        [line] => Summary::Added(line.title.clone()),
        lines => Summary::AddedMany(lines.len()),
    }
}
