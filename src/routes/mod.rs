//! The screens, each put together from components. They hold the state that only the screen needs, such as which dialog
//! is open, and turn the callbacks of components into intents.

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
