//! `cargo xtask bench server`: what the server does in a second, in a byte and in a second of its processor, beside peers.
//!
//! Each server is a process of its own, reached over real sockets. Ours speaks its protocol, read and written by the
//! core's own types; the peers (`tests/peers`) speak JSON. Revisions, versions and acknowledgements are checked while it
//! measures: one that is wrong or missing ends the run. Rows are measured in turns (ours, P, S, ours, P, S, …) because a
//! machine is never the same twice, and each on a server that was started for it. The medians of the rounds are printed.
//!
//! Left out: TLS, networks, more machines than one, and what a device does.

#![allow(clippy::print_stdout)]

mod account;
mod client;
mod content;
mod options;
mod process;
mod rows;
mod serve;
mod servers;
mod services;
mod speech;
mod table;
mod temporary;
mod wire;

use std::process::ExitCode;

use options::Options;

/// Whatever goes wrong ends the run with a sentence.
pub(crate) type Wrong = Box<dyn std::error::Error + Send + Sync>;
pub(crate) type Outcome<T = ()> = Result<T, Wrong>;

fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = if arguments.first().is_some_and(|first| first == serve::COMMAND) {
        serve::serve(arguments.split_off(1))
    } else {
        Options::parse(&arguments).and_then(measure)
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(wrong) => {
            eprintln!("✗ {wrong}");
            ExitCode::FAILURE
        }
    }
}

/// One thread drives all sockets, so that the servers have the rest of the machine.
fn measure(options: Options) -> Outcome {
    tsugi_server::open_files::raise();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(rounds(&options))
}

async fn rounds(options: &Options) -> Outcome {
    let stable = servers::Stable::open(options).await?;
    let mut results = table::Results::default();
    for round in 1..=options.rounds {
        for row in options.rows() {
            for kind in stable.kinds(row) {
                println!(
                    "round {round} of {}: {} … {}",
                    options.rounds,
                    row.name(),
                    kind.name()
                );
                let figures = row.measure(&stable, kind, options.scale()).await;
                let figures =
                    figures.map_err(|wrong| format!("{} on {}: {wrong}", row.name(), kind.name()))?;
                for (key, value) in figures {
                    println!("  {key}: {}", table::number(value));
                    results.add(key, kind, value);
                }
            }
        }
    }
    println!("\n{}", results.markdown(options.rounds));
    Ok(())
}
