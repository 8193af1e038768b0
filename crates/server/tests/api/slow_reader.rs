//! Those who read slowly hold nobody up, and miss nothing.

use std::time::{Duration, Instant};

use tsugi_sync::ids::Revision;
use tsugi_sync::protocol::Down;

use crate::harness::{Replica, Server, new_entity, text};

#[tokio::test]
async fn a_lagging_session_catches_up_from_the_store() {
    let server = Server::with(|config| {
        config.limits.mailbox_letters = 4;
        config.limits.write_deadline = Duration::from_secs(20);
    })
    .await;
    let account = server.account().await;
    let (mut a, mut slow) = (
        Replica::live(&server, &account).await,
        Replica::live(&server, &account).await,
    );
    let task = new_entity();
    let mutation = a.set(task, &[("title", "0")], &[]);
    a.commit(mutation).await;
    // More than the sockets' buffers hold.
    let count = 300;
    let notes = "n".repeat(60_000);
    for n in 1..count {
        let base = [("notes", n)];
        let mutation = a.set(
            task,
            &[("notes", &format!("{n} {notes}"))],
            if n > 1 { &base } else { &[] },
        );
        let (delta, _) = a.commit(mutation).await;
        assert_eq!(delta.to, Revision(n + 1));
    }
    let mut frames = 0;
    let mut last = String::new();
    while slow.cursor < Revision(count) {
        let delta = slow.next_delta().await;
        frames += 1;
        if let Some(entity) = delta.entities.first() {
            last = text(entity, "notes").chars().take(3).collect();
        }
    }
    assert_eq!(last, "299");
    assert!(frames < count, "some came together: {frames}");
    server.stop().await;
}

#[tokio::test]
async fn who_does_not_read_at_all_is_let_go() {
    let server = Server::with(|config| {
        config.limits.mailbox_letters = 4;
        config.limits.write_deadline = Duration::from_millis(100);
    })
    .await;
    let account = server.account().await;
    let (mut a, mut stuck) = (
        Replica::live(&server, &account).await,
        Replica::live(&server, &account).await,
    );
    let notes = "n".repeat(60_000);
    let started = Instant::now();
    let mut pushed = 0;
    // Until the buffers are full and the deadline is long past.
    while pushed < 250 || started.elapsed() < Duration::from_secs(1) {
        let mutation = a.set(new_entity(), &[("notes", &notes)], &[]);
        a.commit(mutation).await;
        pushed += 1;
    }
    let mut seen = Revision(0);
    while let Some(frame) = stuck.socket.next_text().await {
        if let Down::Delta(delta) = Down::parse(&frame).unwrap() {
            seen = delta.to;
        }
    }
    assert!(seen < Revision(pushed), "it was not served to the end");
    server.stop().await;
}
