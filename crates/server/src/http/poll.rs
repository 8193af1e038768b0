//! `POST /api/v1/sync`: a session over requests, for networks that let no WebSocket through.
//!
//! A session is named `<instance>.<secret>`. A request that comes to another instance is passed on (see `forward`).

use std::net::IpAddr;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::{BytesRejection, ExtensionRejection};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::time::timeout;
use tsugi_sync::frame::{Form, Frame, join};
use tsugi_sync::limits;
use uuid::Uuid;

use super::address::Address;
use super::error::{ApiCode, ApiError};
use super::forward::{PassedOn, SESSION, forward, passed_on};
use super::sync::too_many_of_address;
use crate::app::App;
use crate::connection::Connection;
use crate::instance::InstanceName;
use crate::line::{Heard, Line, SessionName, Silence, Turn};
use crate::metrics;
use crate::packed::Packed;
use crate::places::Full;
use crate::session;

const SEQ: &str = "tsugi-seq";
const ACK: &str = "tsugi-ack";
const WAIT: &str = "tsugi-wait-ms";

/// How the frames of a body are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Body {
    /// A line each.
    Lines,
    /// Each frame comes after its length.
    Lengths,
}

pub(crate) async fn exchange(
    State(app): State<Arc<App>>,
    connection: Result<Extension<Arc<Connection>>, ExtensionRejection>,
    Address(address): Address,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, ApiError> {
    let body = body.map_err(|rejection| match rejection.into_response().status() {
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::new(ApiCode::TooLarge, "the body is too large"),
        _ => invalid("the body did not arrive whole"),
    })?;
    let kind = Body::of(&headers)?;
    let seq = number(&headers, SEQ)?;
    let Some(name) = value::<Name>(&headers, SESSION)? else {
        let Ok(Extension(connection)) = connection else {
            return Err(ApiError::new(ApiCode::Internal, "the connection is not known"));
        };
        if seq != 1 || body.is_empty() {
            return Err(invalid("a session begins with frames, in a request of number 1"));
        }
        return begin(app, (connection, address), kind, kind.frames(&body)?).await;
    };
    let Some(line) = app.lines.find(name.secret) else {
        return elsewhere(&app, name, address, &headers, body).await;
    };
    if body.is_empty() {
        return listen(&line, kind, number(&headers, ACK)?, wait_of(&headers)?).await;
    }
    match line.say(seq, kind.frames(&body)?).await {
        Turn::Next | Turn::Again => Ok(nothing()),
        Turn::Ended => Err(no_session()),
        Turn::Skipped => {
            line.break_off().await;
            Err(invalid("requests that talk are numbered without gaps"))
        }
    }
}

/// How long a request that listens may be held.
fn wait_of(headers: &HeaderMap) -> Result<Duration, ApiError> {
    Ok(Duration::from_millis(
        number(headers, WAIT)?.min(limits::LISTEN_MS),
    ))
}

/// A request of a session that is not here: its owner answers it, if there is one.
async fn elsewhere(
    app: &App,
    name: Name,
    address: IpAddr,
    headers: &HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    match passed_on(app, headers) {
        PassedOn::No => {}
        PassedOn::From(_) => return Err(no_session()),
        PassedOn::Forged => {
            metrics::forwarded("forged");
            return Err(no_session());
        }
    }
    let Some(instance) = name.instance else {
        return Err(no_session());
    };
    let Ok(_place) = app.forwards.try_acquire() else {
        metrics::forwarded("busy");
        let wait = Duration::from_secs(2);
        return Err(ApiError::retry(
            ApiCode::Busy,
            "too many requests for other instances",
            wait,
        ));
    };
    let owner = app.neighbours.find(&app.store, &instance).await?;
    let Some(owner) = owner else {
        metrics::forwarded("unknown");
        return Err(no_session());
    };
    let session = format!("{instance}.{}", name.secret.0);
    let wait = if body.is_empty() {
        wait_of(headers)?
    } else {
        Duration::ZERO
    };
    match forward(app, &owner, (&session, address), (headers, body), wait).await {
        Ok(response) => {
            metrics::forwarded("done");
            Ok(response)
        }
        Err(error) => {
            metrics::forwarded("gone");
            tracing::debug!(%error, owner = %owner.name, "the owner of a polling session does not answer");
            Err(no_session())
        }
    }
}

async fn begin(
    app: Arc<App>,
    (connection, address): (Arc<Connection>, IpAddr),
    kind: Body,
    frames: Vec<Frame>,
) -> Result<Response, ApiError> {
    if *app.drain.borrow() {
        metrics::turned_away("draining");
        return Err(ApiError::new(ApiCode::Draining, "the server is going away"));
    }
    let place = app.places.join(address).map_err(|Full| too_many_of_address())?;
    let (line, said) = Line::new();
    let Some(name) = app.lines.add(&line, app.config.limits.connections) else {
        metrics::turned_away("too_many_sessions");
        let wait = Duration::from_secs(30);
        return Err(ApiError::retry(ApiCode::RateLimited, "too many sessions", wait));
    };
    let wait = app.config.limits.hello_deadline;
    // Even if this request is dropped, the session goes on, or ends because no request comes any more.
    let ends = (Arc::clone(&line), said);
    let number = connection.number;
    let neighbours = Arc::clone(&app.neighbours);
    tokio::spawn(async move {
        session::run_polled(name, ends, kind == Body::Lengths, app, number).await;
        drop(place);
    });
    line.say(1, frames).await;
    let mut response = listen(&line, kind, 0, wait).await?;
    let name = format!("{}.{}", neighbours.name, name.0);
    let name = HeaderValue::from_str(&name).map_err(|_| no_session())?;
    response
        .headers_mut()
        .insert(HeaderName::from_static(SESSION), name);
    Ok(response)
}

async fn listen(line: &Line, kind: Body, ack: u64, wait: Duration) -> Result<Response, ApiError> {
    match timeout(wait, line.listen(ack)).await {
        Ok(Ok(heard)) => Ok(kind.answer(&heard)),
        Ok(Err(Silence::Ended)) => Err(no_session()),
        Ok(Err(Silence::Replaced)) | Err(_) => Ok(nothing()),
    }
}

fn nothing() -> Response {
    (StatusCode::NO_CONTENT, [(header::CACHE_CONTROL, "no-store")]).into_response()
}

fn no_session() -> ApiError {
    ApiError::new(ApiCode::NotFound, "no such session, or it has ended")
}

fn invalid(what: &str) -> ApiError {
    ApiError::new(ApiCode::Invalid, what)
}

/// The name of a session: its instance, which anybody may know, and its secret.
#[derive(Debug, PartialEq, Eq)]
struct Name {
    /// None in a name of an earlier version.
    instance: Option<InstanceName>,
    secret: SessionName,
}

impl FromStr for Name {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (instance, secret) = match text.rsplit_once('.') {
            Some((instance, secret)) => (Some(instance.parse().map_err(|_| ())?), secret),
            None => (None, text),
        };
        let secret = secret.parse::<Uuid>().map_err(|_| ())?;
        Ok(Self {
            instance,
            secret: SessionName(secret),
        })
    }
}

impl Body {
    fn of(headers: &HeaderMap) -> Result<Self, ApiError> {
        let declared = headers.get(header::CONTENT_TYPE);
        let kind = declared.map_or("text/plain", |kind| kind.to_str().unwrap_or_default());
        match kind.split(';').next().unwrap_or_default().trim() {
            "text/plain" => Ok(Self::Lines),
            "application/octet-stream" => Ok(Self::Lengths),
            _ => Err(invalid("the body is text/plain or application/octet-stream")),
        }
    }

    fn frames(self, body: &[u8]) -> Result<Vec<Frame>, ApiError> {
        let frames = self.split(body)?;
        match frames.len() {
            count if count > limits::FRAMES_PER_REQUEST => Err(invalid("too many frames in one request")),
            _ => Ok(frames),
        }
    }

    fn split(self, body: &[u8]) -> Result<Vec<Frame>, ApiError> {
        // One more than allowed, so that too many are noticed.
        let most = limits::FRAMES_PER_REQUEST + 1;
        match self {
            Self::Lines => {
                let text = std::str::from_utf8(body).map_err(|_| invalid("the body is not UTF-8"))?;
                let lines = text.lines().filter(|line| !line.is_empty());
                Ok(lines
                    .take(most)
                    .map(|line| Frame::Text(line.to_owned()))
                    .collect())
            }
            Self::Lengths => {
                let mut frames = Vec::new();
                let mut rest = body;
                while frames.len() < most
                    && let Some((length, behind)) = rest.split_first_chunk()
                {
                    let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
                    let (frame, behind) = behind
                        .split_at_checked(length)
                        .ok_or_else(|| invalid("a frame ends too early"))?;
                    frames.push(Frame::Binary(frame.to_vec()));
                    rest = behind;
                }
                match rest {
                    _ if frames.len() == most => Ok(frames),
                    [] => Ok(frames),
                    _ => Err(invalid("a length ends too early")),
                }
            }
        }
    }

    fn answer(self, heard: &Heard) -> Response {
        let mut body = Vec::new();
        for frame in &heard.frames {
            self.write(frame, &mut body);
        }
        let kind = match self {
            Self::Lines => "text/plain; charset=utf-8",
            Self::Lengths => "application/octet-stream",
        };
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            (HeaderName::from_static(SEQ), HeaderValue::from(heard.first)),
        ];
        (headers, body).into_response()
    }

    fn write(self, frame: &Packed, body: &mut Vec<u8>) {
        match (self, frame) {
            (Self::Lines, Packed::Text(text)) => {
                body.extend(text.as_bytes());
                body.push(b'\n');
            }
            (Self::Lengths, Packed::Text(text)) => {
                write_length(&join(Form::TEXT, text.as_bytes()), body);
            }
            // Binary frames are made only for sessions that agreed on them, and these use lengths.
            (Self::Lines | Self::Lengths, Packed::Binary(bytes)) => write_length(bytes, body),
        }
    }
}

fn write_length(frame: &[u8], body: &mut Vec<u8>) {
    let length = u32::try_from(frame.len()).unwrap_or(u32::MAX);
    body.extend(length.to_be_bytes());
    body.extend_from_slice(frame);
}

fn number(headers: &HeaderMap, name: &str) -> Result<u64, ApiError> {
    Ok(value(headers, name)?.unwrap_or(0))
}

fn value<T: FromStr>(headers: &HeaderMap, name: &str) -> Result<Option<T>, ApiError> {
    let text = headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let parse = |text: &str| {
        text.parse()
            .map_err(|_| invalid(&format!("{name} is not what it should be")))
    };
    text.map(parse).transpose()
}
