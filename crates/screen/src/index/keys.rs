//! Keys of shelves: bytes that compare as the order wants, and end with the task's id.

use tsugi_calendar::{Date, Due};
use tsugi_sync::ids::{EntityId, Timestamp};
use tsugi_sync::task::Task;

use super::sorted::Key;

/// A task's own part of a key in the order given by hand: its position, else when it was made; then its id.
#[must_use]
pub fn level(task: &Task) -> Vec<u8> {
    let mut level = Vec::with_capacity(32);
    match &task.position {
        // What has no place given by hand stands after what has.
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

/// What comes after a level and all that is below it: levels begin with 1 or 2.
#[must_use]
pub fn past(level: &[u8]) -> Vec<u8> {
    [level, &[3]].concat()
}

/// By day, those without one last; on a day by time, those without one last; then by priority, then by hand.
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

/// The latest first.
#[must_use]
pub fn by_time(at: Timestamp, id: EntityId) -> Key {
    let mut key = latest_first(at);
    key.extend(id.0.as_bytes());
    key.into()
}

/// A day as bytes that compare as days do.
#[must_use]
pub fn day_bytes(number: i32) -> [u8; 4] {
    (i64::from(number) - i64::from(i32::MIN))
        .try_into()
        .map_or([u8::MAX; 4], u32::to_be_bytes)
}

/// The day that a key made by [`by_day`] begins with.
#[must_use]
pub fn day_of(key: &Key) -> Option<Date> {
    let bytes: [u8; 4] = key.get(..4)?.try_into().ok()?;
    let number = i64::from(u32::from_be_bytes(bytes)) + i64::from(i32::MIN);
    Date::from_number(i32::try_from(number).ok()?)
}

/// A moment as bytes that put the latest first.
#[must_use]
pub fn latest_first(at: Timestamp) -> Vec<u8> {
    (u64::MAX - at.0).to_be_bytes().to_vec()
}

/// The moment that a key made by [`by_time`] begins with.
#[must_use]
pub fn moment_of(key: &Key) -> Option<Timestamp> {
    let bytes: [u8; 8] = key.get(..8)?.try_into().ok()?;
    Some(Timestamp(u64::MAX - u64::from_be_bytes(bytes)))
}
