//! Gestures: the edits that one act of a person means for all entities that belong together. For example, deleting a
//! task deletes its sub-tasks. All edits of a gesture are one group. These are plain functions of what the replica
//! shows. They change nothing: the caller makes the edits.
//!
//! `docs/merge-tables.md` says what each gesture means, and what happens if two are made on different devices.

mod completion;
mod deletion;
mod family;
mod moving;
mod undo;

use uuid::Uuid;

pub use completion::{complete, renew_next, reopen};
pub use deletion::{Contents, delete, delete_list, delete_section, restore};
use family::Family;
pub use moving::{MoveError, move_to, nest, place};
pub use undo::{Done, undo};

use tsugi_calendar::Date;

use crate::entity::{Entity, Fields, Kind};
use crate::ids::{EntityId, Timestamp};
use crate::limits;
use crate::replica::{Edit, Replica};

/// The entities that a gesture looks at, as the person sees them. This is a replica, or a replica with edits over it
/// that are not in its log yet.
pub trait Entities {
    /// The entity as it is shown.
    fn view(&self, id: EntityId) -> Option<Entity>;

    /// Shows every entity once, in any order. An entity is copied only if edits lie over it.
    fn each(&self, look: &mut dyn FnMut(&Entity));

    /// The entities that are in or below this one, deleted ones too, each once. There may be some among them that no
    /// longer name it. None if there is no index: then a gesture looks at every entity, once.
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

/// The moment of a gesture, and a new id for it. Both come from the caller, because the core has no clock and no
/// randomness.
#[derive(Clone, Copy, Debug)]
pub struct Stamp {
    pub at: Timestamp,
    /// The day at the place where the person is.
    pub today: Date,
    /// A new id, for the group or for the one entity that is made.
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

/// The error of a gesture that would change more tasks than one gesture may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} tasks at once are more than {max}", max = limits::GESTURE_TASKS)]
pub struct TooMany(pub usize);

fn within_limit(edits: Vec<Edit>) -> Result<Vec<Edit>, TooMany> {
    if edits.len() > limits::GESTURE_TASKS {
        return Err(TooMany(edits.len()));
    }
    Ok(edits)
}
