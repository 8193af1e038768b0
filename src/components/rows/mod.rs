//! Tasks as rows and cards: the list, the board, dragging, and the commands for all selected tasks.

pub mod board;
pub mod bulk_bar;
pub mod drag;
pub mod group_heading;
pub mod task_list;
pub mod task_row;
