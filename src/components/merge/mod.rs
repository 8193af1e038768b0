//! Conflicts and refused changes: the inbox, and the dialog in which one is settled.

pub mod dialog;
pub mod field;
pub mod inbox;
pub mod needs_attention;
