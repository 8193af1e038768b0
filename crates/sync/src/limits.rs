//! Every limit of the protocol and the data, in one place. The server enforces them. Clients check first, so that a
//! person hears of a limit while they can still shorten their text.

pub use tsugi_calendar::limits::{RULE_BYTES, RULE_NUMBER, ZONE_BYTES};

/// Bytes of one frame, either way.
pub const FRAME_BYTES: usize = 1024 * 1024;
/// Bytes of a `hello`. The server reads it before it knows whose account will count for the work.
pub const HELLO_BYTES: usize = 16 * 1024;
/// Nesting of a message in a frame.
pub const FRAME_DEPTH: usize = 32;
/// Values in one frame from a replica; each list and object counts as one more. Values in memory take many times
/// the room of their text. A push within the other limits always has fewer values, because each value counts as at
/// least 8 bytes.
pub const UP_VALUES: usize = 40_000;
/// Bytes of one field's value: notes are the largest.
pub const VALUE_BYTES: usize = 64 * 1024;
/// Nesting of lists and maps in one value.
pub const VALUE_DEPTH: usize = 6;
/// Characters of a title or a name.
pub const TITLE_CHARS: usize = 500;
/// Fields that one mutation may set.
pub const FIELDS_PER_MUTATION: usize = 64;
/// Bytes of a field's or kind's name.
pub const NAME_BYTES: usize = 40;
/// Approximate bytes of one mutation. A conflict holds three values of each field that it asks about.
pub const MUTATION_BYTES: usize = 256 * 1024;
/// Mutations in one push.
pub const MUTATIONS_PER_PUSH: usize = 200;
/// Approximate bytes of mutations in one push. A mutation that is larger by itself goes alone.
pub const PUSH_BYTES: usize = 128 * 1024;
/// Mutations waiting for an answer at once.
pub const IN_FLIGHT: usize = 400;
/// Approximate bytes of entities in one part of a snapshot or delta.
pub const PART_BYTES: usize = 192 * 1024;
/// The latest changes of a delta whose authors are named.
pub const NAMED_CHANGES: u64 = 300;
/// Frames in one request of a session that polls.
pub const FRAMES_PER_REQUEST: usize = 64;
/// Milliseconds for which the server may hold a request of a session that polls.
pub const LISTEN_MS: u64 = 20_000;
/// Approximate bytes of frames that may wait for such a request.
pub const LISTEN_BYTES: usize = 1024 * 1024;
/// Subscriptions of one session.
pub const SUBSCRIPTIONS: usize = 16;
/// Bytes of a device's or build's name in `hello`.
pub const HELLO_TEXT_BYTES: usize = 200;
/// Encodings and compressions offered in `hello`.
pub const HELLO_OFFERS: usize = 16;
/// Replicas in a version vector. The replicas that have not written for longest are left out.
pub const VECTOR_REPLICAS: usize = 256;
/// Acknowledged mutations that a replica keeps, in case the server's data are restored from a copy without them.
pub const KEPT_ACKNOWLEDGED: usize = 500;
/// Milliseconds for which it keeps them: 30 days.
pub const KEPT_ACKNOWLEDGED_MS: u64 = 30 * 24 * 3_600_000;
/// Mutations that may wait on one device. Above this, an edit is refused before it is made.
pub const OUTBOX: usize = 50_000;
/// Lines of a text that is merged line by line. If a text is longer, a person decides.
pub const MERGE_LINES: usize = 4_000;
/// Lines that may differ between two texts that are merged line by line.
pub const MERGE_DIFFERENCES: usize = 600;
/// Bytes of a position. If one became longer, all siblings get new positions.
pub const POSITION_BYTES: usize = 48;
/// Labels of one task.
pub const LABELS: usize = 100;
/// Characters of a comment.
pub const COMMENT_CHARS: usize = 10_000;
/// Characters of a filter's query.
pub const QUERY_CHARS: usize = 1_000;
/// Milliseconds for which a deleted entity can be brought back: 30 days.
pub const RESTORABLE_MS: u64 = 30 * 24 * 3_600_000;
/// Milliseconds for which a decision on a conflict, or an automatic merge, can be taken back: 30 days.
pub const UNDO_MS: u64 = 30 * 24 * 3_600_000;
/// Bytes of one entity's fields, as JSON. With this limit every entity fits into one frame.
pub const ENTITY_BYTES: usize = 256 * 1024;
/// Tasks that one gesture may change. Above this, the gesture is refused before it is made.
pub const GESTURE_TASKS: usize = 5_000;
