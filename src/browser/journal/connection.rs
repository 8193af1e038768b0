//! A connection that knows whether it is alive.
//!
//! It closes itself when another tab wants to upgrade or delete the database, so that it never blocks one.

use std::cell::Cell;
use std::fmt;
use std::rc::Rc;

use futures::channel::oneshot;
use futures::future::{Either, select};
use js_sys::Promise;
use rexie::{ObjectStore, Rexie, Transaction, TransactionMode};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{IdbDatabase, IdbFactory, IdbOpenDbRequest};

use super::write::Write;
use super::{CHECKPOINT, JournalError, LOG, META, QUARANTINE, VERSION};
use crate::browser::js;
use crate::browser::time::Timer;

/// How many milliseconds to wait until other tabs have closed the database.
const PATIENCE: u64 = 10_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum IfMissing {
    Create,
    Fail,
}

pub(super) struct Connection {
    /// It is taken when the connection is closed.
    reads: Option<Rexie>,
    writes: IdbDatabase,
    alive: Rc<Cell<bool>>,
    _on_end: Closure<dyn FnMut()>,
}

impl Connection {
    pub(super) async fn open(name: &str, if_missing: IfMissing) -> Result<Self, JournalError> {
        // Only `rexie` declares stores. In the other case, a missing database is an error and is not created.
        let (reads, writes) = match if_missing {
            IfMissing::Create => {
                let reads = Closing(Some(declare(name).await?));
                (reads, open_existing(name).await?)
            }
            IfMissing::Fail => {
                let writes = open_existing(name).await?;
                (Closing(Some(declare(name).await?)), writes)
            }
        };

        let alive = Rc::new(Cell::new(true));
        let (ending, closing) = (Rc::clone(&alive), writes.clone());
        let on_end = Closure::<dyn FnMut()>::new(move || {
            ending.set(false);
            closing.close();
        });
        writes.set_onversionchange(Some(on_end.as_ref().unchecked_ref()));
        writes.set_onclose(Some(on_end.as_ref().unchecked_ref()));
        Ok(Self {
            reads: reads.keep(),
            writes,
            alive,
            _on_end: on_end,
        })
    }

    pub(super) fn is_alive(&self) -> bool {
        self.alive.get()
    }

    /// Marks a connection as dead, because its user has found it so.
    pub(super) fn bury(&self) {
        self.alive.set(false);
    }

    /// If the connection is closed, the end of the connection is the reason that a transaction was aborted.
    pub(super) fn diagnose(&self, error: JournalError) -> JournalError {
        if matches!(error, JournalError::Aborted(_)) && !self.is_alive() {
            return JournalError::Closed;
        }
        error
    }

    /// A transaction for reading. Once its requests are answered, there is nothing left to wait for.
    pub(super) fn read(&self, stores: &[&str]) -> Result<Transaction, JournalError> {
        let reads = self.reads.as_ref().ok_or(JournalError::Closed)?;
        Ok(reads.transaction(stores, TransactionMode::ReadOnly)?)
    }

    pub(super) fn write(&self, stores: &[&str]) -> Result<Write, JournalError> {
        Write::begin(&self.writes, stores)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.writes.set_onversionchange(None);
        self.writes.set_onclose(None);
        // Transactions that have begun still end.
        self.writes.close();
        if let Some(reads) = self.reads.take() {
            reads.close();
        }
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("name", &self.writes.name())
            .field("alive", &self.is_alive())
            .finish_non_exhaustive()
    }
}

pub(super) fn factory() -> Result<IdbFactory, JournalError> {
    // In some private modes there is none; in others, reading it throws.
    js::global("indexedDB")
        .map(JsCast::unchecked_into)
        .ok_or_else(|| JournalError::Unavailable("there is no IndexedDB".to_owned()))
}

/// Waits for a request to open or delete. `Ok(false)` means that another tab blocks it.
pub(super) async fn settled(request: &IdbOpenDbRequest) -> Result<bool, JournalError> {
    let promise = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onblocked(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    match JsFuture::from(promise).await {
        Ok(event) => Ok(js::member(&event, "type").is_none_or(|kind| kind != "blocked")),
        Err(_) => Err(match request.error() {
            Ok(Some(error)) => JournalError::thrown(error.into()).opening(),
            Ok(None) => JournalError::Unavailable("for no stated reason".to_owned()),
            Err(thrown) => JournalError::thrown(thrown).opening(),
        }),
    }
}

/// Opens the database with every store declared. `rexie` does not tell when another tab blocks it, so a timer decides.
async fn declare(name: &str) -> Result<Rexie, JournalError> {
    factory()?;
    let building = Rexie::builder(name)
        .version(VERSION)
        .add_object_store(ObjectStore::new(LOG).auto_increment(true))
        .add_object_store(ObjectStore::new(CHECKPOINT))
        .add_object_store(ObjectStore::new(META))
        .add_object_store(ObjectStore::new(QUARANTINE).auto_increment(true))
        .build();
    let (tell, told) = oneshot::channel();
    // This runs by itself, so that a database that is opened too late is closed again and does not block others.
    spawn_local(async move {
        if let Err(Ok(late)) = tell.send(building.await) {
            late.close();
        }
    });
    let (ring, rung) = oneshot::channel::<()>();
    let _timer = Timer::after(PATIENCE, move || drop(ring));
    match select(told, rung).await {
        Either::Left((Ok(opened), _)) => opened.map_err(|error| JournalError::from(error).opening()),
        Either::Left((Err(_), _)) => Err(JournalError::Closed),
        Either::Right(_) => Err(JournalError::Blocked),
    }
}

/// Opens an existing database; a missing one is not created.
async fn open_existing(name: &str) -> Result<IdbDatabase, JournalError> {
    let request = factory()?
        .open_with_u32(name, VERSION)
        .map_err(|thrown| JournalError::thrown(thrown).opening())?;
    let missing = Rc::new(Cell::new(false));
    let (found_missing, upgraded) = (Rc::clone(&missing), request.clone());
    let on_upgrade = Closure::once(move || {
        found_missing.set(true);
        if let Some(transaction) = upgraded.transaction()
            && let Err(thrown) = transaction.abort()
        {
            js::warn(&format!("an upgrade goes on: {}", js::describe(&thrown)));
        }
    });
    request.set_onupgradeneeded(Some(on_upgrade.as_ref().unchecked_ref()));
    // It is blocked only while another tab deletes the database. In the end the database is then missing.
    let opened = match settled(&request).await {
        Ok(true) => request.result().map_err(JournalError::thrown),
        Ok(false) => Err(JournalError::Blocked),
        Err(_) if missing.get() => Err(JournalError::Gone),
        Err(error) => Err(error),
    }?;
    opened
        .dyn_into()
        .map_err(|_: JsValue| JournalError::Other("the browser opened something else".to_owned()))
}

/// Closes a database that nobody has taken over.
struct Closing(Option<Rexie>);

impl Closing {
    fn keep(mut self) -> Option<Rexie> {
        self.0.take()
    }
}

impl Drop for Closing {
    fn drop(&mut self) {
        if let Some(unused) = self.0.take() {
            unused.close();
        }
    }
}
