//! Where events come from.
//!
//! A source gets a sink, and gives it each event as it happens. The sink never waits, so a source may be a task as
//! well as the thread that commits. Events of one source reach each mailbox in the order in which they were given.

use std::pin::Pin;
use std::sync::Arc;

use super::{Event, EventProcessor};

/// The sources that there are. Their names are labels of metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceName {
    /// Changes that this process committed, and what its own requests did.
    Commits,
    /// Changes that other instances committed.
    Others,
    /// Notices in the store: rights that changed, and sign-ins that ended.
    Notices,
    /// Something outside of the server, such as a calendar that has changed.
    External,
}

impl SourceName {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Commits => "commits",
            Self::Others => "others",
            Self::Notices => "notices",
            Self::External => "external",
        }
    }
}

/// The work of a source, until it has nothing more to tell.
pub type Running = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A source that runs beside the others. The store is none of these: it calls the event processor from its own
/// thread, after each commit.
pub trait Source: Send {
    fn name(&self) -> SourceName;

    /// Tells of everything that happens. Dropping the future ends the source.
    fn run(self: Box<Self>, sink: Sink) -> Running;
}

/// The way from one source to the event processor.
#[derive(Clone, Debug)]
pub struct Sink {
    name: SourceName,
    processor: Arc<EventProcessor>,
}

impl Sink {
    #[must_use]
    pub fn new(name: SourceName, processor: Arc<EventProcessor>) -> Self {
        Self { name, processor }
    }

    /// Gives an event to those whom it concerns. It never waits.
    pub fn take(&self, event: Event) {
        self.processor.take(self.name, event);
    }
}
