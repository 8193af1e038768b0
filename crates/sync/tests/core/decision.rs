//! Decisions that are taken back: those of people, and those of rules.

use tsugi_sync::conflict::{Conflict, Overwritten, State, UNDO_MS, UndoError, overwritten_by_undo, undo_of};
use tsugi_sync::entity::{Cell, Entity, Field, Fields, Kind};
use tsugi_sync::ids::{EntityId, Revision, Timestamp};
use tsugi_sync::limits;
use tsugi_sync::merge::Rule;
use tsugi_sync::value::Value;

use crate::conflict::apart;
use crate::fleet::{Fleet, entity};

fn title(title: &str) -> Fields {
    Fields::from([(Field::Title, title.into())])
}

/// “milk” was renamed on devices 0 and 1 apart, and device 1 has decided for its “soy milk”.
fn decided() -> (Fleet, EntityId, EntityId) {
    let (mut fleet, task) = Fleet::with_task(3);
    apart(
        &mut fleet,
        |f| f.rename(0, task, "oat milk"),
        |f| f.rename(1, task, "soy milk"),
    );
    let record = only(&fleet, State::Open).id;
    fleet.resolve(1, record, title("soy milk"));
    fleet.run(1_000);
    fleet.assert_same();
    (fleet, task, record)
}

/// The priority of a task was set on devices 0 and 1 apart. Device 1 was the later, and its 2 stands.
fn merged() -> (Fleet, EntityId, EntityId) {
    let (mut fleet, task) = Fleet::with_task(3);
    let priority = |priority: i64| [(Field::Priority, priority.into())];
    apart(
        &mut fleet,
        |f| f.edit(0, task, priority(1)),
        |f| {
            f.run(10);
            f.edit(1, task, priority(2));
        },
    );
    let record = only(&fleet, State::Merged).id;
    (fleet, task, record)
}

/// The one record that everybody has in this state.
fn only(fleet: &Fleet, state: State) -> Conflict {
    let records = fleet.devices[0].conflicts(state);
    assert_eq!(records.len(), 1, "{records:?}");
    for device in &fleet.devices {
        assert_eq!(device.conflicts(state), records, "{}", device.name);
    }
    records[0].clone()
}

fn none_is(fleet: &Fleet, state: State) -> bool {
    let mut devices = fleet.devices.iter();
    devices.all(|device| device.conflicts(state).is_empty())
}

fn overwritten(fleet: &Fleet, device: usize, record: EntityId) -> Vec<Overwritten> {
    let replica = fleet.devices[device].replica();
    let record = Conflict::read(&replica.view(record).unwrap()).unwrap();
    overwritten_by_undo(&record, replica.view(record.subject).as_ref())
}

#[test]
fn a_resolution_says_who_made_it_and_what_was_there_before() {
    let (fleet, _, _) = decided();
    let resolution = only(&fleet, State::Resolved).resolution.unwrap();
    assert_eq!(resolution.by.device, "device 1");
    assert_eq!(resolution.by.replica, Some(fleet.devices[1].replica().id()));
    assert_eq!(resolution.results, title("soy milk"));
    assert_eq!(resolution.before, title("oat milk"));
}

#[test]
fn taken_back_on_another_device_the_old_value_is_there_and_the_question_is_open() {
    let (mut fleet, task, record) = decided();
    assert!(overwritten(&fleet, 2, record).is_empty());
    fleet.take_back(2, record, &[]);
    fleet.run(1_000);
    fleet.assert_same();
    assert_eq!(fleet.devices[1].text(task, &Field::Title), "oat milk");
    let open = only(&fleet, State::Open);
    assert_eq!((open.id, open.resolution), (record, None));
    let sides = &open.fields[&Field::Title];
    assert_eq!(
        (&sides.local, &sides.remote),
        (&"soy milk".into(), &"oat milk".into())
    );
    for gone in [Field::Result, Field::Before, Field::Resolver] {
        assert!(fleet.stored(record).value(&gone).is_null(), "{gone:?}");
    }
    // Decided once more, it does not come back.
    fleet.resolve(0, record, title("soy milk"));
    fleet.run(60_000);
    fleet.assert_same();
    assert_eq!(fleet.devices[2].text(task, &Field::Title), "soy milk");
    assert!(none_is(&fleet, State::Open));
}

#[test]
fn taken_back_on_two_devices_at_once_it_is_taken_back_once() {
    let (mut fleet, task, record) = decided();
    apart(
        &mut fleet,
        |f| f.take_back(0, record, &[]),
        |f| f.take_back(1, record, &[]),
    );
    assert_eq!(fleet.devices[2].text(task, &Field::Title), "oat milk");
    assert_eq!(only(&fleet, State::Open).id, record);
}

#[test]
fn a_field_that_was_edited_since_is_shown_and_stays() {
    let (mut fleet, task, record) = decided();
    fleet.rename(0, task, "no milk");
    fleet.run(1_000);
    let over = overwritten(&fleet, 2, record);
    let expected = Overwritten {
        field: Field::Title,
        now: "no milk".into(),
        undone: "oat milk".into(),
    };
    assert_eq!(over, [expected]);
    fleet.take_back(2, record, &[]);
    fleet.run(1_000);
    fleet.assert_same();
    assert_eq!(fleet.devices[1].text(task, &Field::Title), "no milk");
    assert_eq!(only(&fleet, State::Open).id, record);
}

#[test]
fn a_field_that_was_edited_since_is_overwritten_by_who_saw_it() {
    let (mut fleet, task, record) = decided();
    fleet.rename(0, task, "no milk");
    fleet.run(1_000);
    let over = overwritten(&fleet, 2, record);
    // Between the question and the answer it changes again: nobody has agreed to lose that.
    fleet.rename(0, task, "two milks");
    fleet.run(1_000);
    fleet.take_back(2, record, &over);
    fleet.run(1_000);
    fleet.assert_same();
    assert_eq!(fleet.devices[1].text(task, &Field::Title), "two milks");
    fleet.resolve(1, record, title("soy milk"));
    fleet.rename(0, task, "no milk");
    fleet.run(1_000);
    let over = overwritten(&fleet, 2, record);
    fleet.take_back(2, record, &over);
    fleet.run(1_000);
    fleet.assert_same();
    assert_eq!(
        fleet.devices[1].text(task, &Field::Title),
        "two milks",
        "as before"
    );
}

#[test]
fn edited_there_and_taken_back_here_asks_and_loses_neither() {
    let (mut fleet, task, record) = decided();
    apart(
        &mut fleet,
        |f| f.rename(0, task, "no milk"),
        |f| f.take_back(1, record, &[]),
    );
    assert_eq!(fleet.devices[2].text(task, &Field::Title), "no milk");
    let open = fleet.devices[2].conflicts(State::Open);
    assert_eq!(open.len(), 2, "the old question, and one about the edit");
    let new = open.iter().find(|open| open.id != record).unwrap();
    let sides = &new.fields[&Field::Title];
    assert_eq!(
        [&sides.base, &sides.local, &sides.remote],
        [&"soy milk".into(), &"oat milk".into(), &"no milk".into()]
    );
    for open in open {
        fleet.resolve(2, open.id, title("no milk"));
    }
    fleet.run(60_000);
    fleet.assert_same();
    assert!(none_is(&fleet, State::Open));
}

#[test]
fn decided_otherwise_there_and_taken_back_here_is_open_and_asks_about_the_values() {
    let (mut fleet, task, record) = decided();
    apart(
        &mut fleet,
        |f| f.resolve(0, record, title("almond milk")),
        |f| f.take_back(1, record, &[]),
    );
    assert_eq!(fleet.devices[2].text(task, &Field::Title), "almond milk");
    let open = fleet.devices[2].conflicts(State::Open);
    assert_eq!(open.len(), 2);
    for open in open {
        fleet.resolve(2, open.id, title("almond milk"));
    }
    fleet.run(60_000);
    fleet.assert_same();
    assert!(none_is(&fleet, State::Open));
}

#[test]
fn a_decision_about_a_deletion_is_taken_back_with_all_its_values() {
    let (mut fleet, task) = Fleet::with_task(2);
    apart(
        &mut fleet,
        |f| f.edit(0, task, [(Field::Deleted, 5.into())]),
        |f| f.rename(1, task, "soy milk"),
    );
    let record = only(&fleet, State::Open).id;
    let keep = Fields::from([(Field::Title, "soy milk".into()), (Field::Deleted, Value::Null)]);
    fleet.resolve(0, record, keep);
    fleet.run(1_000);
    assert!(!fleet.stored(task).is_deleted());
    fleet.take_back(1, record, &[]);
    fleet.run(1_000);
    fleet.assert_same();
    assert_eq!(*fleet.stored(task).value(&Field::Deleted), 5.into());
    assert_eq!(*fleet.stored(task).value(&Field::Title), "milk".into());
    only(&fleet, State::Open);
}

#[test]
fn deleted_after_all_and_taken_back_it_is_there_again() {
    let (mut fleet, task) = Fleet::with_task(2);
    apart(
        &mut fleet,
        |f| f.rename(0, task, "oat milk"),
        |f| f.edit(1, task, [(Field::Deleted, 5.into())]),
    );
    let record = only(&fleet, State::Open).id;
    fleet.resolve(1, record, Fields::from([(Field::Deleted, 5.into())]));
    fleet.run(1_000);
    assert!(fleet.stored(task).is_deleted());
    fleet.take_back(0, record, &[]);
    fleet.run(1_000);
    fleet.assert_same();
    assert!(!fleet.stored(task).is_deleted());
    assert_eq!(only(&fleet, State::Open).id, record);
}

#[test]
fn of_an_automatic_merge_the_other_side_can_be_taken_on_any_device() {
    let (mut fleet, task, record) = merged();
    let rule = only(&fleet, State::Merged).decisions[&Field::Priority].rule;
    assert_eq!(rule, Some(Rule::LastWriter));
    fleet.resolve(2, record, Fields::from([(Field::Priority, 1.into())]));
    fleet.run(1_000);
    fleet.assert_same();
    assert_eq!(*fleet.stored(task).value(&Field::Priority), 1.into());
    let resolved = only(&fleet, State::Resolved);
    assert!(resolved.was_merged);
    assert_eq!(resolved.decisions[&Field::Priority].rule, Some(Rule::LastWriter));
    assert_eq!(resolved.decisions[&Field::Priority].result, 2.into());
    let resolution = resolved.resolution.unwrap();
    assert_eq!(resolution.results[&Field::Priority], 1.into());
    assert_eq!(resolution.before[&Field::Priority], 2.into());
}

#[test]
fn and_taken_back_it_is_the_merge_that_it_was() {
    let (mut fleet, task, record) = merged();
    let before = only(&fleet, State::Merged);
    fleet.resolve(2, record, Fields::from([(Field::Priority, 1.into())]));
    fleet.run(1_000);
    fleet.take_back(0, record, &[]);
    fleet.run(1_000);
    fleet.assert_same();
    assert_eq!(*fleet.stored(task).value(&Field::Priority), 2.into());
    assert_eq!(only(&fleet, State::Merged), before);
    assert!(none_is(&fleet, State::Open), "a merge is no question");
}

#[test]
fn only_the_field_that_a_person_decided_on_is_taken_back() {
    let (mut fleet, task) = Fleet::with_task(2);
    let both = |n: i64, list: &str| [(Field::Priority, n.into()), (Field::List, list.into())];
    apart(
        &mut fleet,
        |f| f.edit(0, task, both(1, "home")),
        |f| {
            f.run(10);
            f.edit(1, task, both(2, "work"));
        },
    );
    let record = only(&fleet, State::Merged).id;
    fleet.resolve(0, record, Fields::from([(Field::Priority, 1.into())]));
    fleet.edit(0, task, [(Field::List, "garden".into())]);
    fleet.run(1_000);
    assert_eq!(
        only(&fleet, State::Resolved).resolution.unwrap().results,
        Fields::from(both(1, "work"))
    );
    assert!(
        overwritten(&fleet, 1, record).is_empty(),
        "the list was nobody's decision"
    );
    fleet.take_back(1, record, &[]);
    fleet.run(1_000);
    fleet.assert_same();
    let stored = fleet.stored(task);
    assert_eq!(*stored.value(&Field::Priority), 2.into());
    assert_eq!(*stored.value(&Field::List), "garden".into());
}

/// What undo says of a record as a device has it, with these changes.
fn refused(
    fleet: &Fleet,
    record: EntityId,
    change: impl FnOnce(&mut Entity),
    later: u64,
) -> Option<UndoError> {
    let replica = fleet.devices[0].replica();
    let mut record = replica.view(record).unwrap();
    change(&mut record);
    let subject = Conflict::read(&record).and_then(|record| replica.view(record.subject));
    let now = fleet.now.plus(later);
    let undone = undo_of(&record, subject.as_ref(), &[], now);
    let may = Conflict::read(&record).unwrap().may_undo(now);
    if undone != Err(UndoError::SubjectUnknown) {
        assert_eq!(undone.as_ref().err().copied(), may.err());
    }
    undone.err()
}

#[test]
fn a_decision_that_cannot_be_taken_back_says_why() {
    let (mut fleet, _, record) = decided();
    let refusals = |fleet: &Fleet, change: &dyn Fn(&mut Entity), later| {
        refused(fleet, record, |record| change(record), later)
    };
    let as_it_is = |_: &mut Entity| {};
    assert_eq!(refusals(&fleet, &as_it_is, UNDO_MS - 10_000), None);
    assert_eq!(refusals(&fleet, &as_it_is, UNDO_MS), Some(UndoError::TooOld));
    let of_an_earlier_version = |record: &mut Entity| {
        record.fields.remove(&Field::Before);
        record.fields.remove(&Field::Resolver);
    };
    assert_eq!(
        refusals(&fleet, &of_an_earlier_version, 0),
        Some(UndoError::NothingBefore)
    );
    let of_something_else = |record: &mut Entity| {
        let subject = vec!["task".into(), Value::Text(entity(77).to_string())];
        record
            .fields
            .insert(Field::Subject, Cell(Value::List(subject), Revision(1)));
    };
    assert_eq!(
        refusals(&fleet, &of_something_else, 0),
        Some(UndoError::SubjectUnknown)
    );
    fleet.take_back(0, record, &[]);
    assert_eq!(refusals(&fleet, &as_it_is, 0), Some(UndoError::NotDecided));
}

#[test]
fn an_automatic_merge_can_be_taken_back_for_as_long() {
    let (fleet, _, _) = merged();
    let merge = only(&fleet, State::Merged);
    assert_eq!(merge.may_undo(merge.created.plus(UNDO_MS)), Ok(()));
    assert_eq!(
        merge.may_undo(merge.created.plus(UNDO_MS + 1)),
        Err(UndoError::TooOld)
    );
}

#[test]
fn a_rule_of_a_later_version_leaves_the_rest_of_the_record_readable() {
    let (fleet, _, record) = merged();
    let mut record = fleet.stored(record).clone();
    let rules = Value::Map([("priority".to_owned(), "coin".into())].into());
    record.fields.insert(Field::Rules, Cell(rules, Revision(99)));
    let decision = &Conflict::read(&record).unwrap().decisions[&Field::Priority];
    assert_eq!((decision.rule, &decision.result), (None, &2.into()));
}

#[test]
fn the_moment_of_creation_is_never_taken_back() {
    let mut record = Entity::new(entity(9), Kind::Conflict);
    let map = |name: &str, value: i64| Value::Map([(name.to_owned(), value.into())].into());
    let subject = vec!["task".into(), Value::Text(entity(1).to_string())];
    let fields = [
        (Field::State, "resolved".into()),
        (Field::Subject, Value::List(subject)),
        (Field::Local, map("created", 5)),
        (Field::Result, map("created", 5)),
        (
            Field::Before,
            Value::Map([("created".to_owned(), Value::Null)].into()),
        ),
    ];
    record.absorb(fields.map(|(field, value)| (field, Cell(value, Revision(1)))));
    let mut task = Entity::new(entity(1), Kind::Task);
    task.absorb([(Field::Created, Cell(6.into(), Revision(1)))]);
    assert!(overwritten_by_undo(&Conflict::read(&record).unwrap(), Some(&task)).is_empty());
    let done = undo_of(&record, Some(&task), &[], Timestamp(0)).unwrap();
    assert_eq!(done[0].set, Fields::new());
}

#[test]
fn a_parent_that_is_below_the_task_by_now_is_not_taken() {
    let (mut fleet, task) = Fleet::with_task(2);
    fleet.rename(0, entity(2), "other");
    let below = |parent: EntityId| [(Field::Parent, Value::Text(parent.to_string()))];
    apart(
        &mut fleet,
        |f| f.edit(0, task, below(entity(2))),
        |f| f.edit(1, entity(2), below(task)),
    );
    let record = only(&fleet, State::Merged);
    let replica = fleet.devices[1].replica();
    let results = Fields::from(below(task));
    let group = uuid::Uuid::nil();
    let none = replica.resolve(record.id, results, Fields::new(), "device 1", fleet.now, group);
    assert!(none.is_empty(), "{none:?}");
}

#[test]
fn a_record_that_is_full_is_resolved_without_what_was_before() {
    let (mut fleet, task) = Fleet::with_task(2);
    let notes = |letter: &str| [(Field::Notes, Value::text(letter.repeat(limits::VALUE_BYTES - 2)))];
    fleet.edit(0, task, notes("a"));
    fleet.run(1_000);
    apart(
        &mut fleet,
        |f| f.edit(0, task, notes("b")),
        |f| f.edit(1, task, notes("c")),
    );
    let record = only(&fleet, State::Open).id;
    fleet.resolve(0, record, Fields::from(notes("c")));
    fleet.run(1_000);
    fleet.assert_same();
    let resolved = only(&fleet, State::Resolved);
    assert_eq!(resolved.may_undo(fleet.now), Err(UndoError::NothingBefore));
    let stored = serde_json::to_string(&fleet.stored(record).fields).unwrap();
    assert!(stored.len() <= limits::ENTITY_BYTES, "{}", stored.len());
    assert_eq!(*fleet.stored(task).value(&Field::Notes), notes("c")[0].1);
}
