//! `tsugi-server`: configuration in, a running server, an exit code out.

use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;
use tsugi_server::access::TARGET;
use tsugi_server::command::{Command, command};
use tsugi_server::config::{Environment, strange_variables};
use tsugi_server::copy::{CopyError, Whole, copy};
use tsugi_server::{App, Config, doctor, open_files, run, trace};

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
            start_logs(config.access_log);
            warn_of_strange(&env);
            open_files::raise();
            serve(&listen, *config).unwrap_or_else(|error| {
                eprintln!("tsugi-server: {error}");
                ExitCode::FAILURE
            })
        }
        Ok(Command::Doctor(settings)) => {
            let report = doctor::examine(*settings);
            say(&report.to_string());
            if report.is_well() {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            }
        }
        Ok(Command::Healthcheck(target)) => match target.ask() {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("tsugi-server: {error}");
                ExitCode::FAILURE
            }
        },
        Ok(Command::Copy {
            from,
            to,
            may_replace,
        }) => copy_all(&from, &to, may_replace).unwrap_or_else(|error| {
            eprintln!("tsugi-server: {error}");
            ExitCode::FAILURE
        }),
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
async fn copy_all(from: &Whole, to: &Whole, may_replace: bool) -> Result<ExitCode, CopyError> {
    let copied = copy(from, to, may_replace).await?;
    say(&format!("copied and compared: {copied}\n"));
    Ok(ExitCode::SUCCESS)
}

#[tokio::main]
async fn serve(listen: &str, config: Config) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let stop = stop_signal()?;
    let is_tls = config.tls.is_some();
    let lets_all_in = config.insecure_http;
    let serves_elsewhere = is_tls || config.knows_proxies();
    let app = App::open(config).await?;
    let listener = TcpListener::bind(listen)
        .await
        .map_err(|error| format!("{listen}: {error}"))?;
    let is_local = listener.local_addr()?.ip().is_loopback();
    if lets_all_in {
        tracing::warn!(
            "other machines are let in over plain HTTP: everybody on the way can read and change everything"
        );
    } else if !serves_elsewhere && !is_local {
        tracing::warn!(
            "only this machine is served: others get 403 without --tls-cert, or a proxy that --trusted-proxies names"
        );
    }
    let scheme = if is_tls { "https" } else { "http" };
    say(&format!(
        "tsugi-server ready on {scheme}://{}\n",
        listener.local_addr()?
    ));
    reload_on_signal(Arc::clone(&app))?;
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

fn start_logs(access_log: bool) {
    let filter = EnvFilter::try_from_env("TSUGI_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let access = if access_log { "info" } else { "off" };
    let filter = match format!("{TARGET}={access}").parse() {
        Ok(directive) => filter.add_directive(directive),
        Err(_) => filter,
    };
    // A trace has a line for each mutation and each session that gets it, so it is only for those who name it.
    let names_trace = std::env::var("TSUGI_LOG").is_ok_and(|filter| filter.contains(trace::TARGET));
    let filter = match format!("{}=off", trace::TARGET).parse() {
        Ok(directive) if !names_trace => filter.add_directive(directive),
        Ok(_) | Err(_) => filter,
    };
    let logs = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match std::env::var("TSUGI_LOG_FORMAT").as_deref() {
        Ok("json") => logs.json().flatten_event(true).init(),
        Ok(_) | Err(_) => logs.with_ansi(false).init(),
    }
}

/// SIGHUP: what may be replaced while the server runs is read again.
#[cfg(unix)]
fn reload_on_signal(app: Arc<App>) -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut hang_up = signal(SignalKind::hangup())?;
    tokio::spawn(async move {
        while hang_up.recv().await.is_some() {
            app.reload();
        }
    });
    Ok(())
}

#[cfg(not(unix))]
fn reload_on_signal(_: Arc<App>) -> std::io::Result<()> {
    Ok(())
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
