//! The screens, each put together from components. They hold what belongs to the screen alone (which panel is open)
//! and turn what components report into intents.

pub mod account;
pub mod tasks;

pub use account::AccountPage;
pub use tasks::{TasksPage, TasksView};
