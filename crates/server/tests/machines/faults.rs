//! Programs are killed, stopped and started again while devices write and watch.

use tokio::time::{Duration, Instant};

use crate::fleet::{Before, Fleet};

#[tokio::test]
async fn instances_are_killed_and_stand_still() {
    let mut fleet = Fleet::start(Before::Haproxy).await;
    fleet.load(3, 4).await;
    for turn in 0..2 {
        for which in ["a", "b"] {
            fleet.process(which).kill();
            fleet
                .board
                .goes_on(&format!("{which} is killed, turn {turn}"), 50)
                .await;
            fleet.process(which).start_again();
            fleet.process(which).becomes(true).await;
            fleet
                .board
                .goes_on(&format!("{which} is back, turn {turn}"), 50)
                .await;
        }
    }
    // At a random moment it holds a lock, or waits for an answer, or does neither: so they stand still several times. After
    // one all devices are with the other.
    for turn in 0..2 {
        for which in ["a", "b"] {
            fleet.process(which).pause();
            let began = Instant::now();
            fleet
                .board
                .goes_on(&format!("{which} stands still, turn {turn}"), 20)
                .await;
            // Longer than the database waits for one that holds a lock.
            fleet
                .board
                .goes_on_until(began + Duration::from_millis(3_500))
                .await;
            fleet.process(which).go_on();
            fleet.process(which).becomes(true).await;
            fleet
                .board
                .goes_on(&format!("{which} goes on, turn {turn}"), 50)
                .await;
        }
    }
    fleet.check().await;
}

#[tokio::test]
async fn database_and_redis_are_killed_and_started_again() {
    let mut fleet = Fleet::start(Before::Haproxy).await;
    fleet.load(3, 4).await;
    for _ in 0..2 {
        assert_ne!(fleet.redis.ask(&["CLIENT", "KILL", "TYPE", "pubsub"]).await, "0");
        fleet.board.goes_on("subscribers are cut off", 50).await;
    }
    fleet.redis.kill();
    fleet.board.goes_on("Redis is killed", 50).await;
    assert!(
        fleet.a.is_ready().await && fleet.b.is_ready().await,
        "ready without Redis"
    );
    fleet.redis.again().await;
    fleet.board.goes_on("Redis is back", 50).await;
    fleet.postgres.restart();
    fleet.board.goes_on("the database was restarted", 50).await;
    fleet.postgres.crash_and_start();
    fleet.board.goes_on("the database has recovered", 50).await;
    tokio::join!(fleet.a.becomes(true), fleet.b.becomes(true));
    fleet.check().await;
}

#[tokio::test]
async fn the_same_behind_nginx() {
    let mut fleet = Fleet::start(Before::Nginx).await;
    fleet.load(2, 3).await;
    fleet.a.kill();
    fleet.board.goes_on("a is killed", 30).await;
    fleet.a.start_again();
    fleet.a.becomes(true).await;
    fleet.b.kill();
    fleet.board.goes_on("b is killed", 30).await;
    fleet.check().await;
}
