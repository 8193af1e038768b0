//! `hello` and `auth`: they say to whom the session belongs.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};
use tsugi_sync::frame::{COMPACT, DEFLATE, Form};
use tsugi_sync::ids::{SessionId, Timestamp};
use tsugi_sync::protocol::{Down, ErrorCode, Hello, Token, VERSIONS, Welcome};

use super::{End, Phase, Ready, Session};
use crate::access;
use crate::app::App;
use crate::auth::Claims;
use crate::events::TooManyConnections;
use crate::metrics;
use crate::store::StoreError;

impl Session {
    pub(super) async fn hello(&mut self, hello: Hello) -> Result<(), End> {
        let refused = |reason, end| {
            metrics::session_refused(reason);
            Err(end)
        };
        let Some(version) = VERSIONS
            .iter()
            .copied()
            .find(|known| hello.versions.contains(known))
        else {
            let end = End::error(ErrorCode::UnsupportedVersion, "no protocol version in common");
            return refused("unsupported_version", end);
        };
        let Some(claims) = signed(&self.app, &hello.token) else {
            return refused("unauthenticated", invalid_token());
        };
        let (user, limits) = (claims.user(), &self.app.config.limits);
        // The session is counted among its user's first, so that a sign-out from here on finds it.
        let admitted =
            self.app
                .events
                .pool
                .admit(user, claims.sign_in(), &self.mailbox, limits.connections_per_user);
        if let Err(TooManyConnections) = admitted {
            return refused("too_many_connections", too_many_connections());
        }
        // The beginning of a session counts as work like any other, even if an account ends each session with its
        // first frame.
        if let (Some(owed), Phase::AwaitingHello { until }) =
            (self.app.work.began(user, Instant::now()), &self.phase)
        {
            sleep_until(owed.min(*until)).await;
        }
        let app = Arc::clone(&self.app);
        let turn = match app.arrivals.enter().await {
            Ok(turn) => turn,
            Err(wait) => {
                self.app.events.pool.dismiss(user, self.id);
                return refused("too_many_at_once", too_many(wait));
            }
        };
        if let Err(end) = stands(&self.app, self.id, &claims).await {
            self.app.events.pool.dismiss(user, self.id);
            return refused("signed_out", end);
        }
        drop(turn);
        let now = self.app.clock.now();
        let form = Form::agreed(&hello.encodings, &hello.compressions, self.able);
        let welcome = Down::Welcome(Welcome {
            version,
            session: self.id,
            user,
            time: now,
            token_expires: claims.expires(),
            idle_timeout_ms: u64::try_from(limits.idle_timeout.as_millis()).unwrap_or(u64::MAX),
            encoding: form.compact.then(|| COMPACT.to_owned()),
            compression: form.deflated.then(|| DEFLATE.to_owned()),
        });
        self.phase = Phase::Ready(Box::new(Ready {
            user,
            replica: hello.replica,
            device: hello.device.into(),
            token_ends: until(now, claims.expires()),
            subscriptions: BTreeMap::new(),
            in_flight: 0,
            decisions: BTreeMap::new(),
        }));
        self.mailbox.belongs_to(hello.replica);
        metrics::session_accepted();
        self.show_state();
        access::begun(self.id, self.connection, user, hello.replica, version);
        self.wire.belongs_to(user);
        self.wire.send(&welcome).await?;
        self.wire.agree(form);
        Ok(())
    }

    /// Replaces the session's token by a fresh one.
    pub(super) async fn renew(&mut self, token: &Token) -> Result<(), End> {
        let claims = signed(&self.app, token).ok_or_else(invalid_token)?;
        let now = self.app.clock.now();
        let Phase::Ready(ready) = &mut self.phase else {
            return Ok(());
        };
        if claims.user() != ready.user {
            return Err(End::error(
                ErrorCode::Unauthenticated,
                "the token is another user's",
            ));
        }
        ready.token_ends = until(now, claims.expires());
        // It is among the user's sessions already, so there is room for it.
        let admitted = self
            .app
            .events
            .pool
            .admit(ready.user, claims.sign_in(), &self.mailbox, usize::MAX);
        admitted.map_err(|TooManyConnections| too_many_connections())?;
        stands(&self.app, self.id, &claims).await
    }

    pub(super) fn internal(&self, error: &StoreError) -> End {
        internal(self.id, error)
    }
}

/// The content of a token, if this server signed it and it has not ended.
fn signed(app: &App, token: &Token) -> Option<Claims> {
    app.tokens.verify(&token.0, app.clock.now()).ok()
}

fn too_many_connections() -> End {
    End::retry(
        ErrorCode::RateLimited,
        "too many connections",
        Duration::from_secs(30),
    )
}

/// The database has more to do for those who come in than it can soon.
pub(super) fn too_many(wait: Duration) -> End {
    End::retry(ErrorCode::RateLimited, "too many sessions begin at once", wait)
}

fn invalid_token() -> End {
    End::error(ErrorCode::Unauthenticated, "the token is not valid")
}

/// Checks that the sign-in from which the token came has not been ended.
async fn stands(app: &App, session: SessionId, claims: &Claims) -> Result<(), End> {
    match app.store.is_signed_in(claims.user(), claims.sign_in()).await {
        Ok(true) => Ok(()),
        Ok(false) => Err(invalid_token()),
        Err(error) => Err(internal(session, &error)),
    }
}

fn internal(session: SessionId, error: &StoreError) -> End {
    tracing::error!(%session, %error, "a session ends for an error of the server");
    End::error(ErrorCode::Internal, "the server could not do it")
}

fn until(now: Timestamp, end: Timestamp) -> Instant {
    Instant::now() + Duration::from_millis(end.since(now))
}
