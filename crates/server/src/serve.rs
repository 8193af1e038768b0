//! The accept loop: every connection has a place, a deadline for its headers, another for taking what it asked for, and
//! an end when the server drains.
//!
//! ```text
//! accept ─► serve ─► (upgrade ─► session) ─► place given back
//! shutdown: stop accepting ─► tell connections and sessions ─► wait for their places ─► close the store
//! ```

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
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
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep, timeout};
use tower::ServiceExt;

use crate::app::App;
use crate::connection::Connection;
use crate::router::router;
use crate::store::Swept;
use crate::unstalled::Unstalled;

/// Serves until `shutdown` is done, then drains: sockets are told to come back, work in hand is finished, the store
/// is closed.
///
/// # Errors
/// When the listener is unusable.
pub async fn run(listener: TcpListener, app: Arc<App>, shutdown: impl Future<Output = ()>) -> io::Result<()> {
    let limits = &app.config.limits;
    let count = limits.connections.clamp(1, Semaphore::MAX_PERMITS);
    let places = Arc::new(Semaphore::new(count));
    let router = router(&app);
    let sweeping = tokio::spawn(sweep(Arc::clone(&app)));
    tokio::pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            () = &mut shutdown => break,
            accepted = accept(&listener, &places) => accepted,
        };
        let Some((stream, peer, place)) = accepted else {
            // Out of file descriptors, most likely: others have to go first.
            sleep(Duration::from_millis(20)).await;
            continue;
        };
        let connection = Arc::new(Connection::new(peer, place));
        tokio::spawn(serve(stream, connection, router.clone(), Arc::clone(&app)));
    }
    drop(listener);
    tracing::info!("draining");
    app.drain.send_replace(true);
    let all = u32::try_from(count).unwrap_or(u32::MAX);
    if timeout(limits.drain_deadline, places.acquire_many(all))
        .await
        .is_err()
    {
        tracing::warn!(
            left = count - places.available_permits(),
            "connections did not end in time"
        );
    }
    if let Err(error) = sweeping.await {
        tracing::error!(%error, "the sweep ended badly");
    }
    app.store.close().await;
    tracing::info!("drained");
    Ok(())
}

/// Sweeps the store now and then. What is left when the server drains waits for the next.
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

async fn draining(drain: &mut watch::Receiver<bool>) {
    // An error would mean that the server is gone: the same.
    drop(drain.wait_for(|draining| *draining).await);
}

async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    // A place first: who finds none waits in the backlog, and costs nothing.
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => Some((stream, peer, place)),
        Err(error) => {
            tracing::warn!(%error, "a connection could not be accepted");
            None
        }
    }
}

async fn serve(stream: TcpStream, connection: Arc<Connection>, router: Router, app: Arc<App>) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "no TCP_NODELAY");
    }
    let peer = connection.peer;
    let stream = Unstalled::new(stream, app.config.limits.stall_deadline);
    tracing::debug!(%peer, "connection accepted");
    let service = service_fn(move |request: Request<Incoming>| {
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
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    tokio::pin!(http);
    let result = tokio::select! {
        result = http.as_mut() => result,
        () = draining(&mut drain) => {
            http.as_mut().graceful_shutdown();
            http.await
        }
    };
    if let Err(error) = result {
        tracing::debug!(%peer, %error, "connection ended");
    }
}
