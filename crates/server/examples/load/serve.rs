//! Our own server, in a process of its own: what ships, with the limits lifted that hold back a single account or address.

use std::io::Write;
use std::time::Duration;

use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;
use tsugi_server::config::{self, Environment, Limits};
use tsugi_server::rate::Rate;
use tsugi_server::{App, Config, open_files, run};

use crate::Outcome;

/// The first argument of a process that is the server.
pub(crate) const COMMAND: &str = "serve";

pub(crate) fn serve(arguments: Vec<String>) -> Outcome {
    let (listen, mut config) = config::read(arguments, &Environment::new())?;
    lift(&mut config.limits);
    let filter = EnvFilter::try_from_env("TSUGI_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    open_files::raise();
    begin(&listen, config)
}

#[tokio::main]
async fn begin(listen: &str, config: Config) -> Outcome {
    let app = App::open(config).await?;
    let listener = TcpListener::bind(listen).await?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "ready on http://{}", listener.local_addr()?)?;
    out.flush()?;
    drop(out);
    // Whoever started it ends it.
    Ok(run(listener, app, std::future::pending()).await?)
}

fn lift(limits: &mut Limits) {
    let rate = Rate {
        burst: 1_000_000_000,
        every: Duration::from_nanos(1),
    };
    (limits.messages, limits.work, limits.accounts) = (rate, rate, rate);
    limits.connections_per_address = 0;
    limits.connections_per_user = usize::MAX;
}
