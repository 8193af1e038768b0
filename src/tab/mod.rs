//! The loop of a tab: one task that owns the state of the tab, and carries out the decisions of the core.
//!
//! [`client`] is the client as the screen reaches it, and [`driver`] the loop. [`late`] is loaded after the tasks are on
//! the screen. [`account`] asks the server for accounts and tokens. [`workspace`] is the open workspace with its session, its log, and its role among the other tabs.

pub mod account;
pub mod client;
pub mod driver;
pub mod late;
pub mod news;
mod noted;
pub mod preferences;
pub mod socket_line;
pub mod workspace;
