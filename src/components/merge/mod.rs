//! Conflicts and refused edits: the list of conflicts, and the dialog that settles one.

pub mod dialog;
pub mod field;
pub mod inbox;
pub mod needs_attention;
