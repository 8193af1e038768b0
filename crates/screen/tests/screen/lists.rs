//! Which tasks a place shows, in which order, and under which headings.

use std::collections::BTreeSet;

use tsugi_calendar::Date;
use tsugi_screen::edits::plan;
use tsugi_screen::index::{Index, Outside, Slot, Stretch, Touched};
use tsugi_screen::local::Local;
use tsugi_screen::model::Heading;
use tsugi_screen::place::TaskPlace;
use tsugi_sync::entity::{Field, Fields, Kind};
use tsugi_sync::ids::{EntityId, ReplicaId, Timestamp, WorkspaceId};
use tsugi_sync::replica::{Edit, Replica};
use tsugi_sync::value::Value;
use tsugi_words::plain::Plain;
use uuid::Uuid;

use crate::made::{self, stamp};
use crate::world::{World, id, link};

const DAY: u64 = 24 * 60 * 60 * 1000;
const TODAY: &str = "2026-11-24";

fn date(text: &str) -> Date {
    text.parse().expect("a day")
}

struct Desk {
    local: Local,
    index: Index,
    place: TaskPlace,
    now: Timestamp,
}

impl Desk {
    fn new() -> Self {
        let replica = Replica::new(ReplicaId(Uuid::from_u128(1)), WorkspaceId(Uuid::from_u128(2)));
        let outside = Outside {
            format: |at| at.to_string(),
            day_of: |at| Date::from_number(i32::try_from(at.0 / DAY).ok()?),
        };
        Self {
            local: Local::new(replica),
            index: Index::new(outside, date(TODAY), BTreeSet::new()),
            place: TaskPlace::Inbox,
            now: Timestamp(0),
        }
    }

    fn does(&mut self, edit: Edit) {
        let id = edit.entity;
        self.local.show(edit);
        self.local
            .look(id, |view| self.index.put(id, view, &mut Touched::default()));
    }

    fn go(&mut self, place: TaskPlace) {
        self.place = place;
    }

    fn stretch(&self) -> Stretch {
        self.index.stretch(&self.place, 0..64, self.now)
    }

    fn title(&self, id: EntityId) -> String {
        self.index.row(&self.local, id).expect("a task").title
    }

    /// The rows of the screen: each title, after its headings if it has some.
    fn shown(&self) -> Vec<String> {
        let stretch = self.stretch();
        let slot = |slot: &Slot| {
            let headings = slot.headings.iter().map(|heading| format!("{} ", said(heading)));
            headings.collect::<String>() + &self.title(slot.task)
        };
        let tail = stretch.tail.iter().map(said);
        stretch.slots.iter().map(slot).chain(tail).collect()
    }
}

fn said(heading: &Heading) -> String {
    match heading {
        Heading::Overdue => "Overdue".to_owned(),
        Heading::Day(day) => format!("[{day}]"),
        Heading::Section { name, .. } => name.clone(),
    }
}

fn add(n: u64) -> Edit {
    made::task(&format!("task {n}"), stamp(n))
}

#[test]
fn completed_and_deleted_tasks_leave_the_open_list() {
    let mut desk = Desk::new();
    (1..=3).for_each(|n| desk.does(add(n)));
    desk.does(made::completed(id(1), true, stamp(10)));
    desk.does(made::deleted(id(3), stamp(11)));
    assert_eq!(
        desk.shown(),
        ["task 2", "task 1"],
        "the completed one after the open ones"
    );
    assert_eq!(desk.stretch().completed, 1);
    desk.index.show_completed(false);
    assert_eq!(desk.shown(), ["task 2"]);
    assert_eq!(desk.stretch().completed, 1, "folded away and still counted");
    desk.does(made::completed(id(1), false, stamp(12)));
    assert_eq!(desk.shown(), ["task 1", "task 2"]);
}

fn set(n: u128, fields: impl IntoIterator<Item = (Field, Value)>, at: u64) -> Edit {
    Edit {
        set: fields.into_iter().collect(),
        ..made::deleted(id(n), stamp(at))
    }
}

#[test]
fn days_stand_over_their_tasks_and_what_is_overdue_over_all() {
    let mut desk = Desk::new();
    (1..=5).for_each(|n| desk.does(add(n)));
    for (n, due) in [
        (1, "2026-12-01"),
        (2, "2026-11-24T09:30[Asia/Tokyo]"),
        (3, "2026-11-02"),
        (4, "2026-11-24"),
    ] {
        desk.does(set(n, [(Field::Due, Value::text(due))], 9));
    }
    desk.go(TaskPlace::Today);
    assert_eq!(desk.shown(), ["Overdue task 3", "[2026-11-24] task 2", "task 4"]);
    assert_eq!(desk.index.counts().today, 3);
    desk.go(TaskPlace::Upcoming);
    let week: String = (25..=30).map(|day| format!("[2026-11-{day}] ")).collect();
    let later = format!("{week}[2026-12-01] task 1");
    assert_eq!(desk.shown(), ["[2026-11-24] task 2", "task 4", &later]);
    desk.does(made::completed(id(2), true, stamp(10)));
    assert_eq!(desk.shown(), ["[2026-11-24] task 4", &later]);
    // The days of this week are shown even if nothing is planned on them.
    desk.does(made::completed(id(1), true, stamp(11)));
    desk.does(made::completed(id(4), true, stamp(12)));
    assert_eq!(desk.shown().len(), 7);
    // A task that has begun is in Today, and is also due on its due day.
    desk.does(set(
        5,
        [
            (Field::Start, Value::text("2026-11-20")),
            (Field::Due, Value::text("2026-11-26")),
        ],
        13,
    ));
    assert_eq!(desk.shown()[0], "[2026-11-24] [2026-11-25] [2026-11-26] task 5");
    desk.go(TaskPlace::Today);
    assert_eq!(desk.shown(), ["Overdue task 3", "[2026-11-24] task 5"]);
    // At midnight the tasks of the day before become overdue.
    desk.index.set_today(date("2026-11-27"));
    assert_eq!(desk.shown(), ["Overdue task 3", "task 5"]);
}

#[test]
fn a_time_of_another_place_is_on_the_day_that_it_is_here() {
    const HERE: Plain = Plain {
        zone: "America/Los_Angeles",
    };
    tsugi_words::intl::install(&HERE);
    let mut desk = Desk::new();
    (1..=3).for_each(|n| desk.does(add(n)));
    for (n, due) in [
        (1, "2026-11-25T09:00[Asia/Tokyo]"),
        (2, "2026-11-24T09:00[Asia/Tokyo]"),
        (3, "2026-11-24T16:30[America/Los_Angeles]"),
    ] {
        desk.does(set(n, [(Field::Due, Value::text(due))], 9));
    }
    desk.go(TaskPlace::Today);
    // Task 2 was due at 16:00 the day before.
    assert_eq!(desk.shown(), ["Overdue task 2", "[2026-11-24] task 1", "task 3"]);
}

#[test]
fn a_sub_task_follows_its_task_and_stands_in_its_place_where_that_is_done() {
    let mut desk = Desk::new();
    (1..=3).for_each(|n| desk.does(add(n)));
    let parent = |n: u128| [(Field::Parent, Value::text(id(n).to_string()))];
    desk.does(set(1, parent(3), 8));
    assert_eq!(desk.shown(), ["task 2", "task 3", "task 1"]);
    let depths: Vec<u8> = desk.stretch().slots.iter().map(|slot| slot.depth).collect();
    assert_eq!(depths, [0, 0, 1]);
    // A circle that two devices made together: both still stand somewhere.
    desk.does(set(3, parent(1), 9));
    assert_eq!(desk.stretch().total, 3);
    desk.does(set(3, [(Field::Parent, Value::Null)], 10));
    desk.does(made::completed(id(3), true, stamp(11)));
    assert_eq!(
        desk.shown(),
        ["task 2", "task 1", "task 3"],
        "in the place of the completed one"
    );
    desk.does(made::deleted(id(3), stamp(12)));
    assert_eq!(desk.shown(), ["task 1", "task 2"]);
}

#[test]
fn lists_hold_their_tasks_and_the_tasks_of_one_that_is_gone_are_in_the_inbox() {
    let mut desk = Desk::new();
    (1..=2).for_each(|n| desk.does(add(n)));
    desk.does(set(2, [(Field::List, Value::text(id(50).to_string()))], 5));
    assert_eq!(desk.shown(), ["task 1", "task 2"], "its list is still on its way");
    desk.does(plan::add_list("Home", stamp(50)).expect("a name"));
    assert_eq!(desk.shown(), ["task 1"]);
    let sidebar = desk.index.sidebar();
    assert_eq!(
        sidebar.lists().map(|list| list.name.as_str()).collect::<Vec<_>>(),
        ["Home"]
    );
    assert_eq!(desk.index.counts().lists.get(&id(50)), Some(&1));
    desk.go(TaskPlace::List(id(50)));
    assert_eq!(desk.shown(), ["task 2"]);
    desk.does(Edit {
        kind: Kind::List,
        ..made::deleted(id(50), stamp(60))
    });
    desk.go(TaskPlace::Inbox);
    assert_eq!(desk.shown(), ["task 1", "task 2"]);
}

#[test]
fn the_deleted_are_there_for_thirty_days_the_latest_first() {
    let mut desk = Desk::new();
    (1..=3).for_each(|n| desk.does(add(n)));
    for (n, day) in [(1, 100), (2, 69), (3, 80)] {
        desk.does(made::deleted(id(n), stamp(day * DAY)));
    }
    desk.now = Timestamp(100 * DAY);
    desk.go(TaskPlace::Deleted);
    assert_eq!(desk.shown(), ["[1970-04-11] task 1", "[1970-03-22] task 3"]);
    desk.does(Edit {
        set: Fields::from([(Field::Deleted, Value::Null)]),
        ..made::deleted(id(1), stamp(100 * DAY))
    });
    assert_eq!(desk.shown(), ["[1970-03-22] task 3"]);
}

#[test]
fn search_finds_as_it_goes_on_and_follows_changes() {
    let mut desk = Desk::new();
    (1..=3).for_each(|n| desk.does(add(n)));
    desk.go(TaskPlace::Search("task 2".to_owned()));
    desk.index.begin_search("task 2");
    while desk.index.search_on(&desk.local) {}
    assert_eq!(desk.shown(), ["task 2"]);
    desk.does(set(3, [(Field::Notes, Value::text("see task 2"))], 9));
    assert_eq!(desk.shown(), ["task 2", "task 3"]);
    desk.does(made::deleted(id(2), stamp(10)));
    assert_eq!(desk.shown(), ["task 3"]);
}

#[test]
fn all_tasks_of_a_place_are_those_in_sight_and_those_that_are_not() {
    const LIST: u128 = 5_000;
    let mut world = World::new();
    world.list(LIST);
    for number in 1..=2_001 {
        world.task(number, [(Field::List, link(LIST))]);
    }
    world.below(3_000, 7).task(3_001, []).complete(9);
    let all = |place: TaskPlace| world.index.all(&place, Timestamp(0));
    for place in [TaskPlace::List(id(LIST)), TaskPlace::Board(id(LIST))] {
        let tasks = all(place);
        assert_eq!(tasks.len(), 2_001, "one is completed, and one is a sub-task");
        assert!(tasks.contains(&id(2_001)) && tasks.contains(&id(3_000)) && !tasks.contains(&id(9)));
    }
    assert_eq!(all(TaskPlace::Inbox), [id(3_001)]);
    assert_eq!(all(TaskPlace::Completed), [id(9)]);
}

#[test]
fn a_new_task_is_elsewhere_if_the_page_does_not_show_it() {
    const INBOX_TODAY: u128 = 1;
    const IN_LIST_LATER: u128 = 2;
    const LABELLED: u128 = 3;
    const LIST: u128 = 101;
    const LABEL: u128 = 301;
    let mut world = World::new();
    world.list(LIST);
    world.task(INBOX_TODAY, [(Field::Due, Value::text(TODAY))]);
    let later = (Field::Due, Value::text("2026-12-01"));
    world.task(IN_LIST_LATER, [(Field::List, link(LIST)), later]);
    world.task(LABELLED, [(Field::Labels, Value::List(vec![link(LABEL)]))]);
    let list = || TaskPlace::List(id(LIST));
    let inbox = || Some(TaskPlace::Inbox);
    let table = [
        (Some(TaskPlace::Inbox), [None, Some(list()), None]),
        (Some(TaskPlace::Today), [None, Some(list()), inbox()]),
        (Some(TaskPlace::Upcoming), [None, None, inbox()]),
        (Some(list()), [inbox(), None, inbox()]),
        (Some(TaskPlace::Board(id(LIST))), [inbox(), None, inbox()]),
        (Some(TaskPlace::Label(id(LABEL))), [inbox(), Some(list()), None]),
        (Some(TaskPlace::Completed), [inbox(), Some(list()), inbox()]),
        // Settings, for example.
        (None, [inbox(), Some(list()), inbox()]),
    ];
    for (page, elsewhere) in table {
        let tasks = [INBOX_TODAY, IN_LIST_LATER, LABELLED];
        let found = tasks.map(|task| world.index.elsewhere(page.as_ref(), id(task)));
        assert_eq!(found, elsewhere, "{page:?}");
    }
    assert_eq!(world.index.elsewhere(None, id(9)), None, "there is no such task");
}
