//! The network of the lab: what a session wants to send and to save, and what of it is drawn.

use tsugi_sync::ids::{ReplicaId, Revision, Timestamp};
use tsugi_sync::log::Entry;
use tsugi_sync::mutation::PushedMutation;
use tsugi_sync::protocol::{Down, Fate, Up};
use tsugi_sync::session::{Input, Output, Received};

use super::{Happening, Lab, NOTICE_MS, OPEN_MS, TOKEN_MS};
use crate::change::Change;
use crate::device::Who;
use crate::history::{Message, What};
use crate::server::ConnectionId;

/// What a frame brings, if it is drawn.
struct Brings {
    changes: Vec<Change>,
    news_of: Option<Who>,
}

impl Lab {
    /// Gives a device an input, and carries out its outputs.
    pub(super) fn input(&mut self, who: Who, input: Input) {
        let now = self.now;
        let device = self.device_mut(who);
        device.session.handle(now, input, &device.replica);
        while let Some(output) = self.device_mut(who).session.poll_output() {
            match output {
                Output::Authenticate => self.later(TOKEN_MS, Happening::Token(who)),
                Output::Open(_) => self.open(who),
                Output::Transmit(up) => self.send_up(who, up),
                Output::Close => self.device_mut(who).connection = None,
                Output::Persist(received) => {
                    self.persist(who, received);
                    let device = self.device_mut(who);
                    device.session.handle(now, Input::Persisted, &device.replica);
                }
                Output::WakeAt(at) => {
                    self.device_mut(who).wake = Some(at);
                    self.at(at.max(now), Happening::Timer(who));
                }
                Output::Notify => {}
            }
        }
    }

    fn open(&mut self, who: Who) {
        self.serial += 1;
        let id = self.serial;
        let device = self.device_mut(who);
        device.connection = Some(id);
        device.is_broken = false;
        match device.controls.is_offline {
            true => self.later(OPEN_MS, Happening::Closed(who, id)),
            false => self.later(OPEN_MS, Happening::Opened(who, id)),
        }
    }

    fn persist(&mut self, who: Who, received: Received) {
        let heard = match &received {
            Received::Delta(delta) if !delta.entities.is_empty() => Some(delta.to),
            Received::Delta(_) | Received::Snapshot(_) | Received::Vector(_) => None,
        };
        let device = self.device_mut(who);
        let entries = received.entries(&device.replica, who.name());
        let is_superseded = entries
            .iter()
            .any(|entry| matches!(entry, Entry::Superseded { .. }));
        let made: Vec<Option<Change>> = entries
            .iter()
            .filter_map(|entry| match entry {
                Entry::Mutated(mutation) => Some(Change::of(&mutation.kind, &mutation.set)),
                Entry::Received(_)
                | Entry::Superseded { .. }
                | Entry::Bootstrapped { .. }
                | Entry::Exported
                | Entry::Learned { .. }
                | Entry::Discarded { .. }
                | Entry::Distrusted => None,
            })
            .collect();
        device.append(entries);
        if let Some(revision) = heard {
            self.note(What::Heard { who, revision });
        }
        if made.contains(&Some(Change::BothKept)) {
            self.note(What::KeptBoth(who));
        } else if is_superseded || !made.is_empty() {
            self.note(What::Merged(who));
        }
    }

    /// Notes what the server decided. Its head was `before`; what it had accepted earlier is no news.
    pub(super) fn note_decisions(
        &mut self,
        before: Revision,
        decisions: &[(ReplicaId, PushedMutation, Fate)],
    ) {
        let mut accepted = None;
        for (replica, mutation, fate) in decisions {
            let Some(who) = Who::of(*replica) else { continue };
            match fate {
                Fate::Accepted { revision, .. } if *revision <= before => {}
                Fate::Accepted { revision, .. } => {
                    let change = Change::of(&mutation.kind, &mutation.set);
                    accepted = Some((who, change, *revision));
                }
                Fate::Conflict { .. } => {
                    let made_on = self.device(who).made_on(mutation.since.unwrap_or(mutation.seq));
                    self.note(What::Met {
                        who,
                        made_on,
                        head: self.head(),
                    });
                }
                Fate::Refused { .. } => {}
            }
        }
        if let Some((who, change, revision)) = accepted {
            self.note(What::Accepted {
                who,
                change,
                revision,
            });
        }
    }
    fn send_up(&mut self, who: Who, up: Up) {
        let Some(id) = self.device(who).connection else {
            return;
        };
        let brings = match &up {
            Up::Push(push) => Some(Brings {
                changes: push
                    .mutations
                    .iter()
                    .filter_map(|mutation| Change::of(&mutation.kind, &mutation.set))
                    .collect(),
                news_of: None,
            }),
            Up::Hello(_) | Up::Subscribe(_) | Up::Pull { .. } | Up::Auth { .. } | Up::Ping => None,
        };
        if let Some((at, _)) = self.send(who, id, true, brings) {
            self.at(at, Happening::Up(id, up));
        }
    }

    pub(super) fn send_down(&mut self, id: ConnectionId, down: Down) {
        let Some(who) = self.server.replica(id).and_then(Who::of) else {
            return;
        };
        let brings = match &down {
            Down::Delta(delta) if !delta.entities.is_empty() || !delta.outcomes.is_empty() => Some(Brings {
                changes: Vec::new(),
                news_of: (!delta.entities.is_empty()).then(|| who.other()),
            }),
            Down::Delta(_)
            | Down::Welcome(_)
            | Down::Snapshot(_)
            | Down::Subscribed { .. }
            | Down::Pong { .. }
            | Down::Error(_) => None,
        };
        if let Some((at, serial)) = self.send(who, id, false, brings) {
            self.at(at, Happening::Down(who, id, serial, down));
        }
    }

    /// Sends a frame. Returns when it arrives, with the number of the message that is drawn, or 0; none if it gets lost.
    fn send(
        &mut self,
        who: Who,
        id: ConnectionId,
        up: bool,
        brings: Option<Brings>,
    ) -> Option<(Timestamp, u64)> {
        let (now, began) = (self.now, self.began);
        let loss = self.device(who).controls.loss;
        let is_lost = brings.is_some() && self.random.percent(loss);
        let device = self.device_mut(who);
        let arrival = &mut device.arrivals[usize::from(up)];
        let arrives = now.plus(device.controls.delay).max(*arrival);
        *arrival = arrives;
        let is_dead = device.connection != Some(id);
        device.is_broken |= is_lost && !is_dead;
        let is_lost = is_lost || is_dead || device.is_broken;
        if is_lost && !is_dead {
            self.at(arrives.plus(NOTICE_MS), Happening::Closed(who, id));
        }
        // A message gets lost after two thirds of its way.
        let lost = now.plus(arrives.since(now) * 2 / 3);
        let mut serial = 0;
        if let Some(Brings { changes, news_of }) = brings {
            self.serial += 1;
            serial = self.serial;
            self.history.send(Message {
                serial,
                who,
                up,
                sent: now.since(began),
                arrives: arrives.since(began),
                lost: is_lost.then(|| lost.since(began)),
                changes,
                news_of,
            });
            if is_lost {
                self.at(lost, Happening::Lost(who, serial));
            }
        }
        (!is_lost).then_some((arrives, serial))
    }
}
