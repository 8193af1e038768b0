//! Durable writes: one at a time on each of 1, 16 and 64 connections, and pushes of 200.

use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use super::{Figures, cpu};
use crate::account::Account;
use crate::client::Client;
use crate::content::Patch;
use crate::options::Scale;
use crate::servers::{Kind, Server, Stable};
use crate::{Outcome, Wrong};

const IN_A_PUSH: usize = 200;
const PUSHERS: usize = 4;

pub(super) async fn single(stable: &Stable, kind: Kind, scale: Scale) -> Outcome<Figures> {
    let server = stable.start(kind).await?;
    // Each has a workspace of its own, so that no change is told to anybody.
    let accounts = Account::many(&server, 64).await?;
    let mut figures = Figures::new();
    for (rate, spent, count) in [
        ("writes 1", "cpu writes 1", 1),
        ("writes 16", "cpu writes 16", 16),
        ("writes 64", "cpu writes 64", 64),
    ] {
        let (changes, seconds, cpu) = drive(&server, &accounts[..count], 1, scale).await?;
        figures.push((rate, changes / seconds));
        figures.push((spent, cpu));
    }
    Ok(figures)
}

pub(super) async fn batch(stable: &Stable, kind: Kind, scale: Scale) -> Outcome<Figures> {
    let server = stable.start(kind).await?;
    let accounts = Account::many(&server, PUSHERS).await?;
    let (changes, seconds, cpu) = drive(&server, &accounts, IN_A_PUSH, scale).await?;
    Ok(vec![("batch", changes / seconds), ("cpu batch", cpu)])
}

/// How many changes, in how many seconds, and the processor's for 10,000 of them.
async fn drive(server: &Server, accounts: &[Account], size: usize, scale: Scale) -> Outcome<(f64, f64, f64)> {
    let mut ready = Vec::new();
    for account in accounts {
        let mut client = Client::live(server, account).await?;
        let tasks = client.seed(size).await?;
        ready.push((client, tasks));
    }
    let before = server.seconds()?;
    let begun = Instant::now();
    let until = begun + Duration::from_secs_f64(scale.seconds);
    let mut working = JoinSet::new();
    for (mut client, mut tasks) in ready {
        working.spawn(async move {
            let mut done = 0;
            while Instant::now() < until {
                let patch = Patch::title(done);
                let changes: Vec<_> = tasks.iter().map(|task| (*task, &patch)).collect();
                let first = client.push(&changes).await?;
                client.settle(first, &mut tasks).await?;
                done += changes.len();
            }
            Ok::<usize, Wrong>(done)
        });
    }
    let mut changes = 0;
    while let Some(done) = working.join_next().await {
        changes += done??;
    }
    let seconds = begun.elapsed().as_secs_f64();
    let spent = server.seconds()? - before;
    Ok((changes as f64, seconds, cpu(spent, changes)))
}
