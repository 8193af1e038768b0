//! Messages between tabs, and messages of another version that this one cannot read.

use futures::StreamExt;
use tsugi_client::browser::channel::{Channel, TabMessage};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::raw::{fresh, inbox, run};

#[wasm_bindgen_test]
async fn every_message_arrives_as_it_was() {
    let name = fresh("channel");
    let (put, mut heard) = inbox();
    let _listening = Channel::open(&name, put).unwrap();
    let (put, mut own) = inbox();
    let speaking = Channel::open(&name, put).unwrap();
    let messages = [
        TabMessage::LogGrew {
            head: 9_007_199_254_740_991,
        },
        TabMessage::IsLeaderAlive,
        TabMessage::LeaderAlive,
        TabMessage::SyncStatus {
            json: r#"{"live":true}"#.to_owned(),
        },
        TabMessage::PushNow,
        TabMessage::WorkOffline { on: true },
        TabMessage::SignedOut,
    ];
    for message in messages {
        speaking.post(&message).unwrap();
        assert_eq!(heard.next().await, Some(message));
    }
    assert!(own.try_recv().is_err(), "a tab does not hear itself");
}

#[wasm_bindgen_test]
async fn unreadable_messages_are_passed_over() {
    let name = fresh("garbage");
    let (put, mut heard) = inbox();
    let _listening = Channel::open(&name, put).unwrap();
    run(
        "const other = new BroadcastChannel(input);
         const circle = {}; circle.type = circle;
         for (const garbage of [null, 7, 'text', [], {}, { type: 'from_the_future', x: 1 }, { type: 'log_grew' },
             { type: 'log_grew', head: -1 }, { type: 'log_grew', head: 'x' }, circle, new Map(), 2n ** 70n,
             new Uint8Array(3)])
             other.postMessage(garbage);
         other.postMessage({ type: 'push_now', later: 'member' });",
        &name,
    )
    .await;
    assert_eq!(heard.next().await, Some(TabMessage::PushNow));
}
