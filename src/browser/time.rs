//! The device's clock, timers, random numbers and ids, which the pure core takes as arguments.
//!
//! The device's clock is never trusted alone, because it may be wrong by years and may jump. Left out: time zones and
//! calendars beyond those of `Intl`, and intervals (a timer that is set again shows when it is late).

use futures::channel::oneshot;
use js_sys::Date as Moment;
use serde::Deserialize;
use tsugi_calendar::Date;
use tsugi_sync::ids::Timestamp;
use uuid::Uuid;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

use super::js;

/// The present time by the device's clock.
#[must_use]
pub fn now() -> Timestamp {
    // A clock set before 1970 saturates at zero.
    Timestamp(Moment::now() as u64)
}

/// A moment in the form that other programs read, such as `2026-03-14T09:26:53.589Z`.
#[must_use]
pub fn iso(at: Timestamp) -> String {
    let date = Moment::new(&JsValue::from_f64(at.0 as f64));
    // A moment outside the calendar would throw.
    match date.get_time().is_nan() {
        true => String::new(),
        false => date.to_iso_string().into(),
    }
}

/// A clock that nobody can set, for waits and time-outs on this page alone.
#[must_use]
pub fn steady() -> Timestamp {
    let performance = web_sys::window().and_then(|window| window.performance());
    performance.map_or_else(now, |performance| Timestamp(performance.now() as u64))
}

/// Calls back once. If it is dropped before, it never calls.
#[derive(Debug)]
pub struct Timer {
    id: Option<i32>,
    _callback: Closure<dyn FnMut()>,
}

impl Timer {
    /// Calls `callback` after `milliseconds`, or later in a tab that is asleep.
    pub fn after(milliseconds: u64, callback: impl FnOnce() + 'static) -> Self {
        let callback = Closure::once(callback);
        // The browser treats a longer delay as none at all.
        let delay = i32::try_from(milliseconds).unwrap_or(i32::MAX);
        let id = web_sys::window().and_then(|window| {
            window
                .set_timeout_with_callback_and_timeout_and_arguments_0(
                    callback.as_ref().unchecked_ref(),
                    delay,
                )
                .ok()
        });
        Self {
            id,
            _callback: callback,
        }
    }

    /// Calls `callback` when the steady clock reads `moment`, or at once if that has passed.
    pub fn at(moment: Timestamp, callback: impl FnOnce() + 'static) -> Self {
        Self::after(moment.since(steady()), callback)
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let (Some(id), Some(window)) = (self.id, web_sys::window()) {
            window.clear_timeout_with_handle(id);
        }
    }
}

/// Waits.
pub async fn pause(milliseconds: u64) {
    let (ring, rung) = oneshot::channel::<()>();
    let _timer = Timer::after(milliseconds, move || drop(ring));
    // The timer rings by dropping the channel, so the wait ends with an error.
    let (Ok(()) | Err(oneshot::Canceled)) = rung.await;
}

/// After this number of milliseconds, long work lets the browser draw and handle keys.
const TURN_MS: u64 = 16;

/// Long work in turns.
#[derive(Debug)]
pub struct Turns {
    since: Timestamp,
}

impl Turns {
    #[must_use]
    pub fn begin() -> Self {
        Self { since: steady() }
    }

    /// Ends the turn, if it has taken long enough. It is called between two pieces of work.
    pub async fn rest(&mut self) {
        if steady().since(self.since) >= TURN_MS {
            pause(0).await;
            self.since = steady();
        }
    }
}

/// 64 random bits from the browser's cryptographic source.
#[must_use]
pub fn random_u64() -> u64 {
    let mut bytes = [0; 8];
    let filled = web_sys::window()
        .and_then(|window| window.crypto().ok())
        .is_some_and(|crypto| crypto.get_random_values_with_u8_array(&mut bytes).is_ok());
    if filled {
        u64::from_le_bytes(bytes)
    } else {
        // Every browser has that source. If one has not, jitter still needs different numbers.
        (js_sys::Math::random() * u64::MAX as f64) as u64
    }
}

/// A fresh id (UUID v7). Within one tab, later ids sort after earlier ones.
#[must_use]
pub fn new_id() -> Uuid {
    Uuid::now_v7()
}

/// The present date on the device; none if its clock shows a year that has not four digits.
#[must_use]
pub fn today() -> Option<Date> {
    date_of(&Moment::new_0())
}

/// The date of a moment in the device's time zone; none for a moment outside the calendar.
#[must_use]
pub fn day_of(moment: Timestamp) -> Option<Date> {
    date_of(&Moment::new(&JsValue::from_f64(moment.0 as f64)))
}

fn date_of(moment: &Moment) -> Option<Date> {
    // An invalid moment gives zeros here, and so no date.
    Date::new(
        u16::try_from(moment.get_full_year()).ok()?,
        u8::try_from(moment.get_month() + 1).ok()?,
        u8::try_from(moment.get_date()).ok()?,
    )
}

/// The time on the device's clock: hour and minute.
#[must_use]
pub fn clock() -> (u8, u8) {
    let now = Moment::new_0();
    (now.get_hours() as u8, now.get_minutes() as u8)
}

/// The time zone of the device, such as `Asia/Tokyo`.
#[must_use]
pub fn time_zone() -> Option<String> {
    let format = js::call(&js::global("Intl")?, "DateTimeFormat", &[]).ok()?;
    let resolved = js::call(&format, "resolvedOptions", &[]).ok()?;
    let resolved: Resolved = serde_wasm_bindgen::from_value(resolved).ok()?;
    Some(resolved.time_zone)
}

/// The settings of the browser's own format of dates.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Resolved {
    time_zone: String,
}
