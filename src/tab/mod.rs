//! The loop of a tab: one task that owns what the tab holds, and carries out what the core decides.
//!
//! [`client`] is the hand on it that the screen has, and [`driver`] the loop; [`account`] asks the server for accounts and
//! tokens; [`workspace`] is the open workspace with its session, its log and its place among the other tabs.

pub mod account;
pub mod client;
pub mod driver;
pub mod preferences;
pub mod socket_line;
pub mod workspace;
