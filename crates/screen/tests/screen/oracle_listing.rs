//! The oracle itself: what each listing shows, as rows of a table.

use std::collections::BTreeMap;

use tsugi_calendar::Date;
use tsugi_sync::entity::{Cell, Entity, Field, Fields, Kind};
use tsugi_sync::ids::{EntityId, Revision, Timestamp};
use tsugi_sync::limits;
use tsugi_sync::list::List;
use tsugi_sync::section::Section;
use tsugi_sync::task::Task;
use tsugi_sync::value::Value;
use uuid::Uuid;

use crate::oracle::listing::{Group, Heading, Listing, Places};
use crate::oracle::tree::{Row, Tree};

fn id(number: u128) -> EntityId {
    EntityId(Uuid::from_u128(number))
}

fn link(number: u128) -> Value {
    Value::Text(id(number).to_string())
}

fn entity(kind: Kind, number: u128, fields: impl IntoIterator<Item = (Field, Value)>) -> Entity {
    let mut entity = Entity::new(id(number), kind);
    let cells = fields.into_iter().map(|(f, value)| (f, Cell(value, Revision(1))));
    entity.absorb(cells);
    entity
}

fn task(number: u128, fields: impl IntoIterator<Item = (Field, Value)>) -> Task {
    let entity = entity(Kind::Task, number, fields);
    Task::read(&entity)
        .or_else(|| Task::read_deleted(&entity))
        .unwrap()
}

fn list(number: u128, archived: bool) -> List {
    let mut fields = List::create("list", Timestamp(1)).unwrap();
    if archived {
        fields.insert(Field::Archived, 5.into());
    }
    List::read(&entity(Kind::List, number, fields)).unwrap()
}

fn section(number: u128, list: u128, position: &str) -> Section {
    let mut fields = Section::create("section", id(list), Timestamp(1)).unwrap();
    fields.insert(Field::Position, position.into());
    Section::read(&entity(Kind::Section, number, fields)).unwrap()
}

/// Headings and rows as text: `number` or `>number` for one level down.
fn shown(listing: Listing, tasks: &[Task], places: &Places) -> String {
    let (deleted, there): (Vec<&Task>, Vec<&Task>) = tasks.iter().partition(|task| task.deleted.is_some());
    let tree = Tree::of(there);
    let groups = listing.show(&tree, places, deleted);
    let group = |group: &Group<'_>| {
        let heading = match group.heading {
            Heading::None => String::new(),
            Heading::Section(section) => format!("§{} ", section.0.as_u128()),
            Heading::Day(day) => format!("{day} "),
            Heading::Overdue => "overdue ".to_owned(),
            Heading::Completed => "done ".to_owned(),
        };
        let row = |row: &Row<'_>| format!("{}{}", ">".repeat(row.depth), row.task.id.0.as_u128());
        let rows: Vec<_> = group.rows.iter().map(row).collect();
        format!("{heading}{}", rows.join(" "))
    };
    groups.iter().map(group).collect::<Vec<_>>().join(" | ")
}

#[test]
fn inbox_and_lists_by_section_and_in_the_order_of_hands() {
    let places = Places::of(
        &[list(100, false), list(101, false)],
        &[
            section(201, 100, "b"),
            section(200, 100, "a"),
            section(202, 101, "a"),
        ],
    );
    let in_list = |list| (Field::List, link(list));
    let tasks = [
        task(1, [in_list(100)]),
        task(2, [in_list(100), (Field::Section, link(200))]),
        task(3, [in_list(101), (Field::Parent, link(2))]),
        task(4, [in_list(100), (Field::Position, "a".into())]),
        task(5, [in_list(100), (Field::Section, link(202))]),
        task(6, [in_list(100), (Field::Section, link(299))]),
        task(7, [in_list(199)]),
        task(8, []),
        task(9, [in_list(100), (Field::Completed, 5.into())]),
        task(10, [in_list(100), (Field::Completed, 7.into())]),
    ];
    assert_eq!(
        shown(Listing::List(id(100)), &tasks, &places),
        "4 1 5 6 | §200 2 >3 | §201  | done 10 9",
        "a section that is gone, or another list's, is none; a sub-task is where its parent is"
    );
    assert_eq!(shown(Listing::List(id(101)), &tasks, &places), "§202 ");
    assert_eq!(
        shown(Listing::Inbox, &tasks, &places),
        "7 8",
        "a list that is gone is the inbox"
    );
}

#[test]
fn an_open_task_below_a_completed_one_stands_in_its_place() {
    let tasks = [
        task(1, [(Field::Completed, 5.into())]),
        task(2, [(Field::Parent, link(1))]),
        task(3, [(Field::Parent, link(2)), (Field::Completed, 6.into())]),
        task(4, [(Field::Parent, link(3))]),
        task(5, [(Field::Parent, link(1))]),
        task(6, []),
    ];
    assert_eq!(
        shown(Listing::Inbox, &tasks, &Places::default()),
        "2 >4 5 6 | done 3 1"
    );
}

#[test]
fn today_upcoming_and_label() {
    let on = |field, day: &str| (field, Value::text(format!("2026-11-{day}")));
    let due = |day| on(Field::Due, day);
    let label = (Field::Labels, Value::List(vec![link(300)]));
    let tasks = [
        task(1, [due("24")]),
        task(2, [due("24T15:00[Asia/Tokyo]")]),
        task(3, [due("24T09:00[Asia/Tokyo]"), label.clone()]),
        task(4, [due("20")]),
        task(5, [due("24"), (Field::Priority, 1.into())]),
        task(6, [on(Field::Start, "23"), due("30")]),
        task(7, [on(Field::Start, "25")]),
        task(8, [due("24"), (Field::Completed, 1.into())]),
        task(9, [label]),
        task(10, [due("25"), (Field::List, link(101))]),
        task(11, [due("24"), (Field::Parent, link(9))]),
    ];
    let places = Places::of(&[list(101, true)], &[]);
    let today = Date::new(2026, 11, 24).unwrap();
    assert_eq!(
        shown(Listing::Today(today), &tasks, &places),
        "overdue 4 | 2026-11-24 3 2 5 1 6 11"
    );
    assert_eq!(
        shown(Listing::Upcoming(today, 6), &tasks, &places),
        "2026-11-24 3 2 5 1 11 | 2026-11-25 7",
        "six days, the archived left out"
    );
    assert!(shown(Listing::Upcoming(today, 7), &tasks, &places).ends_with("| 2026-11-30 6"));
    assert_eq!(shown(Listing::Label(id(300)), &tasks, &places), "3 9");
    assert_eq!(shown(Listing::List(id(101)), &tasks, &places), "10");
    assert_eq!(shown(Listing::Completed, &tasks, &places), "done 8");
}

#[test]
fn what_was_deleted_is_offered_for_thirty_days() {
    let deleted = |at: u64| (Field::Deleted, Value::Int(i64::try_from(at).unwrap()));
    let now = limits::RESTORABLE_MS + 50;
    let tasks = [
        task(1, [deleted(49)]),
        task(2, [deleted(50)]),
        task(3, [deleted(now)]),
        task(4, []),
    ];
    let listing = Listing::Deleted(Timestamp(now));
    assert_eq!(shown(listing, &tasks, &Places::default()), "3 2");
}

/// Whatever the fields: every task that is there is in the inbox or in one list, once.
#[test]
fn every_task_is_somewhere() {
    let places = Places::of(
        &[list(100, false), list(101, true)],
        &[section(200, 100, "a"), section(201, 101, "a")],
    );
    let links = [
        None,
        Some(100),
        Some(101),
        Some(1),
        Some(2),
        Some(200),
        Some(201),
        Some(999),
    ];
    let mut tasks = Vec::new();
    let mut number = 0;
    for list in links {
        for section in links {
            for parent in links {
                number += 1;
                let set = [
                    (Field::List, list),
                    (Field::Section, section),
                    (Field::Parent, parent),
                ];
                let set: Fields = set
                    .into_iter()
                    .filter_map(|(f, to)| Some((f, link(to?))))
                    .collect();
                let done = (number % 3 == 0).then_some((Field::Completed, Value::Int(1)));
                tasks.push(task(number, set.into_iter().chain(done)));
            }
        }
    }
    let tree = Tree::of(&tasks);
    let mut seen = BTreeMap::new();
    for listing in [Listing::Inbox, Listing::List(id(100)), Listing::List(id(101))] {
        for row in listing
            .show(&tree, &places, [])
            .iter()
            .flat_map(|group| &group.rows)
        {
            *seen.entry(row.task.id).or_insert(0) += 1;
        }
    }
    assert_eq!(seen.len(), tasks.len());
    assert!(seen.values().all(|times| *times == 1));
}
