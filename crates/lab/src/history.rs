//! What has happened so far: events, one after the other, and messages with their ways. Both are what is drawn.

use std::collections::VecDeque;

use tsugi_sync::ids::Revision;

use crate::change::Change;
use crate::device::Who;
use crate::limits;

/// Milliseconds since the beginning.
pub type Moment = u64;

/// Something that happened at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub at: Moment,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    WentOffline(Who),
    CameBack(Who),
    /// A person changed the task that is called `title`. With `waits`, the device is offline.
    Did {
        who: Who,
        title: String,
        change: Change,
        waits: bool,
    },
    /// The server accepted changes of a device. The last of them is `revision`.
    Accepted {
        who: Who,
        change: Option<Change>,
        revision: Revision,
    },
    /// Two versions meet: a change that was made on the version `made_on` comes to the server, which has `head`.
    Met {
        who: Who,
        made_on: Revision,
        head: Revision,
    },
    /// A message from or to a device got lost.
    NotHeard(Who),
    /// A device heard of changes up to `revision`.
    Heard {
        who: Who,
        revision: Revision,
    },
    /// A device kept both versions, and asks.
    KeptBoth(Who),
    /// A device brought both versions together by a rule.
    Merged(Who),
    /// Both devices have the same, nothing is on its way, and nobody is asked.
    Agreed(Revision),
}

/// A message between a device and the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub serial: u64,
    pub who: Who,
    pub up: bool,
    pub sent: Moment,
    pub arrives: Moment,
    /// When it got lost, or will get lost.
    pub lost: Option<Moment>,
    /// What it brings to the server.
    pub changes: Vec<Change>,
    /// The device that made what it brings to another device; none if it only brings answers.
    pub news_of: Option<Who>,
}

impl Message {
    /// When it arrives or gets lost.
    #[must_use]
    pub fn ends(&self) -> Moment {
        self.lost.unwrap_or(self.arrives)
    }
}

#[derive(Clone, Debug, Default)]
pub struct History {
    events: VecDeque<Event>,
    messages: VecDeque<Message>,
    /// How often anything was added.
    length: u64,
}

impl History {
    pub fn events(&self) -> impl DoubleEndedIterator<Item = &Event> {
        self.events.iter()
    }

    pub fn messages(&self) -> impl Iterator<Item = &Message> {
        self.messages.iter()
    }

    /// A number that grows with everything that happens.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    pub(crate) fn add(&mut self, at: Moment, what: What) {
        self.length += 1;
        if self.events.len() == limits::EVENTS {
            self.events.pop_front();
        }
        self.events.push_back(Event { at, what });
    }

    pub(crate) fn send(&mut self, message: Message) {
        self.length += 1;
        if self.messages.len() == limits::EVENTS {
            self.messages.pop_front();
        }
        self.messages.push_back(message);
    }

    /// A message that was on its way got lost.
    pub(crate) fn lose(&mut self, serial: u64, at: Moment) {
        self.length += 1;
        let lost = self.messages.iter_mut().find(|message| message.serial == serial);
        if let Some(message) = lost {
            message.lost = Some(at);
        }
    }

    /// The last event that a person should hear of in a sentence. The others only lead to it.
    #[must_use]
    pub fn story(&self) -> Option<&Event> {
        self.events.iter().rev().find(|event| match event.what {
            What::WentOffline(_)
            | What::Met { .. }
            | What::KeptBoth(_)
            | What::Merged(_)
            | What::Agreed(_)
            | What::Did { .. } => true,
            What::CameBack(_) | What::Accepted { .. } | What::NotHeard(_) | What::Heard { .. } => false,
        })
    }

    /// When a device was offline, as far as it is remembered; without an end if it still is.
    #[must_use]
    pub fn offline(&self, who: Who) -> Vec<(Moment, Option<Moment>)> {
        let mut spans: Vec<(Moment, Option<Moment>)> = Vec::new();
        for event in &self.events {
            match event.what {
                What::WentOffline(of) if of == who => spans.push((event.at, None)),
                What::CameBack(of) if of == who => match spans.last_mut() {
                    Some((_, end)) => *end = Some(event.at),
                    // The beginning is forgotten.
                    None => spans.push((0, Some(event.at))),
                },
                What::WentOffline(_)
                | What::CameBack(_)
                | What::Did { .. }
                | What::Accepted { .. }
                | What::Met { .. }
                | What::NotHeard(_)
                | What::Heard { .. }
                | What::KeptBoth(_)
                | What::Merged(_)
                | What::Agreed(_) => {}
            }
        }
        spans
    }
}
