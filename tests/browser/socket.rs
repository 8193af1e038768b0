//! Sockets that fail, and sockets of a browser that does what the test tells it. A real socket that works needs a server,
//! so the end-to-end tests have it.

use futures::StreamExt;
use tsugi_client::browser::socket::{Socket, SocketError, SocketInput};
use tsugi_sync::frame::Frame;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::raw::{inbox, run};

// Browsers themselves refuse port 9 (discard). On port 1 nobody listens, so the machine refuses the connection.
const NOBODY: &str = "ws://127.0.0.1:1/";

fn frame(text: &str) -> Frame {
    Frame::Text(text.to_owned())
}

#[wasm_bindgen_test]
async fn a_refused_connection_is_closed_and_nothing_more() {
    let (put, mut inputs) = inbox();
    let socket = Socket::open(NOBODY, put);
    let socket = match socket {
        Ok(socket) => socket,
        // Some browsers refuse unsafe ports before they try to connect.
        Err(SocketError::NotAllowed { .. }) => return,
        Err(other) => panic!("{other}"),
    };
    assert_eq!(socket.send(frame("too early")), Err(SocketError::NotOpen));
    let ended = inputs.next().await;
    assert!(
        matches!(ended, Some(SocketInput::Closed { code: 1006, .. })),
        "{ended:?}"
    );
    assert_eq!(inputs.next().await, None, "the receiver is let go");
    assert_eq!(socket.send(frame("too late")), Err(SocketError::NotOpen));
}

#[wasm_bindgen_test]
async fn a_dropped_socket_is_silent() {
    let (put, mut inputs) = inbox::<SocketInput>();
    drop(Socket::open(NOBODY, put));
    assert_eq!(inputs.next().await, None);
}

#[wasm_bindgen_test]
fn an_address_that_is_none_is_an_error() {
    let (put, _inputs) = inbox();
    assert!(matches!(
        Socket::open("ws://[", put),
        Err(SocketError::NotAllowed { .. })
    ));
}

#[wasm_bindgen_test]
fn a_path_gets_this_origins_address() {
    let address = Socket::same_origin("/sync").unwrap();
    assert!(
        address.starts_with("ws://") && address.ends_with("/sync"),
        "{address}"
    );
}

/// In place of the browser's own class until dropped: sockets that say and note what a test wants.
struct Told;

impl Told {
    async fn begin() -> Self {
        run(
            "globalThis.toldSockets = [];
             globalThis.RealWebSocket = WebSocket;
             globalThis.WebSocket = class extends EventTarget {
                 constructor(url) {
                     super();
                     Object.assign(this, { url, readyState: 0, sent: [], closed: [] });
                     toldSockets.push(this);
                 }
                 send(data) { this.sent.push(typeof data === 'string' ? data : [...data]); }
                 close(...given) { this.closed.push(given); this.readyState = 2; }
                 opens() { this.readyState = 1; this.dispatchEvent(new Event('open')); }
                 says(data) { this.dispatchEvent(new MessageEvent('message', { data })); }
                 ends(code, reason) {
                     this.readyState = 3;
                     this.dispatchEvent(new CloseEvent('close', { code, reason }));
                 }
             };",
            "",
        )
        .await;
        Self
    }

    /// Runs `code` with the socket that was made as number `nth`.
    async fn with(&self, nth: usize, code: &str) -> String {
        let code = format!("const socket = toldSockets[{nth}]; {code}");
        run(&code, "").await.as_string().unwrap_or_default()
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        let back = "WebSocket = RealWebSocket; delete globalThis.toldSockets;";
        js_sys::Function::new_no_args(back)
            .call0(&wasm_bindgen::JsValue::UNDEFINED)
            .unwrap();
    }
}

#[wasm_bindgen_test]
async fn whatever_a_socket_says_in_one_go_arrives_in_order_and_then_its_end() {
    let told = Told::begin().await;
    let (put, mut inputs) = inbox();
    let _socket = Socket::open("ws://told/", put).unwrap();
    told.with(
        0,
        "if (socket.binaryType !== 'arraybuffer') throw new Error(socket.binaryType);
         socket.opens();
         socket.says('one');
         socket.says(new Uint8Array([1, 2, 3]).buffer);
         socket.says('');
         await 0; await 0;
         socket.says('two');
         socket.dispatchEvent(new Event('error'));
         socket.ends(4409, 'too old');
         socket.says('after the end');",
    )
    .await;
    assert_eq!(inputs.next().await, Some(SocketInput::Opened));
    for expected in [
        frame("one"),
        Frame::Binary(vec![1, 2, 3]),
        frame(""),
        frame("two"),
    ] {
        assert_eq!(inputs.next().await, Some(SocketInput::Frame(expected)));
    }
    let closed = SocketInput::Closed {
        code: 4409,
        reason: "too old".to_owned(),
    };
    assert_eq!(inputs.next().await, Some(closed));
    assert_eq!(inputs.next().await, None, "the receiver is let go");
}

#[wasm_bindgen_test]
async fn frames_go_out_in_order_and_only_while_it_is_open() {
    let told = Told::begin().await;
    let (put, mut inputs) = inbox();
    let socket = Socket::open("ws://told/", put).unwrap();
    assert_eq!(socket.send(frame("too early")), Err(SocketError::NotOpen));
    told.with(0, "socket.opens()").await;
    assert_eq!(inputs.next().await, Some(SocketInput::Opened));
    assert_eq!(socket.send(frame("one")), Ok(()));
    assert_eq!(socket.send(Frame::Binary(vec![0, 255])), Ok(()));
    told.with(0, "socket.ends(1001, '')").await;
    assert_eq!(socket.send(frame("too late")), Err(SocketError::NotOpen));
    let sent = told.with(0, "return JSON.stringify(socket.sent)").await;
    assert_eq!(sent, r#"["one",[0,255]]"#);
}

#[wasm_bindgen_test]
async fn a_late_word_of_a_dropped_socket_reaches_nobody_and_the_server_hears_that_it_is_done() {
    let told = Told::begin().await;
    let (put, mut old) = inbox();
    let socket = Socket::open("ws://told/", put).unwrap();
    told.with(0, "socket.opens()").await;
    assert_eq!(old.next().await, Some(SocketInput::Opened));
    // Said, and not read yet.
    told.with(0, "socket.says('late')").await;
    drop(socket);
    let (put, mut new) = inbox();
    let _socket = Socket::open("ws://told/", put).unwrap();
    told.with(0, "socket.says('later'); socket.ends(1006, '')").await;
    told.with(1, "socket.opens(); socket.says('mine')").await;
    assert_eq!(new.next().await, Some(SocketInput::Opened));
    assert_eq!(new.next().await, Some(SocketInput::Frame(frame("mine"))));
    let heard = old.next().await;
    assert!(matches!(heard, None | Some(SocketInput::Frame(_))), "{heard:?}");
    if heard.is_some() {
        assert_eq!(old.next().await, None);
    }
    let closed = told.with(0, "return JSON.stringify(socket.closed[0])").await;
    assert_eq!(closed, "[1000]");
}

#[wasm_bindgen_test]
async fn a_socket_that_is_dropped_while_it_connects_is_closed_and_silent() {
    let told = Told::begin().await;
    let (put, mut inputs) = inbox::<SocketInput>();
    drop(Socket::open("ws://told/", put));
    told.with(0, "socket.opens(); socket.ends(1006, '')").await;
    assert_eq!(inputs.next().await, None);
    let closed = told.with(0, "return String(socket.closed.length > 0)").await;
    assert_eq!(closed, "true");
}
