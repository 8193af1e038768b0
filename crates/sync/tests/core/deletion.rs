//! Deleted or done on one device, and something else on the other. The table itself is in `settle`.

use tsugi_sync::conflict::State;
use tsugi_sync::entity::{Field, Fields};
use tsugi_sync::value::Value;

use crate::conflict::apart;
use crate::fleet::Fleet;

fn deleted(at: i64) -> [(Field, Value); 1] {
    [(Field::Deleted, at.into())]
}

#[test]
fn deleted_there_and_edited_here_asks_and_can_be_brought_back() {
    let (mut fleet, task) = Fleet::with_task(2);
    apart(
        &mut fleet,
        |f| f.edit(0, task, deleted(5)),
        |f| f.rename(1, task, "soy milk"),
    );
    let open = fleet.devices[0].conflicts(State::Open);
    assert!(fleet.stored(task).is_deleted());
    let back = Fields::from([(Field::Title, "soy milk".into()), (Field::Deleted, Value::Null)]);
    fleet.resolve(0, open[0].id, back);
    fleet.run(1_000);
    fleet.assert_same();
    assert!(!fleet.stored(task).is_deleted());
    assert_eq!(fleet.devices[1].text(task, &Field::Title), "soy milk");
}

#[test]
fn edited_there_and_deleted_here_asks_and_can_be_deleted_after_all() {
    let (mut fleet, task) = Fleet::with_task(2);
    apart(
        &mut fleet,
        |f| f.rename(0, task, "oat milk"),
        |f| f.edit(1, task, deleted(5)),
    );
    let open = fleet.devices[0].conflicts(State::Open);
    assert!(!fleet.stored(task).is_deleted());
    fleet.resolve(1, open[0].id, Fields::from(deleted(5)));
    fleet.run(1_000);
    fleet.assert_same();
    assert!(fleet.stored(task).is_deleted());
    assert!(fleet.devices[0].conflicts(State::Open).is_empty());
}

#[test]
fn who_deletes_is_shown_what_was_edited_there() {
    for (seen, has_room) in [("one\n".to_owned(), true), ("a line\n".repeat(8_000), false)] {
        let (mut fleet, task) = Fleet::with_task(2);
        fleet.edit(0, task, [(Field::Notes, (*seen).into())]);
        fleet.run(1_000);
        let notes = Value::Text(format!("{seen}one more\n"));
        let edited = [
            (Field::Notes, notes.clone()),
            (Field::Due, "2026-12-24".into()),
            (Field::Priority, 1.into()),
        ];
        apart(
            &mut fleet,
            |f| f.edit(0, task, edited),
            |f| f.edit(1, task, deleted(5)),
        );
        let open = fleet.devices[0].conflicts(State::Open);
        let fields = &open[0].fields;
        let sides = &fields[&Field::Due];
        assert_eq!((&sides.base, &sides.local), (&Value::Null, &Value::Null));
        assert_eq!(sides.remote, "2026-12-24".into());
        assert!(!fields.contains_key(&Field::Priority), "nobody would miss it");
        assert_eq!(fields.contains_key(&Field::Notes), has_room);
        if let Some(sides) = fields.get(&Field::Notes) {
            assert_eq!(sides.base, (*seen).into());
            assert_eq!((&sides.local, &sides.remote), (&sides.base, &notes));
        }
    }
}

#[test]
fn edited_deleted_and_ticked_off_in_one_go_asks_only_about_what_was_not_seen() {
    let (mut fleet, task) = Fleet::with_task(2);
    apart(
        &mut fleet,
        |f| f.edit(0, task, [(Field::Priority, 1.into())]),
        |f| {
            f.edit(
                1,
                task,
                [(Field::Title, "soy milk".into()), (Field::Priority, 2.into())],
            );
            f.edit(1, task, deleted(5));
        },
    );
    assert!(
        fleet.stored(task).is_deleted(),
        "nobody edited what would be missed"
    );
    assert!(fleet.devices[0].conflicts(State::Open).is_empty());
}

#[test]
fn both_complete_or_both_delete_is_the_earlier_of_the_two() {
    for field in [Field::Completed, Field::Deleted] {
        let (mut fleet, task) = Fleet::with_task(2);
        apart(
            &mut fleet,
            |f| f.edit(0, task, [(field.clone(), 9.into())]),
            |f| f.edit(1, task, [(field.clone(), 5.into())]),
        );
        assert_eq!(*fleet.stored(task).value(&field), Value::Int(5));
        assert!(fleet.devices[0].conflicts(State::Open).is_empty());
        assert_eq!(
            fleet.devices[0].conflicts(State::Merged).len(),
            1,
            "the other moment is kept"
        );
    }
}
