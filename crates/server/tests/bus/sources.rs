//! A source of external events: the way is there, and a test walks it.

use std::sync::Arc;

use tokio::sync::mpsc;
use tsugi_server::events::{Event, EventProcessor, Mailbox, Room, Running, Sink, Source, SourceName, Taken};
use tsugi_sync::ids::{SessionId, UserId};
use uuid::Uuid;

use super::instance::settle;

/// As a directory of people would tell that somebody left.
struct Directory(mpsc::Receiver<(UserId, Uuid)>);

impl Source for Directory {
    fn name(&self) -> SourceName {
        SourceName::External
    }

    fn run(mut self: Box<Self>, sink: Sink) -> Running {
        Box::pin(async move {
            while let Some((user, sign_in)) = self.0.recv().await {
                sink.take(Event::SignedOut { user, sign_in });
            }
        })
    }
}

#[tokio::test]
async fn an_external_event_reaches_the_sessions_it_concerns() {
    let events = Arc::new(EventProcessor::default());
    let (user, sign_in) = (UserId(Uuid::new_v4()), Uuid::new_v4());
    let (letters, bytes) = (10, 10);
    let mailbox = Arc::new(Mailbox::new(SessionId(Uuid::new_v4()), Room { letters, bytes }));
    events.pool.admit(user, sign_in, &mailbox, 1).unwrap();
    let (tell, told) = mpsc::channel(1);
    let running = tokio::spawn(events.follow(Box::new(Directory(told))));
    tell.send((user, Uuid::new_v4())).await.unwrap();
    tell.send((user, sign_in)).await.unwrap();
    drop(tell);
    running.await.unwrap();
    settle().await;
    let Taken::InStep(letters) = mailbox.take() else {
        panic!("there was room");
    };
    assert_eq!(format!("{letters:?}"), "[SignedOut]");
}
