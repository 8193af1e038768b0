//! Two instances and one Redis, to which things happen.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, timeout};
use tsugi_programs::RedisServer;
use tsugi_server::bus::redis::{Nodes, Timing};
use tsugi_server::bus::{Bus, Health, RedisBus};
use tsugi_server::events::CALM;
use tsugi_sync::ids::WorkspaceId;
use uuid::Uuid;

use super::fake_store::FakeStore;
use super::instance::{Instance, PATIENCE, Session};

/// Shorter than in production, and long enough for a busy machine.
const TIMING: Timing = Timing {
    answer: Duration::from_millis(500),
    probe_every: Duration::from_secs(1),
    give_up: Duration::from_secs(3),
};

/// Two instances over one store and one bus.
pub(crate) struct Two {
    pub(crate) store: Arc<FakeStore>,
    pub(crate) left: Instance,
    pub(crate) right: Instance,
    health: [watch::Receiver<Health>; 2],
}

impl Two {
    pub(crate) async fn start(urls: &[String]) -> Self {
        let store = Arc::new(FakeStore::default());
        let nodes = Nodes::parse(urls.iter().map(String::as_str)).unwrap();
        let ids = [Uuid::new_v4(), Uuid::new_v4()];
        let buses = ids.map(|id| Arc::new(RedisBus::new(nodes.clone(), id, TIMING)));
        let health = [buses[0].health(), buses[1].health()];
        let [first, second] = buses;
        Self {
            left: Instance::named(ids[0], first, &store).await,
            right: Instance::named(ids[1], second, &store).await,
            health,
            store,
        }
    }

    /// Waits until both say so.
    pub(crate) async fn are(&mut self, wanted: Health) {
        for health in &mut self.health {
            let waiting = health.wait_for(|health| *health == wanted);
            timeout(PATIENCE, waiting).await.expect("in time").unwrap();
        }
    }

    /// Waits until the instance on the right says so.
    pub(crate) async fn right_is(&mut self, wanted: Health) {
        let waiting = self.health[1].wait_for(|health| *health == wanted);
        timeout(PATIENCE, waiting).await.expect("in time").unwrap();
    }

    /// Twenty changes, to and fro. By sweeps alone they would take minutes.
    pub(crate) async fn hint_each_other(&mut self, workspace: WorkspaceId) {
        self.are(Health::Healthy).await;
        let began = Instant::now();
        let (mut here, mut there) = (self.left.session(workspace), self.right.session(workspace));
        for _ in 0..10 {
            self.left.commit(workspace);
            there.in_step().await;
            self.right.commit(workspace);
            here.in_step().await;
        }
        assert!(began.elapsed() < CALM * 2, "{:?}", began.elapsed());
        assert_eq!((here.own_reads, there.own_reads), (0, 0));
        here.leave();
        there.leave();
    }

    /// A change whose hint is lost: the store has it, and nobody tells.
    pub(crate) async fn find_what_is_lost(&self, workspace: WorkspaceId, session: &mut Session) {
        let began = Instant::now();
        self.store.commit(workspace, 1);
        session.in_step().await;
        assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
        assert_eq!(session.own_reads, 0);
    }
}

#[tokio::test]
async fn hints_arrive() {
    let redis = RedisServer::start().await;
    let mut two = Two::start(&[redis.url()]).await;
    let workspace = two.store.workspace();
    two.hint_each_other(workspace).await;
}

#[tokio::test]
async fn a_subscriber_that_is_cut_off_comes_back() {
    let redis = RedisServer::start().await;
    let mut two = Two::start(&[redis.url()]).await;
    let workspace = two.store.workspace();
    two.are(Health::Healthy).await;
    let mut session = two.right.session(workspace);
    for _ in 0..3 {
        assert_ne!(redis.ask(&["CLIENT", "KILL", "TYPE", "pubsub"]).await, "0");
        two.find_what_is_lost(workspace, &mut session).await;
        two.hint_each_other(workspace).await;
    }
}

#[tokio::test]
async fn a_redis_that_dies_and_is_started_again() {
    let mut redis = RedisServer::start().await;
    let mut two = Two::start(&[redis.url()]).await;
    let workspace = two.store.workspace();
    two.are(Health::Healthy).await;
    let mut session = two.right.session(workspace);
    redis.kill();
    two.are(Health::Unhealthy).await;
    two.left.commit(workspace);
    session.in_step().await;
    redis.again().await;
    two.hint_each_other(workspace).await;
    session.in_step().await;
    assert_eq!(session.own_reads, 0);
}

/// The connections stay, and nothing is answered.
#[tokio::test]
async fn a_redis_that_stands_still_for_a_while() {
    let redis = RedisServer::start().await;
    let mut two = Two::start(&[redis.url()]).await;
    let workspace = two.store.workspace();
    two.are(Health::Healthy).await;
    let mut session = two.right.session(workspace);
    redis.pause();
    two.are(Health::Unhealthy).await;
    let began = Instant::now();
    two.left.commit(workspace);
    assert!(
        began.elapsed() < Duration::from_millis(100),
        "a commit never waits"
    );
    session.in_step().await;
    // Somebody joins meanwhile.
    let other = two.store.workspace();
    let mut late = two.right.session(other);
    two.find_what_is_lost(other, &mut late).await;
    redis.go_on();
    two.hint_each_other(workspace).await;
    two.hint_each_other(other).await;
}

#[tokio::test]
async fn a_redis_that_is_not_there() {
    let mut redis = RedisServer::start().await;
    redis.kill();
    let mut two = Two::start(&[redis.url()]).await;
    let workspace = two.store.workspace();
    let mut session = two.right.session(workspace);
    two.are(Health::Unhealthy).await;
    two.left.commit(workspace);
    session.in_step().await;
}

/// It speaks no TLS, or wants another password: the instances go on without it.
#[tokio::test]
async fn a_redis_that_cannot_be_used() {
    let redis = RedisServer::start().await;
    redis.ask(&["CONFIG", "SET", "requirepass", "hush"]).await;
    let with_tls = format!("rediss://127.0.0.1:{}", redis.port);
    let wrong_password = format!("redis://:wrong@127.0.0.1:{}", redis.port);
    for url in [with_tls, redis.url(), wrong_password] {
        let mut two = Two::start(&[url]).await;
        let workspace = two.store.workspace();
        let mut session = two.right.session(workspace);
        two.left.commit(workspace);
        session.in_step().await;
        two.are(Health::Unhealthy).await;
    }
    let mut two = Two::start(&[format!("redis://:hush@127.0.0.1:{}", redis.port)]).await;
    let workspace = two.store.workspace();
    two.hint_each_other(workspace).await;
}

#[tokio::test]
async fn a_lost_hint_is_found_while_all_is_well() {
    let redis = RedisServer::start().await;
    let mut two = Two::start(&[redis.url()]).await;
    let workspace = two.store.workspace();
    two.are(Health::Healthy).await;
    let mut session = two.right.session(workspace);
    two.find_what_is_lost(workspace, &mut session).await;
}
