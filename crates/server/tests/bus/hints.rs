//! What a hint leads to, and what it never does.

use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use tokio::time::{Instant, advance};
use tsugi_server::bus::Health;
use tsugi_server::events::LINGER;

use super::fake_bus::{FakeBus, Told, hint};
use super::fake_store::FakeStore;
use super::instance::{Instance, settle};

async fn healthy() -> (Arc<FakeStore>, Arc<FakeBus>, Instance) {
    let (store, bus) = (Arc::new(FakeStore::default()), FakeBus::new(Health::Healthy));
    let instance = Instance::start(Arc::clone(&bus) as _, &store).await;
    (store, bus, instance)
}

#[tokio::test(start_paused = true)]
async fn what_another_instance_commits_is_read_once_for_all_sessions() {
    let (store, bus, instance) = healthy().await;
    let workspace = store.workspace();
    let mut sessions = Vec::from_iter((0..50).map(|_| instance.session(workspace)));
    let began = Instant::now();
    bus.deliver(&store.commit(workspace, 3));
    for session in &mut sessions {
        session.in_step().await;
        assert_eq!(session.own_reads, 0);
    }
    assert_eq!(store.reads.load(SeqCst), 1);
    assert_eq!(
        began.elapsed(),
        Duration::ZERO,
        "no time passes between hint and batch"
    );
}

#[tokio::test(start_paused = true)]
async fn hints_that_come_during_a_read_cause_one_more() {
    let (store, bus, instance) = healthy().await;
    let workspace = store.workspace();
    let mut session = instance.session(workspace);
    store.permits.forget_permits(1_000_000);
    for _ in 0..20 {
        bus.deliver(&store.commit(workspace, 1));
        settle().await;
    }
    assert_eq!(store.reads.load(SeqCst), 1, "one is under way");
    store.permits.add_permits(10);
    session.in_step().await;
    settle().await;
    assert!(store.reads.load(SeqCst) <= 2);
}

#[tokio::test(start_paused = true)]
async fn a_slow_workspace_does_not_hold_up_another() {
    let (store, bus, instance) = healthy().await;
    let (slow, quick) = (store.workspace(), store.workspace());
    let (mut left, mut right) = (instance.session(slow), instance.session(quick));
    store.permits.forget_permits(1_000_000);
    bus.deliver(&store.commit(slow, 1));
    settle().await;
    bus.deliver(&store.commit(quick, 1));
    settle().await;
    assert_eq!(store.reads.load(SeqCst), 2, "both are under way");
    store.permits.add_permits(2);
    left.in_step().await;
    right.in_step().await;
}

#[tokio::test(start_paused = true)]
async fn own_hints_and_old_ones_cause_no_look() {
    let (store, bus, instance) = healthy().await;
    let workspace = store.workspace();
    let mut session = instance.session(workspace);
    settle().await;
    let looks = store.looks.load(SeqCst);
    let batch = store.commit(workspace, 1);
    instance.events.publish(&batch, Vec::new());
    assert_eq!(session.at(), 1, "posted before `publish` returns");
    bus.listener().hinted(hint(instance.id, &batch));
    bus.deliver(&batch);
    settle().await;
    assert_eq!(store.looks.load(SeqCst), looks);
    assert!(bus.told().contains(&Told::Send(hint(instance.id, &batch))));
}

#[tokio::test(start_paused = true)]
async fn a_commit_here_after_a_hint_that_was_lost() {
    let (store, _bus, instance) = healthy().await;
    let workspace = store.workspace();
    let mut sessions = Vec::from_iter((0..20).map(|_| instance.session(workspace)));
    store.commit(workspace, 1);
    instance.commit(workspace);
    instance.commit(workspace);
    for session in &mut sessions {
        session.in_step().await;
        assert_eq!(session.own_reads, 0, "what was missing is read once for all");
    }
    assert!(store.reads.load(SeqCst) <= 2);
    instance.commit(workspace);
    assert_eq!(
        sessions[0].at(),
        4,
        "and from then on, commits are posted at once"
    );
}

/// A head that was read before a commit of this instance was posted, and arrives after.
#[tokio::test(start_paused = true)]
async fn nothing_goes_backwards() {
    let (store, bus, instance) = healthy().await;
    let workspace = store.workspace();
    let mut session = instance.session(workspace);
    store.permits.forget_permits(1_000_000);
    let theirs = store.commit(workspace, 1);
    bus.deliver(&theirs);
    settle().await;
    // The read is under way. It will return this commit as well, before it is posted.
    let ours = store.commit(workspace, 1);
    store.permits.add_permits(1);
    session.in_step().await;
    instance.events.publish(&ours, Vec::new());
    bus.deliver(&theirs);
    settle().await;
    session.in_step().await;
    assert_eq!((session.at(), session.own_reads), (2, 0));
}

#[tokio::test(start_paused = true)]
async fn sessions_that_read_at_different_moments_miss_nothing() {
    let (store, bus, instance) = healthy().await;
    let workspace = store.workspace();
    let mut early = instance.joining(workspace);
    let mut late = instance.joining(workspace);
    bus.deliver(&store.commit(workspace, 1));
    settle().await;
    early.read();
    store.commit(workspace, 1);
    late.read();
    bus.listener().look(workspace);
    early.in_step().await;
    late.in_step().await;
}

#[tokio::test(start_paused = true)]
async fn too_much_for_a_batch_is_read_by_each_session() {
    let (store, bus, instance) = healthy().await;
    let workspace = store.workspace();
    let mut session = instance.session(workspace);
    *store.batch.lock().unwrap() = 5;
    bus.deliver(&store.commit(workspace, 6));
    session.in_step().await;
    assert_eq!(session.own_reads, 1);
    bus.deliver(&store.commit(workspace, 5));
    session.in_step().await;
    assert_eq!(session.own_reads, 1);
}

#[tokio::test(start_paused = true)]
async fn a_workspace_is_left_thirty_seconds_late() {
    let (store, bus, instance) = healthy().await;
    let workspace = store.workspace();
    let (first, second) = (instance.session(workspace), instance.session(workspace));
    assert_eq!(bus.told(), [Told::Join(workspace)]);
    first.leave();
    second.leave();
    advance(LINGER / 2).await;
    settle().await;
    let again = instance.session(workspace);
    advance(LINGER * 2).await;
    settle().await;
    assert_eq!(bus.told(), [], "somebody came back in time");
    again.leave();
    advance(LINGER - Duration::from_secs(2)).await;
    settle().await;
    assert_eq!(bus.told(), []);
    advance(Duration::from_secs(4)).await;
    settle().await;
    assert_eq!(bus.told(), [Told::Leave(workspace)]);
}

/// Between joining and the bus's answer nothing is hinted. The bus says when to look.
#[tokio::test(start_paused = true)]
async fn what_came_before_the_subscription_is_looked_for() {
    let (store, bus, instance) = healthy().await;
    let workspace = store.workspace();
    let mut session = instance.joining(workspace);
    bus.listener().look(workspace);
    settle().await;
    session.read();
    store.commit(workspace, 1);
    session.in_step().await;
}
