//! A small world of lists, sections and tasks, and an index that is told of every change.

use std::collections::{BTreeMap, BTreeSet};

use tsugi_calendar::Date;
use tsugi_screen::index::{Index, Outside, Touched};
use tsugi_screen::local::Local;
use tsugi_screen::place::TaskPlace;
use tsugi_sync::entity::{Cell, Entity, Field, Kind};
use tsugi_sync::ids::{EntityId, Epoch, Mark, ReplicaId, Revision, Timestamp, WorkspaceId};
use tsugi_sync::log::Entry;
use tsugi_sync::replica::Replica;
use tsugi_sync::value::Value;
use tsugi_sync::vector::VersionVector;
use uuid::Uuid;

pub(crate) const TODAY: &str = "2026-11-24";
const DAY: u64 = 24 * 60 * 60 * 1000;

pub(crate) fn id(number: u128) -> EntityId {
    EntityId(Uuid::from_u128(number))
}

pub(crate) fn number(id: EntityId) -> u128 {
    id.0.as_u128()
}

pub(crate) fn link(to: u128) -> Value {
    Value::text(id(to).to_string())
}

pub(crate) fn today() -> Date {
    TODAY.parse().expect("a day")
}

pub(crate) fn empty_index(folded: BTreeSet<EntityId>) -> Index {
    let outside = Outside {
        format: |at| at.to_string(),
        day_of: |at| Date::from_number(i32::try_from(at.0 / DAY).ok()?),
    };
    Index::new(outside, today(), folded)
}

/// All entities, and the index that was told of them one by one.
pub(crate) struct World {
    pub(crate) entities: BTreeMap<EntityId, Entity>,
    pub(crate) index: Index,
    /// The tasks and places that the last change touched.
    pub(crate) touched: Touched,
    revision: u64,
}

impl World {
    pub(crate) fn new() -> Self {
        Self {
            entities: BTreeMap::new(),
            index: empty_index(BTreeSet::new()),
            touched: Touched::default(),
            revision: 0,
        }
    }

    /// Sets fields of an entity, at the next revision of the server.
    pub(crate) fn set(
        &mut self,
        kind: Kind,
        number: u128,
        fields: impl IntoIterator<Item = (Field, Value)>,
    ) -> &mut Self {
        self.revision += 1;
        let revision = Revision(self.revision);
        let entity = (self.entities.entry(id(number))).or_insert_with(|| Entity::new(id(number), kind));
        entity.absorb(
            fields
                .into_iter()
                .map(|(field, value)| (field, Cell(value, revision))),
        );
        self.tell(number)
    }

    /// A task that was made at the moment `number`, so that tasks without a position are in the order of their numbers.
    pub(crate) fn task(
        &mut self,
        number: u128,
        fields: impl IntoIterator<Item = (Field, Value)>,
    ) -> &mut Self {
        let new = [
            (Field::Title, Value::text(format!("task {number}"))),
            (
                Field::Created,
                Value::Int(i64::try_from(number).expect("a small number")),
            ),
        ];
        self.set(Kind::Task, number, new.into_iter().chain(fields))
    }

    /// A task below another.
    pub(crate) fn below(&mut self, number: u128, parent: u128) -> &mut Self {
        self.task(number, [(Field::Parent, link(parent))])
    }

    pub(crate) fn list(&mut self, number: u128) -> &mut Self {
        let name = Value::text(format!("list {number}"));
        self.set(Kind::List, number, [(Field::Name, name)])
    }

    pub(crate) fn section(&mut self, number: u128, list: u128) -> &mut Self {
        let name = Value::text(format!("section {number}"));
        self.set(
            Kind::Section,
            number,
            [(Field::Name, name), (Field::List, link(list))],
        )
    }

    pub(crate) fn complete(&mut self, number: u128) -> &mut Self {
        self.change(number, Field::Completed, Value::Int(1_000))
    }

    pub(crate) fn delete(&mut self, number: u128) -> &mut Self {
        self.change(number, Field::Deleted, Value::Int(1_000))
    }

    /// Sets one field of an existing entity.
    pub(crate) fn change(&mut self, number: u128, field: Field, value: Value) -> &mut Self {
        let kind = self.entities[&id(number)].kind.clone();
        self.set(kind, number, [(field, value)])
    }

    pub(crate) fn fold(&mut self, number: u128, folded: bool) -> &mut Self {
        self.index.fold(id(number), folded);
        self
    }

    /// Sets one field as an edit does that the server has not answered: the revision stays.
    pub(crate) fn edit(&mut self, kind: Kind, number: u128, field: Field, value: Value) -> &mut Self {
        let entity = (self.entities.entry(id(number))).or_insert_with(|| Entity::new(id(number), kind));
        entity.fields.entry(field).or_default().0 = value;
        self.tell(number)
    }

    /// Removes an entity, as if a restored server had never known it.
    pub(crate) fn forget(&mut self, number: u128) -> &mut Self {
        self.entities.remove(&id(number));
        self.tell(number)
    }

    fn tell(&mut self, number: u128) -> &mut Self {
        self.touched = Touched::default();
        self.index
            .put(id(number), self.entities.get(&id(number)), &mut self.touched);
        self
    }

    /// The tasks of a place, each with its depth.
    pub(crate) fn rows(&self, place: &TaskPlace) -> Vec<(u128, u8)> {
        rows(&self.index, place)
    }

    /// The tasks of a place as text: `number` or `>number` for one level down.
    pub(crate) fn shown(&self, place: &TaskPlace) -> String {
        let row = |(number, depth): (u128, u8)| format!("{}{number}", ">".repeat(usize::from(depth)));
        let rows: Vec<String> = self.rows(place).into_iter().map(row).collect();
        rows.join(" ")
    }

    /// The cards of a board, column by column.
    pub(crate) fn cards(&self, list: u128) -> Vec<Vec<u128>> {
        let columns = self.index.board(id(list)).into_iter();
        columns
            .map(|column| column.cards.into_iter().map(number).collect())
            .collect()
    }
}

pub(crate) fn rows(index: &Index, place: &TaskPlace) -> Vec<(u128, u8)> {
    let stretch = index.stretch(place, 0..usize::MAX, Timestamp(2_000));
    let slots = stretch.slots.into_iter();
    slots.map(|slot| (number(slot.task), slot.depth)).collect()
}

/// What a tab holds that has everything from the server.
pub(crate) fn local(entities: &BTreeMap<EntityId, Entity>) -> Local {
    let mut replica = Replica::new(ReplicaId(Uuid::from_u128(1)), WorkspaceId(Uuid::from_u128(2)));
    let snapshot = Entry::Bootstrapped {
        epoch: Epoch(Uuid::from_u128(3)),
        revision: Revision(1_000),
        entities: entities.values().cloned().collect(),
        last: true,
        mark: Mark::default(),
        vector: VersionVector::default(),
        at: Timestamp(0),
    };
    replica.fold(1, snapshot);
    Local::new(replica)
}
