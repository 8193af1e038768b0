//! The small components of which the others are made.

pub mod changing;
pub mod choice;
pub mod empty;
pub mod icon;
pub mod keyed;
pub mod keys;
pub mod menu;
pub mod modal;
pub mod name_dialog;
pub mod pick_list;
pub mod picker;
pub mod property;
pub mod segments;
pub mod tabs;
pub mod typed_line;
pub mod unfolding;
pub mod unsent;
