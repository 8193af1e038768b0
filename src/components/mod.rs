//! What is on the screen: props in, callbacks out, no context, no rules of sync.

pub mod due;
pub mod focus;
pub mod icon;
pub mod merge;
pub mod text;
