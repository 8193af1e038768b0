//! Sockets that fail. A working socket needs a server, so the end-to-end tests have it.

use futures::StreamExt;
use tsugi_client::browser::socket::{Socket, SocketError, SocketInput};
use tsugi_sync::frame::Frame;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::raw::inbox;

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
    assert_eq!(socket.send(&frame("too early")), Err(SocketError::NotOpen));
    let ended = inputs.next().await;
    assert!(
        matches!(ended, Some(SocketInput::Closed { code: 1006, .. })),
        "{ended:?}"
    );
    assert_eq!(inputs.next().await, None, "the receiver is let go");
    assert_eq!(socket.send(&frame("too late")), Err(SocketError::NotOpen));
    assert_eq!(socket.buffered_amount(), 0);
    socket.close(1000);
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
