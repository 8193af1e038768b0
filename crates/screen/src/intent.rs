//! Everything a person can do, as one closed enum: components send these and decide nothing.

pub mod arrange;

use std::ops::Range;

use tsugi_quick_add::Parsed;
use tsugi_sync::entity::Field;
use tsugi_sync::ids::EntityId;

use crate::intent::arrange::Arrange;
use crate::place::{Address, Place};
use crate::settings::Settings;

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

/// What the person wants.
#[derive(Clone, PartialEq, Eq)]
pub enum Intent {
    /// A task as a line of quick add says it; where the line says nothing, it is where the person is: on that list, with
    /// that label, due on that day.
    AddTask {
        place: Place,
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
    EditTask {
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
    /// Put tasks, or what they are in, in another order.
    Arrange(Arrange),
    /// A folder, a section or what is below a task is folded away on this device, or not any more.
    Fold {
        id: EntityId,
        folded: bool,
    },
    /// More of a column of the board, of a section or of what is in none.
    ShowMore {
        section: Option<EntityId>,
    },
    /// One of the tasks is selected, or not any more.
    Select {
        id: EntityId,
        on: bool,
    },
    /// All of these are selected, whatever was before.
    SelectAll(Vec<EntityId>),
    SelectNone,
    CompleteSelected,
    DeleteSelected,
    /// Take back what was done last.
    Undo,
    /// Do again what was taken back last.
    Redo,
    /// The undo notice has been on screen long enough, or was closed.
    DismissUndo,
    /// Be somewhere else in the app.
    Go(Address),
    /// Be somewhere else, and leave no way back to here: what is typed into a search is one place.
    Become(Address),
    /// Close what stands beside the list.
    CloseBeside,
    /// These places of the list are in sight.
    Look(Range<usize>),
    ShowCompleted(bool),
    /// Look for tasks, for the palette; with an empty text no longer.
    Find {
        text: String,
    },
    ChooseSettings(Settings),
    WorkOffline(bool),
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
    CopyText(String),
    SignIn {
        email: String,
        password: String,
    },
    CreateAccount {
        email: String,
        password: String,
    },
    UseWithoutAccount,
    /// From a device without an account, or signed out by the server: show the account screen.
    ShowAccount,
    SignOut {
        keep_local: bool,
    },
    SyncNow,
    /// The figures of syncing are looked at, or no longer.
    ShowFigures(bool),
    /// Put all that is here into a file.
    SaveCopy,
    /// Load the page anew, with the newer version of the app.
    TakeUpdate,
    /// Say no more of it until the next start.
    PutOffUpdate,
}

impl Intent {
    /// Whether it waits until everything is read: it changes the workspace by edits that are shown at once, or is about all
    /// there is.
    #[must_use]
    pub fn needs_everything(&self) -> bool {
        match self {
            Self::AddTask { .. } | Self::AddSubTask { .. } | Self::AddList { .. } | Self::EditTask { .. } => {
                true
            }
            Self::AddComment { .. } | Self::DeleteComment { .. } => true,
            Self::SetCompleted { .. } | Self::DeleteTask { .. } | Self::RestoreTask { .. } => true,
            Self::CompleteSelected | Self::DeleteSelected => true,
            Self::Arrange(_) | Self::SaveCopy => true,
            Self::Fold { .. } | Self::ShowMore { .. } | Self::SelectAll(_) => false,
            Self::Select { .. } | Self::SelectNone | Self::Undo | Self::Redo | Self::DismissUndo => false,
            Self::Go(_) | Self::Become(_) | Self::CloseBeside | Self::Look(_) => false,
            Self::ShowCompleted(_) | Self::Find { .. } | Self::ChooseSettings(_) => false,
            // Made by the loop, which has the workspace open by then.
            Self::Resolve { .. } | Self::DiscardRefused { .. } | Self::ResendRefused { .. } => false,
            Self::WorkOffline(_) | Self::CopyText(_) | Self::SignIn { .. } | Self::CreateAccount { .. } => {
                false
            }
            Self::UseWithoutAccount | Self::ShowAccount | Self::SignOut { .. } => false,
            Self::SyncNow | Self::ShowFigures(_) => false,
            Self::TakeUpdate | Self::PutOffUpdate => false,
        }
    }
}

// By hand, so that a password is never written to a log.
impl std::fmt::Debug for Intent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::AddTask { .. } => "AddTask",
            Self::AddSubTask { .. } => "AddSubTask",
            Self::AddComment { .. } => "AddComment",
            Self::DeleteComment { .. } => "DeleteComment",
            Self::AddList { .. } => "AddList",
            Self::EditTask { .. } => "EditTask",
            Self::SetCompleted { .. } => "SetCompleted",
            Self::DeleteTask { .. } => "DeleteTask",
            Self::RestoreTask { .. } => "RestoreTask",
            Self::Arrange(_) => "Arrange",
            Self::Fold { .. } => "Fold",
            Self::ShowMore { .. } => "ShowMore",
            Self::Select { .. } => "Select",
            Self::SelectAll(_) => "SelectAll",
            Self::SelectNone => "SelectNone",
            Self::CompleteSelected => "CompleteSelected",
            Self::DeleteSelected => "DeleteSelected",
            Self::Undo => "Undo",
            Self::Redo => "Redo",
            Self::Go(_) => "Go",
            Self::Become(_) => "Become",
            Self::CloseBeside => "CloseBeside",
            Self::Look(_) => "Look",
            Self::ShowCompleted(_) => "ShowCompleted",
            Self::Find { .. } => "Find",
            Self::ChooseSettings(_) => "ChooseSettings",
            Self::DismissUndo => "DismissUndo",
            Self::WorkOffline(_) => "WorkOffline",
            Self::Resolve { .. } => "Resolve",
            Self::DiscardRefused { .. } => "DiscardRefused",
            Self::ResendRefused { .. } => "ResendRefused",
            Self::CopyText(_) => "CopyText",
            Self::SignIn { .. } => "SignIn",
            Self::CreateAccount { .. } => "CreateAccount",
            Self::UseWithoutAccount => "UseWithoutAccount",
            Self::ShowAccount => "ShowAccount",
            Self::SignOut { .. } => "SignOut",
            Self::SyncNow => "SyncNow",
            Self::ShowFigures(_) => "ShowFigures",
            Self::SaveCopy => "SaveCopy",
            Self::TakeUpdate => "TakeUpdate",
            Self::PutOffUpdate => "PutOffUpdate",
        })
    }
}
