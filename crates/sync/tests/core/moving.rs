//! Moves that were made apart. The table is in `docs/merge-tables.md`.

use tsugi_sim::plan::Moment;
use tsugi_sync::conflict::State;
use tsugi_sync::entity::{Entity, Field, Kind};
use tsugi_sync::gesture::{Contents, Stamp, delete, delete_list, move_to, nest, restore};
use tsugi_sync::home::Home;
use tsugi_sync::ids::EntityId;
use tsugi_sync::list::List;
use tsugi_sync::replica::Edit;
use tsugi_sync::section::Section;
use tsugi_sync::task::Task;
use tsugi_sync::value::Value;
use uuid::Uuid;

use crate::conflict::apart;
use crate::fleet::{Fleet, entity};
use crate::oracle::listing::{Listing, Places};
use crate::oracle::tree::Tree;

fn now(fleet: &Fleet) -> Stamp {
    Stamp {
        at: fleet.now,
        today: "2026-11-24".parse().expect("a day"),
        group: Uuid::from_u128(u128::from(fleet.now.0)),
    }
}

/// Devices that share four tasks, in no list.
fn fleet(devices: u8) -> Fleet {
    let (mut fleet, _) = Fleet::with_task(devices);
    for number in 2..=4 {
        fleet.rename(0, entity(number), "task");
    }
    fleet.run(1_000);
    fleet.assert_same();
    fleet
}

fn below(fleet: &mut Fleet, device: usize, task: u128, parent: u128) {
    let edits = nest(
        fleet.devices[device].replica(),
        entity(task),
        entity(parent),
        now(fleet),
    );
    fleet.gesture(device, edits.expect("it can be there"));
}

/// The rows of a listing on one device, with their depths.
fn shown(fleet: &Fleet, device: usize, listing: Listing) -> Vec<(EntityId, usize)> {
    let replica = fleet.devices[device].replica();
    let views: Vec<Entity> = replica.ids().filter_map(|id| replica.view(id)).collect();
    let tasks: Vec<_> = views.iter().filter_map(Task::read).collect();
    let lists: Vec<_> = views.iter().filter_map(List::read).collect();
    let sections: Vec<_> = views.iter().filter_map(Section::read).collect();
    let groups = listing.show(&Tree::of(&tasks), &Places::of(&lists, &sections), []);
    let rows = groups.iter().flat_map(|group| &group.rows);
    rows.map(|row| (row.task.id, row.depth)).collect()
}

fn parent(fleet: &Fleet, task: u128) -> Value {
    fleet.stored(entity(task)).value(&Field::Parent).clone()
}

fn link(number: u128) -> Value {
    Value::Text(entity(number).to_string())
}

#[test]
fn of_two_moves_that_make_a_cycle_the_later_is_taken_back_and_kept() {
    let mut fleet = fleet(3);
    apart(&mut fleet, |f| below(f, 0, 1, 2), |f| below(f, 1, 2, 1));
    assert_eq!([parent(&fleet, 1), parent(&fleet, 2)], [link(2), Value::Null]);
    let records = fleet.devices[2].conflicts(State::Merged);
    assert_eq!(records.len(), 1);
    assert_eq!(
        (records[0].subject, records[0].local.device.as_str()),
        (entity(2), "device 1")
    );
    assert_eq!(
        records[0].fields[&Field::Parent].local,
        link(1),
        "nothing is lost"
    );
    let theirs = &records[0].remote;
    assert_eq!(
        (theirs.device.as_str(), theirs.replica),
        ("device 0", Some(fleet.devices[0].replica().id())),
        "the other move came in an earlier delta than the answer"
    );
    assert!(fleet.devices[2].conflicts(State::Open).is_empty());
    for device in 0..3 {
        assert_eq!(
            shown(&fleet, device, Listing::Inbox),
            shown(&fleet, 0, Listing::Inbox)
        );
    }
    // It does not come again, and what was taken back can be done in another way.
    below(&mut fleet, 2, 3, 1);
    fleet.run(1_000);
    fleet.assert_same();
    assert_eq!(fleet.devices[2].conflicts(State::Merged).len(), 1);
}

#[test]
fn taken_back_it_is_where_it_was() {
    let mut fleet = fleet(2);
    below(&mut fleet, 0, 2, 3);
    fleet.run(1_000);
    apart(&mut fleet, |f| below(f, 0, 1, 2), |f| below(f, 1, 2, 1));
    assert_eq!([parent(&fleet, 1), parent(&fleet, 2)], [link(2), link(3)]);
}

#[test]
fn back_where_it_was_would_be_another_cycle_so_it_goes_to_the_top() {
    // 2 was below 3. Here it goes below 1; there 1 goes below 2, and 3 below 1.
    let mut fleet = fleet(2);
    below(&mut fleet, 0, 2, 3);
    fleet.run(1_000);
    apart(
        &mut fleet,
        |f| {
            let home = Home {
                list: None,
                section: None,
            };
            let out = move_to(f.devices[0].replica(), &[entity(2)], home, now(f)).expect("few");
            f.gesture(0, out);
            below(f, 0, 1, 2);
            below(f, 0, 3, 1);
        },
        |f| {
            f.devices[1].fold(0);
            below(f, 1, 4, 3);
            below(f, 1, 2, 1);
        },
    );
    let rows = shown(&fleet, 0, Listing::Inbox);
    assert_eq!(rows.len(), 4);
    assert_eq!(shown(&fleet, 1, Listing::Inbox), rows);
    let above: Vec<_> = (1..=4).filter(|task| parent(&fleet, *task).is_null()).collect();
    assert_eq!(above, [2], "{rows:?}");
}

#[test]
fn three_moves_that_make_a_cycle() {
    let mut fleet = fleet(3);
    for device in 0..3 {
        fleet.cut(device);
    }
    fleet.run(100);
    for (device, (task, parent)) in [(1, 2), (2, 3), (3, 1)].into_iter().enumerate() {
        below(&mut fleet, device, task, parent);
    }
    for device in 0..3 {
        fleet.heal(device);
        fleet.run(60_000);
    }
    fleet.assert_same();
    assert_eq!(
        [1, 2, 3].map(|task| parent(&fleet, task)),
        [link(2), link(3), Value::Null]
    );
    assert_eq!(fleet.devices[0].conflicts(State::Merged).len(), 1);
}

#[test]
fn a_crash_between_answer_and_taking_back_leaves_neither_out() {
    for crash in [Moment::Before, Moment::After] {
        let mut fleet = fleet(2);
        apart(
            &mut fleet,
            |f| below(f, 0, 1, 2),
            |f| {
                below(f, 1, 2, 1);
                f.devices[1].crash = Some(crash);
            },
        );
        assert_eq!(
            [parent(&fleet, 1), parent(&fleet, 2)],
            [link(2), Value::Null],
            "{crash:?}"
        );
        assert_eq!(fleet.devices[0].conflicts(State::Merged).len(), 1, "{crash:?}");
    }
}

#[test]
fn a_cycle_is_taken_back_once_although_the_news_came_through_a_gap() {
    for loss in [2, 3, 4] {
        let mut fleet = fleet(2);
        for device in 0..2 {
            fleet.devices[device].loss = loss;
        }
        below(&mut fleet, 0, 1, 2);
        below(&mut fleet, 1, 2, 1);
        fleet.run(60_000);
        for device in 0..2 {
            fleet.heal(device);
        }
        fleet.run(60_000);
        fleet.assert_same();
        let parents = [parent(&fleet, 1), parent(&fleet, 2)];
        assert_eq!(
            parents.iter().filter(|parent| parent.is_null()).count(),
            1,
            "{parents:?}"
        );
        assert_eq!(fleet.devices[0].conflicts(State::Merged).len(), 1);
    }
}

#[test]
fn a_cycle_through_a_deleted_task_is_none() {
    let mut fleet = fleet(2);
    apart(
        &mut fleet,
        |f| {
            below(f, 0, 1, 2);
            f.edit(0, entity(1), [(Field::Deleted, 5.into())]);
        },
        |f| below(f, 1, 2, 1),
    );
    assert_eq!(parent(&fleet, 2), link(1), "it is gone, and counts as none");
    assert!(fleet.devices[0].conflicts(State::Merged).is_empty());
    assert!(shown(&fleet, 0, Listing::Inbox).contains(&(entity(2), 0)));
}

#[test]
fn moved_to_two_lists_is_in_the_later_and_the_other_is_kept() {
    let mut fleet = fleet(2);
    let to = |f: &mut Fleet, device: usize, list: u128| {
        let home = Home {
            list: Some(entity(list)),
            section: None,
        };
        let edits = move_to(f.devices[device].replica(), &[entity(1)], home, now(f)).expect("few");
        f.gesture(device, edits);
    };
    apart(
        &mut fleet,
        |f| to(f, 0, 100),
        |f| {
            f.run(500);
            to(f, 1, 101);
        },
    );
    assert_eq!(*fleet.stored(entity(1)).value(&Field::List), link(101));
    let records = fleet.devices[0].conflicts(State::Merged);
    assert_eq!(records[0].fields[&Field::List].remote, link(100));
    assert!(fleet.devices[0].conflicts(State::Open).is_empty());
}

/// A list that both devices know, with task 1 in it.
fn with_list() -> Fleet {
    let mut fleet = fleet(2);
    let edit = Edit {
        entity: entity(100),
        kind: Kind::List,
        set: List::create("home", fleet.now).expect("a name"),
        seen: [].into(),
        at: fleet.now,
        group: None,
    };
    fleet.gesture(0, vec![edit]);
    fleet.edit(0, entity(1), [(Field::List, link(100))]);
    fleet.run(1_000);
    fleet.assert_same();
    fleet
}

#[test]
fn moved_into_a_list_that_was_deleted_there_is_in_the_inbox_and_back_with_the_list() {
    for contents in [Contents::Delete, Contents::Keep] {
        let mut fleet = with_list();
        let gone = |f: &mut Fleet| {
            let edits = delete_list(f.devices[0].replica(), entity(100), contents, now(f)).expect("few");
            f.gesture(0, edits);
        };
        let moved = |f: &mut Fleet| f.edit(1, entity(2), [(Field::List, link(100))]);
        apart(&mut fleet, gone, moved);
        for device in 0..2 {
            let rows = shown(&fleet, device, Listing::Inbox);
            assert!(rows.contains(&(entity(2), 0)), "{contents:?} {rows:?}");
            assert_eq!(rows.contains(&(entity(1), 0)), contents == Contents::Keep);
        }
        assert!(fleet.devices[0].conflicts(State::Open).is_empty());
        let edits = restore(fleet.devices[1].replica(), entity(100), now(&fleet)).expect("few");
        fleet.gesture(1, edits);
        fleet.run(1_000);
        fleet.assert_same();
        let rows = shown(&fleet, 0, Listing::List(entity(100)));
        assert_eq!(rows, [(entity(1), 0), (entity(2), 0)], "{contents:?}");
    }
}

#[test]
fn moved_out_there_and_deleted_with_its_list_here_is_deleted_and_can_be_brought_back() {
    let mut fleet = with_list();
    let gone = |f: &mut Fleet| {
        let edits = delete_list(f.devices[1].replica(), entity(100), Contents::Delete, now(f)).expect("few");
        f.gesture(1, edits);
    };
    apart(
        &mut fleet,
        |f| f.edit(0, entity(1), [(Field::List, Value::Null)]),
        gone,
    );
    assert!(fleet.stored(entity(1)).is_deleted());
    let edits = restore(fleet.devices[0].replica(), entity(1), now(&fleet)).expect("few");
    fleet.gesture(0, edits);
    fleet.run(1_000);
    fleet.assert_same();
    assert!(shown(&fleet, 1, Listing::Inbox).contains(&(entity(1), 0)));
}

#[test]
fn put_below_a_task_that_was_deleted_there_is_at_the_top() {
    for deleted_first in [true, false] {
        let mut fleet = fleet(2);
        let gone = |f: &mut Fleet, device: usize| {
            let edits = delete(f.devices[device].replica(), &[entity(1)], now(f)).expect("few");
            f.gesture(device, edits);
        };
        if deleted_first {
            apart(&mut fleet, |f| gone(f, 0), |f| below(f, 1, 2, 1));
        } else {
            apart(&mut fleet, |f| below(f, 0, 2, 1), |f| gone(f, 1));
        }
        for device in 0..2 {
            assert!(shown(&fleet, device, Listing::Inbox).contains(&(entity(2), 0)));
        }
        assert!(fleet.devices[0].conflicts(State::Open).is_empty());
    }
}

#[test]
fn completed_there_with_what_was_below_and_put_below_here_stays_open_and_in_sight() {
    let mut fleet = fleet(2);
    apart(
        &mut fleet,
        |f| f.edit(0, entity(1), [(Field::Completed, 5.into())]),
        |f| below(f, 1, 2, 1),
    );
    for device in 0..2 {
        assert!(shown(&fleet, device, Listing::Inbox).contains(&(entity(2), 0)));
    }
}

#[test]
fn put_in_the_same_place_on_two_devices_is_in_one_order_everywhere() {
    let mut fleet = fleet(2);
    apart(
        &mut fleet,
        |f| f.edit(0, entity(1), [(Field::Position, "V".into())]),
        |f| f.edit(1, entity(2), [(Field::Position, "V".into())]),
    );
    assert_eq!(shown(&fleet, 0, Listing::Inbox), shown(&fleet, 1, Listing::Inbox));
    assert_eq!(
        shown(&fleet, 0, Listing::Inbox)[..2],
        [(entity(1), 0), (entity(2), 0)]
    );
}
