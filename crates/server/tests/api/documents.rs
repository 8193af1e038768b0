//! `docs/protocol.md` is enough to write a client from: it leaves out no message, code or limit.

use tsugi_server::http::error::{ApiCode, Reason};
use tsugi_sync::limits;
use tsugi_sync::protocol::{ErrorCode, RefusalCode, VERSIONS};

use crate::harness::{Server, request};

const PROTOCOL: &str = include_str!("../../../../docs/protocol.md");

fn names(what: &str) {
    assert!(
        PROTOCOL.contains(&format!("`{what}`")),
        "docs/protocol.md does not name `{what}`"
    );
}

#[test]
fn every_code_is_explained() {
    for code in RefusalCode::ALL {
        names(code.as_str());
    }
    for code in ErrorCode::ALL {
        names(code.as_str());
        if let Some(close) = code.close_code() {
            let row = PROTOCOL
                .lines()
                .find(|line| line.starts_with(&format!("| `{}` |", code.as_str())));
            let row = row.unwrap_or_else(|| panic!("no row for `{}`", code.as_str()));
            assert!(row.contains(&close.to_string()), "{row}");
        }
    }
    for code in ApiCode::ALL {
        names(serde_json::to_value(code).unwrap().as_str().unwrap());
    }
}

#[tokio::test]
async fn the_http_api_is_what_its_document_says() {
    let server = Server::start().await;
    let document = server.get("/api/openapi.json").await;
    assert_eq!(document.header("content-type"), Some("application/json"));
    let codes = &document.json["components"]["schemas"]["Error"]["properties"]["code"]["enum"];
    assert_eq!(*codes, serde_json::to_value(ApiCode::ALL).unwrap());
    let reasons = &document.json["components"]["schemas"]["Error"]["properties"]["reason"]["enum"];
    assert_eq!(*reasons, serde_json::to_value(Reason::ALL).unwrap());
    let paths = document.json["paths"].as_object().unwrap();
    assert!(paths.len() >= 8);
    for (path, methods) in paths {
        for (method, operation) in methods.as_object().unwrap() {
            let answer = request(server.address, &method.to_uppercase(), path, &[], None).await;
            assert!(
                operation["responses"][answer.status.to_string()].is_object(),
                "{method} {path}: {answer:?}"
            );
        }
        // No method that the document leaves out.
        for method in ["get", "post", "put", "patch", "delete"] {
            if methods[method].is_null() {
                let answer = request(server.address, &method.to_uppercase(), path, &[], None).await;
                assert_eq!(answer.status, 405, "{method} {path}");
            }
        }
    }
    server.stop().await;
}

#[test]
fn every_message_and_fate_has_an_example() {
    for kind in ["hello", "subscribe", "push", "pull", "auth", "ping"] {
        assert!(PROTOCOL.contains(&format!("{{\"type\":\"{kind}\"")), "{kind}");
    }
    for kind in ["welcome", "snapshot", "delta", "subscribed", "pong", "error"] {
        assert!(PROTOCOL.contains(&format!("{{\"type\":\"{kind}\"")), "{kind}");
    }
    for fate in ["accepted", "conflict", "refused"] {
        assert!(PROTOCOL.contains(&format!("\"fate\":\"{fate}\"")), "{fate}");
    }
}

/// The examples are frames that this build reads.
#[test]
fn examples_are_messages() {
    let mut frames = 0;
    for line in PROTOCOL.lines().filter(|line| line.starts_with("{\"type\"")) {
        let up = tsugi_sync::protocol::Up::parse(line);
        let down = tsugi_sync::protocol::Down::parse(line);
        assert!(
            up.is_ok() || down.is_ok(),
            "{line}\n{:?}\n{:?}",
            up.err(),
            down.err()
        );
        frames += 1;
    }
    assert!(frames >= 12, "{frames}");
}

#[test]
fn limits_and_versions_are_those_of_the_code() {
    for number in [
        limits::FRAME_BYTES,
        limits::VALUE_BYTES,
        limits::VALUE_DEPTH,
        limits::TITLE_CHARS,
        limits::FIELDS_PER_MUTATION,
        limits::NAME_BYTES,
        limits::MUTATIONS_PER_PUSH,
        limits::IN_FLIGHT,
        limits::SUBSCRIPTIONS,
        limits::HELLO_TEXT_BYTES,
        tsugi_server::config::ENTITY_BYTES,
    ] {
        assert!(
            PROTOCOL.contains(&format!("| {number} ")),
            "no row for a limit of {number}"
        );
    }
    for version in VERSIONS {
        assert!(
            PROTOCOL.contains(&format!("- **{version}**")),
            "no history line for version {version}"
        );
    }
}
