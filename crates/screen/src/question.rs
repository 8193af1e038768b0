//! What a part of the screen wants to be asked about, in a dialog of its own.

use tsugi_sync::ids::EntityId;

use crate::intent::arrange::Container;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// A name for something new.
    Add(Container),
    Rename {
        id: EntityId,
        name: String,
    },
    /// What is to become of the tasks of a list that goes.
    DeleteList {
        id: EntityId,
        name: String,
        count: usize,
    },
    DeleteSection {
        id: EntityId,
        name: String,
        count: usize,
    },
    /// A colour for a list or label.
    Recolour(EntityId),
    /// Where tasks are to go.
    MoveTo(Vec<EntityId>),
    /// Which labels tasks are to have.
    Label(Vec<EntityId>),
}
