//! Frames that are not text: what was agreed on, either way, and nothing else.

use futures_util::{SinkExt, StreamExt};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tsugi_sync::frame::{Form, Frame};
use tsugi_sync::ids::{ReplicaId, Revision};
use tsugi_sync::protocol::{Down, ErrorCode, Fate, Push, Subscribe, Up};
use uuid::Uuid;

use crate::harness::{Account, PATIENCE, Replica, Server, Socket, hello, new_entity, set};

/// A message and the form it came in.
async fn next(socket: &mut Socket) -> (Form, Down) {
    loop {
        let message = timeout(PATIENCE, socket.stream.next())
            .await
            .expect("a message in time");
        let frame = match message.unwrap().unwrap() {
            Message::Text(text) => Frame::Text(text.as_str().to_owned()),
            Message::Binary(bytes) => Frame::Binary(bytes.into()),
            Message::Ping(_) | Message::Pong(_) => continue,
            other => panic!("{other:?}"),
        };
        let form = frame.split().unwrap().0;
        return (form, Down::parse(&frame.unpack().unwrap()).unwrap());
    }
}

async fn send(socket: &mut Socket, form: Form, message: &Up) {
    let message = match form.pack(message.to_frame()) {
        Frame::Text(text) => Message::text(text),
        Frame::Binary(bytes) => Message::binary(bytes),
    };
    socket.stream.send(message).await.unwrap();
}

/// Greeted with an offer, and subscribed; answers the form of what came.
async fn open(
    server: &Server,
    account: &Account,
    encodings: &[&str],
    compressions: &[&str],
) -> (Socket, Vec<Form>) {
    let mut socket = Socket::open(server.address).await;
    let Up::Hello(mut hello) = hello(&account.token, ReplicaId(Uuid::new_v4())) else {
        panic!("a hello");
    };
    hello.versions = vec![2];
    hello.encodings = encodings.iter().map(|&name| name.to_owned()).collect();
    hello.compressions = compressions.iter().map(|&name| name.to_owned()).collect();
    socket.send(&Up::Hello(hello)).await;
    let (form, welcome) = next(&mut socket).await;
    assert_eq!(form, Form::TEXT, "until it is agreed");
    let Down::Welcome(welcome) = welcome else {
        panic!("{welcome:?}")
    };
    let agreed = |name: &Option<String>, known: &str| name.as_deref() == Some(known);
    assert_eq!(
        agreed(&welcome.encoding, "compact"),
        encodings.contains(&"compact")
    );
    assert_eq!(
        agreed(&welcome.compression, "deflate"),
        compressions.contains(&"deflate")
    );
    let subscribe = Subscribe {
        workspace: account.workspace,
        epoch: None,
        cursor: Revision(0),
        mark: tsugi_sync::ids::Mark(0),
    };
    socket.send(&Up::Subscribe(subscribe)).await;
    let mut forms = Vec::new();
    loop {
        let (form, message) = next(&mut socket).await;
        forms.push(form);
        if matches!(message, Down::Subscribed { .. }) {
            return (socket, forms);
        }
    }
}

#[tokio::test]
async fn each_session_gets_what_it_agreed_to_of_the_same_changes() {
    let server = Server::start().await;
    let account = server.account().await;
    let mut writer = Replica::live(&server, &account).await;
    let many = (0..60).map(|n| {
        set(
            n + 1,
            new_entity(),
            &[("title", "Buy the same milk as ever")],
            &[],
        )
    });
    writer.push(many.collect()).await;
    writer.socket.delta().await;
    for (encodings, compressions) in [
        (&[][..], &[][..]),
        (&["compact"], &[]),
        (&[], &["deflate"]),
        (&["compact"], &["deflate"]),
        // What this server does not know is passed over.
        (&["morse", "compact"], &["deflate", "zeal"]),
    ] {
        let agreed = Form {
            compact: encodings.contains(&"compact"),
            deflated: compressions.contains(&"deflate"),
        };
        let (mut reader, forms) = open(&server, &account, encodings, compressions).await;
        assert_eq!(forms[0], agreed, "a snapshot is worth deflating");
        let short = Form {
            deflated: false,
            ..agreed
        };
        assert_eq!(forms.last(), Some(&short), "a short message is not");
        // What others write.
        writer.seq += 100;
        let mutation = set(writer.seq, new_entity(), &[("title", "bread")], &[]);
        writer.push(vec![mutation]).await;
        writer.socket.delta().await;
        let (form, message) = next(&mut reader).await;
        assert!(
            form == short && matches!(&message, Down::Delta(delta) if delta.entities.len() == 1),
            "{message:?}"
        );
        // What it writes itself, in the same way.
        let own = (0..60).map(|n| set(n + 1, new_entity(), &[("title", "And eggs of happy hens")], &[]));
        let push = Push {
            workspace: account.workspace,
            mutations: own.collect(),
        };
        send(&mut reader, agreed, &Up::Push(push)).await;
        let (_, message) = next(&mut reader).await;
        let Down::Delta(delta) = message else {
            panic!("{message:?}")
        };
        let accepted =
            |outcome: &tsugi_sync::protocol::Outcome| matches!(outcome.fate, Fate::Accepted { .. });
        assert!(delta.outcomes.len() == 60 && delta.outcomes.iter().all(accepted));
        writer.socket.delta().await;
    }
    server.stop().await;
}

#[tokio::test]
async fn bytes_that_mean_nothing_are_a_bad_frame_and_too_many_are_too_large() {
    let server = Server::start().await;
    let account = server.account().await;
    let bomb = {
        let spaces = Frame::Text(" ".repeat(8 * 1024 * 1024));
        let Frame::Text(text) = spaces else { panic!("text") };
        let Frame::Binary(bytes) = (Form {
            compact: false,
            deflated: true,
        })
        .pack(text) else {
            panic!("smaller")
        };
        bytes
    };
    assert!(bomb.len() < 20_000);
    for (bytes, code) in [
        (vec![], ErrorCode::BadFrame),
        (vec![4, 0xa0], ErrorCode::BadFrame),
        (vec![1, 0xa1], ErrorCode::BadFrame),
        (vec![1, 0xff], ErrorCode::BadFrame),
        (vec![2, 1, 2, 3], ErrorCode::BadFrame),
        (vec![0, 0xc3, 0x28], ErrorCode::BadFrame),
        (bomb, ErrorCode::FrameTooLarge),
    ] {
        let (mut socket, _) = open(&server, &account, &["compact"], &["deflate"]).await;
        let what = format!("{:?}", &bytes[..bytes.len().min(8)]);
        socket.stream.send(Message::binary(bytes)).await.unwrap();
        let (_, message) = next(&mut socket).await;
        let Down::Error(error) = message else {
            panic!("{message:?}")
        };
        assert_eq!(error.code, code, "{what}");
    }
    server.stop().await;
}
