//! Tasks as rows and cards: the list, the board, what is dragged, what is done with all that are selected.

pub mod board;
pub mod bulk_bar;
pub mod drag;
pub mod group_heading;
pub mod task_list;
pub mod task_row;
