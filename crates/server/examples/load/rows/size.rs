//! Bytes of one change of a field, and of coming back to nothing new. The heads of frames count, the upgrade does not.

use super::Figures;
use crate::Outcome;
use crate::account::Account;
use crate::client::Client;
use crate::content::Patch;
use crate::servers::{Kind, Stable};

const CHANGES: usize = 20;

pub(super) async fn measure(stable: &Stable, kind: Kind) -> Outcome<Figures> {
    let server = stable.start(kind).await?;
    let account = Account::new(&server).await?;
    let mut writer = Client::live(&server, &account).await?;
    let mut tasks = writer.seed(10).await?;
    let mut other = Client::live(&server, &account).await?;
    let (up, down, told) = (writer.wire.up, writer.wire.down, other.wire.down);
    for number in 0..CHANGES {
        let patch = Patch(vec![("completed", (1_767_225_600_000 + number as i64).into())]);
        writer.commit(&mut tasks[number % 10], &patch).await?;
        while other.told <= number {
            other.next().await?;
        }
    }
    let each = |now: u64, before: u64| (now - before) as f64 / CHANGES as f64;
    let mut figures = vec![
        ("change up", each(writer.wire.up, up)),
        ("change answer", each(writer.wire.down, down)),
        ("change down", each(other.wire.down, told)),
    ];
    drop((writer, other));
    let place = Client::live(&server, &account).await?.place;
    let back = Client::resume(&server, &account, place).await?;
    if back.fetched > 0 {
        return Err("there was nothing new".into());
    }
    figures.push(("resume up", (back.wire.up - account.token.len() as u64) as f64));
    figures.push(("resume down", back.wire.down as f64));
    Ok(figures)
}
