//! The device's clock, timers, randomness and ids: what the pure core takes as arguments.
//!
//! The device's clock is never trusted alone: it may be wrong by years and may jump. Left out: zones and calendars
//! beyond what `Intl` knows, and intervals (a timer that is set again says when it is late).

use futures::channel::oneshot;
use js_sys::{Array, Date, Function, Reflect};
use tsugi_sync::ids::Timestamp;
use uuid::Uuid;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

use super::js;

/// This moment, as the device claims.
#[must_use]
pub fn now() -> Timestamp {
    // A clock set before 1970 saturates at zero.
    Timestamp(Date::now() as u64)
}

/// A moment as other programs read it, such as `2026-03-14T09:26:53.589Z`.
#[must_use]
pub fn iso(at: Timestamp) -> String {
    let date = Date::new(&JsValue::from_f64(at.0 as f64));
    // A moment that no calendar has would throw.
    match date.get_time().is_nan() {
        true => String::new(),
        false => date.to_iso_string().into(),
    }
}

/// A clock that nobody sets: for waits and time-outs, on this page alone.
#[must_use]
pub fn steady() -> Timestamp {
    let performance = web_sys::window().and_then(|window| window.performance());
    performance.map_or_else(now, |performance| Timestamp(performance.now() as u64))
}

/// Calls back once; never, when dropped before.
#[derive(Debug)]
pub struct Timer {
    id: Option<i32>,
    _callback: Closure<dyn FnMut()>,
}

impl Timer {
    /// Calls `callback` after `milliseconds`, or later in a tab that sleeps.
    pub fn after(milliseconds: u64, callback: impl FnOnce() + 'static) -> Self {
        let callback = Closure::once(callback);
        // The browser takes a longer delay for none at all.
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

    /// Calls `callback` when the steady clock reads `moment`, at once when it has passed.
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

/// Lets time pass.
pub async fn pause(milliseconds: u64) {
    let (ring, rung) = oneshot::channel::<()>();
    let _timer = Timer::after(milliseconds, move || drop(ring));
    // Cancelled is how it rings.
    let (Ok(()) | Err(oneshot::Canceled)) = rung.await;
}

/// Milliseconds that long work goes on before the browser may draw and take keys.
const TURN_MS: u64 = 16;

/// Long work, a turn at a time.
#[derive(Debug)]
pub struct Turns {
    since: Timestamp,
}

impl Turns {
    #[must_use]
    pub fn begin() -> Self {
        Self { since: steady() }
    }

    /// Between two pieces of work: lets the browser have its turn, when this one has taken long enough.
    pub async fn rest(&mut self) {
        if steady().since(self.since) >= TURN_MS {
            pause(0).await;
            self.since = steady();
        }
    }
}

/// Sixty-four random bits from the browser's cryptographic source.
#[must_use]
pub fn random_u64() -> u64 {
    let mut bytes = [0; 8];
    let filled = web_sys::window()
        .and_then(|window| window.crypto().ok())
        .is_some_and(|crypto| crypto.get_random_values_with_u8_array(&mut bytes).is_ok());
    if filled {
        u64::from_le_bytes(bytes)
    } else {
        // No browser is without it; if one is, jitter still wants different numbers.
        (js_sys::Math::random() * u64::MAX as f64) as u64
    }
}

/// A fresh id (UUID v7); within one tab, later ids sort after earlier ones.
#[must_use]
pub fn new_id() -> Uuid {
    Uuid::now_v7()
}

/// Today where the device is, as `YYYY-MM-DD`.
#[must_use]
pub fn today() -> String {
    date_of(&Date::new_0())
}

/// The day of a moment where the device is, as `YYYY-MM-DD`.
#[must_use]
pub fn day_of(moment: Timestamp) -> String {
    date_of(&Date::new(&JsValue::from_f64(moment.0 as f64)))
}

fn date_of(date: &Date) -> String {
    format!(
        "{:04}-{:02}-{:02}",
        date.get_full_year(),
        date.get_month() + 1,
        date.get_date()
    )
}

/// The time on the device's clock: hour and minute.
#[must_use]
pub fn clock() -> (u8, u8) {
    let now = Date::new_0();
    (now.get_hours() as u8, now.get_minutes() as u8)
}

/// The zone of the device, such as `Asia/Tokyo`.
#[must_use]
pub fn time_zone() -> Option<String> {
    let format = date_time_format("en", &JsValue::UNDEFINED)?;
    let resolved = js::call(&format, "resolvedOptions", &[]).ok()?;
    js::member(&resolved, "timeZone")?.as_string()
}

/// A date (`YYYY-MM-DD`) as people of `locale` write it, with its weekday; the year only when it is not this one.
/// What is no date, or what the browser cannot format, comes back as it was.
#[must_use]
pub fn format_date(date: &str, locale: &str) -> String {
    formatted_date(date, locale).unwrap_or_else(|| date.to_owned())
}

/// A moment in the device's zone, as people of `locale` write it: date and time, short.
#[must_use]
pub fn format_moment(moment: Timestamp, locale: &str) -> String {
    let options = js::object(&[
        ("day", JsValue::from_str("numeric")),
        ("month", JsValue::from_str("short")),
        ("hour", JsValue::from_str("numeric")),
        ("minute", JsValue::from_str("numeric")),
    ]);
    let date = JsValue::from_f64(moment.0 as f64);
    date_time_format(locale, &options)
        .and_then(|format| js::call(&format, "format", &[date]).ok()?.as_string())
        .unwrap_or_default()
}

fn formatted_date(date: &str, locale: &str) -> Option<String> {
    // Midnight in UTC, shown in UTC: a date has no zone, and so it cannot move by a day.
    let moment = Date::parse(&format!("{date}T00:00:00Z"));
    if date.len() != "2026-01-31".len() || moment.is_nan() {
        return None;
    }
    let mut options = vec![
        ("timeZone", JsValue::from_str("UTC")),
        ("weekday", JsValue::from_str("short")),
        ("day", JsValue::from_str("numeric")),
        ("month", JsValue::from_str("short")),
    ];
    if date.get(..4) != today().get(..4) {
        options.push(("year", JsValue::from_str("numeric")));
    }
    let format = date_time_format(locale, &js::object(&options))?;
    js::call(&format, "format", &[JsValue::from_f64(moment)])
        .ok()?
        .as_string()
}

// Through `Reflect`, because the constructor throws for a locale or option it does not know.
fn date_time_format(locale: &str, options: &JsValue) -> Option<JsValue> {
    let constructor: Function = js::member(&js::global("Intl")?, "DateTimeFormat")?
        .dyn_into()
        .ok()?;
    Reflect::construct(&constructor, &Array::of2(&JsValue::from_str(locale), options)).ok()
}
