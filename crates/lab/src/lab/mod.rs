//! The lab: devices, server and network on virtual time. What happens follows from the seed and from what people do.
//!
//! The network is simpler than a real one. A message takes its delay, or is lost. A lost message ends the connection,
//! because a connection delivers everything in order or ends; the session then connects again, as it would anywhere.
//! Only pushes and deltas are lost, and only they are drawn. A device that goes offline knows it at once, and the server
//! learns of it when the device comes back: until then it sends into the void.

mod network;

use std::collections::BTreeMap;

use tsugi_calendar::Date;
use tsugi_sync::conflict::Conflict;
use tsugi_sync::entity::Field;
use tsugi_sync::gesture::Stamp;
use tsugi_sync::ids::{EntityId, Revision, Timestamp};
use tsugi_sync::log::Entry;
use tsugi_sync::protocol::{Down, Token, Up};
use tsugi_sync::replica::Replica;
use tsugi_sync::session::{Input, Phase};
use uuid::Uuid;

use crate::card::Card;
use crate::change::Change;
use crate::deed::{self, Deed, Refused};
use crate::device::{Controls, Device, Who};
use crate::history::{History, Moment, What};
use crate::limits;
use crate::random::Random;
use crate::scenario::{Scenario, Texts};
use crate::server::{ConnectionId, Server};

/// What a person does with a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    Do(Deed),
    Offline(bool),
    /// Milliseconds.
    Delay(u64),
    /// Of a hundred messages.
    Loss(u64),
    /// Minutes.
    Clock(i64),
}

#[derive(Debug)]
enum Happening {
    Token(Who),
    Opened(Who, ConnectionId),
    Up(ConnectionId, Up),
    /// The number is that of the message that is drawn; 0 if none is.
    Down(Who, ConnectionId, u64, Down),
    Closed(Who, ConnectionId),
    Lost(Who, u64),
    Timer(Who),
    Act(Who, Act),
}

/// When the lab begins, by the server's clock. Any moment would do.
const BEGINNING: Timestamp = Timestamp(1_764_547_200_000);
const TOKEN_MS: u64 = 5;
const OPEN_MS: u64 = 20;
/// How long a device takes to notice that its connection is dead, once a message was lost.
const NOTICE_MS: u64 = 300;
/// How long eyes like to watch nothing happen.
const DULL_MS: u64 = 1_000;
/// The longest step.
const STEP_MS: u64 = 60_000;

#[derive(Debug)]
pub struct Lab {
    now: Timestamp,
    began: Timestamp,
    today: Date,
    server: Server,
    laptop: Device,
    phone: Device,
    queue: BTreeMap<(Timestamp, u64), Happening>,
    serial: u64,
    /// The groups that were named, which are also the ids of new tasks.
    named: u128,
    random: Random,
    history: History,
    /// Whether somebody changed something since all agreed.
    is_stirred: bool,
}

/// The id of a task that is there from the beginning.
pub(crate) fn seeded(nth: usize) -> EntityId {
    EntityId(Uuid::from_u128(FIRST_ID + 1 + nth as u128))
}

const FIRST_ID: u128 = 1 << 64;

impl Lab {
    /// Two devices that know the same tasks, and have nothing to tell each other.
    #[must_use]
    pub fn new(texts: &Texts, today: Date, seed: u64) -> Self {
        let mut lab = Self {
            now: BEGINNING,
            began: BEGINNING,
            today,
            server: Server::default(),
            laptop: Device::new(Who::Laptop),
            phone: Device::new(Who::Phone),
            queue: BTreeMap::new(),
            serial: 0,
            named: FIRST_ID,
            random: Random::new(seed),
            history: History::default(),
            is_stirred: false,
        };
        for who in Who::BOTH {
            lab.input(who, Input::Start);
        }
        let titles = texts.tasks.iter().cloned().map(Deed::Add);
        let [notes, ..] = texts.notes.clone();
        for deed in titles.chain([Deed::SetNotes(seeded(0), notes)]) {
            // Texts that are too long are left out. The lab works without them.
            if lab.act(Who::Laptop, Act::Do(deed)).is_ok() {
                lab.run(1);
            }
        }
        lab.run_until(|lab| lab.is_quiet(), STEP_MS);
        lab.began = lab.now;
        lab.history = History::default();
        lab.is_stirred = false;
        lab
    }

    /// Milliseconds since the beginning.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.now.since(self.began)
    }

    #[must_use]
    pub fn history(&self) -> &History {
        &self.history
    }

    #[must_use]
    pub fn card(&self, who: Who) -> Card {
        self.device(who).card()
    }

    #[must_use]
    pub fn controls(&self, who: Who) -> Controls {
        self.device(who).controls
    }

    /// The newest version of the server.
    #[must_use]
    pub fn head(&self) -> Revision {
        self.server.memory.head().revision
    }

    /// The messages to a device that are on their way.
    #[must_use]
    pub fn arriving(&self, who: Who) -> usize {
        let arrives = |happening: &&Happening| match happening {
            Happening::Down(to, _, _, Down::Delta(_)) => *to == who,
            Happening::Down(..)
            | Happening::Token(_)
            | Happening::Opened(..)
            | Happening::Up(..)
            | Happening::Closed(..)
            | Happening::Lost(..)
            | Happening::Timer(_)
            | Happening::Act(..) => false,
        };
        self.queue.values().filter(arrives).count()
    }

    /// Lets a scenario begin now.
    pub fn play(&mut self, scenario: Scenario, texts: &Texts) {
        for (at, who, act) in scenario.script(texts, self.today) {
            self.later(at, Happening::Act(who, act));
        }
    }

    /// Does something on a device.
    ///
    /// # Errors
    /// Why it was not done.
    pub fn act(&mut self, who: Who, act: Act) -> Result<(), Refused> {
        match act {
            Act::Do(deed) => self.carry_out(who, deed)?,
            Act::Offline(is_offline) => self.switch(who, is_offline),
            Act::Delay(delay) => self.device_mut(who).controls.delay = delay.min(limits::DELAY_MS),
            Act::Loss(loss) => self.device_mut(who).controls.loss = loss.min(limits::LOSS_PERCENT),
            Act::Clock(minutes) => {
                let most = limits::CLOCK_MINUTES;
                self.device_mut(who).controls.clock = minutes.clamp(-most, most);
            }
        }
        Ok(())
    }

    /// Lets time pass.
    pub fn run(&mut self, milliseconds: u64) {
        let end = self.now.plus(milliseconds);
        for _ in 0..limits::HAPPENINGS {
            if !self.happen_before(end) {
                break;
            }
        }
        self.now = end;
        self.agree();
    }

    /// Lets time pass for eyes that watch. If nothing happens for more than a second, because a device waits before it
    /// connects again, that time passes ten times as fast.
    pub fn run_watched(&mut self, milliseconds: u64) {
        let next = self
            .queue
            .first_key_value()
            .map(|((at, _), _)| at.since(self.now));
        let is_dull = next.is_some_and(|next| next > DULL_MS);
        self.run(if is_dull { 10 * milliseconds } else { milliseconds });
    }

    /// Lets time pass until the next thing that can be seen has happened, with all that happens in the same moment.
    pub fn step(&mut self) {
        let length = self.history.length();
        self.run_until(|lab| lab.history.length() > length || lab.is_quiet(), STEP_MS);
        self.run(0);
    }

    /// Runs until something holds, for this long at most.
    pub fn run_until(&mut self, holds: impl Fn(&Self) -> bool, milliseconds: u64) {
        let end = self.now.plus(milliseconds);
        for _ in 0..limits::HAPPENINGS {
            if holds(self) || !self.happen_before(end) {
                break;
            }
        }
        self.agree();
    }

    /// Whether nothing will happen by itself. Only timers are left, and devices that are offline.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        let is_timer = |happening: &Happening| match happening {
            Happening::Timer(_) => true,
            Happening::Token(_)
            | Happening::Opened(..)
            | Happening::Up(..)
            | Happening::Down(..)
            | Happening::Closed(..)
            | Happening::Lost(..)
            | Happening::Act(..) => false,
        };
        let rests = |device: &Device| device.controls.is_offline || self.is_at_head(device);
        // A device that is offline tries to connect now and then, which leads to nothing.
        let is_vain = |happening: &Happening| match happening {
            Happening::Token(who) | Happening::Closed(who, _) => self.device(*who).controls.is_offline,
            Happening::Opened(..)
            | Happening::Up(..)
            | Happening::Down(..)
            | Happening::Lost(..)
            | Happening::Timer(_)
            | Happening::Act(..) => false,
        };
        rests(&self.laptop) && rests(&self.phone) && self.queue.values().all(|it| is_timer(it) || is_vain(it))
    }

    fn is_at_head(&self, device: &Device) -> bool {
        let replica = &device.replica;
        device.session.phase() == Phase::Live
            && replica.outbox().is_empty()
            && replica.cursor() == self.head()
    }

    fn agree(&mut self) {
        let agrees = self.is_stirred && self.is_quiet();
        let is_done = |device: &Device| self.is_at_head(device) && device.card().questions.is_empty();
        if agrees && is_done(&self.laptop) && is_done(&self.phone) {
            self.is_stirred = false;
            self.note(What::Agreed(self.head()));
        }
    }

    fn device(&self, who: Who) -> &Device {
        match who {
            Who::Laptop => &self.laptop,
            Who::Phone => &self.phone,
        }
    }

    fn device_mut(&mut self, who: Who) -> &mut Device {
        match who {
            Who::Laptop => &mut self.laptop,
            Who::Phone => &mut self.phone,
        }
    }

    fn note(&mut self, what: What) {
        self.history.add(self.now(), what);
    }

    fn later(&mut self, milliseconds: u64, happening: Happening) {
        self.at(self.now.plus(milliseconds), happening);
    }

    fn at(&mut self, at: Timestamp, happening: Happening) {
        self.serial += 1;
        self.queue.insert((at, self.serial), happening);
    }

    /// Carries out the next happening, if there is one up to `end`.
    fn happen_before(&mut self, end: Timestamp) -> bool {
        let Some(next) = self.queue.first_entry().filter(|next| next.key().0 <= end) else {
            return false;
        };
        let ((at, _), happening) = next.remove_entry();
        self.now = self.now.max(at);
        self.happen(happening);
        true
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Token(who) => self.input(who, Input::Token(Ok(Token(String::new())))),
            Happening::Opened(who, id) => {
                if self.device(who).connection == Some(id) {
                    self.input(who, Input::Opened);
                }
            }
            Happening::Up(id, frame) => {
                let before = self.head();
                let answer = self.server.take(self.now, id, frame);
                self.note_decisions(before, &answer.decisions);
                for (to, frame) in answer.frames {
                    self.send_down(to, frame);
                }
            }
            Happening::Down(who, id, serial, frame) => match self.device(who).connection == Some(id) {
                true => self.input(who, Input::Frame(Ok(frame))),
                // The device went offline meanwhile.
                false if serial > 0 => {
                    self.history.lose(serial, self.now());
                    self.note(What::NotHeard(who));
                }
                false => {}
            },
            Happening::Closed(who, id) => {
                if self.device(who).connection == Some(id) {
                    self.device_mut(who).connection = None;
                    self.input(who, Input::Closed);
                }
            }
            Happening::Lost(who, message) => {
                self.history.lose(message, self.now());
                self.note(What::NotHeard(who));
            }
            Happening::Timer(who) => {
                if self.device(who).wake.is_some_and(|at| at <= self.now) {
                    self.device_mut(who).wake = None;
                    self.input(who, Input::Timer);
                }
            }
            // In a scenario somebody may have done something else meanwhile, so that this cannot be done any more.
            Happening::Act(who, act) => drop(self.act(who, act)),
        }
    }

    fn carry_out(&mut self, who: Who, deed: Deed) -> Result<(), Refused> {
        self.named += 1;
        let device = self.device(who);
        let stamp = Stamp {
            at: device.clock(self.now),
            today: self.today,
            group: Uuid::from_u128(self.named),
        };
        let mutations = deed::mutations(&device.replica, deed, who.name(), stamp)?;
        let done = mutations.iter().rev().find_map(|mutation| {
            let change = Change::of(&mutation.kind, &mutation.set)?;
            Some((title_of(&device.replica, mutation.entity), change))
        });
        let waits = device.controls.is_offline;
        self.device_mut(who)
            .append(mutations.into_iter().map(Entry::Mutated));
        self.is_stirred = true;
        if let Some((title, change)) = done {
            self.note(What::Did {
                who,
                title,
                change,
                waits,
            });
        }
        self.input(who, Input::Edited);
        Ok(())
    }

    fn switch(&mut self, who: Who, is_offline: bool) {
        let device = self.device_mut(who);
        if device.controls.is_offline == is_offline {
            return;
        }
        device.controls.is_offline = is_offline;
        if is_offline {
            let connection = device.connection.take();
            self.note(What::WentOffline(who));
            if connection.is_some() {
                self.input(who, Input::Closed);
            }
        } else {
            self.note(What::CameBack(who));
            self.input(who, Input::Probe);
        }
    }
}

/// The title of a task, or of the task that a conflict is about.
fn title_of(replica: &Replica, id: EntityId) -> String {
    let subject = |id| Some(Conflict::read(&replica.view(id)?)?.subject);
    let view = replica.view(subject(id).unwrap_or(id));
    let title = view.and_then(|view| view.value(&Field::Title).as_text().map(str::to_owned));
    title.unwrap_or_default()
}
