//! One replica's session, from the first connect to the last retry.

use tsugi_sim::device::Net;
use tsugi_sync::conflict::State;
use tsugi_sync::entity::Field;
use tsugi_sync::ids::{EntityId, Timestamp};
use tsugi_sync::protocol::{ErrorCode, ErrorMessage, Up};
use tsugi_sync::session::{
    ANSWER_MS, BACKOFF_LEAST_MS, BACKOFF_LONGEST_MS, Input, PUSH_INTERVAL_MS, Pause, Phase, TokenError,
};

use crate::fleet::{Fleet, entity};

fn error(code: ErrorCode, retry_after_ms: Option<u64>) -> ErrorMessage {
    ErrorMessage {
        code,
        message: String::new(),
        retry_after_ms,
        workspace: None,
    }
}

/// How many frames like these arrived at the server.
fn heard(fleet: &Fleet, like: fn(&Up) -> bool) -> usize {
    fleet.heard.iter().filter(|(_, up)| like(up)).count()
}

pub(crate) fn hellos(fleet: &Fleet) -> usize {
    heard(fleet, |up| matches!(up, Up::Hello(_)))
}

#[test]
fn the_first_connect_fetches_the_whole_workspace() {
    let (fleet, task) = Fleet::with_task(2);
    assert_eq!(fleet.phase(1), Phase::Live);
    assert_eq!(fleet.server.snapshots, 2);
    assert_eq!(fleet.devices[1].text(task, &Field::Title), "milk");
}

#[test]
fn an_edit_is_on_the_other_screen_after_one_way_up_and_one_way_down() {
    let (mut fleet, task) = Fleet::with_task(2);
    fleet.rename(0, task, "oat milk");
    fleet.run(40);
    assert_eq!(fleet.devices[1].text(task, &Field::Title), "oat milk");
    assert!(
        fleet.devices[0].replica().outbox().is_empty(),
        "and acknowledged here"
    );
}

#[test]
fn what_was_missed_comes_as_a_delta_and_what_was_edited_offline_goes_up() {
    let (mut fleet, task) = Fleet::with_task(2);
    fleet.cut(1);
    for n in 2..30 {
        fleet.rename(0, entity(n), &format!("there {n}"));
        fleet.rename(1, entity(n + 100), &format!("here {n}"));
    }
    fleet.rename(1, task, "oat milk");
    fleet.run(60_000);
    assert_eq!(fleet.devices[1].replica().outbox().len(), 29);
    fleet.heal(1);
    fleet.run(5_000);
    fleet.assert_same();
    assert_eq!(fleet.server.snapshots, 2, "no snapshot was needed");
}

#[test]
fn an_acknowledgement_that_is_lost_makes_nothing_happen_twice() {
    let (mut fleet, task) = Fleet::with_task(2);
    fleet.rename(1, task, "oat milk");
    fleet.cut(1);
    fleet.run(1_000);
    assert_eq!(
        fleet.devices[0].text(task, &Field::Title),
        "oat milk",
        "it took effect"
    );
    assert_eq!(
        fleet.devices[1].replica().outbox().len(),
        1,
        "unknown to its author"
    );
    fleet.heal(1);
    fleet.run(40_000);
    fleet.assert_same();
    assert_eq!((fleet.server.store.repeats, fleet.server.conflicts), (1, 0));
}

#[test]
fn a_connection_that_died_silently_is_found_within_20_seconds() {
    let (mut fleet, _) = Fleet::with_task(2);
    for after in [0, 3_000, 11_999, 12_001] {
        fleet.run(after);
        fleet.devices[1].net = Net::Silent;
        fleet.run(20_000);
        assert_ne!(fleet.phase(1), Phase::Live, "{after}");
        fleet.heal(1);
        fleet.run(40_000);
        assert_eq!(fleet.phase(1), Phase::Live);
    }
}

#[test]
fn the_waits_between_attempts_grow_are_random_and_bounded() {
    let (mut fleet, _) = Fleet::with_task(2);
    let mut waits = Vec::new();
    for device in 0..2 {
        fleet.cut(device);
        fleet.devices[device].opened.clear();
    }
    fleet.run(600_000);
    for device in &fleet.devices {
        let opened = &device.opened;
        let gaps: Vec<u64> = opened.windows(2).map(|pair| pair[1].since(pair[0])).collect();
        assert!(
            gaps.iter()
                .all(|gap| (BACKOFF_LEAST_MS..=BACKOFF_LONGEST_MS + BACKOFF_LEAST_MS + 25).contains(gap))
        );
        assert!(gaps[0] < 1_200, "{gaps:?}");
        assert!(gaps.iter().any(|gap| *gap > 10_000));
        assert!(gaps.len() < 80, "{} attempts in ten minutes", gaps.len());
        waits.push(gaps);
    }
    assert_ne!(waits[0], waits[1], "two devices do not come at once");
}

#[test]
fn a_server_that_asks_to_be_left_alone_is_whoever_probes() {
    let (mut fleet, _) = Fleet::with_task(1);
    fleet.server.turns_away = Some(error(ErrorCode::Draining, Some(8_000)));
    fleet.cut(0);
    fleet.run(1);
    fleet.heal(0);
    let before = hellos(&fleet);
    while hellos(&fleet) == before {
        fleet.run(10);
    }
    fleet.run(100);
    fleet.server.turns_away = None;
    fleet.input(0, Input::Probe);
    fleet.run(7_000);
    assert_eq!(hellos(&fleet), before + 1);
    fleet.run(2_000);
    assert_eq!(fleet.phase(0), Phase::Live);
}

#[test]
fn a_probe_connects_at_once() {
    let (mut fleet, _) = Fleet::with_task(1);
    fleet.cut(0);
    fleet.run(300_000);
    fleet.heal(0);
    fleet.run(BACKOFF_LEAST_MS + 200);
    assert_eq!(fleet.phase(0), Phase::Live);
}

#[test]
fn a_server_that_fails_right_after_each_welcome_is_not_stormed() {
    let (mut fleet, _) = Fleet::with_task(1);
    let before = hellos(&fleet);
    for _ in 0..600 {
        fleet.run(1_000);
        if fleet.phase(0) == Phase::Live {
            fleet.cut(0);
            fleet.run(0);
            fleet.devices[0].net = Net::Up;
        }
    }
    assert!(hellos(&fleet) - before < 100, "{}", hellos(&fleet));
}

#[test]
fn signed_out_pauses_and_keeps_everything() {
    let (mut fleet, task) = Fleet::with_task(2);
    fleet.cut(1);
    fleet.devices[1].token = Err(TokenError::SignedOut);
    fleet.run(1_000);
    fleet.devices[1].net = Net::Up;
    fleet.run(60_000);
    assert_eq!(fleet.phase(1), Phase::Paused(Pause::SignedOut));
    fleet.rename(1, task, "oat milk");
    fleet.run(600_000);
    fleet.crash(1);
    fleet.run(60_000);
    assert_eq!(fleet.phase(1), Phase::Paused(Pause::SignedOut));
    assert_eq!(fleet.devices[1].replica().outbox().len(), 1);
    fleet.devices[1].token = Ok(());
    fleet.input(1, Input::Resume);
    fleet.run(1_000);
    fleet.assert_same();
    assert_eq!(fleet.devices[0].text(task, &Field::Title), "oat milk");
}

#[test]
fn signed_out_in_mid_session_still_keeps_what_was_just_received() {
    let (mut fleet, task) = Fleet::with_task(2);
    fleet.rename(0, task, "oat milk");
    fleet.run(40);
    fleet.input(1, Input::Token(Err(TokenError::SignedOut)));
    assert_eq!(fleet.devices[1].text(task, &Field::Title), "oat milk");
    assert_eq!(fleet.phase(1), Phase::Paused(Pause::SignedOut));
}

#[test]
fn a_token_is_renewed_before_it_ends_and_the_session_goes_on() {
    let (mut fleet, _) = Fleet::with_task(1);
    let before = hellos(&fleet);
    fleet.run(3_600_000 - 63_000);
    assert_eq!(fleet.server.renewals, 0);
    fleet.run(5_000);
    assert_eq!(fleet.server.renewals, 1);
    fleet.devices[0].token = Err(TokenError::Unreachable);
    fleet.run(600_000);
    assert_eq!(
        hellos(&fleet),
        before,
        "no token for a while is no reason to hang up"
    );
}

#[test]
fn an_update_that_is_needed_and_a_right_that_is_gone_pause() {
    for (code, why) in [
        (ErrorCode::UnsupportedVersion, Pause::UpdateNeeded),
        (ErrorCode::Forbidden, Pause::Forbidden),
    ] {
        let mut fleet = Fleet::new(1);
        fleet.server.turns_away = Some(error(code, None));
        fleet.run(600_000);
        assert_eq!(fleet.phase(0), Phase::Paused(why));
        assert_eq!(hellos(&fleet), 1);
    }
}

#[test]
fn a_gap_is_filled_by_asking() {
    let (mut fleet, task) = Fleet::with_task(2);
    fleet.server.change_silently(task, Field::Title, "oat milk");
    fleet.edit(0, task, [(Field::Due, "2026-11-24".into())]);
    fleet.run(300);
    fleet.assert_same();
    assert_eq!(
        heard(&fleet, |up| matches!(up, Up::Pull { .. })),
        2,
        "once for each device"
    );
}

#[test]
fn a_gap_that_nothing_follows_is_found_by_the_heartbeat() {
    let (mut fleet, task) = Fleet::with_task(2);
    fleet.server.change_silently(task, Field::Title, "oat milk");
    fleet.run(13_000);
    fleet.assert_same();
}

#[test]
fn a_part_of_the_catch_up_that_is_left_out_is_asked_for_at_once() {
    let (mut fleet, task) = Fleet::with_task(2);
    fleet.cut(1);
    fleet.run(10);
    fleet.rename(0, task, "oat milk");
    fleet.run(1_000);
    fleet.devices[1].opened.clear();
    fleet.heal(1);
    while fleet.devices[1].opened.is_empty() {
        fleet.run(1);
    }
    fleet.run(25);
    fleet.devices[1].loss = 1;
    fleet.run(20);
    fleet.devices[1].loss = 0;
    fleet.run(200);
    assert_eq!(heard(&fleet, |up| matches!(up, Up::Pull { .. })), 1);
    fleet.assert_same();
}

#[test]
fn a_mutation_that_is_never_answered_is_sent_again() {
    let (mut fleet, task) = Fleet::with_task(2);
    fleet.devices[1].loss = 1;
    fleet.rename(1, task, "oat milk");
    fleet.run(30);
    fleet.devices[1].loss = 0;
    fleet.run(ANSWER_MS + 5_000);
    fleet.assert_same();
    assert_eq!(fleet.stored(task).value(&Field::Title), &"oat milk".into());
}

#[test]
fn an_unknown_epoch_brings_a_snapshot_and_keeps_the_outbox() {
    let (mut fleet, task) = Fleet::with_task(2);
    fleet.cut(1);
    fleet.rename(1, task, "oat milk");
    fleet.run(1_000);
    fleet.server.replace();
    fleet.cut(0);
    fleet.run(1_000);
    fleet.heal(0);
    fleet.heal(1);
    fleet.run(60_000);
    fleet.assert_same();
    assert_eq!(fleet.devices[0].text(task, &Field::Title), "oat milk");
    assert_eq!(fleet.devices[0].conflicts(State::Open), []);
}

/// When each push arrived at the server, and which entities it was about.
fn pushes(fleet: &Fleet) -> Vec<(Timestamp, Vec<EntityId>)> {
    let pushes = fleet.heard.iter().filter_map(|(at, up)| match up {
        Up::Push(push) => Some((
            *at,
            push.mutations.iter().map(|mutation| mutation.entity).collect(),
        )),
        _ => None,
    });
    pushes.collect()
}

#[test]
fn the_first_edit_goes_at_once_and_a_storm_of_them_ten_times_a_second() {
    let (mut fleet, _) = Fleet::with_task(2);
    fleet.heard.clear();
    let start = fleet.now;
    for n in 0..200 {
        fleet.rename(0, entity(10 + n), "x");
        fleet.run(10);
    }
    let at: Vec<Timestamp> = pushes(&fleet).into_iter().map(|(at, _)| at).collect();
    assert_eq!(at[0], start.plus(20), "one way up");
    assert!(
        at.windows(2)
            .all(|pair| pair[1].since(pair[0]) >= PUSH_INTERVAL_MS)
    );
    assert!((19..=21).contains(&at.len()), "{}", at.len());
    fleet.run(1_000);
    fleet.assert_same();
}

#[test]
fn of_one_entity_one_mutation_is_under_way_and_the_others_do_not_wait_for_it() {
    let (mut fleet, task) = Fleet::with_task(1);
    fleet.cut(0);
    for n in 0..5 {
        fleet.rename(0, task, &format!("title {n}"));
        fleet.rename(0, entity(10 + n), "other");
    }
    fleet.run(1_000);
    fleet.heard.clear();
    fleet.heal(0);
    fleet.run(2_000);
    fleet.assert_same();
    let pushes = pushes(&fleet);
    for (_, entities) in &pushes {
        assert!(entities.iter().filter(|id| **id == task).count() <= 1);
    }
    assert_eq!(pushes[0].1.len(), 6, "the first push takes one of each");
}

#[test]
fn a_tab_that_stops_leading_hangs_up_and_one_that_starts_catches_up() {
    let (mut fleet, task) = Fleet::with_task(2);
    fleet.input(1, Input::Stop);
    fleet.rename(0, task, "oat milk");
    fleet.run(60_000);
    assert_eq!(fleet.phase(1), Phase::Offline);
    assert_eq!(fleet.devices[1].text(task, &Field::Title), "milk");
    fleet.input(1, Input::Start);
    fleet.run(1_000);
    fleet.assert_same();
}

#[test]
fn a_pause_by_the_person_remembers_whether_this_tab_leads() {
    let (mut fleet, _) = Fleet::with_task(1);
    fleet.input(0, Input::Pause(Pause::ByUser));
    fleet.input(0, Input::Stop);
    fleet.input(0, Input::Resume);
    assert_eq!(fleet.phase(0), Phase::Offline);
    fleet.input(0, Input::Pause(Pause::ByUser));
    fleet.input(0, Input::Start);
    assert_eq!(fleet.phase(0), Phase::Paused(Pause::ByUser));
    fleet.input(0, Input::Resume);
    fleet.run(1_000);
    assert_eq!(fleet.phase(0), Phase::Live);
}

#[test]
fn an_hour_with_nothing_to_do_costs_two_wake_ups_in_twelve_seconds_at_most() {
    let (mut fleet, _) = Fleet::with_task(1);
    fleet.devices[0].woken = 0;
    fleet.run(3_600_000);
    assert!(fleet.devices[0].woken <= 600, "{}", fleet.devices[0].woken);
}

#[test]
fn a_clock_that_is_ten_years_off_changes_nothing() {
    let (mut fleet, task) = Fleet::with_task(2);
    fleet.now = fleet.now.plus(10 * 365 * 86_400_000);
    fleet.run(1);
    fleet.rename(1, task, "oat milk");
    fleet.run(60_000);
    fleet.assert_same();
    assert_eq!(fleet.phase(1), Phase::Live);
}
