//! The values that the screen shows. The client puts them into signals, and components draw them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use tsugi_calendar::{Date, Due};
use tsugi_sync::entity::Field;
use tsugi_sync::ids::{EntityId, Timestamp, UserId};
use tsugi_sync::sorted_map::SortedMap;
use tsugi_words::fold::fold;

use super::gestures::{Direction, GestureId};
use crate::place::{Place, TaskPlace};
use crate::shortcuts::name_of;

/// One task as its row shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskRow {
    pub id: EntityId,
    pub title: String,
    pub notes: String,
    pub due: Option<Due>,
    pub completed: bool,
    /// It has edits that the server has not acknowledged.
    pub waiting: bool,
    /// Open conflicts about this task.
    pub conflicts: usize,
    /// It was deleted, here or elsewhere.
    pub deleted: bool,
    /// 1 (the highest) to 4, if it has one.
    pub priority: Option<u8>,
    /// The list that it is in, if it is in one.
    pub list: Option<Named>,
    pub labels: Vec<Named>,
    /// It recurs: when it is done, it comes again.
    pub recurs: bool,
    /// How many of its sub-tasks are done, and how many there are.
    pub progress: (usize, usize),
    /// Whether its open sub-tasks are folded away; none for a task without any.
    pub folded: Option<bool>,
}

/// A list, a label or another thing with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub id: EntityId,
    pub name: String,
    /// The name of one of the design's colours, as the style sheets know it.
    pub colour: Option<&'static str>,
}

/// The groups of the sidebar, under which it is kept whether they are folded.
pub mod group {
    use tsugi_sync::ids::EntityId;
    use uuid::Uuid;

    pub const FAVOURITES: EntityId = EntityId(Uuid::from_u128(1));
    pub const LISTS: EntityId = EntityId(Uuid::from_u128(2));
    pub const LABELS: EntityId = EntityId(Uuid::from_u128(3));
}

/// The lists, labels and sections that the sidebar shows beside the fixed places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sidebar {
    /// The folders with their lists. The lists that are in no folder come first, under none.
    pub folders: Vec<(Option<Named>, Vec<Named>)>,
    pub labels: Vec<Named>,
    /// The lists and labels that are favourites, by the time at which they became that.
    pub favourites: Vec<(TaskPlace, Named)>,
    /// Lists that were archived.
    pub archived: Vec<Named>,
    /// The sections of each list that has any, in order.
    pub sections: SortedMap<EntityId, Vec<Named>>,
    /// The ids of the folders, sections and tasks that are folded on this device.
    pub folded: BTreeSet<EntityId>,
}

impl Sidebar {
    /// The lists of all folders, in the order of the screen.
    pub fn lists(&self) -> impl Iterator<Item = &Named> {
        self.folders.iter().flat_map(|(_, lists)| lists)
    }

    /// The list with this id, archived or not.
    #[must_use]
    pub fn list(&self, id: EntityId) -> Option<&Named> {
        let mut all = self.lists().chain(&self.archived);
        all.find(|list| list.id == id)
    }

    #[must_use]
    pub fn is_favourite(&self, id: EntityId) -> bool {
        self.favourites.iter().any(|(_, named)| named.id == id)
    }

    /// The folder of a list, if another list has the same name, so that people can tell the two apart.
    #[must_use]
    pub fn folder_to_tell(&self, list: &Named) -> Option<&str> {
        let name = fold(&list.name);
        let is_other = |other: &Named| other.id != list.id && fold(&other.name) == name;
        let is_in = |lists: &[Named]| lists.iter().any(|one| one.id == list.id);
        let (folder, _) = self.folders.iter().find(|(_, lists)| is_in(lists))?;
        let folder = folder.as_ref()?;
        self.lists().any(is_other).then_some(folder.name.as_str())
    }

    /// The title of a place: for a list or label its own name.
    #[must_use]
    pub fn title_of(&self, place: &Place) -> String {
        let named = match place.tasks() {
            Some(TaskPlace::List(id) | TaskPlace::Board(id)) => self.list(*id),
            Some(TaskPlace::Label(id)) => self.labels.iter().find(|label| label.id == *id),
            Some(TaskPlace::Inbox | TaskPlace::Today | TaskPlace::Upcoming | TaskPlace::Search(_)) => None,
            Some(TaskPlace::Completed | TaskPlace::Deleted) | None => None,
        };
        named.map_or_else(|| name_of(place).to_owned(), |named| named.name.clone())
    }

    /// The sections of a list, in order.
    #[must_use]
    pub fn sections_of(&self, list: EntityId) -> &[Named] {
        self.sections.get(&list).map_or(&[], Vec::as_slice)
    }
}

/// How many open tasks each place has: the numbers beside the names in the sidebar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub inbox: usize,
    pub today: usize,
    pub lists: SortedMap<EntityId, usize>,
    pub labels: SortedMap<EntityId, usize>,
}

impl Counts {
    #[must_use]
    pub fn of(&self, place: &TaskPlace) -> usize {
        match place {
            TaskPlace::Inbox => self.inbox,
            TaskPlace::Today => self.today,
            TaskPlace::List(id) | TaskPlace::Board(id) => self.lists.get(id).copied().unwrap_or_default(),
            TaskPlace::Label(id) => self.labels.get(id).copied().unwrap_or_default(),
            TaskPlace::Upcoming | TaskPlace::Search(_) | TaskPlace::Completed | TaskPlace::Deleted => 0,
        }
    }
}

/// The heading over the first task of a group. The heading of an empty group stands over the next group's task too.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Heading {
    Overdue,
    Day(Date),
    Section {
        id: EntityId,
        name: String,
        /// The number of open tasks in it.
        count: usize,
        folded: bool,
    },
}

/// The state of syncing on this device. The leading tab tells it to the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SyncPhase {
    /// No account: everything lives on this device.
    #[default]
    LocalOnly,
    /// No connection.
    Offline,
    /// No connection, because the person chose to work offline.
    WorkOffline,
    Connecting,
    Syncing,
    Synced,
    /// The person has to do something: the server signed the device out or refused an edit, or the storage fails.
    NeedsAttention,
}

/// How far this device's own storage has what is on the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnDevice {
    #[default]
    Saved,
    Saving,
    /// The storage does not accept it at the moment. The app tries again.
    NotSaved,
    /// There is no storage: when the page closes, everything here is lost.
    InMemory,
}

/// All that the sync status shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncStatus {
    pub phase: SyncPhase,
    /// How many edits the server has not acknowledged.
    pub waiting: usize,
    pub on_device: OnDevice,
    pub last_synced: Option<Timestamp>,
    /// The problem, as a sentence.
    pub problem: Option<String>,
    /// The server has signed this device out, so the person has to sign in again.
    pub signed_out: bool,
}

impl SyncStatus {
    /// The phase to show. While edits wait, it is never "synced", even if the connection says so.
    #[must_use]
    pub fn shown_phase(&self) -> SyncPhase {
        if self.phase == SyncPhase::Synced && self.waiting > 0 {
            return SyncPhase::Syncing;
        }
        self.phase
    }

    /// One line for the header. It begins with `Synced`, `Syncing`, `Offline` or `Needs attention`, or without an
    /// account says `On this device`.
    #[must_use]
    pub fn headline(&self) -> String {
        use tsugi_words::phrases;
        let waiting = (self.waiting > 0).then(|| phrases::changes_waiting(self.waiting));
        let (state, aside) = match self.shown_phase() {
            SyncPhase::LocalOnly => (phrases::local_only(), None),
            SyncPhase::Offline => (phrases::offline(), waiting),
            SyncPhase::WorkOffline => {
                let alone = || phrases::by_choice().to_owned();
                (
                    phrases::offline(),
                    Some(waiting.map_or_else(alone, |n| phrases::by_choice_waiting(&n))),
                )
            }
            SyncPhase::Connecting => {
                let alone = || phrases::connecting().to_owned();
                (
                    phrases::syncing(),
                    Some(waiting.map_or_else(alone, |n| phrases::connecting_waiting(&n))),
                )
            }
            SyncPhase::Syncing => (phrases::syncing(), waiting),
            SyncPhase::Synced => (phrases::synced(), None),
            SyncPhase::NeedsAttention => (phrases::needs_attention(), waiting),
        };
        match aside {
            Some(aside) => phrases::headline(state, &aside),
            None => state.to_owned(),
        }
    }
}

/// The kind of value that a field holds. It decides how the field is shown, edited and checked. Every value of each
/// kind has a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    Text,
    Multiline,
    /// `YYYY-MM-DD`, or a time on the clocks of a time zone: `2026-11-24T15:00[Asia/Tokyo]`; empty for none.
    When,
    /// 1 to 4.
    Priority,
    /// The id of a list, a section or a task; empty for none.
    Place,
    /// The ids of labels, with spaces between them.
    Labels,
    /// A recurrence rule in the core's notation.
    Recurrence,
    /// The moment at which the task was completed, in milliseconds; empty while it is open.
    Completed,
    /// [`DELETED`] or [`KEPT`].
    Deleted,
    /// JSON, for a value that this version has no other text for.
    Raw,
}

/// The text of a `Deleted` field on the side that deleted the task.
pub const DELETED: &str = "deleted";
/// The text of a `Deleted` field on the side that kept it.
pub const KEPT: &str = "kept";

/// An edit that the server refused. The typed values stay here until the person discards it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedCard {
    /// The sequence number of the mutation.
    pub id: u64,
    pub title: String,
    /// The reason, as a sentence.
    pub reason: String,
    pub code: String,
    pub values: Vec<RefusedValue>,
}

/// The value that was typed into one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedValue {
    pub field: Field,
    pub label: String,
    pub kind: FieldKind,
    pub text: String,
    /// The ids in the text, each with the name of the thing that it is the id of.
    pub names: Vec<(String, String)>,
}

/// The account to which the tasks on this device belong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum AccountState {
    /// Not chosen yet, so the account screen is shown.
    #[default]
    None,
    Local,
    SignedIn {
        email: String,
        /// None if an earlier version of the app signed in.
        user: Option<UserId>,
    },
}

/// A notice about a gesture. A new `id` restarts its time on screen, even if the text is the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UndoNotice {
    pub id: u64,
    pub text: String,
    /// Where its effect can be seen, if that is not on the screen.
    pub opens: Option<Opens>,
    /// The effect of its button: undo this gesture, or redo it. None if it has no button.
    pub button: Option<(Direction, GestureId)>,
}

/// Where a notice leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opens {
    Place(TaskPlace),
    /// What was decided about conflicts.
    History,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_headline_begins_with_the_state_and_names_what_waits() {
        use SyncPhase::*;
        let table = [
            (LocalOnly, 0, "On this device"),
            (LocalOnly, 4, "On this device"),
            (Offline, 0, "Offline"),
            (Offline, 1, "Offline — 1 change waiting"),
            (Offline, 3, "Offline — 3 changes waiting"),
            (WorkOffline, 0, "Offline — by choice"),
            (WorkOffline, 2, "Offline — by choice, 2 changes waiting"),
            (Connecting, 0, "Syncing — connecting"),
            (Connecting, 1, "Syncing — connecting, 1 change waiting"),
            (Syncing, 0, "Syncing"),
            (Syncing, 7, "Syncing — 7 changes waiting"),
            (Synced, 0, "Synced"),
            (Synced, 1, "Syncing — 1 change waiting"),
            (NeedsAttention, 0, "Needs attention"),
            (NeedsAttention, 2, "Needs attention — 2 changes waiting"),
        ];
        for (phase, waiting, expected) in table {
            let status = SyncStatus {
                phase,
                waiting,
                ..SyncStatus::default()
            };
            assert_eq!(status.headline(), expected);
        }
    }
}
