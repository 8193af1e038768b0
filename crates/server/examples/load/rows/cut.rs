//! Thousands of sockets are cut at one moment and come back with their cursors: until all are live again.

use std::time::Instant;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

use super::{Figures, idle};
use crate::Outcome;
use crate::account::Account;
use crate::client::Client;
use crate::options::Scale;
use crate::servers::{Kind, Server, Stable};
use crate::speech::Place;

const TASKS: usize = 100;
/// Sockets that begin at once: more would overflow the queue of the system before any server sees them.
const AT_ONCE: usize = 256;

pub(super) async fn measure(stable: &Stable, kind: Kind, scale: Scale) -> Outcome<Figures> {
    let server = stable.start(kind).await?;
    let account = Account::new(&server).await?;
    let mut writer = Client::live(&server, &account).await?;
    writer.seed(TASKS).await?;
    let place = Client::live(&server, &account).await?.place;
    let sessions = idle::sessions(&server, &account, scale.cut, place, 0).await?;
    let before = server.seconds()?;
    let begun = Instant::now();
    for session in sessions {
        session.wire.cut()?;
    }
    let again = begin(&server, &account, scale.cut, place).await?;
    let seconds = begun.elapsed().as_secs_f64();
    let spent = server.seconds()? - before;
    for session in &again {
        if session.place.revision < place.revision {
            return Err("a session came back behind its cursor".into());
        }
    }
    Ok(vec![("cut", seconds), ("cpu cut", spent)])
}

async fn begin(server: &Server, account: &Account, count: usize, place: Place) -> Outcome<Vec<Client>> {
    let mut beginning = FuturesUnordered::new();
    let mut live = Vec::with_capacity(count);
    while live.len() < count {
        while beginning.len() < AT_ONCE && beginning.len() + live.len() < count {
            beginning.push(Client::resume(server, account, place));
        }
        if let Some(client) = beginning.next().await {
            live.push(client?);
        }
    }
    Ok(live)
}
