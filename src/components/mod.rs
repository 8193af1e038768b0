//! What is on the screen: props in, callbacks out, no context, no rules of sync.
//!
//! Plain rules stand apart from what draws them: [`due`] (what a date means today), [`when`] (days and times as parts and
//! words), [`repeat`] (rules in words), [`markdown`] (notes as typed parts), [`understood`] (what quick add makes of a
//! line), [`draft`] (what was typed into the editor), [`merge`] (what a choice in the merge dialog means).

pub mod account_form;
pub mod account_menu;
pub mod ask;
pub mod belonging_fields;
pub mod board;
pub mod brand;
pub mod bulk_bar;
pub mod changing;
pub mod choice;
pub mod comments;
pub mod conflict_inbox;
pub mod draft;
pub mod drag;
pub mod due;
pub mod editor_fields;
pub mod empty;
pub mod focus;
pub mod group_heading;
pub mod header;
pub mod icon;
pub mod markdown;
pub mod menu;
pub mod merge;
pub mod merge_dialog;
pub mod merge_field;
pub mod modal;
pub mod name_dialog;
pub mod needs_attention;
pub mod notes_preview;
pub mod palette;
pub mod picker;
pub mod place_link;
pub mod quick_add;
pub mod repeat;
pub mod repeat_field;
pub mod search_field;
pub mod shortcut_sheet;
pub mod sidebar;
pub mod sidebar_lists;
pub mod sight;
pub mod spot;
pub mod sub_tasks;
pub mod sync_status;
pub mod task_editor;
pub mod task_list;
pub mod task_row;
pub mod understood;
pub mod undo_toast;
pub mod update_bar;
pub mod when;
