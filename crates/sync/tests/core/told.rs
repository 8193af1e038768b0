//! A replica hears who changed what, for the history that a client keeps.

use tsugi_sim::device::Net;
use tsugi_sync::entity::{Field, Kind};
use tsugi_sync::frame::Form;
use tsugi_sync::ids::{Epoch, Revision};
use tsugi_sync::limits;
use tsugi_sync::log::Entry;
use tsugi_sync::protocol::{Delta, Down};
use tsugi_sync::replica::Told;
use tsugi_sync::value::Value;
use uuid::Uuid;

use crate::fleet::{Fleet, entity};

/// Everything after the cursor of a device, as the server would send it.
fn news(fleet: &Fleet, device: usize) -> Delta {
    let (store, replica) = (&fleet.server.store, fleet.devices[device].replica());
    store.delta(replica.cursor(), store.head().revision, fleet.now, replica.id())
}

fn told(fleet: &Fleet, device: usize) -> Vec<Told> {
    fleet.devices[device].replica().told(&news(fleet, device))
}

#[test]
fn of_each_change_it_hears_both_values_who_and_when_in_the_order_of_the_server() {
    let (mut fleet, task) = Fleet::with_task(3);
    fleet.cut(0);
    let cursor = fleet.devices[0].replica().cursor();
    fleet.edit(1, task, [(Field::Title, "oat milk".into())]);
    let at = fleet.now;
    fleet.run(1_000);
    fleet.edit(2, task, [(Field::Due, "2026-12-24".into())]);
    fleet.run(1_000);
    fleet.edit(1, task, [(Field::Due, Value::Null), (Field::Priority, 1.into())]);
    fleet.edit(2, entity(2), [(Field::Title, "bread".into())]);
    fleet.run(1_000);
    let all = told(&fleet, 0);
    let said = all.iter().map(|told| {
        let by = told.by.as_ref().map(|by| by.device.as_str()).unwrap_or_default();
        let revision = told.revision.0 - cursor.0;
        (
            told.entity,
            &told.field,
            told.before.clone(),
            told.after.clone(),
            by,
            revision,
        )
    });
    let expected = [
        (
            task,
            &Field::Title,
            "milk".into(),
            "oat milk".into(),
            "device 1",
            1,
        ),
        (task, &Field::Priority, Value::Null, 1.into(), "device 1", 3),
        (
            entity(2),
            &Field::Title,
            Value::Null,
            "bread".into(),
            "device 2",
            4,
        ),
    ];
    assert_eq!(
        said.collect::<Vec<_>>(),
        expected,
        "a date that came and went is no news"
    );
    assert_eq!(all[0].kind, Kind::Task);
    let by = all[0].by.clone().expect("it is named");
    assert_eq!((by.at, by.replica), (at, Some(fleet.devices[1].replica().id())));
}

#[test]
fn a_live_delta_names_its_author_too() {
    let (mut fleet, task) = Fleet::with_task(2);
    fleet.rename(1, task, "oat milk");
    fleet.run(1_000);
    let rows = fleet.devices[0].rows.iter().rev();
    let mut deltas = rows.filter_map(|(_, row)| match row {
        Entry::Received(delta) => Some(delta),
        _ => None,
    });
    let delta = deltas.next().expect("it came");
    let by = delta.author_of(fleet.stored(task).revision_of(&Field::Title));
    assert_eq!(by.map(|by| by.device), Some("device 1".into()));
}

#[test]
fn it_hears_nothing_of_what_it_knows_or_cannot_take_in() {
    let (mut fleet, task) = Fleet::with_task(2);
    fleet.cut(0);
    fleet.rename(1, task, "oat milk");
    fleet.run(1_000);
    let delta = news(&fleet, 0);
    let replica = fleet.devices[0].replica();
    assert_eq!(replica.told(&delta).len(), 1);
    let later = Revision(delta.from.0 + 1);
    let gap = Delta {
        from: later,
        ..delta.clone()
    };
    assert_eq!(replica.told(&gap), []);
    let elsewhere = Delta {
        epoch: Epoch(Uuid::from_u128(99)),
        ..delta.clone()
    };
    assert_eq!(replica.told(&elsewhere), []);
    fleet.heal(0);
    fleet.run(60_000);
    assert_eq!(fleet.devices[0].replica().told(&delta), [], "it is in the base");
}

#[test]
fn its_own_edits_are_no_news_to_it_but_the_same_value_of_another_is() {
    let (mut fleet, task) = Fleet::with_task(2);
    fleet.devices[0].net = Net::NoDown;
    fleet.rename(0, task, "oat milk");
    fleet.run(1_000);
    assert_eq!(
        *fleet.stored(task).value(&Field::Title),
        "oat milk".into(),
        "it arrived"
    );
    assert_eq!(told(&fleet, 0), [], "the answer was lost");
    let (mut fleet, task) = Fleet::with_task(2);
    fleet.cut(0);
    fleet.rename(0, task, "oat milk");
    fleet.rename(1, task, "oat milk");
    fleet.run(1_000);
    assert_eq!(told(&fleet, 0).len(), 1);
}

#[test]
fn of_very_many_changes_the_latest_are_named_and_those_that_can_cross() {
    let (mut fleet, task) = Fleet::with_task(2);
    fleet.cut(0);
    fleet.edit(1, entity(2), [(Field::Title, "bread".into())]);
    fleet.edit(1, task, [(Field::Due, "2026-12-24".into())]);
    fleet.run(1_000);
    for number in 0..limits::NAMED_CHANGES {
        let id = entity(100 + u128::from(number));
        fleet.edit(1, id, [(Field::Title, "one of many".into())]);
    }
    fleet.run(60_000);
    let all = told(&fleet, 0);
    assert_eq!(all.len() as u64, limits::NAMED_CHANGES + 2);
    let unnamed: Vec<_> = all.iter().filter(|told| told.by.is_none()).collect();
    assert_eq!(unnamed.len(), 1);
    assert_eq!(unnamed[0].after, "bread".into());
}

/// A live delta of one change has 99 bytes in compact and 272 as text without its author, and 179 and 433 with them.
#[test]
fn naming_the_author_of_one_change_takes_few_bytes() {
    let (mut fleet, task) = Fleet::with_task(2);
    fleet.cut(0);
    fleet.rename(1, task, "oat milk");
    fleet.run(1_000);
    let delta = news(&fleet, 0);
    let nameless = Delta {
        authors: Vec::new(),
        ..delta.clone()
    };
    let size = |compact: bool, delta: &Delta| {
        let form = Form {
            compact,
            deflated: true,
        };
        form.pack(Down::Delta(delta.clone()).to_frame()).len()
    };
    let grown = [true, false].map(|compact| size(compact, &delta) - size(compact, &nameless));
    assert!(grown[0] <= 80 && grown[1] <= 165, "{grown:?}");
}
