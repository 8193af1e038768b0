//! The end of a server: sockets are told, work in hand is done, the file is whole.

use std::sync::Arc;

use tsugi_sync::ids::Revision;
use tsugi_sync::protocol::{Down, ErrorCode, Fate};

use crate::harness::{Replica, Server, Socket, new_entity};

#[tokio::test]
async fn sockets_are_told_to_come_back() {
    let mut server = Server::start().await;
    let account = server.account().await;
    let mut a = Replica::live(&server, &account).await;
    let mut silent = Socket::open(server.address).await;
    let count = 100;
    for _ in 0..count {
        let mutation = a.set(new_entity(), &[("title", "x")], &[]);
        a.push(vec![mutation]).await;
    }
    // The first answer: the server is in the middle of it.
    let mut accepted = a.next_delta().await.outcomes.len();
    server.drain();
    let mut told = None;
    while let Some(frame) = a.socket.next_text().await {
        match Down::parse(&frame).unwrap() {
            Down::Delta(delta) => {
                let taken = |fate: &Fate| matches!(fate, Fate::Accepted { .. });
                accepted += delta
                    .outcomes
                    .iter()
                    .filter(|outcome| taken(&outcome.fate))
                    .count();
            }
            Down::Error(error) => told = Some(error),
            other => panic!("{other:?}"),
        }
    }
    let told = told.unwrap();
    assert_eq!(told.code, ErrorCode::Draining);
    assert!((500..5_000).contains(&told.retry_after_ms.unwrap()));
    let ended = silent.ended().await;
    assert_eq!(
        (ended.code(), ended.close),
        (Some(ErrorCode::Draining), Some(1012))
    );
    let dir = server.ended().await;
    assert_eq!(dir.bytes_of_log(), 0, "checkpointed");

    let server = Server::in_dir(Arc::clone(&dir), |_| {}).await;
    let mut again = Replica::greet_as(server.address, &account, a.id).await;
    again.subscribe().await;
    assert!(
        again.cursor >= Revision(accepted as u64),
        "{:?} of {accepted}",
        again.cursor
    );
    server.stop().await;
}
