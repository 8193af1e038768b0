//! The sync core of Tsugi: what client, server, native clients and simulator share.
//!
//! Pure: no I/O, no async, no clock, no randomness. Time, randomness and ids are arguments; what should happen
//! outside is an answer. The same inputs give the same bytes everywhere.
//!
//! From the bottom up: [`ids`] and [`value`] are the words; an [`entity`] is fields with revisions; a [`mutation`] is
//! what a person meant; the [`sequencer`] is the server's order; [`protocol`] is what travels.

pub mod entity;
pub mod ids;
pub mod limits;
pub mod mutation;
pub mod protocol;
pub mod sequencer;
pub mod value;
