//! Many replicas come back at once while the database is slow with them: those who are there notice nothing.

use std::time::{Duration, Instant};

use tsugi_server::Role;
use tsugi_sync::ids::ReplicaId;
use tsugi_sync::protocol::{Down, ErrorCode, Fate};
use uuid::Uuid;

use crate::harness::{Replica, Socket, hello, new_entity, postgres};
use crate::instances::Two;

#[tokio::test]
async fn sessions_that_begin_hold_up_neither_pushes_nor_news() {
    let two = Two::with(|config| {
        config.limits.arrival_patience = Duration::from_millis(20);
        config.limits.connections_per_user = 1_000;
    })
    .await;
    let owner = two.a.account().await;
    let mut guest = two.a.account().await;
    let invited = two
        .b
        .app
        .set_role(owner.workspace, guest.user, Some(Role::Viewer));
    assert!(invited.await.unwrap());
    guest.workspace = owner.workspace;
    let mut replica = Replica::live(&two.a, &owner).await;
    let mut watcher = Replica::live(&two.a, &guest).await;

    // The question whether a sign-in still stands is not answered.
    let lock = postgres::lock(&two.database, "sign_in").await;
    let mut arriving = Vec::new();
    for _ in 0..300 {
        let mut socket = Socket::open(two.a.address).await;
        socket.send(&hello(&owner.token, ReplicaId(Uuid::new_v4()))).await;
        arriving.push(socket);
    }
    let began = Instant::now();
    for _ in 0..20 {
        let mutation = replica.set(new_entity(), &[("title", "x")], &[]);
        let (_, outcome) = replica.commit(mutation).await;
        assert!(matches!(outcome.fate, Fate::Accepted { .. }), "{outcome:?}");
    }
    let taken = two.b.app.set_role(owner.workspace, guest.user, None);
    assert!(taken.await.unwrap());
    loop {
        match watcher.socket.next().await {
            Down::Error(error) => break assert_eq!(error.code, ErrorCode::Forbidden),
            Down::Delta(_) => {}
            other => panic!("{other:?}"),
        }
    }
    // The database gives up after five seconds; nothing here waited for that.
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
    drop(lock);
    let (mut welcome, mut waits) = (0, Vec::new());
    for mut socket in arriving {
        match socket.next().await {
            Down::Welcome(_) => welcome += 1,
            Down::Error(error) if error.code == ErrorCode::RateLimited => {
                waits.push(error.retry_after_ms.unwrap());
            }
            // It waited for the database for too long.
            Down::Error(error) => assert_eq!(error.code, ErrorCode::Internal),
            other => panic!("{other:?}"),
        }
    }
    assert!(welcome > 0 && waits.len() > 100, "{welcome} and {waits:?}");
    two.stop().await;
}
