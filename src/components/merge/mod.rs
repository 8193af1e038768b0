//! Conflicts and refused edits: the panel with both, the dialogs that decide one or many, and what was decided before.

pub mod batch;
pub mod dialog;
pub mod field;
pub mod history;
pub mod inbox;
pub mod needs_attention;
pub mod result;
pub mod situation;
