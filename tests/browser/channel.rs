//! Messages between tabs, and messages of another version that this one cannot read.

use futures::StreamExt;
use tsugi_client::browser::channel::Channel;
use tsugi_client::browser::time::new_id;
use tsugi_client::tab::account::Profile;
use tsugi_client::tab::news::TabMessage;
use tsugi_screen::model::SyncPhase;
use tsugi_screen::status::Announcement;
use tsugi_sync::ids::WorkspaceId;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::raw::{fresh, inbox, run};

fn announcement() -> Announcement {
    Announcement {
        phase: SyncPhase::Synced,
        problem: None,
        last_synced: Some(1_790_000_000_000),
        signed_out: false,
    }
}

fn profile() -> Profile {
    Profile {
        workspace: WorkspaceId(new_id()),
        email: Some("ann@example.org".to_owned()),
        user: None,
    }
}

#[wasm_bindgen_test]
async fn every_message_arrives_as_it_was() {
    let name = fresh("channel");
    let (put, mut heard) = inbox();
    let _listening = Channel::open(&name, put).unwrap();
    let (put, mut own) = inbox::<TabMessage>();
    let speaking = Channel::open(&name, put).unwrap();
    let failing = Announcement {
        phase: SyncPhase::NeedsAttention,
        problem: Some("signed out".to_owned()),
        last_synced: None,
        signed_out: true,
    };
    let messages = [
        TabMessage::LogGrew {
            head: 9_007_199_254_740_991,
        },
        TabMessage::IsLeaderAlive,
        TabMessage::LeaderAlive,
        TabMessage::SyncStatus(announcement()),
        TabMessage::SyncStatus(failing),
        TabMessage::PushNow,
        TabMessage::WorkOffline { on: true },
        TabMessage::ProfileChanged(Some(profile())),
        TabMessage::ProfileChanged(None),
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
         const long = { type: 'log_grew', x: {} };
         for (let at = long.x, n = 0; n < 100_000; n += 1) at = at.x = {};
         for (const garbage of [null, 7, 'text', [], {}, { type: 'from_the_future', x: 1 }, { type: 'log_grew' },
             { type: 'log_grew', head: -1 }, { type: 'log_grew', head: 'x' }, { type: 'log_grew', head: 1.5 },
             { type: 'log_grew', head: 2n ** 70n }, { type: 'work_offline', on: 'yes' }, { type: 'sync_status' },
             { type: 'sync_status', status: 7 }, { type: 'sync_status', json: '{' }, circle, new Map(), 2n ** 70n,
             new Uint8Array(3)])
             other.postMessage(garbage);
         try { other.postMessage(long); } catch { /* Too deep for this browser to send. */ }
         const later = { type: 'push_now', later: 'member' }; later.self = later;
         other.postMessage(later);",
        &name,
    )
    .await;
    assert_eq!(heard.next().await, Some(TabMessage::PushNow));
}

/// How the former version read: JSON of the whole message, and a JSON text within two of them.
#[wasm_bindgen_test]
async fn a_tab_of_the_former_version_understands_every_message() {
    let name = fresh("former");
    let (put, _own) = inbox::<TabMessage>();
    let speaking = Channel::open(&name, put).unwrap();
    let former = "const former = new BroadcastChannel(input);
         const heard = [];
         const { promise, resolve } = (() => {
             let resolve;
             const promise = new Promise((done) => { resolve = done; });
             return { promise, resolve };
         })();
         former.onmessage = ({ data }) => {
             const read = JSON.parse(JSON.stringify(data));
             if (typeof read.json === 'string') read.json = JSON.parse(read.json);
             heard.push(read);
             if (read.type === 'signed_out') resolve();
         };
         new BroadcastChannel(input).postMessage({ type: 'ready' });
         await promise;
         former.close();
         return JSON.stringify(heard);";
    let (ready_put, mut ready) = inbox::<serde_json::Value>();
    let _ready = Channel::open(&name, ready_put).unwrap();
    let profile = profile();
    let speak = async {
        ready.next().await;
        for message in [
            TabMessage::LogGrew { head: 7 },
            TabMessage::IsLeaderAlive,
            TabMessage::LeaderAlive,
            TabMessage::SyncStatus(announcement()),
            TabMessage::PushNow,
            TabMessage::WorkOffline { on: false },
            TabMessage::ProfileChanged(Some(profile.clone())),
            TabMessage::SignedOut,
        ] {
            speaking.post(&message).unwrap();
        }
    };
    let (heard, ()) = futures::join!(run(former, &name), speak);
    let heard: Vec<serde_json::Value> = serde_json::from_str(&heard.as_string().unwrap()).unwrap();
    let heard: Vec<_> = heard.iter().filter(|heard| heard["type"] != "ready").collect();
    let kinds: Vec<_> = heard
        .iter()
        .map(|heard| heard["type"].as_str().unwrap())
        .collect();
    let expected = [
        "log_grew",
        "is_leader_alive",
        "leader_alive",
        "sync_status",
        "push_now",
        "work_offline",
        "profile_changed",
        "signed_out",
    ];
    assert_eq!(kinds, expected);
    assert_eq!(heard[0]["head"], 7);
    assert_eq!(heard[5]["on"], false);
    let status = serde_json::from_value(heard[3]["json"].clone()).unwrap();
    assert_eq!(announcement(), status);
    let changed: Profile = serde_json::from_value(heard[6]["json"].clone()).unwrap();
    assert_eq!(changed, profile);
}

#[wasm_bindgen_test]
async fn a_tab_of_the_former_version_is_understood() {
    let name = fresh("from-former");
    let (put, mut heard) = inbox();
    let _listening = Channel::open(&name, put).unwrap();
    let profile = profile();
    let said = serde_json::json!([
        { "type": "log_grew", "head": 7 },
        { "type": "sync_status", "json": serde_json::to_string(&announcement()).unwrap() },
        { "type": "profile_changed", "json": serde_json::to_string(&profile).unwrap() },
        { "type": "profile_changed", "json": "of a version that is not known" },
        { "type": "work_offline", "on": true },
    ]);
    let input = serde_json::json!({ "name": name, "said": said }).to_string();
    run(
        "const { name, said } = JSON.parse(input);
         const former = new BroadcastChannel(name);
         for (const message of said) former.postMessage(message);",
        &input,
    )
    .await;
    for expected in [
        TabMessage::LogGrew { head: 7 },
        TabMessage::SyncStatus(announcement()),
        TabMessage::ProfileChanged(Some(profile)),
        TabMessage::ProfileChanged(None),
        TabMessage::WorkOffline { on: true },
    ] {
        assert_eq!(heard.next().await, Some(expected));
    }
}
