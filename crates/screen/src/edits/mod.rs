//! From an intent of the person to edits of the core.

pub mod add;
pub mod arrange;
pub mod draft;
pub mod plan;
pub mod start_here;
