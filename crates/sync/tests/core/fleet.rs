//! The simulator's fleet, as scenarios speak of it: devices by number, and what a person does there.

use std::ops::{Deref, DerefMut};

use tsugi_sim::device::Written;
use tsugi_sim::person::in_sight;
use tsugi_sim::{fleet, oracle};
use tsugi_sync::conflict::{Conflict, Overwritten, Sides, State, undo_of};
use tsugi_sync::entity::{Entity, Field, Fields, Kind};
use tsugi_sync::gesture;
use tsugi_sync::ids::EntityId;
use tsugi_sync::log::Entry;
use tsugi_sync::mutation::Mutation;
use tsugi_sync::replica::Edit;
use tsugi_sync::session::{Input, Phase};
use tsugi_sync::value::Value;
use uuid::Uuid;

#[derive(Debug)]
pub(crate) struct Fleet(fleet::Fleet);

impl Deref for Fleet {
    type Target = fleet::Fleet;

    fn deref(&self) -> &fleet::Fleet {
        &self.0
    }
}

impl DerefMut for Fleet {
    fn deref_mut(&mut self) -> &mut fleet::Fleet {
        &mut self.0
    }
}

impl Fleet {
    /// Devices that are about to connect for the first time. The server refuses the title “refuse me”.
    pub(crate) fn new(count: u8) -> Self {
        let mut fleet = Self(fleet::Fleet::steady(count));
        fleet.server.store.refuses = Some(|mutation| {
            let title = mutation.set.get(&Field::Title);
            title.is_some_and(|title| title.as_text() == Some("refuse me"))
        });
        fleet
    }

    /// Devices that are live and share one task with a title and three lines of notes.
    pub(crate) fn with_task(count: u8) -> (Self, EntityId) {
        let mut fleet = Self::new(count);
        fleet.run(1_000);
        let notes = (Field::Notes, "one\ntwo\nthree\n".into());
        fleet.edit(0, entity(1), [(Field::Title, "milk".into()), notes]);
        fleet.run(1_000);
        fleet.assert_same();
        (fleet, entity(1))
    }

    pub(crate) fn phase(&self, device: usize) -> Phase {
        self.devices[device].session.phase()
    }

    /// A person changes fields of a task in the first tab.
    pub(crate) fn edit(
        &mut self,
        device: usize,
        id: EntityId,
        set: impl IntoIterator<Item = (Field, Value)>,
    ) {
        let edit = self.edit_of(id, set.into_iter().collect());
        self.gesture(device, vec![edit]);
    }

    pub(crate) fn rename(&mut self, device: usize, id: EntityId, title: &str) {
        self.edit(device, id, [(Field::Title, title.into())]);
    }

    pub(crate) fn edit_of(&self, entity: EntityId, set: Fields) -> Edit {
        Edit {
            entity,
            kind: Kind::Task,
            set,
            seen: Fields::new(),
            at: self.now,
            group: None,
        }
    }

    /// A person makes several edits in one gesture.
    pub(crate) fn gesture(&mut self, device: usize, edits: Vec<Edit>) {
        let replica = self.devices[device].replica();
        let mutations = edits.into_iter().map(|edit| replica.edit(edit)).collect();
        self.commit(device, mutations);
    }

    /// Makes a person's mutations durable, and tells every tab and the session.
    pub(crate) fn commit(&mut self, device: usize, mutations: Vec<Mutation>) {
        self.write(device, 0, mutations);
        self.devices[device].fold_all();
        self.input(device, Input::Edited);
    }

    /// Makes mutations of one tab durable. The other tabs and the session have not heard of them yet.
    pub(crate) fn write(&mut self, device: usize, tab: usize, mutations: Vec<Mutation>) {
        for mutation in mutations {
            self.append(device, Entry::Mutated(mutation.clone()));
            let device = &mut self.devices[device];
            device.typed.push(in_sight(mutation, &device.tabs[tab]));
        }
    }

    pub(crate) fn append(&mut self, device: usize, entry: Entry) {
        assert_eq!(self.devices[device].append(vec![entry]), Written::Durable);
    }

    /// A person decides on a record with these results. They look at an open one as it was when it was made, and at any
    /// other with the values of now.
    pub(crate) fn resolve(&mut self, device: usize, conflict: EntityId, results: Fields) {
        let replica = self.devices[device].replica();
        let card = replica.view(conflict).as_ref().and_then(Conflict::read);
        let card = card.expect("a conflict that is there");
        let subject = replica.view(card.subject).filter(|_| card.state != State::Open);
        let shown = |field: &Field, sides: Sides| match &subject {
            Some(subject) => subject.value(field).clone(),
            None => sides.remote,
        };
        let fields = card.fields.into_iter();
        let shown = fields
            .map(|(field, sides)| (field.clone(), shown(&field, sides)))
            .collect();
        let name = &self.devices[device].name;
        let mutations = replica.resolve(conflict, results, shown, name, self.now, Uuid::from_u128(9));
        assert!(!mutations.is_empty(), "a conflict that is there can be settled");
        self.commit(device, mutations);
    }

    /// A person takes back the decision on a record, over the fields that they were shown.
    pub(crate) fn take_back(&mut self, device: usize, conflict: EntityId, over: &[Overwritten]) {
        let replica = self.devices[device].replica();
        let record = replica.view(conflict).expect("it is there");
        let subject = Conflict::read(&record).and_then(|record| replica.view(record.subject));
        let done = undo_of(&record, subject.as_ref(), over, self.now).expect("it can be taken back");
        let edits = gesture::undo(replica, &done, self.now, Some(Uuid::from_u128(10)));
        self.gesture(device, edits);
    }

    pub(crate) fn stored(&self, id: EntityId) -> &Entity {
        &self.server.store.entities[&id]
    }

    /// Everything that must hold once all is at rest, by the simulator's oracle: I2 to I4, I6 and I12.
    pub(crate) fn assert_same(&self) {
        let holds = oracle::nothing_runs_away(self)
            .and_then(|()| oracle::drained(self))
            .and_then(|()| oracle::at_rest(self));
        assert_eq!(holds, Ok(()));
        // Tombstones, too, as long as no snapshot left any out.
        if self.server.snapshots <= self.devices.len() as u64 {
            for device in &self.devices {
                let base = device.replica().ids().filter_map(|id| device.replica().base(id));
                assert!(
                    base.eq(self.server.store.entities.values()),
                    "I4: {}",
                    device.name
                );
            }
        }
    }
}

pub(crate) fn entity(number: u128) -> EntityId {
    EntityId(Uuid::from_u128(number << 64))
}
