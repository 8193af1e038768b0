//! The sync driver: one task that owns what this tab holds, and carries out what the core decides.
//!
//! [`local`], [`fields`], [`plan`] and [`project`] are plain functions and values; [`account`] asks the server for
//! accounts and tokens; [`client`] is the hand on all of it that the screen has, and [`driver`] the loop.

pub mod account;
pub mod adding;
pub mod arrange;
pub mod choices;
pub mod client;
pub mod driver;
pub mod export;
pub mod fields;
pub mod figures;
pub mod line;
pub mod local;
pub mod plan;
pub mod project;
pub mod start_here;
pub mod watch;
pub mod workspace;
