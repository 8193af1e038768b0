//! Every limit of the lab. Reaching one that a person can reach gives a [`Refused`](crate::deed::Refused).

/// Tasks on a device.
pub const TASKS: usize = 10;
/// Characters of a title.
pub const TITLE_CHARS: usize = 60;
/// Characters of notes.
pub const NOTES_CHARS: usize = 300;
/// The longest way of a message, in milliseconds.
pub const DELAY_MS: u64 = 2_000;
/// How many of a hundred messages may be lost.
pub const LOSS_PERCENT: u64 = 50;
/// Minutes by which a clock may be wrong, either way.
pub const CLOCK_MINUTES: i64 = 10;
/// Events and messages that are kept to be drawn. The oldest are forgotten first.
pub const EVENTS: usize = 200;
/// Happenings in one run. A run that needs more than this is a storm, and stops.
pub const HAPPENINGS: usize = 5_000;
