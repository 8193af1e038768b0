//! The accept loop: every connection has a place, a deadline for its headers, another for taking what it asked for, and
//! an end when the server drains.
//!
//! ```text
//! accept ─► place ─► (TLS) ─► serve ─► (upgrade ─► session) ─► place given back
//!             └─► none: told so and closed
//! shutdown: not ready for a while ─► stop accepting ─► tell connections and sessions ─► wait for their places ─► close the store
//! ```

use std::convert::Infallible;
use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep, timeout};
use tower::ServiceExt;

use crate::access;
use crate::app::App;
use crate::connection::Connection;
use crate::metrics;
use crate::places::Full;
use crate::proxies::network;
use crate::router::router;
use crate::seldom::Seldom;
use crate::store::Swept;
use crate::stream::{Deadlines, Stream};
use crate::tls::{Patience, Refused};
use crate::transport::Transport;

/// Serves until `shutdown` is done, then drains: sockets are told to come back, work in hand is finished, the store
/// is closed.
///
/// # Errors
/// When the listener is unusable.
pub async fn run(listener: TcpListener, app: Arc<App>, shutdown: impl Future<Output = ()>) -> io::Result<()> {
    let limits = &app.config.limits;
    let count = app.places.free();
    if let Ok(address) = listener.local_addr() {
        app.listening.get_or_init(|| address);
    }
    let router = router(&app);
    let address = match &app.config.internal_address {
        Some(address) => address.clone(),
        None => listener.local_addr()?.to_string(),
    };
    app.neighbours.enter(&app.store, &address).await;
    let staying = tokio::spawn(stay(Arc::clone(&app), address));
    let sweeping = tokio::spawn(sweep(Arc::clone(&app)));
    let others = app
        .store
        .feed()
        .map(|feed| tokio::spawn(app.events.follow_others(feed)));
    let renewing = tokio::spawn(renew(Arc::clone(&app)));
    let shutdown = async {
        shutdown.await;
        app.leaving.begin();
        tracing::info!(
            notice_seconds = limits.drain_notice.as_secs(),
            "not ready any more"
        );
        sleep(limits.drain_notice).await;
    };
    tokio::pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            () = &mut shutdown => break,
            accepted = accept(&listener, &app) => accepted,
        };
        let Some((stream, connection)) = accepted else {
            continue;
        };
        tokio::spawn(serve(stream, connection, router.clone(), Arc::clone(&app)));
    }
    drop(listener);
    let connections = count.saturating_sub(app.places.free());
    tracing::info!(connections, "draining");
    app.leaving.spread_over(connections + app.lines.count(), limits);
    app.drain.send_replace(true);
    if timeout(limits.drain_deadline, app.places.emptied(count))
        .await
        .is_err()
    {
        tracing::warn!(
            left = count - app.places.free(),
            "connections did not end in time"
        );
    }
    if let Err(error) = sweeping.await {
        tracing::error!(%error, "the sweep ended badly");
    }
    if let Some(others) = others {
        others.abort();
    }
    if let Err(error) = renewing.await {
        tracing::error!(%error, "the watch over the certificate ended badly");
    }
    staying.abort();
    app.neighbours.leave(&app.store).await;
    app.store.close().await;
    tracing::info!("drained");
    Ok(())
}

/// Tells other instances again and again that this one lives.
async fn stay(app: Arc<App>, address: String) {
    app.neighbours.stay(&app.store, &address).await;
}

/// Sweeps the store now and then. A drain ends it; the next start goes on.
async fn sweep(app: Arc<App>) {
    let every = app.config.limits.sweep_every.max(Duration::from_millis(1));
    let mut turns = interval_at(Instant::now() + every, every);
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut drain = app.drain.subscribe();
    let sweeping = async {
        loop {
            turns.tick().await;
            match app.sweep().await {
                Ok(swept) if swept == Swept::default() => tracing::debug!("nothing to forget"),
                Ok(swept) => tracing::info!(
                    changes = swept.changes,
                    tombstones = swept.tombstones,
                    replicas = swept.replicas,
                    "what was old is forgotten"
                ),
                Err(error) => {
                    tracing::error!(%error, "what is old could not be forgotten; the next turn tries again")
                }
            }
        }
    };
    tokio::select! {
        () = sweeping => {}
        () = draining(&mut drain) => {}
    }
}

/// Keeps the certificate current. A drain ends it.
async fn renew(app: Arc<App>) {
    let Some(tls) = &app.tls else {
        return;
    };
    let mut drain = app.drain.subscribe();
    tokio::select! {
        () = tls.keep_current(app.config.limits.certificate_every, &*app.clock) => {}
        () = draining(&mut drain) => {}
    }
}

async fn draining(drain: &mut watch::Receiver<bool>) {
    // An error means that the server is gone, which is the same.
    drop(drain.wait_for(|draining| *draining).await);
}

static NOT_ACCEPTED: Seldom = Seldom::new();
static TURNED_AWAY: Seldom = Seldom::new();

/// The next connection, with its place. None if there is no connection or no place for it.
async fn accept(listener: &TcpListener, app: &App) -> Option<(TcpStream, Arc<Connection>)> {
    let (stream, peer) = match listener.accept().await {
        Ok(accepted) => accepted,
        Err(error) => {
            metrics::connection_refused("not_accepted");
            if let Some(count) = NOT_ACCEPTED.count(Instant::now()) {
                tracing::warn!(%error, count, "connections could not be accepted");
            }
            // Most likely the process has no file descriptors left, so another connection has to go first.
            app.places.send_oldest_away();
            sleep(Duration::from_millis(20)).await;
            return None;
        }
    };
    let address = Some(peer.ip()).filter(|peer| !app.config.trusted_proxies.contains(*peer));
    match app.places.enter(address.map(network)).await {
        Ok(place) => {
            let shows_all = app.config.access_log_addresses;
            let connection = Connection::new(peer, place, shows_all, app.tls.is_some());
            Some((stream, Arc::new(connection)))
        }
        Err(Full) => {
            metrics::connection_refused("address_full");
            if let Some(count) = TURNED_AWAY.count(Instant::now()) {
                tracing::warn!(%peer, count, "an address has as many connections as one may have");
            }
            if app.tls.is_none() {
                turn_away(stream);
            }
            None
        }
    }
}

/// Tells the other side the reason, if that is possible without waiting, and closes.
fn turn_away(stream: TcpStream) {
    const ANSWER: &[u8] =
        b"HTTP/1.1 429 Too Many Requests\r\ncontent-type: application/json\r\nretry-after: 10\r\n\
        connection: close\r\ncontent-length: 72\r\n\r\n\
        {\"code\":\"rate_limited\",\"message\":\"too many connections of this address\"}";
    let told = stream.into_std().and_then(|mut stream| stream.write(ANSWER));
    if let Err(error) = told {
        tracing::debug!(%error, "whoever was turned away was not told why");
    }
}

async fn serve(stream: TcpStream, connection: Arc<Connection>, router: Router, app: Arc<App>) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "no TCP_NODELAY");
    }
    let peer = connection.peer;
    let place = Arc::clone(&connection);
    let deadlines = Deadlines {
        stall: app.config.limits.stall_deadline,
        farewell: app.config.limits.farewell,
    };
    let stream = Stream::new(stream, deadlines, Arc::clone(&connection));
    tracing::debug!(%peer, "connection accepted");
    let Some(transport) = secure(stream, &connection, &app).await else {
        return;
    };
    let service = service_fn(move |request: Request<Incoming>| {
        connection.place.heard();
        access::add(&connection.traffic.requests, 1);
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Arc::clone(&connection));
        let router = router.clone();
        async move {
            Ok::<_, Infallible>(
                router
                    .oneshot(request)
                    .await
                    .unwrap_or_else(|never| match never {}),
            )
        }
    });
    let mut drain = app.drain.subscribe();
    let http = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(app.config.limits.header_deadline)
        .max_headers(64)
        .max_buf_size(32 * 1024)
        .serve_connection(TokioIo::new(transport), service)
        .with_upgrades();
    tokio::pin!(http);
    let result = tokio::select! {
        result = http.as_mut() => result,
        () = draining(&mut drain) => {
            http.as_mut().graceful_shutdown();
            http.await
        }
        () = place.place.sent_away() => {
            place.ends("made_room");
            Ok(())
        }
    };
    if let Err(error) = result {
        place.ends(why(&error));
        tracing::debug!(%peer, %error, "connection ended");
    }
}

/// Why a connection ended, as the access log has it.
fn why(error: &hyper::Error) -> &'static str {
    if error.is_timeout() {
        "timed_out"
    } else if error.is_parse() {
        "malformed"
    } else {
        "broken"
    }
}

/// The bytes of the connection, after a handshake if this server speaks TLS. None if that fails, if the connection has to
/// make room for another, or if the server drains meanwhile.
async fn secure(stream: Stream, connection: &Connection, app: &App) -> Option<Transport> {
    let Some(tls) = &app.tls else {
        return Some(Transport::Plain(stream));
    };
    let mut drain = app.drain.subscribe();
    let patience = Patience {
        deadline: app.config.limits.handshake_deadline,
        turn: app.config.limits.handshake_turn,
    };
    let shaken = tokio::select! {
        shaken = tls.shake_hands(stream, patience) => shaken,
        () = connection.place.sent_away() => {
            connection.ends("made_room");
            return None;
        }
        () = draining(&mut drain) => {
            connection.ends("draining");
            return None;
        }
    };
    let peer = connection.peer;
    match shaken {
        Ok(stream) => {
            metrics::handshake("done");
            Some(Transport::Tls(Box::new(stream)))
        }
        Err(Refused::TooLong) => {
            metrics::handshake("too_long");
            connection.ends("handshake_too_long");
            tracing::debug!(%peer, "a TLS handshake took too long");
            None
        }
        Err(Refused::Failed(error)) => {
            metrics::handshake("failed");
            connection.ends("handshake_failed");
            tracing::debug!(%peer, %error, "a TLS handshake failed");
            None
        }
    }
}
