//! The sync core of Tsugi, which client, server, native clients and simulator share.
//!
//! It is pure: no I/O, no async, no clock, no randomness. Time, random numbers and ids are arguments, and actions
//! on the outside are answers that the caller carries out. The same inputs give the same bytes everywhere.
//!
//! From the bottom up: [`ids`], [`value`] and [`sorted_map`] are the basic types. An [`entity`] is a set of fields with revisions.
//! A [`mutation`] is what a person did to one, timed by an [`hlc`]. A [`vector`] says which mutations of each
//! replica are included in a state. [`protocol`] has the messages, which travel in a [`frame`]. The [`sequencer`]
//! decides the server's order, and a [`subscription`] what one session is told of it. [`merge`] merges values and
//! [`settle`] merges entities; both leave a [`conflict`] if a person has to decide. A [`replica`] is a fold over
//! its [`log`]. A [`session`] is one connection's life.
//!
//! The things that people know are read from entities: a [`task`] with its dates and its rule (both of
//! `tsugi_calendar`), its [`position`] and its next [`instance`]; a [`list`], a [`section`], a [`label`], a
//! [`comment`]. The place of a task follows from its [`ancestry`] and is its [`home`]. A [`gesture`] is what a
//! person does to several tasks at once. `crates/screen` decides which task a screen shows where.

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
mod mark;
pub mod merge;
pub mod mutation;
pub mod policy;
pub mod position;
pub mod protocol;
pub mod receipt;
pub mod replica;
pub mod section;
pub mod sequencer;
pub mod session;
pub mod settle;
pub mod sorted_map;
pub mod subscription;
pub mod task;
pub mod title;
pub mod value;
pub mod vector;
mod verdict;
