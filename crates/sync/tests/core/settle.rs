//! Deletion × edit, as a table: what the waiting mutations want, what the server has, and what becomes of it.

use tsugi_sync::conflict::Conflict;
use tsugi_sync::entity::{Cell, Entity, Field, Fields, Kind};
use tsugi_sync::ids::{MutationId, MutationSeq, ReplicaId, Revision, Timestamp};
use tsugi_sync::mutation::Mutation;
use tsugi_sync::policy::Policies;
use tsugi_sync::settle::{Context, one_intent, settle};
use tsugi_sync::sorted_map::SortedMap;
use tsugi_sync::value::Value;
use uuid::Uuid;

use crate::fleet::entity;

type Cells<'a> = &'a [(Field, Value, u64)];

fn cells(cells: Cells<'_>) -> SortedMap<Field, Cell> {
    cells
        .iter()
        .map(|(field, value, revision)| (field.clone(), Cell(value.clone(), Revision(*revision))))
        .collect()
}

fn mutation(set: &[(Field, Value)], base: Cells<'_>) -> Mutation {
    Mutation {
        entity: entity(1),
        kind: Kind::Task,
        set: set.iter().cloned().collect(),
        base: cells(base),
        at: Timestamp(77),
        tick: 0,
        group: None,
        origin: None,
    }
}

/// What is set, and the fields of the record with its state.
fn outcome(waiting: &[Mutation], remote: Cells<'_>) -> (Fields, Vec<(String, Vec<Field>)>) {
    let mut stored = Entity::new(entity(1), Kind::Task);
    stored.fields = cells(remote);
    let first = MutationId {
        replica: ReplicaId(Uuid::nil()),
        seq: MutationSeq(1),
    };
    let waiting: Vec<_> = waiting.iter().collect();
    let settled = settle(
        &waiting,
        Some(&stored),
        Context {
            first,
            device: "d",
            by: None,
            others: &[],
            policies: &Policies::default(),
        },
    );
    let mut set = Fields::new();
    let mut records = Vec::new();
    for mutation in settled {
        if mutation.kind == Kind::Conflict {
            let mut record = Entity::new(mutation.entity, Kind::Conflict);
            record.absorb(
                mutation
                    .set
                    .into_iter()
                    .map(|(field, value)| (field, Cell(value, Revision(1)))),
            );
            let record = Conflict::read(&record).expect("a record");
            records.push((format!("{:?}", record.state), record.fields.into_keys().collect()));
        } else {
            let now = |field: &Field| stored.revision_of(field);
            assert!(
                mutation.set.keys().all(|f| mutation.base_revision(f) == now(f)),
                "made on what is there"
            );
            set.extend(mutation.set);
        }
    }
    (set, records)
}

#[test]
fn deletion_by_edit() {
    use Field::{Completed, Deleted, Due, Notes, Priority, Title};
    let text = |text: &str| Value::from(text);
    let gone = |at: i64| (Deleted, Value::Int(at));
    let base: Vec<_> = vec![(Title, text("a"), 1), (Notes, text("n"), 1)];
    let title_there = vec![(Title, text("c"), 5), (Notes, text("n"), 1)];
    let done_there = vec![
        (Title, text("a"), 1),
        (Notes, text("n"), 1),
        (Completed, Value::Int(5), 5),
    ];
    let gone_there = vec![
        (Title, text("a"), 1),
        (Notes, text("n"), 1),
        (Deleted, Value::Int(5), 5),
    ];
    let title = (Title, text("b"));
    let open = |fields: &[Field]| vec![("Open".to_owned(), fields.to_vec())];
    let merged = |fields: &[Field]| vec![("Merged".to_owned(), fields.to_vec())];
    let none = Vec::new();
    type Row<'a> = (
        &'a str,
        Vec<(Field, Value)>,
        &'a [(Field, Value, u64)],
        Vec<(Field, Value)>,
        Vec<(String, Vec<Field>)>,
    );
    let rows: Vec<Row<'_>> = vec![
        (
            "edit × deleted",
            vec![title.clone()],
            &gone_there,
            vec![],
            open(&[Deleted, Title]),
        ),
        (
            "tick × deleted",
            vec![(Completed, 3.into())],
            &gone_there,
            vec![(Completed, 3.into())],
            none.clone(),
        ),
        (
            "priority × deleted",
            vec![(Priority, 3.into())],
            &gone_there,
            vec![(Priority, 3.into())],
            none.clone(),
        ),
        (
            "the same title × deleted",
            vec![(Title, text("a"))],
            &gone_there,
            vec![],
            none.clone(),
        ),
        (
            "delete × renamed",
            vec![gone(3)],
            &title_there,
            vec![],
            open(&[Deleted, Title]),
        ),
        (
            "delete × ticked",
            vec![gone(3)],
            &done_there,
            vec![gone(3)],
            none.clone(),
        ),
        (
            "delete × deleted later",
            vec![gone(3)],
            &gone_there,
            vec![gone(3)],
            merged(&[Deleted]),
        ),
        (
            "delete × deleted earlier",
            vec![gone(9)],
            &gone_there,
            vec![],
            merged(&[Deleted]),
        ),
        (
            "rename and delete × renamed",
            vec![title.clone(), gone(3)],
            &title_there,
            vec![],
            open(&[Deleted, Title]),
        ),
        (
            "due and delete × renamed",
            vec![(Due, text("d")), gone(3)],
            &title_there,
            vec![(Due, text("d"))],
            open(&[Deleted, Title]),
        ),
        (
            "rename × renamed",
            vec![title],
            &title_there,
            vec![],
            open(&[Title]),
        ),
    ];
    for (name, set, remote, expected, records) in rows {
        let got = outcome(&[mutation(&set, &base)], remote);
        assert_eq!(got, (expected.into_iter().collect(), records), "{name}");
    }
}

#[test]
fn who_knew_that_it_was_deleted_is_not_asked() {
    let seen = [(Field::Title, "a".into(), 1), (Field::Deleted, 5.into(), 5)];
    let remote = [(Field::Title, "a".into(), 1), (Field::Deleted, 6.into(), 6)];
    let (set, records) = outcome(&[mutation(&[(Field::Title, "b".into())], &seen)], &remote);
    assert_eq!(set, Fields::from([(Field::Title, "b".into())]));
    assert!(records.is_empty());
}

#[test]
fn ones_own_waiting_rename_is_no_reason_to_ask_about_ones_deletion() {
    let rename = mutation(&[(Field::Title, "b".into())], &[(Field::Title, "a".into(), 1)]);
    let delete = mutation(&[(Field::Deleted, 3.into())], &[(Field::Title, "b".into(), 1)]);
    let (set, records) = outcome(
        &[rename, delete],
        &[(Field::Title, "a".into(), 1), (Field::Due, Value::Null, 5)],
    );
    assert_eq!(
        set,
        Fields::from([(Field::Title, "b".into()), (Field::Deleted, 3.into())])
    );
    assert!(records.is_empty());
}

#[test]
fn an_intent_ends_where_somebody_did_not_see_what_was_before() {
    let edit =
        |title: &str, saw: &str| mutation(&[(Field::Title, title.into())], &[(Field::Title, saw.into(), 1)]);
    let due = mutation(&[(Field::Due, "d".into())], &[]);
    let chain = [edit("b", "a"), due, edit("c", "b"), edit("d", "b")];
    let chain: Vec<_> = chain.iter().collect();
    assert_eq!(one_intent(&chain), 3);
    assert_eq!(one_intent(&chain[3..]), 1);
    assert_eq!(one_intent(&[]), 0);
}

#[test]
fn settling_twice_makes_the_same_record() {
    let edit = mutation(&[(Field::Title, "b".into())], &[(Field::Title, "a".into(), 1)]);
    let mut stored = Entity::new(entity(1), Kind::Task);
    stored.fields = cells(&[(Field::Title, "c".into(), 5)]);
    let first = MutationId {
        replica: ReplicaId(Uuid::nil()),
        seq: MutationSeq(4),
    };
    let context = Context {
        first,
        device: "d",
        by: None,
        others: &[],
        policies: &Policies::default(),
    };
    assert_eq!(
        settle(&[&edit], Some(&stored), context),
        settle(&[&edit], Some(&stored), context)
    );
}

#[test]
fn who_brought_it_back_has_not_seen_that_it_was_deleted_again() {
    let seen = [(Field::Title, "a".into(), 1), (Field::Deleted, 5.into(), 5)];
    let remote = [(Field::Title, "a".into(), 1), (Field::Deleted, 6.into(), 6)];
    let back = mutation(&[(Field::Deleted, Value::Null)], &seen);
    let rename = mutation(
        &[(Field::Title, "b".into())],
        &[(Field::Title, "a".into(), 1), (Field::Deleted, Value::Null, 5)],
    );
    let (set, records) = outcome(&[back.clone(), rename.clone()], &remote);
    assert_eq!(set, Fields::new());
    assert_eq!(records, [("Open".to_owned(), vec![Field::Deleted, Field::Title])]);
    let still = [(Field::Title, "a".into(), 1), (Field::Deleted, 5.into(), 5)];
    let (set, records) = outcome(&[back, rename], &still);
    let both = Fields::from([(Field::Title, "b".into()), (Field::Deleted, Value::Null)]);
    assert_eq!((set, records), (both, Vec::new()), "the deletion that they knew");
}

#[test]
fn an_intent_ends_at_another_persons_wish_and_where_a_deletion_was_not_seen_or_saw_not_all() {
    let base = [(Field::Title, "a".into(), 1)];
    let rename = mutation(&[(Field::Title, "b".into())], &base);
    let gone = (Field::Deleted, Value::Int(5));
    let blind = mutation(std::slice::from_ref(&gone), &base);
    let seeing = mutation(std::slice::from_ref(&gone), &[(Field::Title, "b".into(), 1)]);
    let imported = Mutation {
        origin: Some(MutationId {
            replica: ReplicaId(Uuid::from_u128(9)),
            seq: MutationSeq(3),
        }),
        ..seeing.clone()
    };
    assert_eq!(one_intent(&[&rename, &seeing]), 2);
    let knew = mutation(&[(Field::Due, "d".into())], &[(Field::Deleted, Value::Int(5), 5)]);
    assert_eq!(one_intent(&[&knew, &rename]), 1, "another tab had not heard");
    assert_eq!(one_intent(&[&rename, &knew]), 2);
    let back = mutation(&[(Field::Title, "b".into())], &[(Field::Deleted, Value::Null, 6)]);
    assert_eq!(
        one_intent(&[&knew, &back]),
        2,
        "somebody brought it back in between"
    );
    // A snapshot took the revisions away.
    let knew = |at| {
        mutation(
            &[(Field::Due, "d".into())],
            &[(Field::Deleted, Value::Int(5), at)],
        )
    };
    let back = mutation(&[(Field::Title, "b".into())], &[(Field::Deleted, Value::Null, 0)]);
    assert_eq!(one_intent(&[&knew(0), &back]), 2, "brought back in between");
    assert_eq!(one_intent(&[&knew(5), &back]), 1, "it is deleted to this day");
    assert_eq!(one_intent(&[&knew(0), &rename]), 1, "no word of a deletion");
    assert_eq!(one_intent(&[&rename, &blind]), 1);
    assert_eq!(one_intent(&[&rename, &imported]), 1);
    assert_eq!(
        one_intent(&[&blind, &mutation(&[(Field::Due, "d".into())], &base)]),
        1
    );
    let knowing = [(Field::Deleted, Value::Int(5), 0)];
    assert_eq!(
        one_intent(&[&blind, &mutation(&[(Field::Due, "d".into())], &knowing)]),
        2
    );
}

#[test]
fn who_has_not_heard_of_what_was_before_somebodys_eyes_does_not_pass_for_somebody_who_has() {
    let title = (Field::Title, Value::from("oat milk"));
    let back = mutation(
        &[(Field::Deleted, Value::Null)],
        &[(Field::Title, Value::from("milk"), 1)],
    );
    let base = |rename: &Mutation| {
        let mut both = back.clone();
        both.squash(rename);
        both.base_revision(&Field::Title)
    };
    assert_eq!(base(&mutation(std::slice::from_ref(&title), &[])), Revision(0));
    let heard = mutation(&[title], &[(Field::Title, Value::from("milk"), 1)]);
    assert_eq!(base(&heard), Revision(1));
}

#[test]
fn who_deleted_and_brought_back_is_not_asked_about_their_own_deletion() {
    let title = (Field::Title, Value::from("milk"));
    let begun = mutation(std::slice::from_ref(&title), &[]);
    let gone = mutation(&[(Field::Deleted, 5.into())], &[(Field::Title, "milk".into(), 0)]);
    let seen = [(Field::Title, "milk".into(), 0), (Field::Deleted, 5.into(), 0)];
    let back = mutation(&[(Field::Deleted, Value::Null)], &seen);
    // The server has the first two, but the answer was lost; and somebody has ticked it since.
    let remote = [
        (Field::Title, "milk".into(), 4),
        (Field::Deleted, 5.into(), 4),
        (Field::Completed, 6.into(), 5),
    ];
    let (set, records) = outcome(&[begun, gone, back], &remote);
    assert_eq!(set, Fields::from([(Field::Deleted, Value::Null)]));
    assert_eq!(records, []);
}

/// A server that is restored loses the first record, and the mutation it came of is settled again, on the same entity.
#[test]
fn what_comes_of_the_same_mutation_another_time_is_another_record() {
    let context = Context {
        first: MutationId {
            replica: ReplicaId(Uuid::nil()),
            seq: MutationSeq(1),
        },
        device: "d",
        by: None,
        others: &[],
        policies: &Policies::default(),
    };
    let mut stored = Entity::new(entity(1), Kind::Task);
    stored.fields = cells(&[(Field::Title, "c".into(), 5)]);
    let record = |title: &str| {
        let title = mutation(&[(Field::Title, title.into())], &[(Field::Title, "a".into(), 1)]);
        let settled = settle(&[&title], Some(&stored), context);
        settled.iter().map(|record| record.entity).collect::<Vec<_>>()
    };
    assert_eq!(record("b"), record("b"), "one and the same, in every tab");
    assert_ne!(record("b"), record("d"));
}
