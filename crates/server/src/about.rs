//! What a server says of itself: its version, the layout of its tables, its database, its bus and its name.

use rusqlite::{Connection, OpenFlags};
use uuid::Uuid;

use crate::config::Config;
use crate::metrics::About;
use crate::store::look_at_postgres;

pub(crate) async fn about(config: &Config, instance: Uuid) -> About {
    let (database, layout) = match &config.database {
        Some(address) => {
            let looked = look_at_postgres(address).await;
            (
                "postgresql",
                looked.ok().and_then(|(_, layout)| layout).map(i64::from),
            )
        }
        None => {
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let opened = Connection::open_with_flags(config.data.join("tsugi.db"), flags);
            let layout =
                opened.and_then(|database| database.query_row("PRAGMA user_version", [], |row| row.get(0)));
            ("sqlite", layout.ok())
        }
    };
    About {
        version: env!("CARGO_PKG_VERSION"),
        layout: layout.map_or_else(|| "unknown".to_owned(), |layout| layout.to_string()),
        database,
        bus: match (&config.redis, &config.database) {
            (Some(_), _) => "redis",
            (None, Some(_)) => "database",
            (None, None) => "none",
        },
        instance: instance.to_string(),
    }
}
