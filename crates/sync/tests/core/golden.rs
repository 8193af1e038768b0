//! Every message and every log row, as text that is kept: those of version 1, with `-2` what version 2 added, and with
//! `-3` the members that version 2 got later. A build that cannot read these, or writes them
//! otherwise, has broken other people's devices: add a format, do not change this one.
//!
//! To add a file, write its text by hand from `docs/protocol.md`.

use std::fmt::Display;

use tsugi_sync::frame::{self, Form, Frame};
use tsugi_sync::log::{Entry, FORMAT, RowError};
use tsugi_sync::protocol::{Down, Fate, Up};

macro_rules! golden {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../golden/", $name, ".json")).trim_ascii_end())),+]
    };
}

const UP: &[(&str, &str)] = golden![
    "up-hello",
    "up-subscribe-first",
    "up-subscribe",
    "up-push",
    "up-pull",
    "up-auth",
    "up-ping",
    "up-subscribe-2",
    "up-push-2",
    "up-hello-2",
];
const DOWN: &[(&str, &str)] = golden![
    "down-welcome",
    "down-snapshot",
    "down-delta",
    "down-delta-outcomes",
    "down-subscribed",
    "down-pong",
    "down-error",
    "down-snapshot-2",
    "down-delta-2",
    "down-subscribed-2",
    "down-welcome-2",
    "down-delta-3",
];
const LOG: &[(&str, &str)] = golden![
    "log-mutated",
    "log-received",
    "log-superseded",
    "log-bootstrapped",
    "log-discarded",
    "log-distrusted",
    "log-bootstrapped-2",
    "log-mutated-2",
    "log-learned",
    "log-exported",
];

fn same<T, E: Display>(name: &str, text: &str, read: Result<T, E>, write: impl Fn(&T) -> String) -> T {
    let read = read.unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(write(&read), text, "{name}");
    read
}

#[test]
fn every_message_up() {
    let mut kinds = [0; 6];
    for (name, text) in UP {
        kinds[match same(name, text, Up::parse(text), Up::to_frame) {
            Up::Hello(_) => 0,
            Up::Subscribe(_) => 1,
            Up::Push(_) => 2,
            Up::Pull { .. } => 3,
            Up::Auth { .. } => 4,
            Up::Ping => 5,
        }] += 1;
    }
    assert!(kinds.iter().all(|count| *count > 0), "{kinds:?}");
}

#[test]
fn every_message_down() {
    let mut kinds = [0; 6];
    let mut fates = [0; 3];
    for (name, text) in DOWN {
        kinds[match same(name, text, Down::parse(text), Down::to_frame) {
            Down::Welcome(_) => 0,
            Down::Snapshot(_) => 1,
            Down::Delta(delta) => {
                for outcome in delta.outcomes {
                    fates[match outcome.fate {
                        Fate::Accepted { .. } => 0,
                        Fate::Conflict { .. } => 1,
                        Fate::Refused { .. } => 2,
                    }] += 1;
                }
                2
            }
            Down::Subscribed { .. } => 3,
            Down::Pong { .. } => 4,
            Down::Error(_) => 5,
        }] += 1;
    }
    assert!(
        kinds.iter().chain(&fates).all(|count| *count > 0),
        "{kinds:?} {fates:?}"
    );
}

/// Every message in compact, in hexadecimal: a line each.
const COMPACT: &str = include_str!("../golden/compact.txt");

#[test]
fn every_message_in_compact() {
    let compact = Form {
        compact: true,
        deflated: false,
    };
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let mut written = String::new();
    for (name, text) in UP.iter().chain(DOWN) {
        let Frame::Binary(bytes) = compact.write((*text).to_owned()) else {
            panic!("{name}");
        };
        written.push_str(&format!("{name} {}\n", hex(&bytes)));
        // The same message, with its members in another order.
        let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        let read = frame::read(true, bytes[1..].to_vec()).unwrap();
        assert_eq!(value(&read), value(text), "{name}");
    }
    assert_eq!(written, COMPACT);
}

#[test]
fn every_row_of_the_log() {
    let mut kinds = [0; 8];
    for (name, text) in LOG {
        kinds[match same(name, text, Entry::parse(text), Entry::to_row) {
            Entry::Mutated(_) => 0,
            Entry::Received(_) => 1,
            Entry::Superseded { .. } => 2,
            Entry::Bootstrapped { .. } => 3,
            Entry::Discarded { .. } => 4,
            Entry::Distrusted => 5,
            Entry::Learned { .. } => 6,
            Entry::Exported => 7,
        }] += 1;
    }
    assert!(kinds.iter().all(|count| *count > 0), "{kinds:?}");
}

#[test]
fn a_row_of_a_later_format_is_told_from_a_damaged_one() {
    for (name, text) in LOG {
        // With its number, as today's own rows would be read; with a later one, whatever else is in it.
        let numbered = |format: u32| text.replacen('{', &format!(r#"{{"format":{format},"#), 1);
        assert!(Entry::parse(&numbered(FORMAT)).is_ok(), "{name}");
        assert_eq!(
            Entry::parse(&numbered(FORMAT + 1)),
            Err(RowError::Later),
            "{name}"
        );
        let broken = Entry::parse(&text[..text.len() - 1]);
        assert!(matches!(broken, Err(RowError::Damaged(_))), "{name}: {broken:?}");
    }
    let unknown = r#"{"entry":"woven","threads":[1,{"b":null}]}"#;
    assert_eq!(Entry::parse(unknown), Err(RowError::Later));
    for damaged in [
        "",
        "null",
        "7",
        "[]",
        "{}",
        r#"{"entry":7}"#,
        r#"{"entry":"mutated"}"#,
        "\u{0}",
    ] {
        assert!(
            matches!(Entry::parse(damaged), Err(RowError::Damaged(_))),
            "{damaged}"
        );
    }
}

#[test]
fn members_of_a_later_version_are_passed_over_in_every_message() {
    for (name, text) in UP.iter().chain(DOWN).chain(LOG) {
        let later = text.replacen('{', r#"{"mood":["fine",{"why":null}],"#, 1);
        let read = Up::parse(&later).is_ok() || Down::parse(&later).is_ok() || Entry::parse(&later).is_ok();
        assert!(read, "{name}: {later}");
    }
}

#[test]
fn half_a_message_is_an_error_and_never_a_panic() {
    for (name, text) in UP.iter().chain(DOWN).chain(LOG) {
        for end in 0..text.len() {
            let Some(half) = text.get(..end) else { continue };
            let read = Up::parse(half).is_ok() || Down::parse(half).is_ok() || Entry::parse(half).is_ok();
            assert!(!read, "{name}: {half}");
        }
    }
}
