//! The next frame: what has to wait until the browser has laid the page out, and what moves.

use leptos::prelude::{GetValue, Owner, StoredValue, request_animation_frame};
use tsugi_sync::ids::Timestamp;

use super::time;

/// Calls back before the next paint. If a component or an effect asks and is gone by then, this never calls back.
///
/// Example: a list waits for its rows to be laid out, and somebody opens another page first. The signals of the list are
/// gone with it, and to read one of them would end the app.
pub fn before_next_paint(callback: impl FnOnce() + 'static) {
    let asker = Owner::current().map(|_| StoredValue::new_local(()));
    request_animation_frame(move || {
        if asker.is_none_or(|asker| asker.try_get_value().is_some()) {
            callback();
        }
    });
}

/// The longest time between two paints that counts, in milliseconds. A tab that was asleep goes on where it was.
const LONGEST_MS: u64 = 100;

/// Calls back before each paint, with the milliseconds since the paint before, until the callback returns false. It has to
/// return false when the component that asked is gone.
pub fn each_paint(callback: impl FnMut(u64) -> bool + 'static) {
    next_paint(time::steady(), callback);
}

fn next_paint(before: Timestamp, mut callback: impl FnMut(u64) -> bool + 'static) {
    request_animation_frame(move || {
        let now = time::steady();
        if callback(now.since(before).min(LONGEST_MS)) {
            next_paint(now, callback);
        }
    });
}
