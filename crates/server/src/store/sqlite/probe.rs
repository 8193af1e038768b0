//! Whether the store can be written to, found out by writing.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::Sqlite;
use super::data_dir::open_private;
use crate::seldom::Seldom;
use crate::store::StoreError;

/// The file for the attempt, beside the database.
pub(super) const FILE: &str = "probe";
/// As much as a group commit may need.
const BYTES: usize = 256 * 1024;
/// An answer is used again for this time, so that further requests cost nothing.
const GOOD_FOR: Duration = Duration::from_secs(1);

static NO_ROOM: Seldom = Seldom::new();

/// The last answer, and when it was found.
#[derive(Debug, Default)]
pub(super) struct Probed(Mutex<Option<(Instant, bool)>>);

impl Sqlite {
    /// Whether there is room to write, and the last group could be committed. If it could not, a small write
    /// through the writer shows whether a commit works now.
    pub(crate) async fn can_write(&self) -> Result<bool, StoreError> {
        let last = *self.probed.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, can)) = last
            && at.elapsed() < GOOD_FOR
        {
            return Ok(can);
        }
        let dir = self.dir.path().to_owned();
        let room = tokio::task::spawn_blocking(move || fill(&dir)).await;
        let mut can = match room.map_err(|_| StoreError::Closed)? {
            Ok(()) => true,
            Err(error) => {
                if let Some(count) = NO_ROOM.count(tokio::time::Instant::now()) {
                    tracing::warn!(%error, count, "the data directory cannot be written to");
                }
                false
            }
        };
        if can && self.writer.has_failed() {
            let number = |connection: &rusqlite::Connection| {
                let number: i32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
                Ok(connection.pragma_update(None, "user_version", number)?)
            };
            can = self.write(number).await.is_ok();
        }
        *self.probed.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), can));
        Ok(can)
    }
}

/// Takes room on the disk, and gives it back.
pub(super) fn fill(dir: &Path) -> io::Result<()> {
    let path = dir.join(FILE);
    let filled = open_private(&path).and_then(|mut file| file.write_all(&[0; BYTES]));
    let removed = fs::remove_file(&path);
    filled.and(removed)
}
