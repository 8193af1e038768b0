//! What is found without hints.

use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use tokio::time::{Instant, advance};
use tsugi_server::bus::{Health, InProcess};
use tsugi_server::events::{CALM, QUICK};

use super::fake_bus::FakeBus;
use super::fake_store::FakeStore;
use super::instance::{Instance, settle};

#[tokio::test(start_paused = true)]
async fn a_lost_hint_is_found_in_time() {
    for (health, patience) in [
        (Health::Healthy, CALM),
        (Health::Unhealthy, QUICK),
        (Health::Absent, QUICK),
    ] {
        let (store, bus) = (Arc::new(FakeStore::default()), FakeBus::new(health));
        let instance = Instance::start(bus, &store).await;
        let workspace = store.workspace();
        let mut session = instance.session(workspace);
        settle().await;
        let lost = Instant::now();
        store.commit(workspace, 1);
        session.in_step().await;
        let took = lost.elapsed();
        assert!(took > patience / 2 && took <= patience, "{health:?}: {took:?}");
        assert_eq!(session.own_reads, 0);
    }
}

#[tokio::test(start_paused = true)]
async fn several_instances_work_without_a_bus() {
    let store = Arc::new(FakeStore::default());
    let left = Instance::start(Arc::new(InProcess::default()), &store).await;
    let right = Instance::start(Arc::new(InProcess::default()), &store).await;
    let workspace = store.workspace();
    let (mut here, mut there) = (left.session(workspace), right.session(workspace));
    for _ in 0..5 {
        left.commit(workspace);
        there.in_step().await;
        right.commit(workspace);
        here.in_step().await;
    }
    assert_eq!((here.own_reads, there.own_reads), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn one_read_asks_for_many_workspaces() {
    let (store, bus) = (Arc::new(FakeStore::default()), FakeBus::new(Health::Healthy));
    let instance = Instance::start(bus, &store).await;
    let workspaces = Vec::from_iter((0..500).map(|_| store.workspace()));
    let sessions = Vec::from_iter(workspaces.iter().map(|workspace| instance.session(*workspace)));
    settle().await;
    let looks = store.looks.load(SeqCst);
    advance(CALM + Duration::from_millis(1)).await;
    settle().await;
    assert_eq!(store.looks.load(SeqCst), looks + 1);
    drop(sessions);
}

#[tokio::test(start_paused = true)]
async fn a_bus_that_is_well_again_makes_it_look_at_once() {
    let (store, bus) = (Arc::new(FakeStore::default()), FakeBus::new(Health::Healthy));
    let instance = Instance::start(Arc::clone(&bus) as _, &store).await;
    let workspace = store.workspace();
    let mut session = instance.session(workspace);
    store.is_down.store(true, SeqCst);
    bus.health.send_replace(Health::Unhealthy);
    settle().await;
    store.commit(workspace, 1);
    bus.health.send_replace(Health::Healthy);
    store.is_down.store(false, SeqCst);
    let began = Instant::now();
    session.in_step().await;
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_store_that_does_not_answer_is_asked_again() {
    let (store, bus) = (Arc::new(FakeStore::default()), FakeBus::new(Health::Healthy));
    let instance = Instance::start(Arc::clone(&bus) as _, &store).await;
    let workspace = store.workspace();
    let mut session = instance.session(workspace);
    store.is_down.store(true, SeqCst);
    bus.deliver(&store.commit(workspace, 1));
    settle().await;
    store.is_down.store(false, SeqCst);
    let began = Instant::now();
    session.in_step().await;
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    // A read that hangs is given up.
    store.permits.forget_permits(1_000_000);
    bus.deliver(&store.commit(workspace, 1));
    advance(Duration::from_secs(4)).await;
    settle().await;
    advance(Duration::from_secs(2)).await;
    settle().await;
    store.permits.add_permits(10);
    session.in_step().await;
}

#[tokio::test(start_paused = true)]
async fn a_session_that_reads_another_history_makes_the_others_read() {
    let (store, bus) = (Arc::new(FakeStore::default()), FakeBus::new(Health::Healthy));
    let instance = Instance::start(bus, &store).await;
    let workspace = store.workspace();
    store.commit(workspace, 5);
    let mut session = instance.session(workspace);
    settle().await;
    store.begin_again(workspace);
    let began = Instant::now();
    let late = instance.session(workspace);
    session.in_step().await;
    assert_eq!(began.elapsed(), Duration::ZERO, "before the next sweep");
    drop(late);
}

#[tokio::test(start_paused = true)]
async fn a_store_that_was_restored_makes_sessions_read_for_themselves() {
    for what in ["shorter", "longer", "another epoch"] {
        let (store, bus) = (Arc::new(FakeStore::default()), FakeBus::new(Health::Healthy));
        let instance = Instance::start(bus, &store).await;
        let workspace = store.workspace();
        store.commit(workspace, 5);
        let mut session = instance.session(workspace);
        match what {
            "shorter" => store.forget_last(workspace, 2),
            "longer" => {
                store.forget_last(workspace, 2);
                store.commit(workspace, 4);
            }
            _ => store.begin_again(workspace),
        }
        advance(CALM).await;
        settle().await;
        session.in_step().await;
        assert_eq!(session.own_reads, 1, "{what}");
    }
}
