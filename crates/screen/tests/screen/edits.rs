//! From intents to edits, from entities to rows, and from texts to values and back.

use std::collections::BTreeMap;

use tsugi_screen::edits::plan;
use tsugi_screen::intent::FieldChange;
use tsugi_screen::local::Local;
use tsugi_screen::model::{DELETED, KEPT, SyncPhase};
use tsugi_screen::project::{sync_phase, task_row};
use tsugi_screen::text::fields::{seen_value, to_text, to_value};
use tsugi_sync::entity::{Entity, Field};
use tsugi_sync::gesture::{Done, undo};
use tsugi_sync::ids::{EntityId, ReplicaId, Timestamp, WorkspaceId};
use tsugi_sync::log::Entry;
use tsugi_sync::replica::{Edit, Replica};
use tsugi_sync::session::{Pause, Phase};
use tsugi_sync::value::Value;
use uuid::Uuid;

use crate::made::{self, stamp};

fn empty() -> Local {
    Local::new(Replica::new(
        ReplicaId(Uuid::from_u128(1)),
        WorkspaceId(Uuid::from_u128(2)),
    ))
}

fn id(n: u128) -> EntityId {
    EntityId(Uuid::from_u128(n))
}

fn view(local: &Local, n: u128) -> Entity {
    local.view(id(n)).expect("it is there")
}

#[test]
fn a_value_comes_back_from_its_text() {
    let rows = [
        (Field::Title, Value::text("Milk")),
        (Field::Notes, Value::text("two\nlines")),
        (Field::Notes, Value::Null),
        (Field::Due, Value::text("2026-11-24")),
        (Field::Due, Value::Null),
        (Field::Deleted, Value::Null),
        (Field::Deleted, Value::Int(7)),
    ];
    for (field, value) in rows {
        let text = to_text(&field, &value);
        assert_eq!(to_value(&field, &text, Timestamp(7)), Ok(value), "{field:?}");
    }
    assert_eq!(to_text(&Field::Deleted, &Value::Null), KEPT);
    assert_eq!(to_text(&Field::Deleted, &Value::Int(7)), DELETED);
    assert_eq!(to_text(&Field::from("mood"), &Value::List(vec![])), "[]");
}

#[test]
fn a_typed_value_that_a_field_cannot_hold_is_an_error_and_a_seen_one_never_is() {
    assert!(to_value(&Field::Title, "  ", Timestamp(0)).is_err());
    assert!(to_value(&Field::Due, "tomorrow", Timestamp(0)).is_err());
    let long = "x".repeat(tsugi_sync::limits::VALUE_BYTES);
    assert!(to_value(&Field::Notes, &long, Timestamp(0)).is_err());
    assert_eq!(seen_value(&Field::Due, "tomorrow"), Value::text("tomorrow"));
    assert_eq!(seen_value(&Field::Notes, ""), Value::Null);
}

#[test]
fn an_edit_is_in_the_view_before_it_is_saved_and_once_after() {
    let mut local = empty();
    let edit = made::task("Milk", stamp(5));
    local.show(edit.clone());
    assert_eq!((local.waiting(), local.unsaved_count()), (1, 1));
    assert_eq!(
        task_row(&view(&local, 5), local.is_waiting(id(5)), 0)
            .expect("a task")
            .title,
        "Milk"
    );

    let mutation = local.replica().edit(edit);
    local.fold_entries([(1, Entry::Mutated(mutation.clone()))]);
    local.saved(1);
    // The same row comes a second time, because another tab tells of it.
    local.fold([(1, Entry::Mutated(mutation).to_row())]);
    assert_eq!((local.waiting(), local.unsaved_count()), (1, 0));
    assert_eq!(local.ids().len(), 1);
}

#[test]
fn a_gesture_is_saved_as_one_up_to_where_it_comes_back_to_an_entity() {
    let mut local = empty();
    let edit = |n: u64, group: Option<u128>| Edit {
        group: group.map(Uuid::from_u128),
        ..made::task("Milk", stamp(n))
    };
    let gesture = [
        (5, Some(1)),
        (6, Some(1)),
        (5, Some(1)),
        (7, Some(2)),
        (8, None),
        (9, None),
    ];
    for (n, group) in gesture {
        local.show(edit(n, group));
    }
    for together in [2, 1, 1, 1, 1, 0] {
        assert_eq!(local.next_unsaved().len(), together);
        local.saved(together);
    }
    let edits = [edit(5, Some(1)), edit(6, Some(1))];
    let mutations = local.replica().edits(edits.to_vec());
    assert!(mutations[0].hlc() < mutations[1].hlc(), "one after the other");
}

#[test]
fn only_fields_that_changed_are_edited_and_the_text_seen_is_their_base() {
    let change = |field: Field, seen: &str, value: &str| FieldChange {
        field,
        seen: seen.to_owned(),
        value: value.to_owned(),
    };
    let changes = [
        change(Field::Title, "a", "b"),
        change(Field::Notes, "same", "same"),
        change(Field::Due, "", "2026-01-02"),
    ];
    let edit = plan::edit_task(id(9), &changes, true, stamp(1))
        .expect("valid")
        .expect("something changed");
    let set: BTreeMap<&str, &Value> = edit.set.iter().map(|(f, v)| (f.as_str(), v)).collect();
    assert_eq!(
        set,
        BTreeMap::from([("title", &"b".into()), ("due", &"2026-01-02".into())])
    );
    assert_eq!(edit.seen.get(&Field::Title), Some(&"a".into()));
    assert_eq!(edit.seen.get(&Field::Due), Some(&Value::Null));
    assert!(
        plan::edit_task(id(9), &changes[1..2], true, stamp(1))
            .expect("valid")
            .is_none()
    );
}

/// A task that both tabs of a browser show, and that the server has not seen yet.
fn two_tabs() -> (Local, Local) {
    let (mut here, mut there) = (empty(), empty());
    let add = made::task("Milk", stamp(5));
    let row = Entry::Mutated(here.replica().edit(add)).to_row();
    here.fold([(1, row.clone())]);
    there.fold([(1, row)]);
    (here, there)
}

#[test]
fn an_edit_has_not_seen_a_deletion_of_a_tab_that_this_one_has_not_heard_from() {
    let change = FieldChange {
        field: Field::Title,
        seen: "Milk".to_owned(),
        value: "Oat milk".to_owned(),
    };
    let title = plan::edit_task(id(5), &[change], true, stamp(7));
    let moved = tsugi_sync::replica::Edit {
        set: [(Field::List, Value::text(id(8).to_string()))].into(),
        ..made::deleted(id(5), stamp(7))
    };
    let edits = [
        title.expect("valid").expect("a change"),
        made::completed(id(5), true, stamp(7)),
        moved,
        made::deleted(id(5), stamp(7)),
    ];
    for edit in edits {
        let (mut here, there) = two_tabs();
        let deletion = Entry::Mutated(there.replica().edit(made::deleted(id(5), stamp(6))));
        here.show(edit);
        // The row of the other tab comes first in the log.
        here.fold([(2, deletion.to_row())]);
        let made = here.replica().edit(here.next_unsaved().remove(0));
        assert_eq!(made.base_value(&Field::Deleted), &Value::Null, "{:?}", made.set);
    }
}

#[test]
fn an_edit_of_a_task_that_is_shown_as_deleted_has_seen_the_deletion() {
    let (mut here, there) = two_tabs();
    let deletion = there.replica().edit(made::deleted(id(5), stamp(6)));
    let moment = deletion.set[&Field::Deleted].clone();
    here.fold([(2, Entry::Mutated(deletion).to_row())]);
    here.show(made::completed(id(5), true, stamp(7)));
    let made = here.replica().edit(here.next_unsaved().remove(0));
    assert_eq!(made.base_value(&Field::Deleted), &moment);
}

/// Shows an edit, and returns its undo entry.
fn done(local: &mut Local, edit: tsugi_sync::replica::Edit) -> Done {
    let done = Done::of(&edit, local.view(edit.entity).as_ref());
    local.show(edit);
    done
}

#[test]
fn undo_brings_back_what_was_there() {
    let mut local = empty();
    local.show(made::task("Milk", stamp(5)));
    let before = view(&local, 5);
    let deleted = done(&mut local, made::deleted(id(5), stamp(6)));
    assert!(task_row(&view(&local, 5), true, 0).expect("a task").deleted);
    for edit in undo(&local, &[deleted], Timestamp(7), None) {
        local.show(edit);
    }
    assert_eq!(task_row(&view(&local, 5), true, 0), task_row(&before, true, 0));
}

#[test]
fn taking_back_leaves_what_somebody_has_changed_since() {
    let mut local = empty();
    let added = done(&mut local, made::task("Milk", stamp(5)));
    let set = |local: &Local, done: &Done| {
        let edits = undo(local, std::slice::from_ref(done), Timestamp(9), None);
        let fields = edits.into_iter().flat_map(|edit| edit.set);
        fields.collect::<Vec<_>>()
    };
    let gone = set(&local, &added);
    assert_eq!(
        gone,
        [(Field::Deleted, Value::Int(5))],
        "deleted when it was made"
    );

    let change = |field: Field, value: &str| FieldChange {
        field,
        seen: String::new(),
        value: value.to_owned(),
    };
    let changes = [change(Field::Notes, "two"), change(Field::Due, "2026-01-02")];
    let edit = plan::edit_task(id(5), &changes, true, stamp(7));
    let edited = done(&mut local, edit.expect("valid").expect("a change"));
    let mine = plan::edit_task(id(5), &[change(Field::Due, "2026-03-04")], true, stamp(8));
    local.show(mine.expect("valid").expect("a change"));
    assert_eq!(set(&local, &edited), [(Field::Notes, Value::Null)]);
    assert_eq!(set(&local, &added), [], "somebody has written on it");
}

#[test]
fn no_move_that_is_not_saved_is_taken_back_into_a_cycle() {
    let mut local = empty();
    let below = |task: u64, parent: Value| tsugi_sync::replica::Edit {
        set: [(Field::Parent, parent)].into(),
        ..made::deleted(id(u128::from(task)), stamp(9))
    };
    for n in [5, 6] {
        local.show(made::task("Milk", stamp(n)));
    }
    // Task 6 was below task 5 and goes out. Then task 5 goes below task 6.
    local.show(below(6, Value::text(id(5).to_string())));
    let out = done(&mut local, below(6, Value::Null));
    assert_eq!(
        undo(&local, std::slice::from_ref(&out), Timestamp(10), None).len(),
        1
    );
    local.show(below(5, Value::text(id(6).to_string())));
    assert!(undo(&local, &[out], Timestamp(10), None).is_empty());
}

#[test]
fn a_row_that_cannot_be_read_is_told_of_and_stops_nothing() {
    let mut local = empty();
    let edit = made::task("Milk", stamp(5));
    let row = Entry::Mutated(local.replica().edit(edit)).to_row();
    local.fold([(1, "{\"entry\":\"damaged".to_owned()), (2, row)]);
    assert_eq!(local.replica().outbox().len(), 1);
    let unreadable = local.take_unreadable();
    assert_eq!(unreadable.iter().map(|(key, _)| *key).collect::<Vec<_>>(), [1]);
    assert!(local.take_unreadable().is_empty());
}

#[test]
fn adopting_creates_every_living_entity_again() {
    let mut local = empty();
    local.show(made::task("Keep", stamp(1)));
    local.show(made::task("Drop", stamp(2)));
    local.show(made::deleted(id(2), stamp(3)));
    let edits = plan::adopt(
        local.ids().into_iter().filter_map(|id| local.view(id)),
        stamp(4).at,
    );
    assert_eq!(edits.iter().map(|edit| edit.entity).collect::<Vec<_>>(), [id(1)]);
    assert_eq!(edits[0].set.get(&Field::Title), Some(&"Keep".into()));
}

#[test]
fn the_status_says_synced_only_when_nothing_waits() {
    let table = [
        (Phase::Offline, 0, SyncPhase::Offline),
        (Phase::Backoff(Timestamp(1)), 3, SyncPhase::Offline),
        (Phase::Connecting, 0, SyncPhase::Connecting),
        (Phase::CatchingUp, 0, SyncPhase::Syncing),
        (Phase::Live, 0, SyncPhase::Synced),
        (Phase::Live, 1, SyncPhase::Syncing),
        (Phase::Paused(Pause::ByUser), 0, SyncPhase::WorkOffline),
        (Phase::Paused(Pause::SignedOut), 0, SyncPhase::NeedsAttention),
        (Phase::Paused(Pause::UpdateNeeded), 0, SyncPhase::NeedsAttention),
        (Phase::Paused(Pause::Forbidden), 0, SyncPhase::NeedsAttention),
    ];
    for (phase, waiting, expected) in table {
        assert_eq!(sync_phase(phase, waiting).0, expected, "{phase:?}");
    }
}

#[test]
fn figures_say_what_waits_and_what_became_of_conflicts() {
    use tsugi_screen::figures::Meter;
    use tsugi_screen::project::figures;
    use tsugi_sync::conflict::{self, Sides, State};
    use tsugi_sync::entity::Kind;
    use tsugi_sync::session::Transport;

    let mut local = empty();
    let sides = || Sides {
        base: "a".into(),
        local: "b".into(),
        remote: "c".into(),
    };
    for (n, state) in [(1, State::Open), (2, State::Resolved), (3, State::Resolved)] {
        let set = conflict::record(
            state,
            (id(9), &Kind::Task),
            [(Field::Title, (sides(), None))].into(),
            (&conflict::Side::default(), None),
            Timestamp(0),
        );
        let edit = tsugi_sync::replica::Edit {
            kind: Kind::Conflict,
            set,
            ..made::deleted(id(n), stamp(5))
        };
        let mutation = local.replica().edit(edit);
        local.fold_entries([(n as u64, Entry::Mutated(mutation))]);
    }
    let mut meter = Meter::default();
    meter.sent(1_500);
    let rows = figures(
        meter.counted(),
        Some(Transport::Polling),
        local.replica(),
        Timestamp(7_200_005),
    );
    let value = |name: &str| {
        let row = rows.iter().find(|(row, _)| row == name);
        row.map(|(_, value)| value.as_str())
    };
    assert_eq!(value("Oldest change waiting"), Some("2 hours ago"));
    assert_eq!(value("Connected over"), Some("HTTP requests"));
    assert_eq!(value("Sent"), Some("1 message, 1.5 kB"));
    assert_eq!(value("Change here → confirmed"), Some("Not yet"));
    assert_eq!(value("Conflicts: Title"), Some("1 open, 2 by you, 0 by rule"));
}

#[test]
fn a_full_outbox_takes_no_more_and_says_so_before() {
    let mut local = empty();
    assert!(local.has_room(tsugi_sync::limits::OUTBOX));
    local.show(made::task("Milk", stamp(5)));
    assert!(local.has_room(tsugi_sync::limits::OUTBOX - 1));
    assert!(!local.has_room(tsugi_sync::limits::OUTBOX));
}
