//! The whole session: every state × every input, held against the table in `docs/session-spec.md`.

use std::collections::BTreeMap;

use tsugi_sync::entity::{Entity, Field, Fields, Kind};
use tsugi_sync::ids::{Epoch, Mark, ReplicaId, Revision, SessionId, Timestamp, UserId, WorkspaceId};
use tsugi_sync::log::Entry;
use tsugi_sync::protocol::{Delta, Down, ErrorCode, ErrorMessage, FrameError, Snapshot, Token, Welcome};
use tsugi_sync::replica::{Edit, Replica};
use tsugi_sync::session::{Input, Output, Pause, Phase, Session, TokenError};
use tsugi_sync::vector::VersionVector;
use uuid::Uuid;

use crate::fleet::entity;

const SPEC: &str = include_str!("../../../../docs/session-spec.md");
const STATES: [&str; 7] = [
    "Offline",
    "Connecting",
    "Handshaking",
    "CatchingUp",
    "Live",
    "Backoff",
    "Paused",
];
const NOW: Timestamp = Timestamp(1_000_000);
const WORKSPACE: WorkspaceId = WorkspaceId(Uuid::from_u128(7));
const EPOCH: Epoch = Epoch(Uuid::from_u128(1));

/// A replica with a base at revision 5 and one edit that waits.
fn replica() -> Replica {
    let mut replica = Replica::new(ReplicaId(Uuid::from_u128(1)), WORKSPACE);
    let bootstrapped = Entry::Bootstrapped {
        epoch: EPOCH,
        revision: Revision(5),
        entities: vec![Entity::new(entity(1), Kind::Task)],
        last: true,
        mark: Mark(0),
        vector: VersionVector::default(),
        at: Timestamp(0),
    };
    replica.fold(1, bootstrapped);
    let edit = Edit {
        entity: entity(1),
        kind: Kind::Task,
        set: Fields::from([(Field::Title, "milk".into())]),
        seen: Fields::new(),
        at: NOW,
        group: None,
    };
    let mutation = replica.edit(edit);
    replica.fold(2, Entry::Mutated(mutation));
    replica
}

fn welcome() -> Down {
    Down::Welcome(Welcome {
        version: 1,
        session: SessionId(Uuid::nil()),
        user: UserId(Uuid::nil()),
        time: NOW,
        token_expires: NOW.plus(3_600_000),
        idle_timeout_ms: 60_000,
        encoding: None,
        compression: None,
    })
}

fn subscribed(epoch: Epoch) -> Down {
    Down::Subscribed {
        workspace: WORKSPACE,
        epoch,
        revision: Revision(5),
        vector: VersionVector::default(),
    }
}

fn delta(epoch: Epoch, from: u64) -> Down {
    Down::Delta(Delta {
        workspace: WORKSPACE,
        epoch,
        from: Revision(from),
        to: Revision(from + 1),
        entities: Vec::new(),
        outcomes: Vec::new(),
        at: Timestamp(0),
        mark: Mark(0),
        authors: Vec::new(),
    })
}

fn failure(code: ErrorCode) -> Input {
    Input::Frame(Ok(Down::Error(ErrorMessage {
        code,
        message: String::new(),
        retry_after_ms: Some(u64::MAX),
        workspace: None,
    })))
}

/// What leads from `Offline` into a state.
fn way_to(state: &str) -> Vec<Input> {
    let frame = |down| Input::Frame(Ok(down));
    let token = Input::Token(Ok(Token("t".into())));
    let mut way = vec![
        Input::Start,
        token,
        Input::Opened,
        frame(welcome()),
        frame(subscribed(EPOCH)),
    ];
    let steps = STATES.iter().position(|name| *name == state).expect("a state");
    match state {
        "Offline" | "Connecting" => way.truncate(steps),
        "Handshaking" | "CatchingUp" | "Live" => way.truncate(steps + 1),
        "Backoff" => {
            way.truncate(1);
            way.push(Input::Closed);
        }
        _ => {
            way.truncate(1);
            way.push(Input::Pause(Pause::SignedOut));
        }
    }
    way
}

fn inputs() -> BTreeMap<&'static str, (u64, Input)> {
    let other = Epoch(Uuid::from_u128(2));
    let frame = |down| Input::Frame(Ok(down));
    let snapshot = Down::Snapshot(Snapshot {
        workspace: WORKSPACE,
        epoch: EPOCH,
        revision: Revision(6),
        entities: Vec::new(),
        last: true,
        mark: Mark(0),
        vector: VersionVector::default(),
        at: Timestamp(0),
    });
    let soon = [
        ("Start", Input::Start),
        ("Stop", Input::Stop),
        ("Pause", Input::Pause(Pause::ByUser)),
        ("Resume", Input::Resume),
        ("Token, granted", Input::Token(Ok(Token("t".into())))),
        ("Token, signed out", Input::Token(Err(TokenError::SignedOut))),
        ("Token, unreachable", Input::Token(Err(TokenError::Unreachable))),
        ("Opened", Input::Opened),
        ("Frame: welcome", frame(welcome())),
        ("Frame: snapshot", frame(snapshot)),
        ("Frame: delta", frame(delta(EPOCH, 5))),
        ("Frame: delta after a gap", frame(delta(EPOCH, 9))),
        ("Frame: delta of another epoch", frame(delta(other, 5))),
        ("Frame: subscribed", frame(subscribed(EPOCH))),
        ("Frame: subscribed, another epoch", frame(subscribed(other))),
        (
            "Frame: pong",
            frame(Down::Pong {
                heads: vec![(WORKSPACE, Revision(9))],
            }),
        ),
        (
            "Frame: error, update needed",
            failure(ErrorCode::UnsupportedVersion),
        ),
        ("Frame: error, forbidden", failure(ErrorCode::Forbidden)),
        ("Frame: error, any other", failure(ErrorCode::Draining)),
        ("Frame: not a message", Input::Frame(Err(FrameError::TooLarge(9)))),
        ("Closed", Input::Closed),
        ("Timer, too early", Input::Timer),
        ("Probe", Input::Probe),
        ("Edited", Input::Edited),
        ("Persisted", Input::Persisted),
    ];
    let mut inputs: BTreeMap<_, _> = soon
        .into_iter()
        .map(|(name, input)| (name, (50, input)))
        .collect();
    inputs.insert("Timer, in time", (30_600, Input::Timer));
    inputs
}

fn name_of(session: &Session) -> String {
    let text = format!("{session:?}");
    let state = text.split("state: ").nth(1).expect("the state is shown first");
    state.chars().take_while(char::is_ascii_alphabetic).collect()
}

fn enter(state: &str, replica: &Replica) -> Session {
    let mut session = Session::new("device", "test", 1);
    for input in way_to(state) {
        session.handle(NOW, input, replica);
        while session.poll_output().is_some() {}
    }
    assert_eq!(name_of(&session), state);
    session
}

#[test]
fn every_state_answers_every_input_as_the_table_says() {
    let rows = table();
    let inputs = inputs();
    let replica = replica();
    assert_eq!(
        rows.keys().map(String::as_str).collect::<Vec<_>>(),
        inputs.keys().copied().collect::<Vec<_>>()
    );
    for (name, (wait, input)) in &inputs {
        for (column, state) in STATES.iter().enumerate() {
            let mut session = enter(state, &replica);
            session.handle(NOW.plus(*wait), input.clone(), &replica);
            let cell = &rows[*name][column];
            let end = cell.strip_prefix("→ ").map_or(*state, |rest| {
                rest.split([',', ' ', ':']).next().expect("a state")
            });
            assert!(!cell.is_empty(), "{state} × {name} is blank");
            assert_eq!(name_of(&session), end, "{state} × {name}: {cell}");
        }
    }
}

fn table() -> BTreeMap<String, Vec<String>> {
    let cells = |line: &str| -> Vec<String> {
        line.trim_matches('|')
            .split('|')
            .map(|cell| cell.trim().replace('`', ""))
            .collect()
    };
    let lines: Vec<_> = SPEC.lines().map(cells).collect();
    let start = lines
        .iter()
        .position(|cells| cells[0] == "Input")
        .expect("the table");
    assert_eq!(lines[start][1..], STATES);
    let rows = lines[start + 2..]
        .iter()
        .take_while(|cells| cells.len() == STATES.len() + 1);
    rows.map(|cells| (cells[0].clone(), cells[1..].to_vec()))
        .collect()
}

#[test]
fn no_two_inputs_in_a_row_panic_or_leave_a_storm() {
    let replica = replica();
    let inputs = inputs();
    for state in STATES {
        for (first, (wait, one)) in &inputs {
            for (second, (longer, other)) in &inputs {
                let mut session = enter(state, &replica);
                let mut phase = session.phase();
                for (now, input) in [(NOW.plus(*wait), one), (NOW.plus(wait + longer), other)] {
                    session.handle(now, input.clone(), &replica);
                    let outputs: Vec<_> = std::iter::from_fn(|| session.poll_output()).collect();
                    let place = format!("{state} × {first} × {second}: {outputs:?}");
                    check(now, &session, &outputs, &mut phase, &place);
                }
                quiet(&mut session, NOW.plus(wait + longer), &replica);
            }
        }
    }
}

fn check(now: Timestamp, session: &Session, outputs: &[Output], phase: &mut Phase, place: &str) {
    assert!(outputs.len() <= 6, "{place}");
    let wakes: Vec<_> = outputs
        .iter()
        .filter_map(|o| {
            if let Output::WakeAt(at) = o {
                Some(*at)
            } else {
                None
            }
        })
        .collect();
    assert!(wakes.len() <= 1 && wakes.iter().all(|at| *at > now), "{place}");
    let notified = outputs.contains(&Output::Notify);
    assert_eq!(notified, session.phase() != *phase, "{place}");
    *phase = session.phase();
    let sends = outputs.iter().any(|output| matches!(output, Output::Transmit(_)));
    let linked = matches!(name_of(session).as_str(), "Handshaking" | "CatchingUp" | "Live");
    assert!(!sends || linked, "{place}");
}

/// With nobody answering, the session wakes a few times and then at the pace of the back-off.
fn quiet(session: &mut Session, mut now: Timestamp, replica: &Replica) {
    let end = now.plus(300_000);
    let mut wakes = 0;
    let mut next = Some(now);
    while let Some(at) = next.take()
        && at <= end
    {
        now = now.max(at);
        session.handle(now, Input::Timer, replica);
        while let Some(output) = session.poll_output() {
            if let Output::WakeAt(at) = output {
                next = Some(at);
            }
        }
        wakes += 1;
        assert!(wakes < 60, "{session:?}");
    }
}

#[test]
fn the_document_names_everything_there_is() {
    let names = [
        "Offline",
        "Connecting",
        "Handshaking",
        "CatchingUp",
        "Live",
        "Backoff",
        "Paused",
        "Start",
        "Stop",
        "Pause",
        "Resume",
        "Token",
        "Opened",
        "Frame",
        "Closed",
        "Timer",
        "Probe",
        "Edited",
        "Persisted",
        "Authenticate",
        "Open",
        "Transmit",
        "Close",
        "Persist",
        "WakeAt",
        "Notify",
        "ByUser",
        "SignedOut",
        "UpdateNeeded",
        "Forbidden",
    ];
    for name in names {
        assert!(SPEC.contains(&format!("`{name}`")), "{name}");
    }
    // The compiler leads a person who adds a variant to this place.
    let _inputs = |input: Input| match input {
        Input::Start | Input::Stop | Input::Pause(_) | Input::Resume | Input::Token(_) | Input::Opened => {}
        Input::Frame(_) | Input::Closed | Input::Timer | Input::Probe | Input::Edited | Input::Persisted => {}
    };
    let _outputs = |output: Output| match output {
        Output::Authenticate | Output::Open(_) | Output::Transmit(_) | Output::Close => {}
        Output::Persist(_) | Output::WakeAt(_) | Output::Notify => {}
    };
    let _pauses = |pause: Pause| match pause {
        Pause::ByUser | Pause::SignedOut | Pause::UpdateNeeded | Pause::Forbidden => {}
    };
    for n in 1..=12 {
        assert!(SPEC.contains(&format!("| I{n} |")), "I{n}");
    }
    let sources = [
        include_str!("session.rs"),
        include_str!("conflict.rs"),
        include_str!("convergence.rs"),
        include_str!("table.rs"),
        include_str!("checkpoint.rs"),
        include_str!("settle.rs"),
        include_str!("golden.rs"),
        include_str!("limit.rs"),
        include_str!("restored.rs"),
    ];
    let mut named = 0;
    for test in SPEC
        .split("`core::")
        .skip(1)
        .filter_map(|rest| rest.split('`').next())
    {
        let name = test.rsplit("::").next().expect("a name");
        assert!(
            sources
                .iter()
                .any(|source| source.contains(&format!("fn {name}("))),
            "no test {test}"
        );
        named += 1;
    }
    assert!(named >= 12, "every rule names its test");
}
