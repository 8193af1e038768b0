//! Everything that a person can want, as one closed enum. Components send intents and decide nothing.
//!
//! The kinds of [`Intent`] differ in their receiver. Each receiver matches its own enum in full:
//!
//! | kind | receiver |
//! |---|---|
//! | [`EditIntent`], [`Arrange`] | they become edits, which are shown at once and then saved |
//! | [`ShowIntent`], [`GoIntent`], [`AppIntent`] | the tab, which changes its screen |
//! | [`SyncIntent`], [`AccountIntent`] | the loop that owns the connection and the log |

pub mod arrange;

use std::ops::Range;

use tsugi_quick_add::Parsed;
use tsugi_sync::entity::Field;
use tsugi_sync::ids::EntityId;
use tsugi_words::phrases;

use crate::conflicts::history::HistoryOf;
use crate::gestures::{Direction, Visit, Which};
use crate::intent::arrange::Arrange;
use crate::place::{Address, TaskPlace};
use crate::settings::Settings;

/// One thing that the person wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Intent {
    /// Change one task, or all that are selected.
    Edit(EditIntent),
    /// Put tasks, lists, sections, folders or labels in another order.
    Arrange(Arrange),
    /// See more, less or other parts of this place. Only folding is saved.
    Show(ShowIntent),
    /// Go somewhere else in the app.
    Go(GoIntent),
    /// Something about the other devices and the server.
    Sync(SyncIntent),
    /// Sign in or out.
    Account(AccountIntent),
    /// Something about the app on this device.
    App(AppIntent),
}

/// A change of tasks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditIntent {
    /// Add tasks, each as a line of quick add describes it.
    AddTasks {
        to: AddTo,
        lines: Vec<Parsed>,
    },
    AddList {
        name: String,
    },
    ChangeTask {
        id: EntityId,
        changes: Vec<FieldChange>,
        /// Labels that the person created in the editor, for this task.
        new_labels: Vec<NewLabel>,
        /// Whether the task was deleted when the person opened the editor.
        knew_deleted: bool,
        visit: Visit,
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
    /// Always ask people about this field of a task, or let a rule merge it.
    AlwaysAsk {
        field: Field,
        ask: bool,
    },
    /// Take back what was decided about a conflict; with `anyway`, also where somebody has edited the task since.
    Unresolve {
        conflict: EntityId,
        anyway: bool,
    },
    /// Undo a gesture, or redo one that was undone.
    CarryOut(Direction, Which),
}

/// Where tasks are added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AddTo {
    /// The place decides about things that a line does not say: in a list the task gets that list, under a label that
    /// label.
    Place(TaskPlace),
    /// They become parts of this task.
    Task(EntityId),
}

/// One field that a person changed in the editor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    pub field: Field,
    /// The text of the field when the person began to change it. It is the base of the edit, and may be older than the
    /// task.
    pub seen: String,
    pub value: String,
}

/// A label that is still to be created, under the id that the field of the task already names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLabel {
    pub id: EntityId,
    pub name: String,
}

/// A change of what the screen shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShowIntent {
    /// Fold or unfold a folder, a section or the sub-tasks of a task, on this device only.
    Fold {
        id: EntityId,
        folded: bool,
    },
    /// Show more of one column of the board: that of a section, or that of the tasks without a section.
    More {
        section: Option<EntityId>,
    },
    /// Select a task, or unselect it.
    Select {
        id: EntityId,
        on: bool,
    },
    /// Select these tasks, and no others.
    SelectThese(Vec<EntityId>),
    /// Select all open tasks of this place, also those that are not in sight.
    SelectAll,
    SelectNone,
    /// These rows of the list are in sight now.
    Look(Range<usize>),
    /// Show completed tasks after the open ones, or hide them.
    Completed(bool),
    /// Search tasks for the palette; an empty text ends the search.
    Find {
        text: String,
    },
    /// Show the rules of the workspace, or stop that.
    Rules(bool),
    /// Show what was decided before, or stop that.
    History(Option<HistoryOf>),
    /// Hide the undo notice: it has been on screen long enough, or was closed.
    DismissUndo,
}

/// An intent to go somewhere else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GoIntent {
    To(Address),
    /// Go to another address without a way back to this one. Each letter of a search does this, so that *back* leaves
    /// the search at once.
    Replace(Address),
    /// Close the panel beside the list.
    CloseBeside,
}

/// An intent about the other devices and the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SyncIntent {
    WorkOffline(bool),
    /// Try to connect now.
    Now,
    /// Settle one conflict, or several as one gesture.
    Resolve(Vec<Resolution>),
    /// Discard a refused edit for good.
    DiscardRefused {
        seq: u64,
    },
    /// Send a refused edit again with these values; each is under the field name that its card has.
    ResendRefused {
        seq: u64,
        values: Vec<(String, String)>,
    },
    /// Give this device a name, which other devices show; its own name again if it is blank.
    NameDevice(String),
    /// Measure and show the figures of syncing, or stop that.
    ShowFigures(bool),
}

/// The decision of a person about a conflict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolution {
    pub conflict: EntityId,
    /// The values that the person wants, as editable text.
    pub results: Vec<(Field, String)>,
    /// The values that these fields had at that moment, as the person saw them.
    pub shown: Vec<(Field, String)>,
    /// The title of what the conflict is about, for the notice.
    pub title: String,
    /// The result in words, for the notice.
    pub result: String,
}

/// An intent to sign in or out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountIntent {
    SignIn(Credentials),
    CreateAccount(Credentials),
    UseWithoutAccount,
    /// Show the account screen, on a device without an account or one that the server signed out.
    ShowScreen,
    SignOut {
        keep_local: bool,
    },
}

/// An email address and a password as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    pub email: String,
    pub password: Password,
}

impl Credentials {
    /// The problem that keeps the form from being sent. Only a server can tell whether the address is right.
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

impl Credentials {
    /// The problem of a new account. Some passwords only the server refuses: those that are easy to guess.
    #[must_use]
    pub fn problem_of_new(&self) -> Option<&'static str> {
        let is_short = self.password.0.chars().count() < PASSWORD_CHARS;
        self.problem().or_else(|| is_short.then(phrases::password_rule))
    }
}

/// The least characters of a new password.
const PASSWORD_CHARS: usize = 8;

/// A password on its way to the server. Its `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(pub String);

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

/// An intent about the app on this device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AppIntent {
    ChooseSettings(Settings),
    CopyText(String),
    /// Save everything here into a file.
    SaveCopy,
    /// Save what was decided before into a file.
    SaveHistory,
    /// Load the page again, to get the newer version of the app.
    TakeUpdate,
    /// Do not offer the update again until the next start.
    PutOffUpdate,
    /// Try again to load the part of the app that could not be loaded.
    LoadAgain,
}

impl Intent {
    /// Whether the tab must have read its whole log first, because this changes the workspace or concerns all of it.
    #[must_use]
    pub fn needs_everything(&self) -> bool {
        match self {
            Self::Edit(_) | Self::Arrange(_) | Self::App(AppIntent::SaveCopy | AppIntent::SaveHistory) => {
                true
            }
            Self::Show(_) | Self::Go(_) | Self::Sync(_) | Self::Account(_) => false,
            Self::App(
                AppIntent::ChooseSettings(_)
                | AppIntent::CopyText(_)
                | AppIntent::TakeUpdate
                | AppIntent::PutOffUpdate
                | AppIntent::LoadAgain,
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
