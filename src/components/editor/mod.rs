//! The editor of a task.

pub mod belonging;
pub mod comments;
pub mod fields;
pub mod notes_preview;
pub mod repeat;
pub mod repeat_property;
pub mod sub_tasks;
pub mod task_editor;
pub mod when_field;
