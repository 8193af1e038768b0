//! What is too large is refused where it was written, and blocks nothing.

use tsugi_sync::conflict::State;
use tsugi_sync::entity::{Field, Fields};
use tsugi_sync::limits;
use tsugi_sync::session::Phase;
use tsugi_sync::value::Value;

use crate::fleet::{Fleet, entity};
use crate::session::hellos;

#[test]
fn a_mutation_that_no_frame_can_hold_is_parked_and_the_session_goes_on() {
    let (mut fleet, task) = Fleet::with_task(2);
    let before = hellos(&fleet);
    let field = |n: usize| {
        (
            Field::from(format!("f{n}").as_str()),
            Value::text("x".repeat(60_000)),
        )
    };
    fleet.edit(1, task, (0..30).map(field));
    fleet.rename(1, entity(2), "bread");
    fleet.edit(
        1,
        entity(3),
        [(Field::Notes, "\u{1}".repeat(limits::VALUE_BYTES).as_str().into())],
    );
    fleet.run(5_000);
    fleet.assert_same();
    assert_eq!(fleet.phase(1), Phase::Live);
    assert_eq!(hellos(&fleet), before);
    assert_eq!(fleet.devices[1].replica().parked().len(), 2);
    assert_eq!(fleet.devices[0].text(entity(2), &Field::Title), "bread");
}

#[test]
fn a_conflict_over_the_longest_notes_reaches_every_device() {
    let (mut fleet, task) = Fleet::with_task(2);
    let notes = |letter: &str| [(Field::Notes, Value::text(letter.repeat(limits::VALUE_BYTES - 2)))];
    fleet.edit(0, task, notes("a"));
    fleet.run(1_000);
    fleet.cut(1);
    fleet.run(10);
    fleet.edit(0, task, notes("b"));
    fleet.edit(1, task, notes("c"));
    fleet.run(1_000);
    fleet.heal(1);
    fleet.run(60_000);
    fleet.assert_same();
    assert!(fleet.devices[1].replica().parked().is_empty());
    let open = fleet.devices[0].conflicts(State::Open);
    let [(_, mine)] = notes("c");
    assert_eq!(open[0].fields[&Field::Notes].local, mine);
    fleet.resolve(0, open[0].id, Fields::from([(Field::Notes, mine)]));
    fleet.run(1_000);
    fleet.assert_same();
}
