//! The next frame: what has to wait until the browser has laid the page out.

use leptos::prelude::{GetValue, Owner, StoredValue, request_animation_frame};

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
