//! The durable local store of one workspace. This is the only module that touches IndexedDB.
//!
//! The log is the only source of truth. Every tab appends to it, and every tab folds the same rows in the same order,
//! from the position of the last checkpoint on. This module does not read the content of a row.
//!
//! - Keys of the log rise from 1 and are never used again, also after a checkpoint has deleted their rows, because they
//!   are the sequence numbers of mutations. (IndexedDB keeps the counter with the store; deleting rows does not turn it
//!   back.)
//! - `Ok` from a method that writes means durable: the transaction asked for strict durability and is complete.
//! - A connection that has died is dropped and opened again, once in each call. A database that was deleted meanwhile
//!   is not created again without the caller's knowledge, because its counter would begin again under the same replica.
//! - A row that cannot be read never blocks the others: it moves to the quarantine, from which it can be exported.
//!
//! `rexie` declares the stores and reads them. Beside it there is a connection of `web-sys`, because `rexie` cannot ask
//! for strict durability, hides why a transaction was aborted, and does not tell that a connection was closed.
//!
//! If a browser denies its storage, a journal may be kept in memory instead. It keeps the same promises except one:
//! `Ok` does not mean durable. The caller has to ask for such a journal explicitly. It lives as long as the page, and
//! belongs to one tab. Left out: encryption, indexes, and any await between reading and appending except for the
//! transaction itself.

mod catalog;
mod connection;
mod error;
mod memory;
mod meta;
mod part;
mod rows;
mod write;

use std::cell::RefCell;
use std::rc::Rc;

pub use catalog::{database_name, destroy, names};
use connection::{Connection, IfMissing};
pub use error::JournalError;
use memory::Memory;
pub use part::Part;
use rows::Head;
use wasm_bindgen::JsValue;

/// The version of the stores. A later version needs an upgrade that declares every store again, because `rexie` deletes
/// stores that are not declared.
const VERSION: u32 = 1;
/// Rows under rising keys.
const LOG: &str = "log";
/// Packed parts under 0, 1, …, and [`HEAD`].
const CHECKPOINT: &str = "checkpoint";
/// Strings under strings.
const META: &str = "meta";
/// Values that could not be read, with the reason.
const QUARANTINE: &str = "quarantine";
/// Sorts after the parts, because IndexedDB sorts strings after numbers.
const HEAD: &str = "head";
/// In [`META`]: an id of this database that was made when the database was created.
const INCARNATION: &str = "incarnation";

/// Everything that the database holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// The checkpoint holds the log up to this key; 0 means that there is no checkpoint yet.
    pub position: u64,
    /// Its parts.
    pub checkpoint: Vec<Part>,
    /// The log after the checkpoint.
    pub rows: Vec<(u64, String)>,
    /// How many rows were moved to the quarantine just now, and how many parts of the checkpoint are missing or are not
    /// text.
    pub unreadable: usize,
}

/// The log after some key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tail {
    /// If this is past the key that was asked for, the rows between are gone, and only `load` can read their content.
    pub checkpoint_position: u64,
    pub rows: Vec<(u64, String)>,
}

/// The result of writing a checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checkpointed {
    Written,
    /// Another tab has written a later one, which stays.
    Overtaken {
        position: u64,
    },
}

/// A row that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantined {
    pub reason: String,
    /// The row as text, or as JSON if it was not text.
    pub row: String,
}

/// One tab's handle on the database. Dropping it closes the connection.
#[derive(Debug)]
pub struct Journal {
    name: String,
    keeper: Keeper,
}

#[derive(Debug)]
enum Keeper {
    Database {
        incarnation: String,
        /// Whether the database was created when it was opened.
        is_new: bool,
        connection: RefCell<Option<Rc<Connection>>>,
    },
    Memory(Rc<RefCell<Memory>>),
}

impl Journal {
    /// Opens the database `name` (see [`database_name`]), and creates it if there is none.
    pub async fn open(name: &str) -> Result<Self, JournalError> {
        let connection = Rc::new(Connection::open(name, IfMissing::Create).await?);
        let fresh = super::time::new_id().to_string();
        let incarnation = meta::get_or_init(&connection, INCARNATION, &fresh).await?;
        Ok(Self {
            name: name.to_owned(),
            keeper: Keeper::Database {
                is_new: incarnation == fresh,
                incarnation,
                connection: RefCell::new(Some(connection)),
            },
        })
    }

    /// Like [`Self::open`], but in memory if the browser gives no storage. A journal that was begun in memory goes on
    /// there.
    pub async fn open_somewhere(name: &str) -> Result<Self, JournalError> {
        let kept = memory::find(name);
        let keeper = match kept {
            Some(kept) => kept,
            None => match Self::open(name).await {
                Err(JournalError::Unavailable(_)) => memory::begin(name),
                opened => return opened,
            },
        };
        Ok(Self {
            name: name.to_owned(),
            keeper: Keeper::Memory(keeper),
        })
    }

    /// The name under which the tabs that share this journal meet. A journal in memory is shared with nobody.
    #[must_use]
    pub fn meeting_place(&self) -> String {
        match &self.keeper {
            Keeper::Database { .. } => self.name.clone(),
            Keeper::Memory(memory) => format!("{}-{}", self.name, memory.borrow().id()),
        }
    }

    /// Whether nothing of it is left when the page is closed.
    #[must_use]
    pub fn is_in_memory(&self) -> bool {
        matches!(self.keeper, Keeper::Memory(_))
    }

    /// Whether there was no database, so that it was created.
    #[must_use]
    pub fn is_new(&self) -> bool {
        matches!(self.keeper, Keeper::Database { is_new: true, .. })
    }

    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Reads everything that can be read, and counts the rest.
    pub async fn load(&self) -> Result<Loaded, JournalError> {
        if let Keeper::Memory(memory) = &self.keeper {
            return Ok(memory.borrow().load());
        }
        self.attempt(async |connection| {
            let read = connection.read(&[LOG, CHECKPOINT])?;
            let (log, parts) = (read.store(LOG)?, read.store(CHECKPOINT)?);
            // All requests are made at once, so that the browser answers them together.
            let (keys, values, parts) = futures::try_join!(
                log.get_all_keys(None, None),
                log.get_all(None, None),
                parts.get_all(None, None),
            )?;
            let (rows, unreadable) = rows::split(&keys, values);
            if !unreadable.is_empty() {
                move_to_quarantine(connection, &unreadable, rows::NOT_TEXT).await?;
            }
            let (head, checkpoint, damaged) = rows::checkpoint(parts);
            Ok(Loaded {
                position: head.position,
                checkpoint,
                rows,
                unreadable: unreadable.len() + damaged,
            })
        })
        .await
    }

    /// The log after `after`.
    pub async fn tail(&self, after: u64) -> Result<Tail, JournalError> {
        if let Keeper::Memory(memory) = &self.keeper {
            return Ok(memory.borrow().tail(after));
        }
        self.attempt(async |connection| {
            let read = connection.read(&[LOG, CHECKPOINT])?;
            let (log, parts) = (read.store(LOG)?, read.store(CHECKPOINT)?);
            let (keys, values, head) = futures::try_join!(
                log.get_all_keys(Some(rows::rexie_range_after(after)?), None),
                log.get_all(Some(rows::rexie_range_after(after)?), None),
                parts.get(JsValue::from_str(HEAD)),
            )?;
            Ok(Tail {
                checkpoint_position: Head::read(head.as_ref()).unwrap_or_default().position,
                rows: rows::split(&keys, values).0,
            })
        })
        .await
    }

    /// Reads the log after `after`, calls `decide` for the rows to append, and appends them, all in one transaction in
    /// which no other tab writes. Returns the keys of the new rows, in order, as soon as they are durable.
    ///
    /// If the connection dies during the first attempt, `decide` is called again with the rows that are there then.
    pub async fn commit(
        &self,
        after: u64,
        mut decide: impl FnMut(Tail) -> Vec<String>,
    ) -> Result<Vec<u64>, JournalError> {
        if let Keeper::Memory(memory) = &self.keeper {
            return Ok(memory::commit(memory, after, &mut decide));
        }
        let mut tried: Vec<String> = Vec::new();
        self.attempt(async |connection| {
            let write = connection.write(&[LOG, CHECKPOINT, QUARANTINE])?;
            let log = write.store(LOG)?;
            let range = rows::range_after(after)?;
            let head = write::ask(write.store(CHECKPOINT)?.get(&JsValue::from_str(HEAD)))?;
            let keys = write::ask(log.get_all_keys_with_key(&range))?;
            let values = write::ask(log.get_all_with_key(&range))?;
            // If the head is damaged, the header inside the checkpoint still has the position, and the next checkpoint
            // writes a good head.
            let head = Head::read(Some(&head.answer().await?)).unwrap_or_default();
            let keys = rows::list(&keys.answer().await?);
            let (rows, unreadable) = rows::split(&keys, rows::list(&values.answer().await?));
            for row in &unreadable {
                write.quarantine(&row.key, &row.value, rows::NOT_TEXT)?;
            }
            // A connection can die between the commit and the report of it.
            if let Some(keys) = rows::find(&rows, &tried) {
                write.finish().await?;
                return Ok(keys);
            }

            tried = decide(Tail {
                checkpoint_position: head.position,
                rows,
            });
            let mut added = Vec::with_capacity(tried.len());
            for row in &tried {
                added.push(log.add(&JsValue::from_str(row)).map_err(JournalError::thrown)?);
            }
            write.finish().await?;
            added.iter().map(write::key_of).collect()
        })
        .await
    }

    /// Replaces the checkpoint by one that holds the log up to `position`, and deletes those rows.
    pub async fn checkpoint(&self, position: u64, parts: &[Part]) -> Result<Checkpointed, JournalError> {
        if let Keeper::Memory(memory) = &self.keeper {
            return Ok(memory.borrow_mut().checkpoint(position, parts));
        }
        self.attempt(async |connection| {
            let write = connection.write(&[LOG, CHECKPOINT])?;
            let store = write.store(CHECKPOINT)?;
            // A damaged head is a reason to write a good one.
            let stored = write::ask(store.get(&JsValue::from_str(HEAD)))?.answer().await?;
            let stored = Head::read(Some(&stored)).unwrap_or_default();
            if stored.position > position {
                write.finish().await?;
                return Ok(Checkpointed::Overtaken {
                    position: stored.position,
                });
            }
            store.clear().map_err(JournalError::thrown)?;
            for (part, index) in parts.iter().zip(0_u32..) {
                store
                    .put_with_key(part.as_ref(), &JsValue::from(index))
                    .map_err(JournalError::thrown)?;
            }
            let head = Head {
                position,
                count: parts.len(),
            };
            store
                .put_with_key(&head.to_value()?, &JsValue::from_str(HEAD))
                .map_err(JournalError::thrown)?;
            write
                .store(LOG)?
                .delete(&rows::range_up_to(position)?.into())
                .map_err(JournalError::thrown)?;
            write.finish().await?;
            Ok(Checkpointed::Written)
        })
        .await
    }

    /// Moves a row of the log, which the caller cannot read, to the quarantine. If there is no such row, nothing
    /// happens.
    pub async fn quarantine(&self, key: u64, reason: &str) -> Result<(), JournalError> {
        if let Keeper::Memory(memory) = &self.keeper {
            return {
                memory.borrow_mut().quarantine(key, reason);
                Ok(())
            };
        }
        self.attempt(async |connection| {
            let write = connection.write(&[LOG, QUARANTINE])?;
            let key = rows::key_value(key);
            let row = write::ask(write.store(LOG)?.get(&key))?.answer().await?;
            if !row.is_undefined() {
                write.quarantine(&key, &row, reason)?;
            }
            write.finish().await
        })
        .await
    }

    /// The rows in the quarantine, in the order in which they came there.
    pub async fn quarantined(&self) -> Result<Vec<Quarantined>, JournalError> {
        if let Keeper::Memory(memory) = &self.keeper {
            return Ok(memory.borrow().quarantined());
        }
        self.attempt(async |connection| {
            let read = connection.read(&[QUARANTINE])?;
            let all = read.store(QUARANTINE)?.get_all(None, None).await?;
            Ok(all.iter().map(rows::quarantined).collect())
        })
        .await
    }

    pub async fn get_meta(&self, key: &str) -> Result<Option<String>, JournalError> {
        if let Keeper::Memory(memory) = &self.keeper {
            return Ok(memory.borrow().get_meta(key));
        }
        self.attempt(async |connection| meta::get(connection, key).await)
            .await
    }

    pub async fn put_meta(&self, key: &str, value: &str) -> Result<(), JournalError> {
        if let Keeper::Memory(memory) = &self.keeper {
            return {
                memory.borrow_mut().put_meta(key, value);
                Ok(())
            };
        }
        self.attempt(async |connection| meta::put(connection, key, value).await)
            .await
    }

    /// Replaces the value under `key` by what `change` makes of it, in one transaction. None yet is an empty text.
    pub async fn change_meta(&self, key: &str, change: impl Fn(&str) -> String) -> Result<(), JournalError> {
        if let Keeper::Memory(memory) = &self.keeper {
            let kept = memory.borrow().get_meta(key).unwrap_or_default();
            memory.borrow_mut().put_meta(key, &change(&kept));
            return Ok(());
        }
        self.attempt(async |connection| meta::change(connection, key, &change).await)
            .await
    }

    /// The value under `key`. If there was none, `value` is stored first. All tabs get the same result.
    pub async fn get_or_init_meta(&self, key: &str, value: &str) -> Result<String, JournalError> {
        if let Keeper::Memory(memory) = &self.keeper {
            return Ok(memory.borrow_mut().get_or_init_meta(key, value));
        }
        self.attempt(async |connection| meta::get_or_init(connection, key, value).await)
            .await
    }

    /// Runs `work`, and once more on a fresh connection if the first one has died.
    async fn attempt<T>(
        &self,
        mut work: impl AsyncFnMut(&Connection) -> Result<T, JournalError>,
    ) -> Result<T, JournalError> {
        let connection = self.connection().await?;
        let first = work(&connection)
            .await
            .map_err(|error| connection.diagnose(error));
        let Err(JournalError::Closed) = first else {
            return first;
        };
        connection.bury();
        drop(connection);
        let connection = self.connection().await?;
        work(&connection)
            .await
            .map_err(|error| connection.diagnose(error))
    }

    async fn connection(&self) -> Result<Rc<Connection>, JournalError> {
        let Keeper::Database {
            incarnation,
            connection: current,
            ..
        } = &self.keeper
        else {
            return Err(JournalError::Closed);
        };
        let kept = current.borrow().clone().filter(|kept| kept.is_alive());
        if let Some(kept) = kept {
            return Ok(kept);
        }
        let connection = Rc::new(Connection::open(&self.name, IfMissing::Fail).await?);
        // Another tab has deleted the database and created it again, so its keys have nothing to do with the known
        // ones.
        if meta::get(&connection, INCARNATION).await?.as_deref() != Some(incarnation.as_str()) {
            return Err(JournalError::Gone);
        }
        current.replace(Some(Rc::clone(&connection)));
        Ok(connection)
    }
}

async fn move_to_quarantine(
    connection: &Connection,
    unreadable: &[rows::Unreadable],
    reason: &str,
) -> Result<(), JournalError> {
    let write = connection.write(&[LOG, QUARANTINE])?;
    // Another tab may already have moved the row.
    let log = write.store(LOG)?;
    for row in unreadable {
        let still_there = write::ask(log.get(&row.key))?.answer().await?;
        if !still_there.is_undefined() {
            write.quarantine(&row.key, &still_there, reason)?;
        }
    }
    write.finish().await
}
