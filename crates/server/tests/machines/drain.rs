//! An instance is asked to end: it gets nothing new, its sockets are told to come back, and nothing fails.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::time::Instant;
use tsugi_sync::ids::Revision;

use crate::device::{Device, Task};
use crate::fleet::{Before, Fleet};

#[tokio::test]
async fn one_instance_ends_and_the_other_takes_over() {
    let mut fleet = Fleet::start(Before::Haproxy).await;
    // Enough that both have many.
    fleet.load(3, 40).await;
    let (failed, tried) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let is_over = Arc::new(AtomicBool::new(false));
    let knocking = tokio::spawn({
        let (failed, tried, is_over) = (Arc::clone(&failed), Arc::clone(&tried), Arc::clone(&is_over));
        let (address, account) = (fleet.balancer.address, fleet.account.clone());
        let nobody = Arc::default();
        async move {
            while !is_over.load(Ordering::Relaxed) {
                let mut device = Device::new(Task::Watch, address, &account, &nobody);
                if device.come_in().await.is_err() || device.cursor == Revision(0) {
                    failed.fetch_add(1, Ordering::Relaxed);
                }
                tried.fetch_add(1, Ordering::Relaxed);
            }
        }
    });
    let began = Instant::now();
    fleet.a.terminate();
    fleet.a.becomes(false).await;
    assert!(began.elapsed().as_secs() < 3, "not ready first");
    assert!(
        fleet.board.seen().told_to_wait.is_empty(),
        "nobody is told before load balancers know"
    );
    assert!(fleet.a.ended().await, "it ends well\n{}", fleet.a.log());
    fleet.board.goes_on("a has ended", 50).await;
    is_over.store(true, Ordering::Relaxed);
    knocking.await.unwrap();
    assert_eq!(
        failed.load(Ordering::Relaxed),
        0,
        "of {} who came in",
        tried.load(Ordering::Relaxed)
    );
    {
        let seen = fleet.board.seen();
        let told = &seen.told_to_wait;
        assert!(told.len() >= 10, "{told:?}");
        let (least, most) = (told.iter().min().unwrap(), told.iter().max().unwrap());
        assert!(*least >= 500 && *most < 5_000 && most - least > 1_000, "{told:?}");
    }
    fleet.check().await;
}
