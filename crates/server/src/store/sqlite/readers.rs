//! A few connections that only read, used from blocking threads.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::open;
use crate::store::StoreError;

#[derive(Debug)]
pub(crate) struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
    permits: Arc<Semaphore>,
}

impl Readers {
    pub(crate) fn open(path: &Path, count: usize) -> rusqlite::Result<Self> {
        let idle: rusqlite::Result<Vec<_>> = (0..count.max(1)).map(|_| open::open_reader(path)).collect();
        Ok(Self {
            path: path.to_owned(),
            idle: Mutex::new(idle?),
            permits: Arc::new(Semaphore::new(count.max(1))),
        })
    }

    pub(crate) async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        read: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let permit = Arc::clone(&self.permits).acquire_owned();
        let permit = permit.await.map_err(|_| StoreError::Closed)?;
        let readers = Arc::clone(self);
        let reading = tokio::task::spawn_blocking(move || {
            // Held here, because the connection stays in use even if the request is gone.
            let _permit = permit;
            let connection = readers.take()?;
            connection.execute_batch("BEGIN")?;
            let result = read(&connection);
            // A connection that cannot end its transaction is dropped, and replaced by a new one.
            if connection.execute_batch("COMMIT").is_ok() {
                readers
                    .idle
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(connection);
            }
            result
        });
        reading.await.map_err(|_| StoreError::Closed)?
    }

    fn take(&self) -> rusqlite::Result<Connection> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.map_or_else(|| open::open_reader(&self.path), Ok)
    }
}
