//! Everything a person can want, as one closed enum: components send these and decide nothing.
//!
//! The kinds of [`Intent`] are told apart by who receives them. Each receiver matches its own enum in full:
//!
//! | kind | receiver |
//! |---|---|
//! | [`EditIntent`], [`Arrange`] | become edits, at once on the screen, then for good |
//! | [`ShowIntent`], [`GoIntent`], [`AppIntent`] | the tab, which changes what this screen shows |
//! | [`SyncIntent`], [`AccountIntent`] | the loop, which has the connection and the log |

pub mod arrange;

use std::ops::Range;

use tsugi_quick_add::Parsed;
use tsugi_sync::entity::Field;
use tsugi_sync::ids::EntityId;
use tsugi_words::phrases;

use crate::intent::arrange::Arrange;
use crate::place::{Address, TaskPlace};
use crate::settings::Settings;

/// What the person wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Intent {
    /// Change tasks, one or all that are selected.
    Edit(EditIntent),
    /// Put tasks, or what they are in, in another order.
    Arrange(Arrange),
    /// See more, less or other things of what is here. Nothing of it is saved but what is folded.
    Show(ShowIntent),
    /// Be somewhere else in the app.
    Go(GoIntent),
    /// Something that is about the other devices and the server.
    Sync(SyncIntent),
    /// Sign in or out.
    Account(AccountIntent),
    /// Something that is about the app on this device.
    App(AppIntent),
}

/// A change of tasks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditIntent {
    /// A task as a line of quick add says it. What the line does not say, the place does: that list, that label, that day.
    AddTask {
        place: TaskPlace,
        task: Box<Parsed>,
    },
    /// A task that is a part of another one.
    AddSubTask {
        parent: EntityId,
        title: String,
    },
    AddList {
        name: String,
    },
    ChangeTask {
        id: EntityId,
        changes: Vec<FieldChange>,
        /// Labels that were made on the way, for this task.
        new_labels: Vec<NewLabel>,
    },
    AddComment {
        task: EntityId,
        text: String,
    },
    DeleteComment {
        id: EntityId,
    },
    SetCompleted {
        id: EntityId,
        completed: bool,
    },
    DeleteTask {
        id: EntityId,
    },
    RestoreTask {
        id: EntityId,
    },
    CompleteSelected,
    DeleteSelected,
    /// Take back what was done last.
    Undo,
    /// Do again what was taken back last.
    Redo,
}

/// One field a person changed in the editor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    pub field: Field,
    /// The text that stood there when they began to change it: the base of the edit, which may be older than the task.
    pub seen: String,
    pub value: String,
}

/// A label that is to be made, under the id by which a field names it already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLabel {
    pub id: EntityId,
    pub name: String,
}

/// What the screen is to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShowIntent {
    /// A folder, a section or the sub-tasks of a task are folded away on this device, or not any more.
    Fold {
        id: EntityId,
        folded: bool,
    },
    /// More of a column of the board: of a section, or of what is in none.
    More {
        section: Option<EntityId>,
    },
    /// One of the tasks is selected, or not any more.
    Select {
        id: EntityId,
        on: bool,
    },
    /// All of these are selected, and no others.
    SelectAll(Vec<EntityId>),
    SelectNone,
    /// These places of the list are in sight.
    Look(Range<usize>),
    /// Completed tasks after the open ones, or not.
    Completed(bool),
    /// Look for tasks, for the palette; with an empty text no longer.
    Find {
        text: String,
    },
    /// The undo notice has been on screen long enough, or was closed.
    DismissUndo,
}

/// Where the person goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GoIntent {
    To(Address),
    /// To another address, with no way back to this one: all that is typed into a search is one place.
    Replace(Address),
    /// Close what stands beside the list.
    CloseBeside,
}

/// What is about the other devices and the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SyncIntent {
    WorkOffline(bool),
    /// Try to connect now.
    Now,
    /// Settle a conflict with these values, as editable text.
    Resolve {
        conflict: EntityId,
        results: Vec<(Field, String)>,
        /// The other side as the dialog showed it.
        shown: Vec<(Field, String)>,
    },
    /// Let go of a refused change for good.
    DiscardRefused {
        seq: u64,
    },
    /// Send a refused change again with these values, named as in its card.
    ResendRefused {
        seq: u64,
        values: Vec<(String, String)>,
    },
    /// The figures of syncing are looked at, or no longer.
    ShowFigures(bool),
}

/// Signing in and out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountIntent {
    SignIn(Credentials),
    CreateAccount(Credentials),
    UseWithoutAccount,
    /// From a device without an account, or signed out by the server: show the account screen.
    ShowScreen,
    SignOut {
        keep_local: bool,
    },
}

/// An address and a password as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    pub email: String,
    pub password: Password,
}

impl Credentials {
    /// What stops the form before anything is sent. Only a server can tell whether an address is right.
    #[must_use]
    pub fn problem(&self) -> Option<&'static str> {
        let address = self.email.trim();
        let plausible = address.len() > 2 && address.contains('@');
        match (plausible, self.password.0.is_empty()) {
            (false, _) => Some(phrases::email_needed()),
            (true, true) => Some(phrases::password_needed()),
            (true, false) => None,
        }
    }
}

/// A password on its way to the server. Its `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(pub String);

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

/// What is about the app on this device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AppIntent {
    ChooseSettings(Settings),
    CopyText(String),
    /// Put all that is here into a file.
    SaveCopy,
    /// Load the page again, with the newer version of the app.
    TakeUpdate,
    /// Do not offer it again until the next start.
    PutOffUpdate,
}

impl Intent {
    /// Whether it waits until everything is read, because it changes the workspace or is about all there is.
    #[must_use]
    pub fn needs_everything(&self) -> bool {
        match self {
            Self::Edit(_) | Self::Arrange(_) | Self::App(AppIntent::SaveCopy) => true,
            Self::Show(_) | Self::Go(_) | Self::Sync(_) | Self::Account(_) => false,
            Self::App(
                AppIntent::ChooseSettings(_)
                | AppIntent::CopyText(_)
                | AppIntent::TakeUpdate
                | AppIntent::PutOffUpdate,
            ) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_in_no_log() {
        let intent = Intent::Account(AccountIntent::SignIn(Credentials {
            email: "ann@example.org".to_owned(),
            password: Password("correct horse".to_owned()),
        }));
        assert!(!format!("{intent:?}").contains("horse"), "{intent:?}");
    }
}
