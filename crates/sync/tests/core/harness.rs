//! A fleet on virtual time: devices with a durable log each, a model server, and a network that delays, loses and cuts.
//!
//! Frames travel as text, rows are kept as text: what cannot be written and read again is found out here.

use std::collections::BTreeMap;

use tsugi_sync::conflict::Conflict;
use tsugi_sync::entity::{Entity, Field, Fields, Kind};
use tsugi_sync::ids::{EntityId, Timestamp, WorkspaceId};
use tsugi_sync::log::Entry;
use tsugi_sync::mutation::Mutation;
use tsugi_sync::protocol::{Down, Token, Up};
use tsugi_sync::replica::Edit;
use tsugi_sync::session::{Input, Output, Phase, Received, Session};
use tsugi_sync::value::Value;
use uuid::Uuid;

use crate::device::{Crash, Device, Net};
use crate::server::Server;

/// Milliseconds that a frame travels.
const DELAY: u64 = 20;

#[derive(Debug)]
enum Event {
    Token(usize),
    Opened(usize, u64),
    Up(u64, String),
    Down(usize, u64, String),
    Closed(usize, u64),
    Gone(u64),
    Timer(usize),
}

#[derive(Debug)]
pub(crate) struct Fleet {
    pub(crate) now: Timestamp,
    pub(crate) server: Server,
    pub(crate) devices: Vec<Device>,
    events: BTreeMap<(Timestamp, u64), Event>,
    serial: u64,
    random: u64,
}

impl Fleet {
    /// Devices that are switched on, but not started.
    pub(crate) fn cold(count: usize) -> Self {
        let workspace = WorkspaceId(Uuid::from_u128(7));
        Self {
            now: Timestamp(1_000_000),
            server: Server::new(workspace),
            devices: (0..count).map(|n| Device::new(n, workspace)).collect(),
            events: BTreeMap::new(),
            serial: 0,
            random: 1,
        }
    }

    /// Devices that are live and share one task with a title and three lines of notes.
    pub(crate) fn with_task(count: usize) -> (Self, EntityId) {
        let mut fleet = Self::cold(count);
        for device in 0..count {
            fleet.input(device, Input::Start);
        }
        fleet.run(1_000);
        let task = entity(1);
        let set = [
            (Field::Title, "milk".into()),
            (Field::Notes, "one\ntwo\nthree\n".into()),
        ];
        fleet.edit(0, task, set);
        fleet.run(1_000);
        fleet.assert_same();
        (fleet, task)
    }

    pub(crate) fn phase(&self, device: usize) -> Phase {
        self.devices[device].session.phase()
    }

    /// Lets time pass.
    pub(crate) fn run(&mut self, milliseconds: u64) {
        let end = self.now.plus(milliseconds);
        while let Some(entry) = self.events.first_entry()
            && entry.key().0 <= end
        {
            self.now = self.now.max(entry.key().0);
            let event = entry.remove();
            self.happen(event);
        }
        self.now = end;
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Token(device) => {
                let token = self.devices[device].token.map(|()| Token("secret".into()));
                self.input(device, Input::Token(token));
            }
            Event::Opened(device, id) if self.reaches(device, id) => self.input(device, Input::Opened),
            Event::Down(device, id, frame) if self.reaches(device, id) => {
                self.input(device, Input::Frame(Down::parse(&frame)));
            }
            Event::Closed(device, id) if self.devices[device].connection == Some(id) => {
                self.devices[device].connection = None;
                self.input(device, Input::Closed);
            }
            Event::Opened(..) | Event::Down(..) | Event::Closed(..) => {}
            Event::Up(id, frame) => {
                let up = Up::parse(&frame).expect("a replica sends only messages");
                for (to, down) in self.server.take(self.now, id, up) {
                    self.send_down(to, &down);
                }
            }
            Event::Gone(id) => self.server.close(id),
            Event::Timer(device) => {
                if self.devices[device].wake.is_some_and(|at| at <= self.now) {
                    self.devices[device].wake = None;
                    self.devices[device].timers += 1;
                    self.input(device, Input::Timer);
                }
            }
        }
    }

    fn reaches(&self, device: usize, id: u64) -> bool {
        self.devices[device].connection == Some(id) && self.devices[device].net == Net::Up
    }

    fn send_down(&mut self, id: u64, down: &Down) {
        let Some(device) = self
            .devices
            .iter()
            .position(|device| device.connection == Some(id))
        else {
            return;
        };
        // A connection delivers in order or ends; only what a lagged channel may leave out is ever missing.
        let may_be_left_out = matches!(down, Down::Delta(_) | Down::Pong { .. });
        if !(may_be_left_out && self.is_lost(device)) {
            self.later(DELAY, Event::Down(device, id, down.to_frame()));
        }
        if matches!(down, Down::Error(error) if error.code.close_code().is_some()) {
            self.later(DELAY, Event::Closed(device, id));
        }
    }

    fn is_lost(&mut self, device: usize) -> bool {
        self.random = self
            .random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let loss = self.devices[device].loss;
        loss > 0 && (self.random >> 33).is_multiple_of(loss)
    }

    fn later(&mut self, milliseconds: u64, event: Event) {
        self.serial += 1;
        self.events
            .insert((self.now.plus(milliseconds), self.serial), event);
    }

    /// Tells a device what happened, and carries out what it answers.
    pub(crate) fn input(&mut self, index: usize, input: Input) {
        let device = &mut self.devices[index];
        device.session.handle(self.now, input, &device.tabs[0]);
        while let Some(output) = self.devices[index].session.poll_output() {
            match output {
                Output::Authenticate => self.later(5, Event::Token(index)),
                Output::Open(_) => {
                    self.serial += 1;
                    let id = self.serial;
                    self.devices[index].connection = Some(id);
                    self.devices[index].opened.push(self.now);
                    match self.devices[index].net {
                        Net::Up => self.later(DELAY, Event::Opened(index, id)),
                        Net::Cut => self.later(DELAY, Event::Closed(index, id)),
                        Net::Silent => {}
                    }
                }
                Output::Transmit(up) => {
                    let lost = !matches!(up, Up::Hello(_)) && self.is_lost(index);
                    let device = &self.devices[index];
                    if let (Some(id), Net::Up, false) = (device.connection, device.net, lost) {
                        self.later(DELAY, Event::Up(id, up.to_frame()));
                    }
                }
                Output::Close => self.hang_up(index),
                Output::Persist(received) => {
                    if !self.persist(index, received) {
                        return;
                    }
                }
                Output::WakeAt(at) => {
                    self.devices[index].wake = Some(at);
                    let wait = at.since(self.now);
                    self.later(wait, Event::Timer(index));
                }
                Output::Notify => {}
            }
        }
    }

    fn hang_up(&mut self, index: usize) {
        if let Some(id) = self.devices[index].connection.take() {
            self.later(DELAY, Event::Gone(id));
        }
    }

    /// Makes durable what was received. False when the device crashed over it.
    fn persist(&mut self, index: usize, received: Received) -> bool {
        let crash = self.devices[index].crash.take();
        if let Some(Crash::Before) = crash {
            self.crash(index);
            return false;
        }
        let device = &mut self.devices[index];
        if device.next_key - 1 > device.replica().position() {
            device.overtaken += 1;
            device.fold(0);
        }
        let name = device.name.clone();
        let entries = received.entries(device.replica(), &name);
        for entry in &entries {
            device.append(entry);
        }
        for tab in 0..device.tabs.len() {
            device.fold(tab);
        }
        if let Some(Crash::After) = crash {
            self.crash(index);
            return false;
        }
        let device = &mut self.devices[index];
        device.session.handle(self.now, Input::Persisted, &device.tabs[0]);
        true
    }

    /// The device loses its memory, and starts again from what is durable.
    pub(crate) fn crash(&mut self, index: usize) {
        self.hang_up(index);
        self.serial += 1;
        let seed = self.serial;
        let device = &mut self.devices[index];
        device.session = Session::new(device.name.clone(), "test", seed);
        device.wake = None;
        device.rebuild();
        self.input(index, Input::Start);
    }

    pub(crate) fn cut(&mut self, index: usize) {
        self.devices[index].net = Net::Cut;
        if let Some(id) = self.devices[index].connection {
            self.later(0, Event::Closed(index, id));
            self.later(DELAY + 1, Event::Gone(id));
        }
    }

    /// The network is whole again, and the system says so.
    pub(crate) fn heal(&mut self, index: usize) {
        self.devices[index].net = Net::Up;
        self.devices[index].loss = 0;
        self.devices[index].token = Ok(());
        self.input(index, Input::Probe);
    }

    /// A person changes fields of a task in the first tab.
    pub(crate) fn edit(&mut self, index: usize, id: EntityId, set: impl IntoIterator<Item = (Field, Value)>) {
        let edit = Edit {
            entity: id,
            kind: Kind::Task,
            set: set.into_iter().collect(),
            seen: Fields::new(),
            at: self.now,
            group: None,
        };
        let mutation = self.devices[index].replica().edit(edit);
        self.commit(index, vec![mutation]);
    }

    /// What a person does in one gesture. Answers the mutations, for who may want to undo them.
    pub(crate) fn gesture(&mut self, index: usize, edits: Vec<Edit>) -> Vec<Mutation> {
        let replica = self.devices[index].replica();
        let mutations: Vec<_> = edits.into_iter().map(|edit| replica.edit(edit)).collect();
        self.commit(index, mutations.clone());
        mutations
    }

    pub(crate) fn rename(&mut self, index: usize, id: EntityId, title: &str) {
        self.edit(index, id, [(Field::Title, title.into())]);
    }

    /// Makes a person's mutations durable, and tells the session.
    pub(crate) fn commit(&mut self, index: usize, mutations: Vec<Mutation>) {
        self.write(index, mutations);
        for tab in 0..self.devices[index].tabs.len() {
            self.devices[index].fold(tab);
        }
        self.input(index, Input::Edited);
    }

    /// The same, by a tab whose word has not reached the others yet.
    pub(crate) fn write(&mut self, index: usize, mutations: Vec<Mutation>) {
        for mutation in mutations {
            self.devices[index].typed.push(mutation.clone());
            self.devices[index].append(&Entry::Mutated(mutation));
        }
    }

    /// A person settles a conflict with these results.
    pub(crate) fn resolve(&mut self, index: usize, conflict: EntityId, results: Fields) {
        let group = Uuid::from_u128(9);
        let replica = self.devices[index].replica();
        let card = replica
            .view(conflict)
            .as_ref()
            .and_then(Conflict::read)
            .expect("a conflict that is there");
        let shown = card
            .fields
            .into_iter()
            .map(|(field, sides)| (field, sides.remote))
            .collect();
        let mutations = replica.resolve(conflict, results, shown, self.now, group);
        assert!(!mutations.is_empty(), "a conflict that is there can be settled");
        self.commit(index, mutations);
    }

    pub(crate) fn stored(&self, id: EntityId) -> &Entity {
        &self.server.store.entities[&id]
    }

    /// I3 to I6, once everything has come to rest.
    pub(crate) fn assert_same(&self) {
        let all: Vec<_> = self.server.store.entities.values().collect();
        let expected = serde_json::to_string(&all).expect("plain data");
        for (index, device) in self.devices.iter().enumerate() {
            let outbox = device.replica().outbox();
            assert!(
                outbox.is_empty(),
                "I6: {outbox:?} waits on device {index}, {:?}",
                self.phase(index)
            );
            assert_eq!(
                device.replica().cursor(),
                self.server.store.head,
                "device {index}"
            );
            assert_eq!(device.base(), expected, "I4: device {index}");
            for tab in &device.tabs {
                assert_eq!(tab, device.replica(), "the tabs of device {index}");
            }
        }
        assert!(self.server.store.effects.values().all(|times| *times == 1), "I3");
    }
}

pub(crate) fn entity(number: u128) -> EntityId {
    EntityId(Uuid::from_u128(number << 64))
}
