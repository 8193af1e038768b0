//! Rights that are withdrawn and sign-ins that end on another instance.

use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use tokio::time::{Instant, advance};
use tsugi_server::bus::{Health, InProcess};
use tsugi_server::events::Noticed;

use super::fake_bus::FakeBus;
use super::fake_store::FakeStore;
use super::instance::{Instance, settle};

#[tokio::test(start_paused = true)]
async fn notices_are_felt_within_a_second_and_told_once() {
    let store = Arc::new(FakeStore::default());
    let instance = Instance::start(Arc::new(InProcess::default()), &store).await;
    let workspace = store.workspace();
    let (mut mine, mut other) = (instance.session(workspace), instance.session(workspace));
    let began = Instant::now();
    store.notice(Noticed::Rights {
        workspace,
        user: mine.user,
    });
    mine.hears("rights").await;
    assert!(began.elapsed() <= Duration::from_secs(1));
    let (user, sign_in) = (mine.user, mine.sign_in);
    store.notice(Noticed::SignedOut { user, sign_in });
    mine.hears("signed out").await;
    advance(Duration::from_secs(20)).await;
    settle().await;
    mine.at();
    other.at();
    assert_eq!(mine.told, ["rights", "signed out"]);
    assert!(other.told.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_notice_of_a_time_without_the_store_is_read_later() {
    let store = Arc::new(FakeStore::default());
    let instance = Instance::start(Arc::new(InProcess::default()), &store).await;
    let workspace = store.workspace();
    let mut session = instance.session(workspace);
    store.is_down.store(true, SeqCst);
    let (user, sign_in) = (session.user, session.sign_in);
    store.notice(Noticed::SignedOut { user, sign_in });
    for _ in 0..50 {
        advance(Duration::from_secs(10)).await;
        settle().await;
    }
    store.is_down.store(false, SeqCst);
    session.hears("signed out").await;
}

/// The count of rights goes with each head, so that a right is looked at before a change is delivered that came after.
#[tokio::test(start_paused = true)]
async fn other_rights_are_told_before_the_changes_after_them() {
    let (store, bus) = (Arc::new(FakeStore::default()), FakeBus::new(Health::Healthy));
    let instance = Instance::start(Arc::clone(&bus) as _, &store).await;
    let workspace = store.workspace();
    let mut session = instance.session(workspace);
    bus.deliver(&store.commit(workspace, 1));
    session.in_step().await;
    assert!(session.told.is_empty());
    store.count_rights(workspace);
    store.permits.forget_permits(1_000_000);
    bus.deliver(&store.commit(workspace, 1));
    settle().await;
    assert_eq!((session.at(), session.told.as_slice()), (1, &["rights"][..]));
    store.permits.add_permits(1);
    session.in_step().await;
}
