//! The same session over requests that poll.

use std::net::SocketAddr;

use serde_json::json;
use tsugi_sync::frame::{Form, Frame};
use tsugi_sync::ids::{Mark, ReplicaId, Revision};
use tsugi_sync::limits;
use tsugi_sync::protocol::{Down, ErrorCode, Fate, Push, Subscribe, Up};
use uuid::Uuid;

use crate::harness::{Account, Answer, Replica, Server, exchange_bytes, hello, new_entity, parse, set, text};

pub(crate) struct Poll {
    pub(crate) address: SocketAddr,
    pub(crate) lengths: bool,
    pub(crate) session: Option<String>,
    pub(crate) seq: u64,
    pub(crate) ack: u64,
}

impl Poll {
    fn new(server: &Server, lengths: bool) -> Self {
        Self {
            address: server.address,
            lengths,
            session: None,
            seq: 0,
            ack: 0,
        }
    }

    pub(crate) async fn ask(&self, headers: &[(&str, String)], body: &[u8]) -> (Answer, Vec<u8>) {
        let kind = if self.lengths {
            "application/octet-stream"
        } else {
            "text/plain"
        };
        let mut head = format!(
            "POST /api/v1/sync HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-type: {kind}\r\n",
            self.address
        );
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if let Some(session) = &self.session {
            head.push_str(&format!("tsugi-session: {session}\r\n"));
        }
        head.push_str(&format!("content-length: {}\r\n\r\n", body.len()));
        let raw = exchange_bytes(self.address, &[head.as_bytes(), body].concat()).await;
        let end = raw.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
        (parse(&String::from_utf8_lossy(&raw)), raw[end..].to_vec())
    }

    pub(crate) async fn talk_as(&self, seq: u64, frames: &[Frame]) -> (Answer, Vec<u8>) {
        let mut body = Vec::new();
        for frame in frames {
            match (self.lengths, frame) {
                (false, Frame::Text(text)) => body.extend(format!("{text}\n").as_bytes()),
                (true, Frame::Text(text)) => {
                    body.extend((text.len() as u32 + 1).to_be_bytes());
                    body.push(Form::TEXT.byte());
                    body.extend(text.as_bytes());
                }
                (true, Frame::Binary(bytes)) => {
                    body.extend((bytes.len() as u32).to_be_bytes());
                    body.extend(bytes);
                }
                (false, Frame::Binary(_)) => panic!("lines hold text"),
            }
        }
        self.ask(&[("tsugi-seq", seq.to_string())], &body).await
    }

    /// Talks; the first time, answers what came with the answer.
    pub(crate) async fn talk(&mut self, frames: &[Frame]) -> Vec<Down> {
        self.seq += 1;
        let (answer, body) = self.talk_as(self.seq, frames).await;
        match self.session {
            None => {
                assert_eq!(answer.status, 200, "{answer:?}");
                self.session = Some(answer.header("tsugi-session").unwrap().to_owned());
                self.take(&answer, &body)
            }
            Some(_) => {
                assert_eq!(answer.status, 204, "{answer:?}");
                Vec::new()
            }
        }
    }

    pub(crate) async fn listen_after(&self, ack: u64, wait: u64) -> (Answer, Vec<u8>) {
        self.ask(
            &[
                ("tsugi-ack", ack.to_string()),
                ("tsugi-wait-ms", wait.to_string()),
            ],
            &[],
        )
        .await
    }

    async fn listen(&mut self) -> Vec<Down> {
        let (answer, body) = self.listen_after(self.ack, 10_000).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        self.take(&answer, &body)
    }

    fn take(&mut self, answer: &Answer, body: &[u8]) -> Vec<Down> {
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let first: u64 = answer.header("tsugi-seq").unwrap().parse().unwrap();
        assert_eq!(first, self.ack + 1);
        let messages = read(self.lengths, body);
        self.ack += messages.len() as u64;
        messages
    }

    /// Listens until it is told of `wanted`.
    pub(crate) async fn until(&mut self, wanted: impl Fn(&Down) -> bool) -> Down {
        loop {
            if let Some(found) = self.listen().await.into_iter().find(&wanted) {
                return found;
            }
        }
    }
}

/// The messages of a body.
fn read(lengths: bool, body: &[u8]) -> Vec<Down> {
    let frames = match lengths {
        false => {
            let text = String::from_utf8(body.to_vec()).unwrap();
            text.lines().map(|line| Frame::Text(line.to_owned())).collect()
        }
        true => frames(body),
    };
    let message = |frame: Frame| Down::parse(&frame.unpack().unwrap()).unwrap();
    frames.into_iter().map(message).collect()
}

fn frames(mut body: &[u8]) -> Vec<Frame> {
    let mut frames = Vec::new();
    while let Some((length, rest)) = body.split_first_chunk::<4>() {
        let (frame, rest) = rest.split_at(u32::from_be_bytes(*length) as usize);
        frames.push(Frame::Binary(frame.to_vec()));
        body = rest;
    }
    frames
}

pub(crate) fn text_of(message: &Up) -> Frame {
    Frame::Text(message.to_frame())
}

pub(crate) fn greeting(account: &Account, offers: &[&str]) -> Vec<Frame> {
    let Up::Hello(mut hello) = hello(&account.token, ReplicaId(Uuid::new_v4())) else {
        panic!("a hello")
    };
    hello.versions = vec![2];
    hello.encodings = offers.iter().map(|&offer| offer.to_owned()).collect();
    hello.compressions.clone_from(&hello.encodings);
    let subscribe = Subscribe {
        workspace: account.workspace,
        epoch: None,
        cursor: Revision(0),
        mark: Mark(0),
    };
    vec![text_of(&Up::Hello(hello)), text_of(&Up::Subscribe(subscribe))]
}

/// Greeted and subscribed.
pub(crate) async fn live(server: &Server, account: &Account, lengths: bool, offers: &[&str]) -> Poll {
    let mut poll = Poll::new(server, lengths);
    let mut came = poll.talk(&greeting(account, offers)).await;
    assert!(matches!(came.first(), Some(Down::Welcome(_))), "{came:?}");
    while !came.iter().any(|down| matches!(down, Down::Subscribed { .. })) {
        came = poll.listen().await;
    }
    poll
}

pub(crate) fn push(account: &Account, mutations: Vec<tsugi_sync::mutation::PushedMutation>) -> Up {
    Up::Push(Push {
        workspace: account.workspace,
        mutations,
    })
}

#[tokio::test]
async fn edits_go_both_ways_in_lines_and_in_bytes() {
    let server = Server::start().await;
    let account = server.account().await;
    let mut socket = Replica::live(&server, &account).await;
    for (lengths, offers) in [
        (false, &[][..]),
        (true, &[]),
        (true, &["compact", "deflate"]),
        (false, &["compact", "deflate"]),
    ] {
        let mut poll = live(&server, &account, lengths, offers).await;
        let task = new_entity();
        let form = Form {
            compact: lengths && !offers.is_empty(),
            deflated: lengths && !offers.is_empty(),
        };
        let message = push(&account, vec![set(1, task, &[("title", "over requests")], &[])]);
        poll.talk(&[form.pack(message.to_frame())]).await;
        let answer = poll
            .until(|down| matches!(down, Down::Delta(delta) if !delta.outcomes.is_empty()))
            .await;
        let Down::Delta(delta) = answer else {
            panic!("{answer:?}")
        };
        assert!(matches!(delta.outcomes[0].fate, Fate::Accepted { .. }));
        let seen = socket.next_delta().await;
        assert_eq!(text(&seen.entities[0], "title"), "over requests");
        let Fate::Accepted { revision, .. } = delta.outcomes[0].fate else {
            panic!("accepted")
        };
        let edit = socket.set(task, &[("title", "over a socket")], &[("title", revision.0)]);
        socket.commit(edit).await;
        let heard = poll
            .until(|down| matches!(down, Down::Delta(delta) if !delta.entities.is_empty()))
            .await;
        let Down::Delta(delta) = heard else {
            panic!("{heard:?}")
        };
        assert_eq!(text(&delta.entities[0], "title"), "over a socket");
    }
    server.stop().await;
}

#[tokio::test]
async fn what_is_lost_on_the_way_comes_again_and_happens_once() {
    let server = Server::start().await;
    let account = server.account().await;
    let mut poll = live(&server, &account, false, &[]).await;
    let message = push(&account, vec![set(1, new_entity(), &[("title", "once")], &[])]);
    poll.talk(&[text_of(&message)]).await;
    // A browser that got no answer asks again by itself.
    let (answer, _) = poll.talk_as(poll.seq, &[text_of(&message)]).await;
    assert_eq!(answer.status, 204);
    let ack = poll.ack;
    let (first, one) = poll.listen_after(ack, 10_000).await;
    let (second, other) = poll.listen_after(ack, 10_000).await;
    assert_eq!((first.status, second.status), (200, 200));
    assert!(other.starts_with(&one), "given again, and maybe more");
    poll.take(&second, &other);
    poll.talk(&[text_of(&Up::Ping)]).await;
    let pong = poll.until(|down| matches!(down, Down::Pong { .. })).await;
    assert_eq!(
        pong,
        Down::Pong {
            heads: vec![(account.workspace, Revision(1))]
        },
        "one change"
    );
    // Nothing to hear: held for as long as was asked, and no longer.
    let (answer, _) = poll.listen_after(poll.ack, 1).await;
    assert_eq!(answer.status, 204);
    server.stop().await;
}

#[tokio::test]
async fn requests_that_make_no_sense() {
    let server = Server::start().await;
    let account = server.account().await;
    let poll = Poll::new(&server, false);
    // No session yet, and nothing said.
    assert_eq!(poll.listen_after(0, 1).await.0.status, 400);
    let (answer, _) = poll.talk_as(2, &greeting(&account, &[])).await;
    assert_eq!((answer.status, answer.code()), (400, "invalid"));
    for session in [Uuid::new_v4().to_string(), "me".to_owned()] {
        let stranger = Poll {
            session: Some(session.clone()),
            ..Poll::new(&server, false)
        };
        let status = stranger.listen_after(0, 1).await.0.status;
        assert_eq!(status, if session == "me" { 400 } else { 404 });
    }
    let (answer, _) = Poll::new(&server, true)
        .ask(&[("tsugi-seq", "1".into())], &[0, 0, 0, 9, 1])
        .await;
    assert_eq!(answer.status, 400, "a frame that ends too early");
    let huge = vec![b' '; limits::FRAME_BYTES + 100_000];
    let (answer, _) = poll.ask(&[("tsugi-seq", "1".into())], &huge).await;
    assert_eq!((answer.status, answer.code()), (413, "too_large"));
    let answer = server.post("/api/v1/sync", &json!({})).await;
    assert_eq!(answer.status, 400, "of another type");
    // Numbers with a gap are the end.
    let mut poll = live(&server, &account, false, &[]).await;
    let (answer, _) = poll.talk_as(poll.seq + 2, &[text_of(&Up::Ping)]).await;
    assert_eq!(answer.status, 400);
    poll.seq += 1;
    assert_eq!(poll.talk_as(poll.seq, &[text_of(&Up::Ping)]).await.0.status, 404);
    server.stop().await;
}

#[tokio::test]
async fn an_end_is_told_before_the_session_is_forgotten() {
    let server = Server::start().await;
    let mut poll = Poll::new(&server, false);
    let came = poll.talk(&[Frame::Text("{}".into())]).await;
    assert!(
        matches!(&came[..], [Down::Error(error)] if error.code == ErrorCode::BadFrame),
        "{came:?}"
    );
    let (answer, _) = poll.listen_after(poll.ack, 10_000).await;
    assert_eq!(answer.status, 404);
    let account = server.account().await;
    let poll = live(&server, &account, true, &["compact", "deflate"]).await;
    // An older request that listens is ended by a newer one: then that one is there.
    let (older, newer) = (
        poll.listen_after(poll.ack, 10_000),
        poll.listen_after(poll.ack, 10_000),
    );
    tokio::pin!(older, newer);
    let (answer, later) = tokio::select! {
        (answer, _) = &mut older => (answer, newer),
        (answer, _) = &mut newer => (answer, older),
    };
    assert_eq!(answer.status, 204);
    let mut server = server;
    server.drain();
    let (_, body) = later.await;
    let end = read(poll.lengths, &body).pop();
    assert!(
        matches!(&end, Some(Down::Error(error)) if error.code == ErrorCode::Draining && error.retry_after_ms.is_some()),
        "{end:?}"
    );
    server.ended().await;
}
