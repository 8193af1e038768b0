//! Connections to PostgreSQL.
//!
//! Invariant: whatever happens to this process, the server ends its transactions soon: a paused holder of a lock after
//! 2 s, and a machine that is gone, or that takes no bytes, after 3 s. Both sides watch the connection: this one for a server
//! that is gone, the server for this one.

use std::time::Duration;

use deadpool_postgres::{
    Hook, HookError, Manager, ManagerConfig, Object, Pool as Deadpool, RecyclingMethod, Runtime, Timeouts,
};
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::Config;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::error::OpenPostgresError;
use crate::store::StoreError;

/// How long to wait for a free connection, and for a new one.
const PATIENCE: Duration = Duration::from_secs(5);
const SETTINGS: &str = "SET idle_in_transaction_session_timeout = '2s'; SET lock_timeout = '5s'; \
    SET statement_timeout = '60s'; SET tcp_user_timeout = '3s'; SET tcp_keepalives_idle = '10s'; \
    SET tcp_keepalives_interval = '3s'; SET tcp_keepalives_count = 3; \
    SET default_transaction_isolation = 'read committed'; SET timezone = 'UTC'";

#[derive(Clone, Debug)]
pub(super) struct Pool(Deadpool);

impl Pool {
    /// # Errors
    /// When the address is not one of PostgreSQL.
    pub(super) fn new(address: &str, size: usize) -> Result<Self, OpenPostgresError> {
        let mut config: Config = address.parse().map_err(|_| OpenPostgresError::Address)?;
        config
            .tcp_user_timeout(Duration::from_secs(3))
            .keepalives_idle(Duration::from_secs(30))
            .connect_timeout(PATIENCE);
        if config.get_application_name().is_none() {
            config.application_name("tsugi");
        }
        let recycling = ManagerConfig {
            recycling_method: RecyclingMethod::Fast,
        };
        let manager = Manager::from_config(config, tls()?, recycling);
        let settings = Hook::async_fn(|client: &mut deadpool_postgres::ClientWrapper, _| {
            Box::pin(async move {
                let set = client.batch_execute(SETTINGS).await;
                set.map_err(HookError::Backend)
            })
        });
        let timeouts = Timeouts {
            wait: Some(PATIENCE),
            create: Some(PATIENCE),
            recycle: Some(PATIENCE),
        };
        let pool = Deadpool::builder(manager)
            .max_size(size)
            .runtime(Runtime::Tokio1)
            .timeouts(timeouts)
            .post_create(settings)
            .build();
        pool.map(Self).map_err(|_| OpenPostgresError::Address)
    }

    pub(super) async fn get(&self) -> Result<Object, StoreError> {
        self.0
            .get()
            .await
            .map_err(|error| StoreError::NoConnection(reason(&error)))
    }

    /// The first connection, with the reason if there is none.
    pub(super) async fn first(&self) -> Result<Object, OpenPostgresError> {
        let got = self.0.get().await;
        got.map_err(|error| OpenPostgresError::Unreachable(reason(&error)))
    }

    pub(super) fn close(&self) {
        self.0.close();
    }
}

/// One word or two: the error's own text may quote the address.
fn reason(error: &deadpool_postgres::PoolError) -> String {
    use deadpool_postgres::PoolError as E;
    match error {
        E::Timeout(_) => "no connection in time".into(),
        E::Backend(error) => match error.code() {
            Some(code) => format!("SQLSTATE {}", code.code()),
            None => "no connection".into(),
        },
        E::Closed | E::NoRuntimeSpecified => "closed".into(),
        E::PostCreateHook(_) => "the connection cannot be set up".into(),
    }
}

/// TLS with the machine's own certificates. The address says by `sslmode` whether it is used.
fn tls() -> Result<MakeRustlsConnect, OpenPostgresError> {
    let mut roots = RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    roots.add_parsable_certificates(found.certs);
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| OpenPostgresError::Certificates(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}
