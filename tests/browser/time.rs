//! Clock, timers, ids and dates.

use futures::StreamExt;
use tsugi_calendar::Date;
use tsugi_client::browser::intl;
use tsugi_client::browser::time::{Timer, day_of, iso, new_id, now, random_u64, time_zone, today};
use tsugi_sync::ids::Timestamp;
use tsugi_words::intl::DateStyle;
use tsugi_words::phrases::{self, Language};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::raw::inbox;

#[wasm_bindgen_test]
fn ids_are_version_seven_and_rise() {
    let ids: Vec<_> = (0..1_000).map(|_| new_id()).collect();
    assert!(ids.iter().all(|id| id.get_version_num() == 7));
    assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
    let (seconds, _) = ids[0].get_timestamp().unwrap().to_unix();
    assert!(now().0 / 1_000 - seconds <= 60);
}

#[wasm_bindgen_test]
fn random_numbers_differ() {
    assert_ne!(random_u64(), random_u64());
}

#[wasm_bindgen_test]
async fn a_timer_rings_once_and_a_dropped_one_never() {
    let (mut put, mut rings) = inbox();
    let mut silent = put.clone();
    let dropped = Timer::after(0, move || silent("dropped"));
    drop(dropped);
    let _past = Timer::at(Timestamp(0), move || put("rung"));
    assert_eq!(rings.next().await, Some("rung"));
    assert_eq!(rings.next().await, None);
}

#[wasm_bindgen_test]
fn a_moment_for_other_programs_is_that_of_the_standard() {
    assert_eq!(iso(Timestamp(1_764_000_000_000)), "2025-11-24T16:00:00.000Z");
    assert_eq!(iso(Timestamp(u64::MAX)), "");
}

#[wasm_bindgen_test]
fn the_browser_writes_numbers_and_dates_for_people() {
    intl::install();
    let date = Date::new(2019, 3, 31).unwrap();
    let said = || phrases::date(date, DateStyle::FullDay);
    assert_eq!(said(), "Sun, Mar 31, 2019");
    assert_eq!(phrases::changes(12_345), "12,345 changes");
    assert_eq!(
        phrases::moment(Timestamp(u64::MAX)),
        "",
        "a moment that no calendar has"
    );
    assert!(!phrases::moment(now()).is_empty());
    let japanese = Language::Ja.said_of(said);
    assert!(japanese.contains("31日"), "{japanese}");
}

#[wasm_bindgen_test]
fn today_is_a_day_and_the_zone_has_a_name() {
    assert!(today().is_some_and(|today| today.year() >= 2026));
    assert_eq!(day_of(Timestamp(u64::MAX)), None);
    assert!(!time_zone().unwrap().is_empty());
}
