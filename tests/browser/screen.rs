//! The signals of the screen: only touched ones are written, and the list keeps its rows.

use std::collections::BTreeSet;

use leptos::prelude::GetUntracked;
use tsugi_client::signals::front::Front;
use tsugi_client::signals::screen::{Records, Screen};
use tsugi_client::signals::store::Store;
use tsugi_client::signals::window::{Item, TaskEntry};
use tsugi_screen::index::Outside;
use tsugi_screen::local::Local;
use tsugi_sync::conflict::{self, Side, Sides, State};
use tsugi_sync::entity::{Field, Fields, Kind};
use tsugi_sync::ids::{EntityId, ReplicaId, Timestamp, WorkspaceId};
use tsugi_sync::replica::{Edit, Replica};
use tsugi_sync::value::Value;
use uuid::Uuid;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::made::{self, stamp};

fn outside() -> Outside {
    Outside {
        format: |at| at.to_string(),
        day_of: |_| None,
    }
}

struct Desk {
    local: Local,
    screen: Screen,
    store: Store,
}

impl Desk {
    fn new() -> Self {
        let replica = Replica::new(ReplicaId(Uuid::from_u128(1)), WorkspaceId(Uuid::from_u128(2)));
        let store = Store::new(
            &Front::new(true),
            "Here".to_owned(),
            "2026-11-24".parse().expect("a day"),
            Timestamp(0),
        );
        let mut desk = Self {
            local: Local::new(replica),
            screen: Screen::new(store.clone(), outside(), BTreeSet::new()),
            store,
        };
        desk.screen.show_all(&desk.local);
        desk
    }

    fn does(&mut self, edit: Edit) {
        let touched = [edit.entity].into();
        self.local.show(edit);
        self.screen.show(&self.local, &touched);
    }

    fn open(&self) -> Vec<TaskEntry> {
        let window = self.store.window();
        let entries = window.items.into_iter().map(|item| item.entry);
        entries
            .filter(|entry| !entry.row.get_untracked().completed)
            .collect()
    }

    /// The rows of the screen: each title, after its headings if it has some.
    fn shown(&self) -> Vec<String> {
        let window = self.store.window();
        let said = |item: &Item| {
            let title = item.entry.row.get_untracked().title;
            let headings = item.spot.headings.iter().map(|heading| format!("{heading:?} "));
            headings.collect::<String>() + &title
        };
        let tail = window.tail.iter().map(|heading| format!("{heading:?}"));
        window.items.iter().map(said).chain(tail).collect()
    }

    fn titles(&self) -> Vec<String> {
        self.open()
            .iter()
            .map(|entry| entry.row.get_untracked().title)
            .collect()
    }
}

fn add(n: u64) -> Edit {
    made::task(&format!("task {n}"), stamp(n))
}

fn id(n: u128) -> EntityId {
    EntityId(Uuid::from_u128(n))
}

#[wasm_bindgen_test]
fn an_empty_workspace_is_loaded_and_not_loading() {
    let desk = Desk::new();
    assert!(!desk.store.loading());
    assert!(desk.open().is_empty());
}

#[wasm_bindgen_test]
fn a_change_of_one_task_leaves_the_list_and_the_other_rows_as_they_are() {
    let mut desk = Desk::new();
    (1..=3).for_each(|n| desk.does(add(n)));
    let before = desk.open();
    let title = Fields::from([(Field::Title, Value::text("renamed"))]);
    desk.does(Edit {
        set: title,
        ..made::deleted(id(2), stamp(9))
    });
    assert_eq!(desk.titles(), ["task 1", "renamed", "task 3"]);
    assert_eq!(desk.open(), before, "the same rows in the same signals");
}

#[wasm_bindgen_test]
fn an_open_conflict_is_on_its_task_and_in_the_inbox_until_it_is_resolved() {
    let mut desk = Desk::new();
    let records = Records {
        cards: |index, local| index.conflict_cards(local),
        history: |index, local, of, now, changes| index.history(local, of, now, changes),
        rules: |index, local| index.rules(local),
        news: |index, local, open, now| index.news(local, open, now),
    };
    desk.screen.read_records(&desk.local, records);
    desk.does(add(1));
    let sides = Sides {
        base: "a".into(),
        local: "b".into(),
        remote: "c".into(),
    };
    let me = Side {
        device: "Chrome".to_owned(),
        at: Timestamp(3),
        replica: Some(desk.local.replica().id()),
    };
    let set = conflict::record(
        State::Open,
        (id(1), &Kind::Task),
        [(Field::Title, (sides, None))].into(),
        (&me, None),
        Timestamp(4),
    );
    let edit = |set| Edit {
        kind: Kind::Conflict,
        set,
        ..made::deleted(id(7), stamp(5))
    };
    desk.does(edit(set));
    assert_eq!(desk.open()[0].row.get_untracked().conflicts, 1);
    let cards = desk.store.conflicts();
    assert_eq!(cards.len(), 1);
    let field = &cards[0].fields[0];
    assert_eq!(
        [&field.first, &field.second, &field.before, &field.now],
        ["b", "c", "a", "task 1"]
    );
    assert_eq!(cards[0].makers[0].name, "This device");

    let record = desk.local.view(id(7)).expect("it is there");
    let results = Fields::from([(Field::Title, "b".into())]);
    desk.does(edit(conflict::resolved(&record, &results, &Fields::new(), &me)));
    assert_eq!(desk.open()[0].row.get_untracked().conflicts, 0);
    assert!(desk.store.conflicts().is_empty());
}

fn set(n: u128, fields: impl IntoIterator<Item = (Field, Value)>, at: u64) -> Edit {
    Edit {
        set: fields.into_iter().collect(),
        ..made::deleted(id(n), stamp(at))
    }
}

#[wasm_bindgen_test]
fn of_two_thousand_tasks_only_those_in_sight_are_in_the_window() {
    let mut desk = Desk::new();
    let ids: std::collections::BTreeSet<_> = (1..=2_000).map(id).collect();
    for n in 1..=2_000 {
        desk.local.show(add(n));
    }
    desk.screen.show(&desk.local, &ids);
    assert_eq!(desk.store.window().total, 2_000);
    desk.screen.look(&desk.local, 1_500..1_564);
    let window = desk.store.window();
    assert_eq!((window.first, window.items.len()), (1_500, 64));
    assert_eq!(desk.shown()[0], "task 1501");
}

/// This counts work and not time: the work for one change must not grow with the number of tasks.
#[wasm_bindgen_test]
fn among_ten_thousand_tasks_one_that_changes_is_all_that_is_looked_at() {
    let mut desk = Desk::new();
    let count = 10_000;
    let ids: BTreeSet<_> = (1..=count).map(id).collect();
    for n in 1..=count {
        let edit = add(n as u64);
        let due = [(Field::Due, Value::text("2026-11-24"))];
        let set = edit.set.clone().into_iter().chain(due).collect();
        desk.local.show(Edit { set, ..edit });
    }
    desk.screen.show(&desk.local, &ids);
    desk.does(set(2, [(Field::Parent, Value::text(id(1).to_string()))], 20_000));
    assert_eq!(desk.store.counts().today, 10_000);
    let mut cost = |edit: Edit| {
        let before = desk.screen.index().shelves().placed();
        desk.does(edit);
        desk.screen.index().shelves().placed() - before
    };
    assert_eq!(cost(made::completed(id(5_000), true, stamp(20_001))), 1);
    assert_eq!(cost(made::completed(id(5_000), false, stamp(20_002))), 1);
    assert_eq!(
        cost(set(7_000, [(Field::Title, Value::text("renamed"))], 20_003)),
        1
    );
    assert_eq!(cost(set(7_000, [(Field::Position, Value::text("V"))], 20_004)), 1);
    // Its sub-task is placed too.
    assert_eq!(cost(made::completed(id(1), true, stamp(20_005))), 2);
    assert_eq!(desk.store.window().items.len(), 64);
    desk.screen.fold(&desk.local, id(1), true);
    let before = desk.screen.index().shelves().placed();
    desk.screen.look(&desk.local, 500..564);
    assert_eq!(
        desk.screen.index().shelves().placed(),
        before,
        "looking places nothing"
    );
}
