//! The screen as plain values and functions: which rows it shows, and which edits a gesture of a person makes.
//!
//! This crate runs natively. It knows no browser, no signal and no clock, so every rule can be tested, fuzzed and
//! compared without them. The client turns these values into signals and draws them.
//!
//! | module | contents |
//! |---|---|
//! | [`place`], [`intent`] | the places where a person can be, and the things that a person can want |
//! | [`index`] | which task is shown in which place, and in which order |
//! | [`edits`] | the edits of the core that an intent makes |
//! | [`text`] | values as texts that people read and type |
//! | [`conflicts`] | conflicts as people decide them, and what was decided before |
//! | [`drag_over`], [`drop_place`] | the effect of a drop, from the things under the pointer |
//! | [`local`] | the data of this tab: the replica, and the edits that are not saved yet |
//! | [`model`], [`project`] | the values that components draw, and how they come from entities |

#![cfg_attr(
    test,
    allow(
        clippy::wildcard_enum_match_arm,
        reason = "a test names what it expects, and fails on all else"
    )
)]

pub mod activity;
pub mod completion;
pub mod conflicts;
pub mod day_picker;
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
pub mod noted;
pub mod place;
pub mod project;
pub mod question;
pub mod row_heights;
pub mod settings;
pub mod shortcuts;
pub mod status;
pub mod swipe;
pub mod text;
pub mod truth;
pub mod unsent;
