//! Bytes of the server's memory for each live session that does nothing.

use super::Figures;
use crate::Outcome;
use crate::account::Account;
use crate::client::Client;
use crate::options::Scale;
use crate::servers::{Kind, Server, Stable};
use crate::speech::Place;

const TASKS: usize = 1_000;
/// Sessions that come and go first, so that what the server takes once does not count.
const FIRST: usize = 100;
/// Sessions that begin at once.
const AT_ONCE: usize = 50;

pub(super) async fn measure(stable: &Stable, kind: Kind, scale: Scale) -> Outcome<Figures> {
    let mut figures = Figures::new();
    for (key, tasks) in [("idle", 0), ("idle fetched", TASKS)] {
        let server = stable.start(kind).await?;
        let account = Account::new(&server).await?;
        let mut writer = Client::live(&server, &account).await?;
        writer.seed(tasks).await?;
        let first = sessions(&server, &account, FIRST, Place::default(), tasks).await?;
        drop(first);
        let before = server.memory().await?;
        let held = sessions(&server, &account, scale.idle, Place::default(), tasks).await?;
        let after = server.memory().await?;
        drop(held);
        figures.push((key, (after - before) / scale.idle as f64));
    }
    Ok(figures)
}

/// So many live sessions. Each has to have fetched all tasks.
pub(super) async fn sessions(
    server: &Server,
    account: &Account,
    count: usize,
    place: Place,
    tasks: usize,
) -> Outcome<Vec<Client>> {
    let mut begun = Vec::with_capacity(count);
    let mut left = count;
    while left > 0 {
        let part = left.min(AT_ONCE);
        let beginning = (0..part).map(|_| Client::resume(server, account, place));
        for client in futures_util::future::join_all(beginning).await {
            let client = client?;
            if client.fetched != tasks {
                return Err(format!("{} tasks of {tasks} came", client.fetched).into());
            }
            begun.push(client);
        }
        left -= part;
    }
    Ok(begun)
}
