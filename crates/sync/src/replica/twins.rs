//! Twins: two lists, or two labels, that got the same name on devices which did not know of each other's. They become
//! one.
//!
//! An example. Phone and laptop are offline, and on both a person types “#Groceries”, so that each makes a list:
//!
//! ```text
//! phone    creates list P “Groceries”, task “milk” in P        laptop   creates list L “groceries”, task “tea” in L
//! server   the laptop's list is accepted at revision 5; the phone's list waits, or is accepted at revision 7
//! ```
//! 1. The list that is first in the server's order stays: L. The replica whose list is later acts, and no other one: the
//!    phone. It learns of L before or together with the answer to P.
//! 2. The phone moves what is in P to L, gives L what P has and L lacks (colour, folder, being a favourite), and deletes P. It does so
//!    in the same transaction in which it writes the news to the log. The tombstone of P says that P was deleted in the
//!    moment in which it was created, so that nobody is shown a deleted list which they never saw.
//! 3. The laptop does nothing. When it has received the phone's mutations, both devices show one list with both tasks.
//!
//! If the person knew the other list when they made theirs, the two are no twins: this person wants two lists.

use std::collections::BTreeSet;

use super::{Edit, Replica};
use crate::entity::{Entity, Field, Fields, Kind};
use crate::fault::{Fault, planted};
use crate::ids::{EntityId, Revision};
use crate::log::Entry;
use crate::mutation::Mutation;
use crate::title::is_same_name;
use crate::value::Value;

/// What the twin that stays takes over from the other one if it has none itself.
const TAKEN_OVER: [Field; 3] = [Field::Colour, Field::Folder, Field::Favourite];

impl Replica {
    /// The rows that make one of each pair of twins. `entries` are the rows that bring the news. This replica has not
    /// folded them yet, and the returned rows come after them.
    pub(super) fn unite(&self, entries: &[Entry]) -> Vec<Entry> {
        let is_unknown = |entity: &&Entity| is_in_use(entity) && !self.base.contains_key(&entity.id);
        let news = self.staging.iter().chain(entries.iter().flat_map(told_by));
        let unknown: Vec<&Entity> = news.filter(is_unknown).collect();
        if unknown.is_empty() || planted(Fault::TwinsStay) {
            return Vec::new();
        }
        let own = self.made_here();
        let named = |id: &EntityId| self.view(*id).filter(is_in_use);
        let may_be_twins = |own: &Entity| unknown.iter().any(|other| are_namesakes(own, other));
        let own_twins = own.iter().filter_map(named).filter(|own| may_be_twins(own));
        let own_twins: Vec<EntityId> = own_twins.map(|own| own.id).collect();
        if own_twins.is_empty() {
            return Vec::new();
        }
        // Rare, so a whole replica may show how things are once the news are taken in.
        let mut after = self.clone();
        for entry in entries {
            after.fold(after.position + 1, entry.clone());
        }
        let mut united = Vec::new();
        for id in own_twins {
            let others = unknown
                .iter()
                .map(|other| other.id)
                .filter(|other| !own.contains(other));
            let stays = after.twin_of(id, others);
            for mutation in stays.map(|stays| after.made_one(id, &stays)).unwrap_or_default() {
                let entry = Entry::Mutated(mutation);
                after.fold(after.position + 1, entry.clone());
                united.push(entry);
            }
        }
        united
    }

    /// The lists and labels that this replica created, as far as it remembers.
    fn made_here(&self) -> BTreeSet<EntityId> {
        let waiting = self.outbox.values().map(Box::as_ref);
        let answered = self.acknowledged.values().map(|known| &known.mutation);
        let made = waiting.chain(answered).filter(|mutation| creates(mutation));
        made.map(|mutation| mutation.entity).collect()
    }

    /// The twin that stays instead of this replica's own entity. None if the own one is first in the server's order.
    fn twin_of(&self, own: EntityId, others: impl Iterator<Item = EntityId>) -> Option<Entity> {
        let own = self.view(own).filter(is_in_use)?;
        let created = |entity: &Entity| entity.revision_of(&Field::Created);
        // Without an answer it has no revision yet. The server will give it a later one than all that it has told of.
        let own_place = self.base(own.id).map_or(Revision(u64::MAX), created);
        let others = others.filter_map(|id| self.view(id)).filter(is_in_use);
        others
            .filter(|other| are_namesakes(&own, other) && created(other) < own_place)
            .min_by_key(|other| (created(other), other.id))
    }

    /// The mutations that bring all that is in one twin to the other, and delete it.
    fn made_one(&self, own: EntityId, stays: &Entity) -> Vec<Mutation> {
        let Some(own) = self.view(own) else {
            return Vec::new();
        };
        let waiting = self.outbox.values().map(Box::as_ref);
        let answered = self.acknowledged.values().map(|known| &known.mutation);
        let created = |mutation: &&Mutation| mutation.entity == own.id && creates(mutation);
        let created = waiting.chain(answered).find(created);
        let (at, group) = created.map_or_else(Default::default, |created| (created.at, created.group));
        let edit = |entity: &Entity, set| Edit {
            entity: entity.id,
            kind: entity.kind.clone(),
            set,
            seen: Fields::new(),
            at,
            group,
        };
        let living = self.ids().filter_map(|id| self.view(id));
        let living = living.filter(|entity| !entity.is_deleted());
        let mut edits: Vec<Edit> = living
            .filter_map(|entity| Some(edit(&entity, moved(&entity, own.id, stays.id)?)))
            .collect();
        let lacks = |field: &Field| stays.value(field).is_null() && !own.value(field).is_null();
        let taken = TAKEN_OVER.into_iter().filter(lacks);
        let taken: Fields = taken
            .map(|field| (field.clone(), own.value(&field).clone()))
            .collect();
        if !taken.is_empty() {
            edits.push(edit(stays, taken));
        }
        let moment = own.value(&Field::Created).clone();
        edits.push(edit(&own, Fields::from([(Field::Deleted, moment)])));
        self.edits(edits)
    }
}

/// The entities that a row of the log tells of.
fn told_by(entry: &Entry) -> &[Entity] {
    match entry {
        Entry::Received(delta) => &delta.entities,
        Entry::Bootstrapped { entities, .. } => entities,
        Entry::Mutated(_)
        | Entry::Superseded { .. }
        | Entry::Exported
        | Entry::Learned { .. }
        | Entry::Discarded { .. }
        | Entry::Distrusted => &[],
    }
}

/// Whether it creates a list or a label.
fn creates(mutation: &Mutation) -> bool {
    may_be_twin(&mutation.kind) && mutation.set.contains_key(&Field::Created)
}

fn may_be_twin(kind: &Kind) -> bool {
    matches!(kind, Kind::List | Kind::Label)
}

/// Whether it is a list or a label that people see and use.
fn is_in_use(entity: &Entity) -> bool {
    may_be_twin(&entity.kind) && !entity.is_deleted() && entity.value(&Field::Archived).is_null()
}

fn are_namesakes(one: &Entity, other: &Entity) -> bool {
    let name = |entity: &Entity| entity.value(&Field::Name).as_text().map(str::to_owned);
    let names = name(one).zip(name(other));
    one.kind == other.kind && names.is_some_and(|(one, other)| is_same_name(&one, &other))
}

/// The fields of an entity that name one list or label, with the other one in its place.
fn moved(entity: &Entity, from: EntityId, to: EntityId) -> Option<Fields> {
    let (from, to) = (Value::text(from.to_string()), Value::text(to.to_string()));
    if *entity.value(&Field::List) == from {
        return Some(Fields::from([(Field::List, to)]));
    }
    let Value::List(labels) = entity.value(&Field::Labels) else {
        return None;
    };
    let others: BTreeSet<&Value> = labels.iter().filter(|label| **label != from).collect();
    if others.len() == labels.len() {
        return None;
    }
    let labels: BTreeSet<&Value> = others.into_iter().chain([&to]).collect();
    Some(Fields::from([(
        Field::Labels,
        Value::List(labels.into_iter().cloned().collect()),
    )]))
}
