//! Quick add: from a parsed line to the edits that create its task.

use tsugi_calendar::{Date, Time, Weekday};
use tsugi_quick_add::{Context, DateOrder, Parsed, parse};
use tsugi_screen::edits::add::Adding;
use tsugi_screen::index::catalog::Catalog;
use tsugi_screen::place::TaskPlace;
use tsugi_screen::text::fields::InvalidText;
use tsugi_sync::entity::{Cell, Entity, Field, Kind};
use tsugi_sync::ids::{EntityId, Revision, Timestamp};
use tsugi_sync::label::Label;
use tsugi_sync::list::List;
use tsugi_sync::replica::Edit;
use tsugi_sync::section::Section;
use tsugi_sync::task::Task;
use uuid::Uuid;

fn id(n: u128) -> EntityId {
    EntityId(Uuid::from_u128(n))
}

fn read(line: &str) -> Parsed {
    let context = Context {
        today: Date::new(2026, 11, 25).unwrap(),
        now: Time::new(10, 0).unwrap(),
        week_starts: Weekday::Monday,
        date_order: DateOrder::MonthFirst,
    };
    parse(line, &context)
}

fn entity(edit: &Edit) -> Entity {
    let mut entity = Entity::new(edit.entity, edit.kind.clone());
    let cells = edit.set.clone().into_iter();
    entity.absorb(cells.map(|(field, value)| (field, Cell(value, Revision(1)))));
    entity
}

/// A catalog of a list "Home" with a section "Bills", and a label "errand".
fn catalog() -> Catalog {
    let mut catalog = Catalog::default();
    let mut put = |n, kind, fields| {
        let edit = Edit {
            entity: id(n),
            kind,
            set: fields,
            seen: Default::default(),
            at: Timestamp(0),
            group: None,
        };
        catalog.put(id(n), Some(&entity(&edit)));
    };
    put(1, Kind::List, List::create("Home", Timestamp(1)).unwrap());
    put(
        2,
        Kind::Section,
        Section::create("Bills", id(1), Timestamp(1)).unwrap(),
    );
    put(3, Kind::Label, Label::create("errand", Timestamp(1)).unwrap());
    catalog
}

fn adding_to<'a>(place: &'a TaskPlace, catalog: &'a Catalog) -> Adding<'a> {
    Adding {
        place,
        catalog,
        today: "2026-11-25".parse().expect("a day"),
        zone: "Asia/Tokyo",
        user: None,
        now: Timestamp(9),
        fresh_id: Uuid::now_v7,
    }
}

fn add(line: &str, place: &TaskPlace) -> Vec<Edit> {
    let catalog = catalog();
    adding_to(place, &catalog).tasks(&[read(line)]).unwrap()
}

fn task(edits: &[Edit]) -> Task {
    Task::read(&entity(edits.last().unwrap())).unwrap()
}

#[test]
fn names_are_found_however_they_are_written() {
    let edits = add("pay rent #HOME /bills @Errand p1", &TaskPlace::Inbox);
    let [only] = edits.as_slice() else {
        panic!("{edits:?}");
    };
    let task = task(&edits);
    assert_eq!((only.group, task.title.as_str()), (None, "pay rent"));
    assert_eq!((task.list, task.section), (Some(id(1)), Some(id(2))));
    assert_eq!(task.labels, [id(3)]);
    assert_eq!(task.priority.map(|priority| priority.number()), Some(1));
}

#[test]
fn missing_lists_and_labels_are_made_first_and_in_one_group() {
    let edits = add("dig #Garden /Beds @spring @errand", &TaskPlace::Inbox);
    let kinds: Vec<_> = edits.iter().map(|edit| edit.kind.clone()).collect();
    assert_eq!(kinds, [Kind::List, Kind::Section, Kind::Label, Kind::Task]);
    assert!(edits[0].group.is_some() && edits.iter().all(|edit| edit.group == edits[0].group));
    let task = task(&edits);
    assert_eq!(task.list, Some(edits[0].entity));
    assert_eq!(task.section, Some(edits[1].entity));
    assert_eq!(Section::read(&entity(&edits[1])).unwrap().list, task.list);
    assert!(task.labels.contains(&id(3)) && task.labels.contains(&edits[2].entity));
}

#[test]
fn times_are_on_the_clocks_of_here_and_rules_are_the_cores() {
    let run = task(&add("run tomorrow 9am", &TaskPlace::Inbox));
    assert_eq!(run.due.unwrap().to_string(), "2026-11-26T09:00[Asia/Tokyo]");
    let rent = task(&add("rent every 31st until 2027-12-31", &TaskPlace::Inbox));
    assert_eq!(rent.due.unwrap().to_string(), "2026-11-30");
    assert_eq!(
        rent.recurrence.unwrap().to_string(),
        "FREQ=MONTHLY;BYMONTHDAY=31;UNTIL=20271231"
    );
    let fast = task(&add("明日から断食", &TaskPlace::Inbox));
    assert_eq!((fast.title.as_str(), fast.due), ("断食", None));
    assert_eq!(fast.start.unwrap().to_string(), "2026-11-26");
}

#[test]
fn where_the_line_says_nothing_the_task_is_where_the_person_is() {
    let due = |task: &Task| task.due.as_ref().map(ToString::to_string);
    assert_eq!(
        due(&task(&add("rest", &TaskPlace::Today))).as_deref(),
        Some("2026-11-25")
    );
    assert_eq!(
        due(&task(&add("rest friday", &TaskPlace::Today))).as_deref(),
        Some("2026-11-27")
    );
    assert_eq!(task(&add("rest", &TaskPlace::List(id(1)))).list, Some(id(1)));
    assert_eq!(
        task(&add("rest /bills", &TaskPlace::List(id(1)))).section,
        Some(id(2))
    );
    assert_eq!(task(&add("rest", &TaskPlace::Label(id(3)))).labels, [id(3)]);
    let edits = add("rest #Garden", &TaskPlace::List(id(1)));
    assert_eq!(task(&edits).list, Some(edits[0].entity));
}

#[test]
fn a_line_that_is_nothing_but_chips_has_no_title() {
    let (catalog, place) = (catalog(), TaskPlace::Inbox);
    let adding = adding_to(&place, &catalog);
    assert!(matches!(
        adding.tasks(&[read("tomorrow")]),
        Err(InvalidText::Title(_))
    ));
    let parent = task(&add("whole #Home /Bills", &TaskPlace::Inbox));
    let parts = adding.sub_tasks(&parent, &[read("part"), read("wax tomorrow p1")]);
    let parts = parts.unwrap();
    let [part, other] = parts.as_slice() else {
        panic!("{parts:?}");
    };
    assert!(part.group.is_some() && part.group == other.group);
    assert_eq!(other.set.get(&Field::Due), Some(&"2026-11-26".into()));
    assert_eq!(
        part.set.get(&Field::Parent).unwrap().as_text(),
        Some(parent.id.to_string().as_str())
    );
    assert_eq!(
        part.set.get(&Field::List),
        entity(part).fields.get(&Field::List).map(|cell| &cell.0)
    );
    assert!(adding.comment(parent.id, " ").is_err());
}

#[test]
fn several_lines_make_each_name_once_and_keep_their_order() {
    let (catalog, place) = (catalog(), TaskPlace::Inbox);
    let adding = adding_to(&place, &catalog);
    let lines = [
        "milk #Shop /Cold @urgent",
        "eggs #shop /cold @urgent",
        "rent #Home",
        "rest",
    ]
    .map(read);
    let edits = adding.tasks(&lines).unwrap();
    let of = |kind: &Kind| edits.iter().filter(|edit| edit.kind == *kind).count();
    assert_eq!(
        [Kind::List, Kind::Section, Kind::Label, Kind::Task].map(|kind| of(&kind)),
        [1, 1, 1, 4]
    );
    assert!(
        edits
            .iter()
            .all(|edit| edit.group.is_some() && edit.group == edits[0].group)
    );
    let tasks = edits.iter().filter(|edit| edit.kind == Kind::Task);
    let tasks: Vec<Task> = tasks.filter_map(|edit| Task::read(&entity(edit))).collect();
    assert_eq!(
        (tasks[0].list, tasks[0].section),
        (tasks[1].list, tasks[1].section)
    );
    assert_eq!(tasks[0].labels, tasks[1].labels);
    assert_eq!(tasks[2].list, Some(id(1)));
    assert!(tasks.windows(2).all(|pair| pair[0].created < pair[1].created));
}
