//! A new device fetches everything.

use std::time::Instant;

use super::Figures;
use crate::Outcome;
use crate::account::Account;
use crate::client::Client;
use crate::options::Scale;
use crate::servers::{Kind, Stable};

const TIMES: usize = 5;

pub(super) async fn measure(stable: &Stable, kind: Kind, scale: Scale) -> Outcome<Figures> {
    let server = stable.start(kind).await?;
    let account = Account::new(&server).await?;
    Client::live(&server, &account).await?.seed(scale.tasks).await?;
    let mut times = Vec::new();
    let mut bytes = 0;
    for _ in 0..TIMES {
        let begun = Instant::now();
        let client = Client::live(&server, &account).await?;
        // To the last byte, with what it takes to read them here.
        times.push(begun.elapsed().as_secs_f64() * 1_000.0);
        if client.fetched != scale.tasks {
            return Err(format!("{} tasks came", client.fetched).into());
        }
        bytes = client.wire.down;
    }
    times.sort_by(f64::total_cmp);
    Ok(vec![
        ("bootstrap bytes", bytes as f64),
        ("bootstrap ms", times[TIMES / 2]),
    ])
}
