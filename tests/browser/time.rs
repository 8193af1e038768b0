//! Clock, timers, ids and dates.

use futures::StreamExt;
use tsugi_client::browser::time::{
    Timer, format_date, format_moment, iso, new_id, now, random_u64, time_zone, today,
};
use tsugi_sync::ids::Timestamp;
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
fn dates_are_written_for_people_and_never_move() {
    assert_eq!(format_date("2019-03-31", "en-GB"), "Sun, 31 Mar 2019");
    assert!(
        format_date("2019-03-31", "ja").contains("31日"),
        "{}",
        format_date("2019-03-31", "ja")
    );
    let this_year = format!("{}-01-05", &today()[..4]);
    assert!(!format_date(&this_year, "en-GB").contains(&today()[..4]));
}

#[wasm_bindgen_test]
fn a_moment_for_other_programs_is_that_of_the_standard() {
    assert_eq!(iso(Timestamp(1_764_000_000_000)), "2025-11-24T16:00:00.000Z");
    assert_eq!(iso(Timestamp(u64::MAX)), "");
}

#[wasm_bindgen_test]
fn what_is_no_date_or_no_locale_comes_back() {
    for text in ["", "soon", "2026-13-01", "2026-02-03T10:00", "99999-01-01"] {
        assert_eq!(format_date(text, "en"), text);
    }
    assert_eq!(format_date("2019-03-31", "no such locale!"), "2019-03-31");
    assert_eq!(format_moment(Timestamp(u64::MAX), "en"), "");
    assert!(!format_moment(now(), "en").is_empty());
}

#[wasm_bindgen_test]
fn today_is_a_date_and_the_zone_has_a_name() {
    assert_eq!(today().len(), 10);
    assert!(!time_zone().unwrap().is_empty());
}
