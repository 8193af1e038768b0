//! What a snapshot does to what waits and to what was acknowledged, where the server's data went back or forgot.

use tsugi_sync::entity::{Cell, Entity, Field, Fields, Kind};
use tsugi_sync::ids::{Epoch, Mark, MutationSeq, ReplicaId, Revision, Timestamp, WorkspaceId};
use tsugi_sync::log::Entry;
use tsugi_sync::mutation::Mutation;
use tsugi_sync::protocol::{Delta, Fate, Outcome, RefusalCode};
use tsugi_sync::replica::{Edit, Replica};
use tsugi_sync::sorted_map::SortedMap;
use tsugi_sync::value::Value;
use tsugi_sync::vector::VersionVector;
use uuid::Uuid;

use crate::fleet::entity;

const EPOCH: Epoch = Epoch(Uuid::from_u128(1));
const WORKSPACE: WorkspaceId = WorkspaceId(Uuid::from_u128(7));

/// A replica, and what the next row of its log is called.
struct Desk {
    replica: Replica,
    key: u64,
}

type Cells<'a> = &'a [(Field, Value, u64)];

fn task(cells: Cells<'_>) -> Entity {
    let mut task = Entity::new(entity(1), Kind::Task);
    task.absorb(
        cells
            .iter()
            .map(|(field, value, at)| (field.clone(), Cell(value.clone(), Revision(*at)))),
    );
    task
}

fn refusal(code: RefusalCode) -> Fate {
    Fate::Refused {
        code,
        message: String::new(),
    }
}

impl Desk {
    /// At this revision, with a task of these cells, or none.
    fn at(revision: u64, cells: Cells<'_>) -> Self {
        let id = ReplicaId(Uuid::from_u128(100));
        let mut desk = Self {
            replica: Replica::new(id, WORKSPACE),
            key: 0,
        };
        desk.snapshot(revision, cells);
        desk
    }

    fn fold(&mut self, entry: Entry) -> MutationSeq {
        self.key += 1;
        self.replica.fold(self.key, entry);
        MutationSeq(self.key)
    }

    fn snapshot(&mut self, revision: u64, cells: Cells<'_>) {
        let entities = (!cells.is_empty()).then(|| task(cells));
        self.fold(Entry::Bootstrapped {
            epoch: EPOCH,
            revision: Revision(revision),
            entities: entities.into_iter().collect(),
            last: true,
            mark: Mark(0),
            vector: VersionVector::default(),
            at: Timestamp(0),
        });
    }

    fn edit(&mut self, set: &[(Field, Value)]) -> MutationSeq {
        let mutation = self.replica.edit(Edit {
            entity: entity(1),
            kind: Kind::Task,
            set: set.iter().cloned().collect(),
            seen: Fields::new(),
            at: Timestamp(77),
            group: None,
        });
        self.fold(Entry::Mutated(mutation))
    }

    fn news(&self, to: u64, cells: Cells<'_>) -> Delta {
        Delta {
            workspace: WORKSPACE,
            epoch: EPOCH,
            from: self.replica.cursor(),
            to: Revision(to),
            entities: vec![task(cells)],
            outcomes: Vec::new(),
            at: Timestamp(0),
            mark: Mark(0),
            authors: Vec::new(),
        }
    }

    fn answer(&mut self, seq: MutationSeq, fate: Fate) {
        let to = match fate {
            Fate::Accepted { revision, .. } => revision.0.max(self.replica.cursor().0),
            Fate::Conflict { .. } | Fate::Refused { .. } => self.replica.cursor().0,
        };
        let delta = Delta {
            entities: Vec::new(),
            outcomes: vec![Outcome { seq, fate }],
            ..self.news(to, &[])
        };
        self.fold(Entry::Received(delta));
    }

    fn accepted(&mut self, seq: MutationSeq, revision: u64) {
        let fate = Fate::Accepted {
            revision: Revision(revision),
            current: None,
        };
        self.answer(seq, fate);
    }

    fn refused(&mut self, seq: MutationSeq) {
        self.answer(seq, refusal(RefusalCode::Forbidden));
    }

    fn waits(&self) -> Vec<&Mutation> {
        self.replica.outbox().values().map(Box::as_ref).collect()
    }
}

#[test]
fn nobody_has_heard_of_a_deletion_because_a_snapshot_left_the_tombstone_out() {
    let mut desk = Desk::at(1, &[(Field::Title, "milk".into(), 1)]);
    desk.edit(&[(Field::Notes, "two litres\n".into())]);
    let news = desk.news(2, &[(Field::Deleted, 5.into(), 2)]);
    desk.fold(Entry::Received(news));
    desk.snapshot(2, &[]);
    let known = SortedMap::from([(Field::Title, Cell("milk".into(), Revision(0)))]);
    assert_eq!(desk.waits()[0].base, known);
}

#[test]
fn what_a_snapshot_has_of_a_mutation_is_not_forgotten_with_the_rest_of_it() {
    let mut desk = Desk::at(1, &[(Field::Title, "milk".into(), 1)]);
    let seq = desk.edit(&[
        (Field::Due, "2026-11-24".into()),
        (Field::Title, "oat milk".into()),
    ]);
    desk.accepted(seq, 2);
    // Somebody has renamed it since. That goes up again, and a receipt answers.
    let since = [
        (Field::Due, "2026-11-24".into(), 2),
        (Field::Title, "soy milk".into(), 3),
    ];
    desk.snapshot(3, &since);
    assert_eq!(
        desk.waits()[0].set,
        Fields::from([(Field::Title, "oat milk".into())])
    );
    desk.accepted(seq, 2);
    assert_eq!(desk.waits(), Vec::<&Mutation>::new());
    // The server is restored to before it all.
    desk.snapshot(1, &[(Field::Title, "milk".into(), 1)]);
    assert_eq!(desk.waits()[0].set[&Field::Due], "2026-11-24".into());
}

#[test]
fn both_parts_of_a_mutation_wait_when_the_other_is_lost_before_the_first_is_answered() {
    let mut desk = Desk::at(1, &[(Field::Title, "milk".into(), 1)]);
    let both = [
        (Field::Due, "2026-11-24".into()),
        (Field::Title, "oat milk".into()),
    ];
    let seq = desk.edit(&both);
    desk.accepted(seq, 2);
    let since = [
        (Field::Due, "2026-11-24".into(), 2),
        (Field::Title, "soy milk".into(), 3),
    ];
    desk.snapshot(3, &since);
    desk.snapshot(1, &[(Field::Title, "milk".into(), 1)]);
    assert_eq!(desk.waits()[0].set, Fields::from(both));
}

#[test]
fn what_was_acknowledged_in_a_lost_history_does_not_come_after_what_is_new_in_this_one() {
    let mut desk = Desk::at(6, &[(Field::Title, "milk".into(), 1)]);
    let seq = desk.edit(&[(Field::Completed, 5.into())]);
    desk.accepted(seq, 7);
    // Somebody else brought the server what it had lost.
    desk.snapshot(
        2,
        &[(Field::Title, "milk".into(), 1), (Field::Completed, 5.into(), 2)],
    );
    let news = desk.news(4, &[(Field::Due, "2026-11-24".into(), 4)]);
    let entries = desk.replica.receive(news.clone(), "phone");
    assert_eq!(
        entries,
        [Entry::Received(news)],
        "they saw that it is done when they put it off"
    );
}

#[test]
fn what_waits_behind_a_refused_mutation_was_made_on_what_that_was_made_on() {
    let mut desk = Desk::at(1, &[(Field::Title, "milk".into(), 1)]);
    let refused = desk.edit(&[(Field::Title, "oat milk".into())]);
    desk.edit(&[(Field::Title, "soy milk".into())]);
    desk.snapshot(1, &[(Field::Title, "milk".into(), 1)]);
    desk.refused(refused);
    let waits = desk.waits();
    assert_eq!(waits.len(), 1);
    assert_eq!(waits[0].base[&Field::Title], Cell("milk".into(), Revision(1)));
}

#[test]
fn what_was_done_to_a_task_that_came_back_waits_with_its_coming_back_when_that_is_refused() {
    let gone = [(Field::Title, "milk".into(), 1), (Field::Deleted, 5.into(), 2)];
    let mut desk = Desk::at(1, &[(Field::Title, "milk".into(), 1)]);
    let news = desk.news(2, &gone);
    desk.fold(Entry::Received(news));
    let back = desk.edit(&[(Field::Deleted, Value::Null)]);
    let rename = desk.edit(&[(Field::Title, "oat milk".into())]);
    desk.refused(back);
    assert_eq!(
        desk.waits(),
        Vec::<&Mutation>::new(),
        "it would go onto the tombstone"
    );
    let parked = desk.replica.parked();
    assert_eq!(parked.keys().collect::<Vec<_>>(), [&back, &rename]);
    assert_eq!(parked[&rename].mutation.set[&Field::Title], "oat milk".into());
}

/// A mutation set two fields. One snapshot after the other lacks one of them, so each goes up again alone, under the same
/// name.
#[test]
fn both_parts_of_a_mutation_are_parked_when_each_is_refused() {
    let (mut desk, seq) = refused_in_one_part();
    desk.snapshot(2, &[(Field::Title, "milk".into(), 1)]);
    desk.refused(seq);
    let parked = &desk.replica.parked()[&seq];
    let both = [
        (Field::Due, "2026-11-24".into()),
        (Field::Title, "oat milk".into()),
    ];
    assert_eq!(parked.mutation.set, Fields::from(both));
}

#[test]
fn a_part_that_was_refused_before_begins_again_with_the_other() {
    let (mut desk, seq) = refused_in_one_part();
    desk.snapshot(2, &[]);
    let delta = Delta {
        entities: Vec::new(),
        outcomes: vec![Outcome {
            seq,
            fate: refusal(RefusalCode::UnknownEntity),
        }],
        ..desk.news(2, &[])
    };
    for entry in desk.replica.receive(delta, "phone") {
        desk.fold(entry);
    }
    assert_eq!(desk.replica.parked().len(), 0);
    let set = &desk.waits()[0].set;
    assert_eq!(set[&Field::Due], "2026-11-24".into());
    assert_eq!(set[&Field::Title], "oat milk".into());
}

/// A task, of which somebody changed title and due date. The server lost the title, and refused it then.
fn refused_in_one_part() -> (Desk, MutationSeq) {
    let milk = (Field::Title, Value::from("milk"), 1);
    let mut desk = Desk::at(1, std::slice::from_ref(&milk));
    let seq = desk.edit(&[
        (Field::Due, "2026-11-24".into()),
        (Field::Title, "oat milk".into()),
    ]);
    desk.accepted(seq, 2);
    desk.snapshot(2, &[milk, (Field::Due, "2026-11-24".into(), 2)]);
    assert_eq!(desk.waits()[0].set.len(), 1);
    desk.refused(seq);
    (desk, seq)
}

#[test]
fn a_value_that_was_overtaken_does_not_come_back_after_a_snapshot_left_the_task_out() {
    let mut desk = Desk::at(1, &[(Field::Title, "milk".into(), 1)]);
    desk.edit(&[(Field::Title, "oat milk".into())]);
    let last = desk.edit(&[(Field::Notes, "two litres\n".into())]);
    desk.accepted(last, 2);
    let news = desk.news(3, &[(Field::Title, "soy milk".into(), 3)]);
    desk.fold(Entry::Received(news));
    // The server is restored to before the task. Then another replica creates it again.
    desk.snapshot(0, &[]);
    assert_eq!(
        desk.waits()[0].set,
        Fields::from([(Field::Notes, "two litres\n".into())])
    );
    desk.snapshot(1, &[(Field::Title, "soy milk".into(), 1)]);
    assert_eq!(
        desk.waits()[0].set,
        Fields::from([(Field::Notes, "two litres\n".into())])
    );
}

#[test]
fn what_was_done_to_a_deleted_task_that_came_back_does_not_begin_it_as_a_deleted_one() {
    let mut desk = Desk::at(1, &[(Field::Title, "milk".into(), 1)]);
    let gone = desk.news(2, &[(Field::Deleted, 5.into(), 2)]);
    desk.fold(Entry::Received(gone));
    let seq = desk.edit(&[(Field::Priority, 1.into())]);
    desk.accepted(seq, 3);
    let back = [
        (Field::Deleted, Value::Null, 4),
        (Field::Due, "2026-11-24".into(), 5),
    ];
    let back = desk.news(5, &back);
    desk.fold(Entry::Received(back));
    // The server's data come back from a copy that has nothing of the task.
    desk.snapshot(0, &[]);
    let delta = Delta {
        entities: Vec::new(),
        outcomes: vec![Outcome {
            seq,
            fate: refusal(RefusalCode::UnknownEntity),
        }],
        ..desk.news(0, &[])
    };
    for entry in desk.replica.receive(delta, "phone") {
        desk.fold(entry);
    }
    let again = desk.replica.outbox().values().next().expect("it begins again");
    let expected = [
        (Field::Title, "milk".into()),
        (Field::Due, "2026-11-24".into()),
        (Field::Priority, 1.into()),
    ];
    assert_eq!(again.set, Fields::from(expected));
}
