//! The effect of gestures, on a desk of a few tasks.

use std::collections::BTreeSet;

use tsugi_sync::entity::{Field, Fields, Kind};
use tsugi_sync::gesture::{Contents, Stamp};
use tsugi_sync::home::Home;
use tsugi_sync::ids::{EntityId, ReplicaId, Timestamp, WorkspaceId};
use tsugi_sync::replica::{Edit, Replica};
use tsugi_sync::task::Priority;
use tsugi_sync::value::Value;
use uuid::Uuid;

use super::{Arranged, CannotArrange, Desk, Moment, arrange};
use crate::index::{Index, Outside, Touched};
use crate::intent::arrange::{Arrange, Container, Furnish, Shift, Spot};
use crate::local::Local;
use crate::model::Heading;
use crate::place::TaskPlace;

mod single;

#[path = "../../../tests/screen/made.rs"]
mod made;

struct Table {
    local: Local,
    index: Index,
    at: u64,
}

fn id(n: u128) -> EntityId {
    EntityId(Uuid::from_u128(n))
}

const LIST: u128 = 1_000;
const SOON: u128 = 1_001;
const LATER: u128 = 1_002;

fn home(section: Option<u128>) -> Home {
    Home {
        list: Some(id(LIST)),
        section: section.map(id),
    }
}

impl Table {
    /// A list with the sections Soon and Later, and the tasks 1 to `count` in none of them.
    fn with(count: u128) -> Self {
        let replica = Replica::new(ReplicaId(Uuid::from_u128(1)), WorkspaceId(Uuid::from_u128(2)));
        let outside = Outside {
            format: |at| at.to_string(),
            day_of: |_| None,
        };
        let mut table = Self {
            local: Local::new(replica),
            index: Index::new(outside, "2026-11-24".parse().expect("a day"), BTreeSet::new()),
            at: 100,
        };
        let add = |container, name: &str| Furnish::Add {
            container,
            name: name.to_owned(),
        };
        table.furnish(LIST, add(Container::List, "Home"));
        let section = Container::Section { list: id(LIST) };
        table.furnish(SOON, add(section, "Soon"));
        table.furnish(LATER, add(section, "Later"));
        for n in 1..=count {
            table.add(n, &[(Field::List, LIST)]);
        }
        table
    }

    fn add(&mut self, n: u128, links: &[(Field, u128)]) {
        let stamp = made::stamp(n as u64);
        let mut edit = made::task(&n.to_string(), stamp);
        let links = links
            .iter()
            .map(|(field, to)| (field.clone(), Value::text(id(*to).to_string())));
        edit.set.extend(links);
        self.make(vec![edit]);
    }

    fn make(&mut self, edits: Vec<Edit>) {
        let touched: BTreeSet<EntityId> = edits.iter().map(|edit| edit.entity).collect();
        edits.into_iter().for_each(|edit| self.local.show(edit));
        for id in touched {
            self.local
                .look(id, |view| self.index.put(id, view, &mut Touched::default()));
        }
    }

    fn try_to(&mut self, made: u128, what: &Arrange) -> Result<Arranged, CannotArrange> {
        self.at += 1;
        let desk = Desk {
            local: &self.local,
            shelves: self.index.shelves(),
            catalog: self.index.catalog(),
        };
        let moment = Moment {
            stamp: Stamp {
                at: Timestamp(self.at),
                today: "2026-11-24".parse().expect("a day"),
                group: Uuid::from_u128(u128::from(self.at)),
            },
            id: id(made),
            jitter: self.at * 7_919,
        };
        arrange(desk, what, moment)
    }

    /// Carries it out and returns how many entities it changes.
    fn does(&mut self, what: &Arrange) -> usize {
        let arranged = self.try_to(0, what).expect("it can be done");
        let count = arranged.edits.len();
        self.make(arranged.edits);
        count
    }

    fn furnish(&mut self, made: u128, furnish: Furnish) {
        let arranged = self
            .try_to(made, &Arrange::Furnish(furnish))
            .expect("it can be done");
        self.make(arranged.edits);
    }

    fn move_to(&mut self, tasks: &[u128], to: Spot) -> usize {
        let tasks = tasks.iter().map(|n| id(*n)).collect();
        self.does(&Arrange::Move { tasks, to })
    }

    fn shift(&mut self, task: u128, by: Shift) -> usize {
        self.does(&Arrange::Shift { task: id(task), by })
    }

    /// The list as it is shown: one `>` for each level, and sections as `[name]`.
    fn shown(&self) -> String {
        let place = TaskPlace::List(id(LIST));
        let stretch = self.index.stretch(&place, 0..100, Timestamp(self.at));
        let mut shown = Vec::new();
        for slot in stretch.slots {
            shown.extend(slot.headings.iter().map(name));
            let row = self.index.row(&self.local, slot.task).expect("a task");
            shown.push(format!("{}{}", ">".repeat(usize::from(slot.depth)), row.title));
        }
        shown.extend(stretch.tail.iter().map(name));
        shown.join(" ")
    }
}

fn name(heading: &Heading) -> String {
    match heading {
        Heading::Section { name, .. } => format!("[{name}]"),
        Heading::Overdue | Heading::Day(_) => format!("{heading:?}"),
    }
}

#[test]
fn a_task_goes_up_and_down_over_its_neighbours_and_into_the_sections() {
    let mut table = Table::with(3);
    assert_eq!(table.shown(), "1 2 3 [Soon] [Later]");
    table.shift(3, Shift::Up);
    assert_eq!(table.shown(), "1 3 2 [Soon] [Later]");
    table.shift(3, Shift::Up);
    assert_eq!(table.shown(), "3 1 2 [Soon] [Later]");
    let up = Arrange::Shift {
        task: id(3),
        by: Shift::Up,
    };
    assert_eq!(table.try_to(0, &up).err(), Some(CannotArrange::NoFurther));
    table.shift(2, Shift::Down);
    assert_eq!(table.shown(), "3 1 [Soon] 2 [Later]");
    table.shift(2, Shift::Down);
    assert_eq!(table.shown(), "3 1 [Soon] [Later] 2");
    table.shift(1, Shift::Down);
    table.shift(1, Shift::Down);
    assert_eq!(table.shown(), "3 [Soon] [Later] 1 2");
    table.shift(1, Shift::Up);
    assert_eq!(table.shown(), "3 [Soon] 1 [Later] 2");
}

#[test]
fn a_card_goes_from_column_to_column_and_never_below_another_card() {
    let board = TaskPlace::Board(id(LIST));
    let mut table = Table::with(3);
    for (task, key, shown) in [
        (2, Shift::In, "1 3 [Soon] 2 [Later]"),
        (1, Shift::In, "3 [Soon] 2 1 [Later]"),
        (2, Shift::In, "3 [Soon] 1 [Later] 2"),
        (1, Shift::Out, "3 1 [Soon] [Later] 2"),
    ] {
        table.shift(task, key.within(&board).expect("boards have columns"));
        assert_eq!(table.shown(), shown);
    }
    let by = Shift::In.within(&board).expect("boards have columns");
    let further = Arrange::Shift { task: id(2), by };
    assert_eq!(table.try_to(0, &further).err(), Some(CannotArrange::NoFurther));
    for place in [
        TaskPlace::Today,
        TaskPlace::Upcoming,
        TaskPlace::Search("x".to_owned()),
    ] {
        assert_eq!(Shift::In.within(&place), None, "{place:?} shows no tree");
        assert_eq!(Shift::Out.within(&place), None, "{place:?}");
        assert_eq!(Shift::Up.within(&place), Some(Shift::Up));
    }
    assert_eq!(Shift::In.within(&TaskPlace::Inbox), Some(Shift::In));
}

#[test]
fn a_task_goes_in_and_out_with_all_that_is_below_it() {
    let mut table = Table::with(3);
    table.shift(2, Shift::In);
    table.shift(3, Shift::In);
    assert_eq!(table.shown(), "1 >2 >3 [Soon] [Later]");
    table.shift(3, Shift::In);
    assert_eq!(table.shown(), "1 >2 >>3 [Soon] [Later]");
    table.shift(2, Shift::Out);
    assert_eq!(table.shown(), "1 2 >3 [Soon] [Later]");
    table.move_to(&[2], Spot::Before(id(1)));
    assert_eq!(table.shown(), "2 >3 1 [Soon] [Later]");
    table.move_to(&[2], Spot::Last(home(Some(SOON))));
    assert_eq!(table.shown(), "1 [Soon] 2 >3 [Later]");
    let round = Arrange::Move {
        tasks: vec![id(2)],
        to: Spot::Into(id(3)),
    };
    assert_eq!(table.try_to(0, &round).err(), Some(CannotArrange::BelowItself));
}

#[test]
fn a_task_dropped_under_a_row_is_as_deep_as_it_was_dropped() {
    let mut table = Table::with(4);
    table.shift(2, Shift::In);
    table.move_to(&[4], Spot::Under { row: id(2), depth: 2 });
    assert_eq!(table.shown(), "1 >2 >>4 3 [Soon] [Later]");
    table.move_to(&[4], Spot::Under { row: id(2), depth: 1 });
    assert_eq!(table.shown(), "1 >2 >4 3 [Soon] [Later]");
    table.move_to(&[3], Spot::Under { row: id(4), depth: 0 });
    assert_eq!(table.shown(), "1 >2 >4 3 [Soon] [Later]");
    table.move_to(&[2], Spot::Under { row: id(4), depth: 0 });
    assert_eq!(table.shown(), "1 >4 2 3 [Soon] [Later]");
    // These are the place where it already is.
    assert_eq!(table.move_to(&[2], Spot::Under { row: id(2), depth: 0 }), 0);
    assert_eq!(table.move_to(&[2], Spot::Under { row: id(4), depth: 0 }), 0);
    assert_eq!(table.move_to(&[2], Spot::Before(id(3))), 0);
    assert_eq!(table.move_to(&[1], Spot::First(home(None))), 0);
    assert_eq!(table.move_to(&[4], Spot::Into(id(1))), 0);
    assert_eq!(table.shown(), "1 >4 2 3 [Soon] [Later]");
    table.move_to(&[3], Spot::First(home(Some(LATER))));
    assert_eq!(table.shown(), "1 >4 2 [Soon] [Later] 3");
}

#[test]
fn several_go_together_in_their_order_as_one_edit_each() {
    let mut table = Table::with(5);
    table.shift(3, Shift::In);
    let moved = table.move_to(&[5, 3, 2], Spot::Last(home(Some(SOON))));
    assert_eq!(table.shown(), "1 4 [Soon] 2 >3 5 [Later]");
    assert_eq!(moved, 2, "what is below another one goes with it");
    table.move_to(&[1, 4], Spot::Before(id(5)));
    assert_eq!(table.shown(), "[Soon] 2 >3 1 4 5 [Later]");
}

#[test]
fn among_many_that_were_moved_before_only_the_one_that_moves_is_changed() {
    let mut table = Table::with(200);
    // The first move gives a position to all tasks before it, for good.
    assert_eq!(table.move_to(&[1], Spot::Last(home(None))), 200);
    assert_eq!(
        table.move_to(
            &[2],
            Spot::Under {
                row: id(150),
                depth: 0
            }
        ),
        1
    );
    assert_eq!(table.shift(2, Shift::Down), 1);
    assert_eq!(table.move_to(&[2], Spot::First(home(None))), 1);
    assert!(table.shown().starts_with("2 3 4"), "{}", table.shown());
}

#[test]
fn an_open_task_below_a_completed_one_stands_in_the_place_of_that_one() {
    let mut table = Table::with(3);
    table.move_to(&[3], Spot::Last(home(None)));
    table.add(4, &[(Field::List, LIST), (Field::Parent, 2)]);
    let stamp = made::stamp(9);
    table.make(vec![made::completed(id(2), true, stamp)]);
    assert_eq!(table.shown(), "1 4 3 [Soon] [Later] 2");
    table.move_to(&[1], Spot::Under { row: id(4), depth: 0 });
    assert_eq!(
        table.shown(),
        "4 1 3 [Soon] [Later] 2",
        "beside it, and not below the completed one"
    );
    table.move_to(&[3], Spot::First(home(None)));
    assert_eq!(table.shown().split(' ').next(), Some("3"));
}

#[test]
fn folded_tasks_are_counted_and_not_shown() {
    let mut table = Table::with(3);
    table.shift(2, Shift::In);
    table.index.fold(id(1), true);
    assert_eq!(table.shown(), "1 3 [Soon] [Later]");
    assert_eq!(table.index.counts().lists.get(&id(LIST)), Some(&3));
    let row = |table: &Table, place: usize| {
        let stretch = table
            .index
            .stretch(&TaskPlace::List(id(LIST)), 0..100, Timestamp(0));
        table
            .index
            .row(&table.local, stretch.slots[place].task)
            .expect("a task")
    };
    assert_eq!(
        (row(&table, 0).folded, row(&table, 0).progress),
        (Some(true), (0, 1))
    );
    table.move_to(&[3], Spot::Last(home(Some(SOON))));
    table.index.fold(id(SOON), true);
    assert_eq!(table.shown(), "1 [Soon] [Later]");
    table.index.fold(id(1), false);
    table.index.fold(id(SOON), false);
    assert_eq!(table.shown(), "1 >2 [Soon] 3 [Later]");
}

#[test]
fn sections_are_named_put_in_order_and_deleted_with_what_becomes_of_their_tasks() {
    let mut table = Table::with(2);
    table.move_to(&[2], Spot::Last(home(Some(SOON))));
    let put = |section: u128, before: Option<u128>| Furnish::PutSection {
        section: id(section),
        before: before.map(id),
    };
    table.furnish(0, put(LATER, Some(SOON)));
    assert_eq!(table.shown(), "1 [Later] [Soon] 2");
    table.furnish(0, put(LATER, None));
    assert_eq!(table.shown(), "1 [Soon] 2 [Later]");
    table.furnish(
        0,
        Furnish::Rename {
            id: id(SOON),
            name: " Now ".to_owned(),
        },
    );
    assert_eq!(table.shown(), "1 [Now] 2 [Later]");
    let delete = |contents| Furnish::DeleteSection {
        section: id(SOON),
        contents,
    };
    let gone = table.try_to(0, &Arrange::Furnish(delete(Contents::Delete)));
    assert_eq!(gone.expect("it can be done").edits.len(), 2);
    table.furnish(0, delete(Contents::Keep));
    // A task with a position comes before one without.
    assert_eq!(table.shown(), "2 1 [Later]");
    let nameless = Furnish::Rename {
        id: id(LATER),
        name: " ".to_owned(),
    };
    assert!(matches!(
        table.try_to(0, &Arrange::Furnish(nameless)),
        Err(CannotArrange::Name(_))
    ));
}

#[test]
fn lists_go_into_folders_and_among_one_another_and_archived_ones_out_of_sight() {
    let mut table = Table::with(1);
    let add = |container, name: &str| Furnish::Add {
        container,
        name: name.to_owned(),
    };
    table.furnish(2_000, add(Container::List, "Work"));
    table.furnish(2_001, add(Container::List, "Garden"));
    table.furnish(2_002, add(Container::Folder, "Private"));
    let put = |list: u128, folder: Option<u128>, before: Option<u128>| Furnish::PutList {
        list: id(list),
        folder: folder.map(id),
        before: before.map(id),
    };
    let sidebar = |table: &Table| {
        let folders = table.index.sidebar().folders.into_iter();
        let folder = folders.map(|(folder, lists)| {
            let lists: Vec<_> = lists.into_iter().map(|list| list.name).collect();
            format!(
                "{}:{}",
                folder.map_or(String::new(), |folder| folder.name),
                lists.join(",")
            )
        });
        folder.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(sidebar(&table), ":Home,Work,Garden Private:");
    table.furnish(0, put(2_001, None, Some(LIST)));
    assert_eq!(sidebar(&table), ":Garden,Home,Work Private:");
    table.furnish(0, put(LIST, Some(2_002), None));
    table.furnish(0, put(2_001, Some(2_002), Some(LIST)));
    assert_eq!(sidebar(&table), ":Work Private:Garden,Home");
    table.furnish(0, Furnish::DeleteFolder { folder: id(2_002) });
    assert_eq!(sidebar(&table), ":Garden,Home,Work");
    let due = "2026-11-24".parse().ok();
    table.does(&Arrange::SetDue {
        tasks: vec![id(1)],
        due,
    });
    assert_eq!(table.index.counts().today, 1);
    table.furnish(
        0,
        Furnish::Archive {
            list: id(LIST),
            archived: true,
        },
    );
    assert_eq!(table.index.counts().today, 0, "it is put away with its list");
    assert_eq!(sidebar(&table), ":Garden,Work");
    assert_eq!(table.shown(), "1 [Soon] [Later]", "and still there, in its list");
}

#[test]
fn all_that_is_selected_gets_a_day_a_priority_or_a_label_in_one_group() {
    let mut table = Table::with(3);
    let tasks: Vec<EntityId> = (1..=3).map(id).collect();
    let at = Fields::from([(Field::Due, Value::text("2026-11-01T09:30[Asia/Tokyo]"))]);
    let stamp = made::stamp(50);
    table.make(vec![Edit {
        set: at,
        ..made::deleted(id(2), stamp)
    }]);
    assert_eq!(table.does(&Arrange::RescheduleOverdue), 1);
    let due = |table: &Table, n: u128| {
        table
            .local
            .view(id(n))
            .map(|view| view.value(&Field::Due).clone())
    };
    assert_eq!(due(&table, 2), Some(Value::text("2026-11-24T09:30[Asia/Tokyo]")));
    let priority = Some(Priority::First);
    let set = Arrange::SetPriority {
        tasks: tasks.clone(),
        priority,
    };
    let arranged = table.try_to(0, &set).expect("it can be done");
    assert!(
        arranged
            .edits
            .iter()
            .all(|edit| edit.group == arranged.edits[0].group)
    );
    assert_eq!(arranged.edits.len(), 3);
    let label = |on| Arrange::SetLabel {
        tasks: tasks.clone(),
        label: id(77),
        on,
    };
    assert_eq!(table.does(&label(true)), 3);
    assert_eq!(table.does(&label(true)), 0, "they have it");
    assert_eq!(table.does(&label(false)), 3);
    assert_eq!(
        table.does(&Arrange::SetDue {
            tasks: tasks.clone(),
            due: None
        }),
        1
    );
    assert_eq!(table.local.view(id(1)).map(|view| view.kind), Some(Kind::Task));
}
