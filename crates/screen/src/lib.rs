//! What the screen shows, and what a gesture of a person means, as plain values and functions.
//!
//! Native on purpose: nothing here knows a browser, a signal or a clock, so that every rule can be tested, fuzzed and
//! compared without one. The client turns these values into signals and draws them.
//!
//! | where | what |
//! |---|---|
//! | [`place`], [`intent`] | where a person can be, and what they can want |
//! | [`index`] | which task is shown where, and in which order |
//! | [`edits`] | from what a person wants to edits of the core |
//! | [`text`] | values as texts that people read and type |
//! | [`drag_over`], [`drop_place`] | what a drop would mean, from what lies under the pointer |
//! | [`local`] | what this tab holds: the replica, and edits that are not saved yet |
//! | [`model`], [`project`] | what components draw, and how it comes from entities |

pub mod drag_over;
pub mod drop_place;
pub mod edits;
pub mod export;
pub mod figures;
pub mod gestures;
pub mod index;
pub mod intent;
pub mod leader_watch;
pub mod local;
pub mod model;
pub mod place;
pub mod project;
pub mod question;
pub mod row_heights;
pub mod settings;
pub mod shortcuts;
pub mod status;
pub mod text;
