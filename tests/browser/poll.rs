//! Long polling, with a server of a few lines of JavaScript in the place of `fetch`.

use futures::StreamExt;
use futures::channel::mpsc::UnboundedReceiver;
use tsugi_client::browser::poll::Poll;
use tsugi_client::browser::socket::SocketInput;
use tsugi_sync::frame::{Form, Frame};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::raw::{fresh, inbox, run};

/// Answers requests to a path, and returns the path. `answer` is a function of the request (`frames`, `wait`, `seq`,
/// `ack`, `session`, and `n`, which counts from 1) that gives `[status, first, frames]` or a promise of it.
async fn server(answer: &str) -> String {
    let path = format!("/{}", fresh("poll"));
    let code = format!(
        "globalThis.polled ??= new Map();
         if (!globalThis.unpolled) {{
             globalThis.unpolled = globalThis.fetch;
             globalThis.fetch = async (request, ...more) => {{
                 const path = new URL(request.url ?? request, location.href).pathname;
                 const server = globalThis.polled.get(path);
                 return server ? server(request) : globalThis.unpolled(request, ...more);
             }};
         }}
         const answer = {answer};
         const seen = [];
         globalThis.polled.set(input, async (request) => {{
             const header = (name) => request.headers.get('tsugi-' + name);
             const body = new DataView(await request.arrayBuffer());
             const frames = [];
             for (let at = 0; at < body.byteLength; at += 4 + body.getUint32(at))
                 frames.push(new TextDecoder().decode(new Uint8Array(body.buffer, at + 5, body.getUint32(at) - 1)));
             const asked = {{ frames, wait: Number(header('wait-ms')), n: seen.length + 1,
                 seq: header('seq'), ack: Number(header('ack')), session: header('session'), at: performance.now(),
                 cache: request.cache, method: request.method }};
             seen.push(asked);
             const [status, first, answered] = await new Promise((resolve, reject) => {{
                 request.signal.addEventListener('abort', () => reject(new DOMException('gone', 'AbortError')));
                 Promise.resolve(answer(asked, seen)).then(resolve);
             }});
             const headers = {{ 'tsugi-session': 's1' }};
             if (first) headers['tsugi-seq'] = first;
             const parts = answered.flatMap((text) => {{
                 const bytes = new TextEncoder().encode(text);
                 const length = new DataView(new ArrayBuffer(5));
                 length.setUint32(0, bytes.length + 1);
                 return [length, bytes];
             }});
             return new Response(status === 204 ? null : new Blob(parts), {{ status, headers }});
         }});
         globalThis.polled.get(input).seen = seen;"
    );
    run(&code, &path).await;
    path
}

/// Waits, one turn of the event loop at a time, until `count` requests were made.
async fn asked(path: &str, count: usize) {
    let code = "globalThis.polled.get(input).seen.length";
    run(
        &format!("while ({code} < {count}) await new Promise((next) => setTimeout(next));"),
        path,
    )
    .await;
}

/// The value of `code`, a JavaScript expression of the requests that were `seen` at `path`.
async fn seen(path: &str, code: &str) -> String {
    let code = format!("const seen = globalThis.polled.get(input).seen; return String({code});");
    run(&code, path).await.as_string().unwrap()
}

fn frame(text: &str) -> Frame {
    Frame::Text(text.to_owned())
}

async fn text(inputs: &mut UnboundedReceiver<SocketInput>) -> String {
    match inputs.next().await {
        Some(SocketInput::Frame(Frame::Binary(bytes))) if bytes[0] == Form::TEXT.byte() => {
            String::from_utf8(bytes[1..].to_vec()).unwrap()
        }
        other => panic!("{other:?}"),
    }
}

#[wasm_bindgen_test]
async fn frames_go_up_together_and_come_down_in_order() {
    // The first request that listens is answered once something was pushed. The answer to the next one brings another
    // frame.
    let path = server(
        "({ n, frames }, seen) => {
             if (n === 1) return [200, 1, ['\"welcome\"']];
             if (frames.length) { globalThis.release(); return [204, 0, []]; }
             const listened = seen.filter(({ wait }) => wait > 0).length;
             if (listened === 1) return new Promise((answer) => {
                 globalThis.release = () => answer([200, 2, ['\"second\"']]); });
             if (listened === 2) return [200, 2, ['\"second\"', '\"third\"']];
             return new Promise(() => {});
         }",
    )
    .await;
    let (put, mut inputs) = inbox();
    let poll = Poll::open(&path, put).unwrap();
    assert_eq!(inputs.next().await, Some(SocketInput::Opened));
    poll.send(frame("\"hello\""));
    poll.send(frame("\"subscribe\""));
    assert_eq!(text(&mut inputs).await, "\"welcome\"");
    // One turn of the event loop later the client listens, and can push at the same time.
    asked(&path, 2).await;
    poll.send(frame("\"push\""));
    assert_eq!(text(&mut inputs).await, "\"second\"");
    assert_eq!(text(&mut inputs).await, "\"third\"");
    asked(&path, 5).await;
    let requests = "JSON.stringify(seen.map(({ frames, seq, ack, session, wait }) => [frames.length, seq, ack, session, wait > 0]))";
    assert_eq!(
        seen(&path, requests).await,
        r#"[[2,"1",0,null,false],[0,null,1,"s1",true],[1,"2",1,"s1",false],[0,null,2,"s1",true],[0,null,3,"s1",true]]"#
    );
    let way = "seen.every(({ cache, method }) => cache === 'no-store' && method === 'POST')";
    assert_eq!(seen(&path, way).await, "true");
    drop(poll);
    assert_eq!(inputs.next().await, None, "silent");
}

#[wasm_bindgen_test]
async fn an_answer_that_is_none_is_the_end() {
    for answer in ["() => [503, 0, ['busy']]", "() => [404, 0, []]"] {
        let path = server(answer).await;
        let (put, mut inputs) = inbox();
        let poll = Poll::open(&path, put).unwrap();
        assert_eq!(inputs.next().await, Some(SocketInput::Opened));
        poll.send(frame("\"hello\""));
        let ended = inputs.next().await;
        assert!(matches!(ended, Some(SocketInput::Closed { .. })), "{ended:?}");
        assert_eq!(inputs.next().await, None, "nothing follows");
        assert_eq!(seen(&path, "seen.length").await, "1", "nothing is tried again");
    }
}

#[wasm_bindgen_test]
async fn a_session_that_the_server_forgot_is_the_end() {
    let path = server("({ n }) => n === 1 ? [200, 1, ['\"welcome\"']] : [404, 0, []]").await;
    let (put, mut inputs) = inbox();
    let poll = Poll::open(&path, put).unwrap();
    assert_eq!(inputs.next().await, Some(SocketInput::Opened));
    poll.send(frame("\"hello\""));
    assert_eq!(text(&mut inputs).await, "\"welcome\"");
    assert!(matches!(inputs.next().await, Some(SocketInput::Closed { .. })));
    assert_eq!(inputs.next().await, None);
}

#[wasm_bindgen_test]
async fn a_server_that_answers_at_once_with_nothing_is_not_asked_in_a_loop() {
    let path = server(
        "({ n }) => n === 1 ? [200, 1, ['\"welcome\"']] : n < 4 ? [200, 2, []] : [200, 2, ['\"enough\"']]",
    )
    .await;
    let (put, mut inputs) = inbox();
    let poll = Poll::open(&path, put).unwrap();
    assert_eq!(inputs.next().await, Some(SocketInput::Opened));
    poll.send(frame("\"hello\""));
    assert_eq!(text(&mut inputs).await, "\"welcome\"");
    assert_eq!(text(&mut inputs).await, "\"enough\"");
    let gaps = "seen.slice(2, 4).every(({ at }, n) => at - seen[n + 1].at >= 990)";
    assert_eq!(seen(&path, gaps).await, "true");
}

#[wasm_bindgen_test]
async fn an_answer_with_a_gap_is_the_end() {
    let path = server("({ n }) => n === 1 ? [200, 1, ['\"welcome\"']] : [200, 3, ['\"third\"']]").await;
    let (put, mut inputs) = inbox();
    let poll = Poll::open(&path, put).unwrap();
    assert_eq!(inputs.next().await, Some(SocketInput::Opened));
    poll.send(frame("\"hello\""));
    assert_eq!(text(&mut inputs).await, "\"welcome\"");
    assert!(matches!(inputs.next().await, Some(SocketInput::Closed { .. })));
}
