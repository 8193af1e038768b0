//! The screens, each put together from components. They hold what belongs to the screen alone (which dialog is open)
//! and turn what components report into intents.

pub mod about_sync;
pub mod account;
pub mod dialogs;
pub mod frame;
pub mod nowhere;
pub mod overlay;
pub mod settings;
pub mod side_panel;
pub mod tasks;

pub use about_sync::AboutSyncPage;
pub use account::AccountPage;
pub use frame::Frame;
pub use nowhere::NowherePage;
pub use settings::SettingsPage;
pub use tasks::TasksPage;
