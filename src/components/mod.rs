//! Everything that is drawn. Components take props and call callbacks; they know no context and no rules.

pub mod account_form;
pub mod completions;
pub mod editor;
pub mod header;
mod ids;
pub mod kit;
pub mod lab;
pub mod merge;
pub mod palette;
pub mod part_missing;
pub mod quick_add;
pub mod rows;
pub mod search_field;
pub mod shortcut_sheet;
pub mod sidebar;
pub mod truth;
pub mod undo_toast;
pub mod update_bar;
