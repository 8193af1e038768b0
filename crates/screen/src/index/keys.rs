//! Keys of shelves: bytes that sort in the order of the shelf, and end with the task's id.

use tsugi_calendar::{Date, Due};
use tsugi_sync::ids::{EntityId, Timestamp};
use tsugi_sync::task::Task;

use super::sorted::Key;

/// A task's own part of a key in the order given by hand: its position, or the time when it was made if it has none;
/// then its id.
#[must_use]
pub fn level(task: &Task) -> Vec<u8> {
    let mut level = Vec::with_capacity(32);
    match &task.position {
        // A task without a position comes after those that have one.
        None => level.push(2),
        Some(position) => {
            level.push(1);
            level.extend(position.as_str().as_bytes());
            level.push(0);
        }
    }
    level.extend(task.created.0.to_be_bytes());
    level.extend(task.id.0.as_bytes());
    level
}

/// The first key after a level and everything below it: levels begin with 1 or 2.
#[must_use]
pub fn past(level: &[u8]) -> Vec<u8> {
    [level, &[3]].concat()
}

/// A key by day, tasks without a day last; on a day by time, tasks without a time last; then by priority, then by
/// hand.
#[must_use]
pub fn by_day(day: Option<&Due>, priority: u8, path: &[u8]) -> Key {
    let mut key = day
        .map_or([u8::MAX; 4], |day| day_bytes(day.date().number()))
        .to_vec();
    let (hour, minute) = match day {
        Some(Due::At { time, .. }) => (time.hour(), time.minute()),
        Some(Due::On(_)) | None => (u8::MAX, u8::MAX),
    };
    key.extend([hour, minute, priority]);
    key.extend(path);
    key.into()
}

/// A key that puts the latest first.
#[must_use]
pub fn by_time(at: Timestamp, id: EntityId) -> Key {
    let mut key = latest_first(at);
    key.extend(id.0.as_bytes());
    key.into()
}

/// A day as bytes that sort like days.
#[must_use]
pub fn day_bytes(number: i32) -> [u8; 4] {
    (i64::from(number) - i64::from(i32::MIN))
        .try_into()
        .map_or([u8::MAX; 4], u32::to_be_bytes)
}

/// The day at the beginning of a key from [`by_day`].
#[must_use]
pub fn day_of(key: &Key) -> Option<Date> {
    let bytes: [u8; 4] = key.get(..4)?.try_into().ok()?;
    let number = i64::from(u32::from_be_bytes(bytes)) + i64::from(i32::MIN);
    Date::from_number(i32::try_from(number).ok()?)
}

/// A moment as bytes that sort the latest first.
#[must_use]
pub fn latest_first(at: Timestamp) -> Vec<u8> {
    (u64::MAX - at.0).to_be_bytes().to_vec()
}

/// The moment at the beginning of a key from [`by_time`].
#[must_use]
pub fn moment_of(key: &Key) -> Option<Timestamp> {
    let bytes: [u8; 8] = key.get(..8)?.try_into().ok()?;
    Some(Timestamp(u64::MAX - u64::from_be_bytes(bytes)))
}
