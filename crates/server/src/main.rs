//! `tsugi-server`: configuration in, a running server, an exit code out.

use std::io::Write;
use std::process::ExitCode;

use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;
use tsugi_server::command::{Command, command};
use tsugi_server::config::{Environment, strange_variables};
use tsugi_server::{App, Config, open_files, run};

/// Exit code for a mistake that the person who typed the command can correct.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let env: Environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    match command(std::env::args().skip(1), &env) {
        Ok(Command::Say(text)) => {
            say(&text);
            ExitCode::SUCCESS
        }
        Ok(Command::Serve { listen, config }) => {
            start_logs();
            warn_of_strange(&env);
            open_files::raise();
            serve(&listen, *config).unwrap_or_else(|error| {
                eprintln!("tsugi-server: {error}");
                ExitCode::FAILURE
            })
        }
        Err(error) => {
            eprintln!("tsugi-server: {error}\nTry --help.");
            ExitCode::from(USAGE)
        }
    }
}

fn warn_of_strange(env: &Environment) {
    let strange = strange_variables(env);
    if !strange.is_empty() {
        tracing::warn!(
            variables = strange.join(" "),
            "these variables are no settings of this server"
        );
    }
}

#[tokio::main]
async fn serve(listen: &str, config: Config) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let stop = stop_signal()?;
    let app = App::open(config).await?;
    let listener = TcpListener::bind(listen)
        .await
        .map_err(|error| format!("{listen}: {error}"))?;
    say(&format!(
        "tsugi-server ready on http://{}\n",
        listener.local_addr()?
    ));
    run(listener, app, stop).await?;
    Ok(ExitCode::SUCCESS)
}

/// Standard output is for scripts: the ready line and the help, and nothing else.
fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    if let Err(error) = out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        tracing::warn!(%error, "nobody reads the standard output");
    }
}

fn start_logs() {
    let filter = EnvFilter::try_from_env("TSUGI_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let logs = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match std::env::var("TSUGI_LOG_FORMAT").as_deref() {
        Ok("json") => logs.json().flatten_event(true).init(),
        Ok(_) | Err(_) => logs.with_ansi(false).init(),
    }
}

#[cfg(unix)]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::error!(%error, "no signal can be heard");
            std::future::pending::<()>().await;
        }
    })
}
