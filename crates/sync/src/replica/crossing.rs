//! Crossings: two edits on different devices that each make sense alone, but not together. They change different
//! fields or different tasks, so the server accepts both. There are two kinds:
//!
//! - Moves that together make a cycle of parents. The replica that made the later one, in the server's order, takes it
//!   back and keeps it in a merge record. Until then everybody shows the tree cut at that place, see `ancestry`.
//! - One person completes a task, and another gives it another date or another rule. Both edits stand, and a rule says
//!   that the task is done, or a person is asked. See `put_off`.
//!
//! The replica whose edit is later in the server's order sees both edits, because the server tells it of the earlier
//! edit before it answers the later one. Only this replica acts. It does so in the same transaction in which it writes
//! the news to the log, so that no crash can come in between.
//!
//! An example of the first kind. The tasks A and B have no parent, and two replicas are offline:
//!
//! ```text
//! phone    seq 8: parent of A → B        laptop   seq 4: parent of B → A
//! server   the laptop's 4 is accepted at revision 5, the phone's 8 at revision 6
//! ```
//! 1. Now A is below B, and B is below A. Everybody who knows both moves sees the cycle cut at A, because A was moved
//!    last: A stands at the top, with B below it.
//! 2. The phone receives one delta: B has the parent A since revision 5, and its own mutation 8 was accepted at
//!    revision 6. It made the later move, so it acts. It sets the parent of A back to what it was before 8 (none),
//!    with the base parent@6. And it writes a merge record with the rule `cycle`, which keeps “A below B” for people
//!    to see.
//! 3. The laptop made the earlier move and does nothing. When it has received the phone's new mutations, both devices
//!    show B below A.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::Replica;
use crate::ancestry::{self, Link};
use crate::conflict::{self, Decision, Side, Sides, State};
use crate::entity::{Cell, Entity, Field, Fields, Kind};
use crate::ids::{EntityId, MutationId, MutationSeq, Revision};
use crate::limits;
use crate::merge::Rule;
use crate::mutation::Mutation;
use crate::protocol::{Author, Delta, Fate};
use crate::sorted_map::SortedMap;
use crate::value::Value;

/// A mutation of this replica, with the revision at which it was accepted; none while the server has not answered.
pub(super) struct Own<'a> {
    pub(super) seq: MutationSeq,
    pub(super) mutation: &'a Mutation,
    pub(super) revision: Option<Revision>,
}

/// The fields that a record shows.
pub(super) type Contested = SortedMap<Field, (Sides, Option<Decision>)>;

impl Replica {
    /// The mutations that deal with the crossings of this delta's news with this replica's own edits.
    pub(super) fn crossings(&self, delta: &Delta, device: &str) -> Vec<Mutation> {
        if self.basis != Some(delta.epoch) {
            return Vec::new();
        }
        let mut mutations = self.cycles(delta, device);
        // A crossing needs an edit of this replica. Most tasks of a long delta have none.
        let answered = self.acknowledged.values().map(|known| known.mutation.entity);
        let touched: BTreeSet<EntityId> = answered.chain(self.waiting.keys().copied()).collect();
        let is_task = |news: &&Entity| news.kind == Kind::Task && !news.is_deleted();
        let news = delta.entities.iter().filter(is_task);
        for news in news.filter(|news| touched.contains(&news.id)) {
            mutations.extend(self.done_or_put_off(news, delta, device));
        }
        mutations
    }

    /// This replica's mutations on an entity, in their order, as far as it remembers them.
    pub(super) fn own(&self, id: EntityId, delta: &Delta) -> Vec<Own<'_>> {
        let waiting = self.waiting.get(&id).into_iter().flatten();
        let waiting = waiting.filter_map(|seq| {
            let answers = |answered: MutationSeq| answered >= *seq;
            let answer = delta
                .outcomes
                .iter()
                .find(|outcome| answers(outcome.seq) && self.entity_of(outcome.seq) == Some(id));
            let revision = answer.and_then(|outcome| match outcome.fate {
                Fate::Accepted { revision, .. } => Some(revision),
                Fate::Conflict { .. } | Fate::Refused { .. } => None,
            });
            Some(Own {
                seq: *seq,
                mutation: self.outbox.get(seq)?,
                revision,
            })
        });
        // An earlier delta may have answered a mutation before the news of the same entity arrived here.
        let answered = self
            .acknowledged
            .iter()
            .filter(|(_, known)| known.mutation.entity == id);
        let answered = answered.map(|(seq, known)| Own {
            seq: *seq,
            mutation: &known.mutation,
            revision: Some(known.revision),
        });
        answered.chain(waiting).collect()
    }

    fn entity_of(&self, seq: MutationSeq) -> Option<EntityId> {
        self.outbox.get(&seq).map(|mutation| mutation.entity)
    }

    /// Notes the authors of other people's moves, as long as a move of this replica waits. The news of the other moves
    /// may come in an earlier delta than the answer that completes a cycle with them.
    pub(super) fn note_movers(&mut self, delta: &Delta) {
        if delta.authors.is_empty() && self.movers.is_empty() {
            return;
        }
        let moves = |mutation: &Mutation| mutation.set.contains_key(&Field::Parent);
        if !self.outbox.values().any(|mutation| moves(mutation)) {
            self.movers.clear();
            return;
        }
        for news in &delta.entities {
            for revision in [Field::Parent, Field::Deleted].map(|field| news.revision_of(&field)) {
                if let Some(by) = delta.author_of(revision) {
                    self.movers.insert(revision, by);
                }
            }
        }
        self.movers.keep_last(limits::KEPT_ACKNOWLEDGED);
    }

    /// The record of a crossing. None if this replica has that record already, or asks about the crossing already.
    pub(super) fn crossed(
        &self,
        (own, by): (&Own<'_>, Option<&Author>),
        state: State,
        subject: EntityId,
        fields: Contested,
        device: &str,
    ) -> Option<Mutation> {
        let name = MutationId {
            replica: self.id,
            seq: own.seq,
        };
        let id = |state: State| {
            let text = format!("{}/{}/{state:?}/crossed", name.replica, name.seq);
            EntityId(Uuid::new_v5(&subject.0, text.as_bytes()))
        };
        let side = Side {
            device: device.to_owned(),
            at: own.mutation.at,
            replica: Some(self.id),
        };
        let set = conflict::record(
            state,
            (subject, &Kind::Task),
            fields,
            (&side, by),
            own.mutation.at,
        );
        let is_known = |id| self.base.contains_key(&id) || self.is_waiting(id);
        let known = is_known(id(state)) || is_known(id(State::Open));
        (!known).then(|| Mutation {
            entity: id(state),
            kind: Kind::Conflict,
            set,
            base: SortedMap::new(),
            origin: None,
            ..own.mutation.clone()
        })
    }

    /// Takes back this replica's moves that make a cycle with earlier moves of others.
    fn cycles(&self, delta: &Delta, device: &str) -> Vec<Mutation> {
        let parents = Parents::after(self, delta);
        let mut mutations = Vec::new();
        for (revision, id) in parents.losers() {
            let own = self.own(id, delta);
            let moved = |own: &&Own<'_>| own.mutation.set.contains_key(&Field::Parent);
            // If another move of the task still waits, the server's answer to that one decides where the task is.
            let waits = own.iter().filter(moved).any(|own| own.revision.is_none());
            let made = |own: &&Own<'_>| own.revision == Some(revision);
            let Some(own) = own.iter().filter(moved).rev().find(made).filter(|_| !waits) else {
                continue;
            };
            let wanted = &own.mutation.set[&Field::Parent];
            let before = own.mutation.base_value(&Field::Parent);
            let parent = |of| parents.link(of);
            let back = parse(before).filter(|before| !ancestry::leads_to(*before, id, parent));
            let back = back.map_or(Value::Null, |_| before.clone());
            let decision = Decision {
                rule: Some(Rule::Cycle),
                result: back.clone(),
            };
            let fields = SortedMap::from([(
                Field::Parent,
                (sides(before, wanted, &Value::Null), Some(decision)),
            )]);
            let mut others = parents.others_in_cycle(id).into_iter().rev();
            let named = |at| delta.author_of(at).or_else(|| self.movers.get(&at).cloned());
            let by = others.find_map(named);
            let Some(record) = self.crossed((own, by.as_ref()), State::Merged, id, fields, device) else {
                continue;
            };
            mutations.push(Mutation {
                set: Fields::from([(Field::Parent, back)]),
                base: SortedMap::from([(Field::Parent, Cell(wanted.clone(), revision))]),
                origin: None,
                ..own.mutation.clone()
            });
            mutations.push(record);
        }
        mutations
    }
}

pub(super) fn sides(base: &Value, local: &Value, remote: &Value) -> Sides {
    Sides {
        base: base.clone(),
        local: local.clone(),
        remote: remote.clone(),
    }
}

fn parse(value: &Value) -> Option<EntityId> {
    value.as_text()?.parse().ok()
}

/// The parents that tasks have in the base once a delta is taken in.
struct Parents<'a> {
    replica: &'a Replica,
    /// The cells of parents and deletions that the delta changes.
    changed: SortedMap<(EntityId, Field), Cell>,
}

impl<'a> Parents<'a> {
    fn after(replica: &'a Replica, delta: &Delta) -> Self {
        let mut changed: SortedMap<(EntityId, Field), Cell> = SortedMap::new();
        let mut note = |id: EntityId, field: Field, cell: Cell| {
            let known = changed.entry((id, field)).or_default();
            if cell.1 > known.1 {
                *known = cell;
            }
        };
        for outcome in &delta.outcomes {
            let Fate::Accepted { revision, .. } = outcome.fate else {
                continue;
            };
            let all = replica.up_to(outcome.seq);
            for field in [Field::Parent, Field::Deleted] {
                if let Some(all) = &all
                    && let Some(value) = all.set.get(&field)
                {
                    note(all.entity, field, Cell(value.clone(), revision));
                }
            }
        }
        for entity in &delta.entities {
            for field in [Field::Parent, Field::Deleted] {
                if let Some(cell) = entity.fields.get(&field) {
                    note(entity.id, field, cell.clone());
                }
            }
        }
        Self { replica, changed }
    }

    fn cell(&self, id: EntityId, field: Field) -> Option<&Cell> {
        let base = self.replica.base.get(&id);
        let known = base.and_then(|base| base.fields.get(&field));
        let changed = self.changed.get(&(id, field));
        changed.into_iter().chain(known).max_by_key(|cell| cell.1)
    }

    /// The parent that a task names; none if the task is deleted.
    fn link(&self, id: EntityId) -> Option<Link> {
        let gone = self
            .cell(id, Field::Deleted)
            .is_some_and(|cell| !cell.0.is_null());
        let cell = self.cell(id, Field::Parent).filter(|_| !gone)?;
        Some(Link {
            parent: parse(&cell.0)?,
            moved: cell.1,
        })
    }

    /// The revisions of the moves, and of the restorings, of the other tasks in the cycle of this one.
    fn others_in_cycle(&self, id: EntityId) -> BTreeSet<Revision> {
        let mut revisions = BTreeSet::new();
        let mut met = BTreeSet::from([id]);
        let mut next = self.link(id);
        while let Some(link) = next
            && met.insert(link.parent)
        {
            let cells = [Field::Parent, Field::Deleted].map(|field| self.cell(link.parent, field));
            revisions.extend(cells.into_iter().flatten().map(|cell| cell.1));
            next = self.link(link.parent);
        }
        revisions
    }

    /// The tasks at which the cycles through changed tasks are cut, each with the revision of its move.
    fn losers(&self) -> BTreeSet<(Revision, EntityId)> {
        let loser = |id: EntityId| {
            let cut = ancestry::cut(id, |id| self.link(id))?;
            Some((self.link(cut)?.moved, cut))
        };
        self.changed.keys().filter_map(|(id, _)| loser(*id)).collect()
    }
}
