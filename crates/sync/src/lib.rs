//! The sync core of Tsugi: what client, server, native clients and simulator share.
//!
//! Pure: no I/O, no async, no clock, no randomness. Time, randomness and ids are arguments; what should happen
//! outside is an answer. The same inputs give the same bytes everywhere.
//!
//! From the bottom up: [`ids`] and [`value`] are the words; an [`entity`] is fields with revisions; a [`mutation`] is
//! what a person meant, timed by an [`hlc`]; a [`vector`] says what of each replica is included; [`protocol`] is what
//! travels, in a [`frame`]; the [`sequencer`] is the server's order and a [`subscription`] what one session is told of it; [`merge`]
//! brings values together and [`settle`] entities, leaving a [`conflict`] where a person must decide; a [`replica`] is a fold over
//! its [`log`]; a [`session`] is one connection's life.
//!
//! What people know is read from entities: a [`task`] with its dates and its rule (both of `tsugi_calendar`), its [`position`] and the
//! next [`instance`] of it, in a [`list`] and a [`section`] or below another task, with a [`label`] or a [`comment`].
//! Where a task belongs follows from its [`ancestry`] and is its [`home`]; a [`gesture`] is what a person does to several tasks at
//! once. `crates/screen` decides which task a screen shows where.

#![cfg_attr(
    test,
    allow(
        clippy::wildcard_enum_match_arm,
        reason = "a test names what it expects, and fails on all else"
    )
)]

pub mod ancestry;
pub mod colour;
pub mod comment;
pub mod conflict;
pub mod entity;
pub mod fault;
pub mod frame;
pub mod gesture;
pub mod hlc;
pub mod home;
pub mod ids;
pub mod instance;
pub mod label;
pub mod limits;
pub mod list;
pub mod log;
pub mod merge;
pub mod mutation;
pub mod position;
pub mod protocol;
pub mod receipt;
pub mod replica;
pub mod section;
pub mod sequencer;
pub mod session;
pub mod settle;
pub mod subscription;
pub mod task;
pub mod title;
pub mod value;
pub mod vector;
mod verdict;
