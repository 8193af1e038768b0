//! Gestures: what a person does in one go and what it means for all that hangs together, as edits of one group. Plain
//! functions of what the replica shows; nothing happens until the edits are made.
//!
//! What each one means, and what becomes of two that were made apart, is in `docs/merge-tables.md`.

mod completion;
mod deletion;
mod family;
mod moving;
mod undo;

use uuid::Uuid;

pub use completion::{complete, reopen};
pub use deletion::{Contents, delete, delete_list, delete_section, restore};
use family::Family;
pub use moving::{MoveError, move_to, nest, place};
pub use undo::{Done, undo};

use tsugi_calendar::Date;

use crate::entity::{Entity, Fields, Kind};
use crate::ids::{EntityId, Timestamp};
use crate::limits;
use crate::replica::{Edit, Replica};

/// What a gesture looks at: all entities, as the person sees them. A replica, or what holds edits over one that are not
/// in its log yet.
pub trait Entities {
    /// The entity as it is shown.
    fn view(&self, id: EntityId) -> Option<Entity>;

    /// Shows every entity once, in any order, and copies only what edits lie over.
    fn each(&self, look: &mut dyn FnMut(&Entity));

    /// All that name this entity as what they are in or below, living or deleted, each once; maybe some that no longer do.
    /// None where there is no index of that: then a gesture looks at every entity, once.
    fn members(&self, _: EntityId) -> Option<Vec<EntityId>> {
        None
    }
}

impl Entities for Replica {
    fn view(&self, id: EntityId) -> Option<Entity> {
        Self::view(self, id)
    }

    fn each(&self, look: &mut dyn FnMut(&Entity)) {
        for id in self.ids() {
            match self.base(id) {
                Some(base) if !self.is_waiting(id) => look(base),
                Some(_) | None => {
                    if let Some(view) = Self::view(self, id) {
                        look(&view);
                    }
                }
            }
        }
    }
}

/// When something is done, and a fresh id for it: from the outside, because the core has no clock and no chance.
#[derive(Clone, Copy, Debug)]
pub struct Stamp {
    pub at: Timestamp,
    /// The day it is where the person is.
    pub today: Date,
    /// A fresh id: of the group, or of the one entity that is made.
    pub group: Uuid,
}

impl Stamp {
    fn edit(self, entity: EntityId, kind: Kind, set: Fields) -> Edit {
        Edit {
            entity,
            kind,
            set,
            seen: Fields::new(),
            at: self.at,
            group: Some(self.group),
        }
    }
}

/// A gesture that would change more than one may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} tasks at once are more than {max}", max = limits::GESTURE_TASKS)]
pub struct TooMany(pub usize);

fn within_limit(edits: Vec<Edit>) -> Result<Vec<Edit>, TooMany> {
    if edits.len() > limits::GESTURE_TASKS {
        return Err(TooMany(edits.len()));
    }
    Ok(edits)
}
