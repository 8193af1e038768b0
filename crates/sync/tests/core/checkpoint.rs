//! What is durable can be read again, whole or damaged, and by later builds.

use tsugi_sync::conflict::State;
use tsugi_sync::entity::{Cell, Entity, Field, Kind};
use tsugi_sync::ids::{Epoch, Mark, ReplicaId, Revision, Timestamp, WorkspaceId};
use tsugi_sync::log::Entry;
use tsugi_sync::replica::{CheckpointError, Replica, Restoring};
use tsugi_sync::vector::VersionVector;
use uuid::Uuid;

use crate::fleet::{Fleet, entity};

/// A device with a base, a conflict, a waiting and a parked mutation.
fn rich() -> Fleet {
    let (mut fleet, task) = Fleet::with_task(2);
    fleet.rename(1, entity(2), "refuse me");
    fleet.run(1_000);
    fleet.cut(1);
    fleet.run(10);
    fleet.rename(0, task, "oat milk");
    fleet.rename(1, task, "soy milk");
    fleet.rename(1, entity(3), "bread");
    fleet
}

fn restore(fleet: &Fleet, parts: &[String]) -> Result<(Replica, Vec<usize>), CheckpointError> {
    let replica = fleet.devices[1].replica();
    Replica::restore(replica.id(), replica.workspace(), parts)
}

#[test]
fn a_checkpoint_is_the_replica() {
    let fleet = rich();
    let replica = fleet.devices[1].replica();
    assert_eq!((replica.outbox().len(), replica.parked().len()), (2, 1));
    let parts = replica.checkpoint().unwrap().collect::<Vec<_>>();
    let (restored, damaged) = restore(&fleet, &parts).unwrap();
    assert_eq!(&restored, replica);
    assert!(damaged.is_empty());
    assert_eq!(
        restore(&fleet, &[]).unwrap().0,
        Replica::new(replica.id(), replica.workspace())
    );
}

#[test]
fn what_is_looked_at_first_is_there_before_what_is_done() {
    let task = |number: u128| {
        let completed = number
            .is_multiple_of(2)
            .then_some((Field::Completed, Cell(5.into(), Revision(1))));
        let mut task = Entity::new(entity(number), Kind::Task);
        task.absorb(
            completed
                .into_iter()
                .chain([(Field::Title, Cell("milk".into(), Revision(1)))]),
        );
        task
    };
    let (id, workspace) = (ReplicaId(Uuid::from_u128(1)), WorkspaceId(Uuid::from_u128(2)));
    let mut replica = Replica::new(id, workspace);
    let bootstrapped = Entry::Bootstrapped {
        epoch: Epoch(Uuid::nil()),
        revision: Revision(1),
        entities: (0..3_000).map(task).collect(),
        last: true,
        mark: Mark(0),
        vector: VersionVector::default(),
        at: Timestamp(0),
    };
    replica.fold(1, bootstrapped);
    let mut parts = replica.checkpoint().unwrap();
    let mut restoring = Restoring::begin(id, workspace, parts.next().as_deref()).unwrap();
    let mut looks = Vec::new();
    for part in parts {
        restoring.part(&part);
        looks.extend(restoring.first_look());
    }
    let [first] = looks.as_slice() else {
        panic!("{} first looks", looks.len());
    };
    assert_eq!(first.ids().count(), 1_500);
    let is_done = |id| {
        first
            .base(id)
            .is_some_and(|base| !base.value(&Field::Completed).is_null())
    };
    assert!(!first.ids().any(is_done));
    assert_eq!(restoring.finish(), (replica, Vec::new()));
}

#[test]
fn folding_a_row_again_changes_nothing() {
    let fleet = rich();
    let mut replica = fleet.devices[1].replica().clone();
    for (key, entry) in &fleet.devices[1].rows {
        assert!(replica.fold(*key, entry.clone()).is_empty());
    }
    assert_eq!(&replica, fleet.devices[1].replica());
}

#[test]
fn a_damaged_part_is_named_and_takes_no_other_with_it() {
    let mut fleet = rich();
    let parts = fleet.devices[1]
        .replica()
        .checkpoint()
        .unwrap()
        .collect::<Vec<_>>();
    assert_eq!(parts.len(), 4, "header, outbox, parked, base");
    for broken in ["", "{", "null", r#"{"base":7}"#, "\u{0}"] {
        let mut damaged = parts.clone();
        damaged[3] = broken.to_owned();
        let (mut replica, unreadable) = restore(&fleet, &damaged).unwrap();
        assert_eq!(unreadable, [3], "{broken}");
        assert_eq!(replica.outbox(), fleet.devices[1].replica().outbox());
        replica.fold(replica.position() + 1, Entry::Distrusted);
        assert_eq!((replica.epoch(), replica.cursor()), (None, Revision(0)));
    }
    // The device goes on from there: the base is fetched, and what waits is sent.
    let mut damaged = parts;
    damaged[3] = "rubbish".into();
    let (mut replica, _) = restore(&fleet, &damaged).unwrap();
    fleet.append(1, Entry::Distrusted);
    replica.fold(replica.position() + 1, Entry::Distrusted);
    fleet.devices[1].tabs[0] = replica;
    fleet.heal(1);
    fleet.run(60_000);
    fleet.assert_same();
    assert_eq!(fleet.devices[0].text(entity(3), &Field::Title), "bread");
    assert_eq!(fleet.devices[0].conflicts(State::Open).len(), 1);
}

#[test]
fn a_base_that_is_distrusted_in_mid_session_is_fetched_again() {
    let (mut fleet, task) = Fleet::with_task(2);
    fleet.append(1, Entry::Distrusted);
    fleet.commit(1, Vec::new());
    fleet.rename(0, task, "oat milk");
    fleet.run(60_000);
    fleet.assert_same();
    assert_eq!(fleet.server.snapshots, 3);
}

#[test]
fn distrust_and_another_epoch_together_still_settle_what_waits() {
    let mut fleet = rich();
    fleet.append(1, Entry::Distrusted);
    fleet.commit(1, Vec::new());
    fleet.run(1_000);
    // In the other history, another title has the very revision that the waiting edit was made on.
    let revision = fleet.devices[1]
        .replica()
        .outbox()
        .values()
        .next()
        .expect("an edit")
        .base[&Field::Title]
        .1;
    let task = fleet.server.store.entities.get_mut(&entity(1)).expect("the task");
    task.fields
        .insert(Field::Title, Cell("goat milk".into(), revision));
    fleet.server.replace();
    fleet.cut(0);
    fleet.run(1_000);
    fleet.heal(0);
    fleet.heal(1);
    fleet.run(60_000);
    fleet.assert_same();
    let open = fleet.devices[0].conflicts(State::Open);
    assert_eq!(open[0].fields[&Field::Title].remote, "goat milk".into());
}

#[test]
fn an_answer_to_a_mutation_that_the_log_has_lost_is_a_gap() {
    let (mut fleet, task) = Fleet::with_task(2);
    fleet.rename(1, task, "oat milk");
    fleet.run(25);
    // The row is lost under a running session, and with it what the acknowledgement is about.
    let (seq, _) = fleet.devices[1]
        .replica()
        .outbox()
        .first_key_value()
        .expect("it waits");
    let superseded = Entry::Superseded { seqs: vec![*seq] };
    fleet.append(1, superseded);
    fleet.commit(1, Vec::new());
    fleet.run(20_000);
    fleet.assert_same();
    assert_eq!(fleet.devices[1].text(task, &Field::Title), "oat milk");
}

#[test]
fn a_header_that_cannot_be_read_is_an_error_with_its_reason() {
    let fleet = rich();
    let mut parts = fleet.devices[1]
        .replica()
        .checkpoint()
        .unwrap()
        .collect::<Vec<_>>();
    let header = parts[0].clone();
    parts[0] = header.replace(r#""format":2"#, r#""format":3"#);
    assert!(matches!(restore(&fleet, &parts), Err(CheckpointError::Later(3))));
    parts[0] = "rubbish".into();
    assert!(matches!(restore(&fleet, &parts), Err(CheckpointError::Header(_))));
    parts[0] = header;
    let other = ReplicaId(Uuid::from_u128(5));
    let foreign = Replica::restore(other, fleet.devices[1].replica().workspace(), &parts);
    assert!(matches!(foreign, Err(CheckpointError::Foreign)));
}
