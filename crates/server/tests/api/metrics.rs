//! `docs/metrics.md` names what the server measures: no more, no less, and with the labels that it has. The dashboard and
//! the alerts use nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::json;
use tokio::time::timeout;
use tsugi_sync::entity::{Field, Kind};
use tsugi_sync::ids::{ReplicaId, Revision};
use tsugi_sync::mutation::PushedMutation;
use tsugi_sync::protocol::ErrorCode;
use tsugi_sync::value::Value;
use uuid::Uuid;

use crate::harness::{Account, PATIENCE, Replica, Server, Socket, hello, new_entity};

const DOCUMENT: &str = include_str!("../../../../docs/metrics.md");

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The cells of the tables with this number of columns.
fn rows(columns: usize) -> Vec<Vec<&'static str>> {
    let rows = DOCUMENT.lines().filter(|line| line.starts_with("| `"));
    let cells = rows.map(|line| {
        let inner = line.trim_matches('|');
        inner.split('|').map(str::trim).collect::<Vec<_>>()
    });
    cells.filter(|cells| cells.len() == columns).collect()
}

/// What stands between backticks.
fn quoted(text: &str) -> BTreeSet<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

struct Row {
    kind: &'static str,
    labels: BTreeSet<&'static str>,
    always: bool,
}

fn documented() -> BTreeMap<&'static str, Row> {
    let rows = rows(6).into_iter().map(|cells| {
        let row = Row {
            kind: cells[1],
            labels: quoted(cells[3]),
            always: cells[5].is_empty(),
        };
        (cells[0].trim_matches('`'), row)
    });
    rows.collect()
}

/// One line of the exposition: name, labels.
fn series(line: &str) -> (&str, Vec<(&str, &str)>) {
    let Some((name, rest)) = line.split_once('{') else {
        return (line.split(' ').next().unwrap(), Vec::new());
    };
    let (labels, _) = rest.rsplit_once('}').unwrap();
    let labels = labels.split("\",").map(|label| {
        let (name, value) = label.split_once("=\"").unwrap();
        (name, value.trim_end_matches('"'))
    });
    (name, labels.collect())
}

/// The measurement to which a series belongs.
fn base<'a>(name: &'a str, documented: &BTreeMap<&str, Row>) -> &'a str {
    let of_histogram = ["_bucket", "_sum", "_count"]
        .iter()
        .find_map(|end| name.strip_suffix(end));
    of_histogram
        .filter(|base| documented.get(base).is_some_and(|row| row.kind == "histogram"))
        .unwrap_or(name)
}

fn is_known(metric: &str, label: &str, value: &str) -> bool {
    let about = |cells: &&Vec<&str>| cells[0].trim_matches('`') == label && quoted(cells[1]).contains(metric);
    let all = rows(3);
    let row = all.iter().find(about);
    let values = row.unwrap_or_else(|| panic!("no row for the label {label} of {metric}"))[2];
    let is_code = || ErrorCode::ALL.iter().any(|code| code.as_str() == value);
    quoted(values).contains(value)
        || match label {
            "version" => value == env!("CARGO_PKG_VERSION"),
            "layout" => value.parse::<u32>().is_ok(),
            "instance" => value.parse::<Uuid>().is_ok(),
            "route" => value.starts_with('/') && !value.contains("0-"),
            "status" => value.len() == 3 && value.parse::<u16>().is_ok(),
            "code" | "reason" => values.contains("protocol.md") && is_code(),
            "why" => value
                .chars()
                .all(|letter| letter.is_ascii_lowercase() || letter == '_'),
            _ => false,
        }
}

/// A record of a conflict about a task, or what a person did with it.
fn record(
    replica: &mut Replica,
    of: tsugi_sync::ids::EntityId,
    state: &str,
    base: &[(&str, u64)],
) -> PushedMutation {
    let mut mutation = replica.set(of, &[("state", state)], base);
    mutation.kind = Kind::Conflict;
    if base.is_empty() {
        let subject = [
            Value::Text("task".into()),
            Value::Text(Uuid::new_v4().to_string()),
        ];
        mutation.set.insert(Field::Subject, Value::List(subject.into()));
        mutation.set.insert(Field::Created, Value::from(1));
    }
    mutation
}

/// Something of everything that the server measures.
async fn do_everything(server: &Server, account: &Account) {
    let mut a = Replica::live(server, account).await;
    let mut b = Replica::live(server, account).await;
    let task = new_entity();
    let first = a.set(task, &[("title", "x")], &[]);
    a.commit(first).await;
    b.next_delta().await;
    let stale = a.set(task, &[("title", "y")], &[("title", 0)]);
    a.commit(stale).await;
    let (asked, merged) = (new_entity(), new_entity());
    let open = record(&mut a, asked, "open", &[]);
    let (delta, outcome) = a.commit(open).await;
    assert!(delta.to > Revision(0), "{outcome:?}");
    let settled = record(&mut a, asked, "resolved", &[("state", delta.to.0)]);
    a.commit(settled).await;
    let rule = record(&mut a, merged, "merged", &[]);
    a.commit(rule).await;
    // A replica that was away reads what it missed.
    let mut late = Replica::greet(server, account).await;
    (late.epoch, late.cursor) = (a.epoch, Revision(1));
    late.subscribe().await;

    let mut stranger = Socket::open(server.address).await;
    stranger.send(&hello("no token", ReplicaId(Uuid::new_v4()))).await;
    stranger.ended().await;
    drop(Socket::open(server.address).await);
    let mut odd = Replica::greet(server, account).await;
    odd.socket.raw("{}").await;
    odd.socket.ended().await;
    let login = json!({ "email": account.email, "password": "not this one" });
    server.post("/api/v1/session", &login).await;
    server.get("/healthz").await;
}

/// The measurements, once all of this is counted. Some of it is counted when a session has ended.
async fn counted(server: &Server) -> String {
    loop {
        let text = server.get("/metrics").await.body;
        let counted = |series: &&str| {
            text.lines()
                .any(|line| line.starts_with(*series) && !line.ends_with(" 0"))
        };
        let missing = [
            "tsugi_conflict_decisions_total{how=\"asked\",kind=\"task\"}",
            "tsugi_conflict_decisions_total{how=\"settled\",kind=\"task\"}",
            "tsugi_conflict_decisions_total{how=\"merged\",kind=\"task\"}",
            "tsugi_catch_up_seconds_count{kind=\"snapshot\"}",
            "tsugi_catch_up_seconds_count{kind=\"delta\"}",
            "tsugi_session_attempts_total{result=\"accepted\"}",
            "tsugi_session_attempts_total{result=\"unauthenticated\"}",
            "tsugi_session_attempts_total{result=\"left\"}",
            "tsugi_message_errors_total{code=\"bad_frame\"}",
            "tsugi_commit_to_socket_seconds_count",
            "tsugi_ready 1",
        ]
        .into_iter()
        .find(|series| !counted(series));
        match missing {
            None => return text,
            Some(_) => tokio::task::yield_now().await,
        }
    }
}

#[tokio::test]
async fn the_page_names_what_is_exported() {
    let server = Server::start().await;
    let account = server.account().await;
    do_everything(&server, &account).await;
    let text = timeout(PATIENCE, counted(&server))
        .await
        .expect("all of it is counted in time");
    let documented = documented();
    assert!(documented.len() > 50, "{}", documented.len());
    let mut seen = BTreeSet::new();
    for line in text.lines() {
        if let Some(kind) = line.strip_prefix("# TYPE ") {
            let (name, kind) = kind.split_once(' ').unwrap();
            let row = documented.get(name);
            let row = row.unwrap_or_else(|| panic!("docs/metrics.md does not name {name}"));
            assert_eq!(row.kind, kind, "{name}");
        }
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (name, labels) = series(line);
        let metric = base(name, &documented);
        let names: BTreeSet<_> = labels
            .iter()
            .map(|(label, _)| *label)
            .filter(|label| *label != "le")
            .collect();
        assert_eq!(names, documented[metric].labels, "labels of {metric}: {line}");
        for (label, value) in labels.into_iter().filter(|(label, _)| *label != "le") {
            assert!(
                is_known(metric, label, value),
                "{metric}: {label} may not be {value:?}"
            );
        }
        seen.insert(metric.to_owned());
    }
    for (name, row) in &documented {
        assert!(
            !row.always || seen.contains(*name),
            "{name} is not exported:\n{text}"
        );
    }
    server.stop().await;
}

/// Also those that only show with a bus, with TLS or after a fault.
#[test]
fn the_page_names_what_the_code_measures() {
    let code = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/metrics");
    let mut measured = BTreeSet::new();
    for file in std::fs::read_dir(code).unwrap() {
        measured.extend(names(&std::fs::read_to_string(file.unwrap().path()).unwrap()));
    }
    let documented: BTreeSet<_> = documented().into_keys().map(str::to_owned).collect();
    assert_eq!(measured, documented);
}

/// The names of measurements in a text.
fn names(text: &str) -> BTreeSet<String> {
    let is_part = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
    let words = text.split(|letter| !is_part(letter));
    words
        .filter(|word| word.starts_with("tsugi_") && *word != "tsugi_sync" && *word != "tsugi_server")
        .map(str::to_owned)
        .collect()
}

#[test]
fn dashboard_and_alerts_use_names_of_the_page() {
    let documented = documented();
    for file in ["deploy/grafana/tsugi.json", "deploy/prometheus/alerts.yml"] {
        let text = std::fs::read_to_string(root().join(file)).unwrap();
        let used = names(&text);
        assert!(used.len() > 10, "{file}");
        for name in used {
            let metric = base(&name, &documented);
            assert!(
                documented.contains_key(metric),
                "{file} uses {name}, which nothing measures"
            );
            let is_part = metric != name;
            assert!(
                documented[metric].kind != "histogram" || is_part,
                "{file}: {name} is a histogram, which has only _bucket, _sum and _count"
            );
        }
    }
}
