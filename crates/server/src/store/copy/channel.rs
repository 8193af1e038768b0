//! The way from a source to a target: records in portions, each of one table, and the word that all were sent.

use tokio::sync::mpsc;

use super::record::{Record, Table};
use super::{CopyError, Tally};

/// Records in one portion.
const RECORDS: usize = 500;
/// About the bytes of texts in one portion.
const BYTES: usize = 1024 * 1024;

enum Portion {
    Records(Table, Vec<Record>),
    End,
}

/// The source's end.
pub(in crate::store) struct Inlet {
    sender: mpsc::Sender<Portion>,
    held: Vec<Record>,
    bytes: usize,
}

/// The target's end.
pub(in crate::store) struct Outlet {
    receiver: mpsc::Receiver<Portion>,
    /// Of everything that came.
    pub(in crate::store) tally: Tally,
}

pub(in crate::store) fn channel() -> (Inlet, Outlet) {
    let (sender, receiver) = mpsc::channel(4);
    let inlet = Inlet {
        sender,
        held: Vec::new(),
        bytes: 0,
    };
    let tally = Tally::default();
    (inlet, Outlet { receiver, tally })
}

impl Inlet {
    /// Takes a record with about so many bytes of text. Answers whether it is time to send.
    pub(in crate::store) fn hold(&mut self, record: Record, bytes: usize) -> bool {
        self.held.push(record);
        self.bytes += bytes;
        self.held.len() >= RECORDS || self.bytes >= BYTES
    }

    fn portion(&mut self, table: Table) -> Option<Portion> {
        self.bytes = 0;
        let records = std::mem::take(&mut self.held);
        (!records.is_empty()).then_some(Portion::Records(table, records))
    }

    /// Sends what is held, all of which is of this table.
    pub(in crate::store) async fn send(&mut self, table: Table) -> Result<(), CopyError> {
        match self.portion(table) {
            Some(portion) => self.sender.send(portion).await.map_err(|_| CopyError::Unfinished),
            None => Ok(()),
        }
    }

    /// The same, from a thread that may block.
    pub(in crate::store) fn send_blocking(&mut self, table: Table) -> Result<(), CopyError> {
        match self.portion(table) {
            Some(portion) => self
                .sender
                .blocking_send(portion)
                .map_err(|_| CopyError::Unfinished),
            None => Ok(()),
        }
    }

    /// Says that everything was sent.
    pub(in crate::store) async fn end(self) -> Result<(), CopyError> {
        let sent = self.sender.send(Portion::End).await;
        sent.map_err(|_| CopyError::Unfinished)
    }
}

impl Outlet {
    /// The next records; none at the end. A source that fails never comes to the end.
    pub(in crate::store) async fn next(&mut self) -> Result<Option<(Table, Vec<Record>)>, CopyError> {
        let portion = self.receiver.recv().await;
        self.take(portion)
    }

    /// The same, from a thread that may block.
    pub(in crate::store) fn next_blocking(&mut self) -> Result<Option<(Table, Vec<Record>)>, CopyError> {
        let portion = self.receiver.blocking_recv();
        self.take(portion)
    }

    fn take(&mut self, portion: Option<Portion>) -> Result<Option<(Table, Vec<Record>)>, CopyError> {
        match portion {
            None => Err(CopyError::Unfinished),
            Some(Portion::End) => Ok(None),
            Some(Portion::Records(table, records)) => {
                self.tally.add(table, &records)?;
                Ok(Some((table, records)))
            }
        }
    }
}
