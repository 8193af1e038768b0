//! Requests of a polling session that came to the wrong instance: this one passes them on to the owner of the session.
//!
//! ```text
//! client ──► load balancer ──► this instance ──proof──► the owner ──► its session
//! ```
//! Invariants: a request is passed on once. The owner believes only a request with a proof that an instance with the same
//! secret made, for this run of the owner and for this session and address. If the owner is gone, does not answer, or has
//! forgotten the session, the client gets the same answer, and begins anew. So a load balancer that sends each session to
//! its owner saves work, and nothing depends on it.
//!
//! Left out: first requests, because any instance can begin a session; and sockets.

use std::net::IpAddr;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tsugi_sync::limits;
use tsugi_sync::protocol::SYNC_PATH;
use uuid::Uuid;

use crate::app::App;
use crate::instance::Instance;
use crate::secret::Key;

/// The name of a polling session.
pub(super) const SESSION: &str = "tsugi-session";
/// The client's address, as the instance before says it.
const ASKED_FROM: &str = "tsugi-asked-from";
const PROOF: &str = "tsugi-proof";
/// The time for a connection to the owner.
const CONNECT: Duration = Duration::from_secs(1);
/// Bytes of an answer: a frame of the largest size and its length, or many small ones.
const ANSWER_BYTES: usize = 2 * limits::FRAME_BYTES;
/// What is passed on of a request, besides the session's name.
const UP: [&str; 4] = ["content-type", "tsugi-seq", "tsugi-ack", "tsugi-wait-ms"];
/// What is passed back of its answer.
const DOWN: [&str; 4] = ["content-type", "cache-control", "tsugi-seq", "retry-after"];

/// Whether another instance passed the request on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PassedOn {
    No,
    /// For a client at this address.
    From(IpAddr),
    /// It says so, and cannot prove it.
    Forged,
}

/// Who passed on a request, by its headers.
pub(crate) fn passed_on(app: &App, headers: &HeaderMap) -> PassedOn {
    let Some(proof) = headers.get(PROOF) else {
        return PassedOn::No;
    };
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let proven = || {
        let address: IpAddr = text(ASKED_FROM)?.parse().ok()?;
        let proof = URL_SAFE_NO_PAD.decode(proof.as_bytes()).ok()?;
        let proof: [u8; 16] = proof.try_into().ok()?;
        let said = statement(app.neighbours.run, text(SESSION)?, address);
        let is_right = |key: &Key| key.is_mark_of(&said, &proof);
        app.forward_keys.all().any(is_right).then_some(address)
    };
    proven().map_or(PassedOn::Forged, PassedOn::From)
}

/// What a proof is made of.
fn statement(owner: Uuid, session: &str, address: IpAddr) -> Vec<u8> {
    format!("{owner}\n{session}\n{address}").into_bytes()
}

/// Why the owner gave no answer. The reason is for logs.
#[derive(Debug, thiserror::Error)]
pub(super) enum Gone {
    #[error("it did not answer in time")]
    Late,
    #[error("{0}")]
    Connection(#[from] std::io::Error),
    #[error("{0}")]
    Http(#[from] hyper::Error),
    #[error("its answer is too large, or broke off")]
    Answer,
    #[error("the request could not be written: {0}")]
    Request(#[from] axum::http::Error),
}

/// The owner's answer to the request. `wait` is how long the owner may hold it.
pub(super) async fn forward(
    app: &App,
    owner: &Instance,
    (session, address): (&str, IpAddr),
    (headers, body): (&HeaderMap, Bytes),
    wait: Duration,
) -> Result<Response<Body>, Gone> {
    let stream = timeout(CONNECT, TcpStream::connect(&owner.address)).await;
    let stream = stream.map_err(|_| Gone::Late)??;
    stream.set_nodelay(true)?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    // The connection ends when this future does, however that is.
    let mut driver = JoinSet::new();
    driver.spawn(connection);
    let said = statement(owner.run, session, address);
    let proof = URL_SAFE_NO_PAD.encode(app.forward_keys.current.mark(&said));
    let mut request = Request::post(SYNC_PATH)
        .header(header::HOST, &owner.address)
        .header(header::CONNECTION, "close")
        .header(SESSION, session)
        .header(ASKED_FROM, address.to_string())
        .header(PROOF, proof);
    for name in UP {
        for value in headers.get_all(name) {
            request = request.header(name, value);
        }
    }
    let asking = async {
        let response = sender.send_request(request.body(Body::from(body))?).await?;
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(Body::new(body), ANSWER_BYTES).await;
        Ok::<_, Gone>((parts, bytes.map_err(|_| Gone::Answer)?))
    };
    let patience = app.config.limits.request_deadline + wait;
    let (parts, bytes) = timeout(patience, asking).await.map_err(|_| Gone::Late)??;
    Ok(answer(parts.status, &parts.headers, bytes))
}

fn answer(status: StatusCode, headers: &HeaderMap, body: Bytes) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    for name in DOWN.map(HeaderName::from_static) {
        if let Some(value) = headers.get(&name) {
            response.headers_mut().insert(name, HeaderValue::clone(value));
        }
    }
    response
}
