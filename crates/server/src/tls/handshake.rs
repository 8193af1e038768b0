//! Handshakes: each has a deadline, and only a number of them go on at once.
//!
//! ```text
//! wait for a turn ─► handshake ─► done
//!                       └── after a while the turn is given back, and the handshake goes on without one
//! ```
//! Turns are there so that thousands who come at once are served one after the other, and not all at a time. Whoever does
//! not go on after the first bytes keeps a turn for a short time only, and so does not keep others out. Nobody is sent away
//! for another: in a crowd of honest clients that would make each of them come again.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::Tls;
use crate::stream::Stream;

/// Why there is no connection after the handshake.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    #[error("it took too long")]
    TooLong,
    #[error(transparent)]
    Failed(#[from] io::Error),
}

/// How long a handshake may take, the wait for its turn included, and for how long it keeps the turn.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    pub(crate) deadline: Duration,
    pub(crate) turn: Duration,
}

impl Tls {
    pub(crate) async fn shake_hands(
        &self,
        stream: Stream,
        patience: Patience,
    ) -> Result<TlsStream<Stream>, Refused> {
        let work = async {
            // The semaphore is never closed.
            let turn = self.handshakes.acquire().await.ok();
            let shaking = TlsAcceptor::from(Arc::clone(&self.config)).accept(stream);
            tokio::pin!(shaking);
            tokio::select! {
                shaken = &mut shaking => return shaken,
                () = sleep(patience.turn) => drop(turn),
            }
            shaking.await
        };
        match timeout(patience.deadline, work).await {
            Ok(shaken) => Ok(shaken?),
            Err(_) => Err(Refused::TooLong),
        }
    }
}
