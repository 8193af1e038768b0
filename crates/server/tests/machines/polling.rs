//! Polling sessions behind real load balancers: each goes to its instance by its name, and where it does not, it is answered
//! all the same.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use tsugi_sync::ids::{Mark, ReplicaId, Revision};
use tsugi_sync::protocol::{Hello, Subscribe, Token, Up};
use uuid::Uuid;

use crate::account::{Account, ask};
use crate::fleet::{Before, Fleet};

const SESSIONS: usize = 12;
const LINE: &str = "POST /api/v1/sync";

#[tokio::test]
async fn sessions_go_to_their_instances_and_any_other_one_answers_too() {
    for before in [Before::Haproxy, Before::Nginx] {
        let mut fleet = Fleet::start(before).await;
        let front = fleet.balancer.address;
        let mut names = Vec::new();
        for _ in 0..SESSIONS {
            names.push(begin(front, &fleet.account).await);
        }
        let owners: BTreeSet<_> = names.iter().map(|name| owner(name)).collect();
        assert_eq!(
            owners.into_iter().collect::<Vec<_>>(),
            ["a", "b"],
            "both have some"
        );
        for name in &names {
            assert_eq!(listen(front, name).await, 200, "{before:?}");
        }
        for process in [&fleet.a, &fleet.b] {
            assert_eq!(passed_on(process.address()).await, 0, "each went to its owner");
        }
        for name in &names {
            let wrong = if owner(name) == "a" { &fleet.b } else { &fleet.a };
            assert_eq!(listen(wrong.address(), name).await, 200, "{before:?}");
        }
        let (on_a, on_b) = (
            passed_on(fleet.a.address()).await,
            passed_on(fleet.b.address()).await,
        );
        assert_eq!(on_a + on_b, SESSIONS);

        fleet.process("a").kill();
        for name in &names {
            // The balancer may not know yet that its owner is gone, and says so in its own words.
            let status = listen(front, name).await;
            match owner(name) {
                "a" => assert!(matches!(status, 404 | 502 | 503), "{before:?}: {status}"),
                _ => assert_eq!(status, 200, "{before:?}"),
            }
        }
    }
}

fn owner(name: &str) -> &str {
    name.split_once('.').unwrap().0
}

/// Begins a session, and answers its name.
async fn begin(address: SocketAddr, account: &Account) -> String {
    let hello = Up::Hello(Hello {
        versions: vec![1],
        token: Token(account.token.clone()),
        replica: ReplicaId(Uuid::new_v4()),
        device: "a test".into(),
        app: "test 1".into(),
        encodings: Vec::new(),
        compressions: Vec::new(),
    });
    let subscribe = Up::Subscribe(Subscribe {
        workspace: account.workspace,
        epoch: None,
        cursor: Revision(0),
        mark: Mark(0),
    });
    let body = format!("{}\n{}\n", hello.to_frame(), subscribe.to_frame());
    let headers = format!(
        "content-type: text/plain\r\ntsugi-seq: 1\r\ncontent-length: {}\r\n",
        body.len()
    );
    let (status, head, body) = ask(address, LINE, &headers, &body).await.unwrap();
    assert_eq!(status, 200, "{head}\n{body}");
    let name = head.lines().find_map(|line| line.strip_prefix("tsugi-session: "));
    name.unwrap().to_owned()
}

/// Listens from the beginning: the first frame is always given again, because nothing was acknowledged.
async fn listen(address: SocketAddr, name: &str) -> u16 {
    let headers = format!(
        "content-type: text/plain\r\ntsugi-session: {name}\r\ntsugi-wait-ms: 5000\r\ncontent-length: 0\r\n"
    );
    ask(address, LINE, &headers, "").await.unwrap().0
}

/// How many requests this instance has passed on.
async fn passed_on(address: SocketAddr) -> usize {
    let (status, _, body) = ask(address, "GET /metrics", "", "").await.unwrap();
    assert_eq!(status, 200);
    let name = "tsugi_polls_forwarded_total{what=\"done\"} ";
    let value = body.lines().find_map(|line| line.strip_prefix(name));
    value.map_or(0, |value| value.parse().unwrap())
}
