//! The state of the screen: only what was touched is written, and the list keeps its rows.

use leptos::prelude::GetUntracked;
use tsugi_client::state::model::TaskEntry;
use tsugi_client::state::screen::Screen;
use tsugi_client::state::store::Store;
use tsugi_client::sync::local::Local;
use tsugi_client::sync::plan::{self, Stamp};
use tsugi_sync::conflict::{self, Side, Sides, State};
use tsugi_sync::entity::{Field, Fields, Kind};
use tsugi_sync::ids::{EntityId, ReplicaId, Timestamp, WorkspaceId};
use tsugi_sync::replica::{Edit, Replica};
use tsugi_sync::value::Value;
use uuid::Uuid;
use wasm_bindgen_test::wasm_bindgen_test;

struct Desk {
    local: Local,
    screen: Screen,
    store: Store,
}

impl Desk {
    fn new() -> Self {
        let replica = Replica::new(ReplicaId(Uuid::from_u128(1)), WorkspaceId(Uuid::from_u128(2)));
        let store = Store::new("Here".to_owned(), "2026-11-24".to_owned(), Timestamp(0));
        let mut desk = Self {
            local: Local::new(replica),
            screen: Screen::new(store.clone(), |at| at.to_string()),
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
        self.store.open.get_untracked()
    }

    fn titles(&self) -> Vec<String> {
        self.open()
            .iter()
            .map(|entry| entry.row.get_untracked().title)
            .collect()
    }
}

fn stamp(n: u64) -> Stamp {
    Stamp {
        now: Timestamp(n),
        id: Uuid::from_u128(u128::from(n)),
    }
}

fn add(n: u64) -> Edit {
    plan::add_task(&format!("task {n}"), stamp(n)).expect("a title")
}

fn id(n: u128) -> EntityId {
    EntityId(Uuid::from_u128(n))
}

#[wasm_bindgen_test]
fn an_empty_workspace_is_loaded_and_not_loading() {
    let desk = Desk::new();
    assert!(!desk.store.loading.get_untracked());
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
        ..plan::delete(id(2), stamp(9))
    });
    assert_eq!(desk.titles(), ["task 1", "renamed", "task 3"]);
    assert_eq!(desk.open(), before, "the same rows in the same signals");
}

#[wasm_bindgen_test]
fn completed_and_deleted_tasks_leave_the_open_list() {
    let mut desk = Desk::new();
    (1..=3).for_each(|n| desk.does(add(n)));
    desk.does(plan::set_completed(id(1), true, stamp(10)));
    desk.does(plan::delete(id(3), stamp(11)));
    assert_eq!(desk.titles(), ["task 2"]);
    assert_eq!(desk.store.completed.get_untracked().len(), 1);
    desk.does(plan::set_completed(id(1), false, stamp(12)));
    assert_eq!(desk.titles(), ["task 1", "task 2"]);
}

#[wasm_bindgen_test]
fn an_open_conflict_is_on_its_task_and_in_the_inbox_until_it_is_resolved() {
    let mut desk = Desk::new();
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
        ..plan::delete(id(7), stamp(5))
    };
    desk.does(edit(set));
    assert_eq!(desk.open()[0].row.get_untracked().conflicts, 1);
    let cards = desk.store.conflicts.get_untracked();
    assert_eq!(cards.len(), 1);
    assert_eq!(
        (cards[0].fields[0].mine.as_str(), cards[0].fields[0].base.as_str()),
        ("b", "a")
    );
    // What stands there now, not what set it off.
    assert_eq!(cards[0].fields[0].theirs, "task 1");
    assert!(
        cards[0].mine_label.starts_with("This device"),
        "{}",
        cards[0].mine_label
    );

    desk.does(edit(conflict::resolved(&Fields::from([(
        Field::Title,
        "b".into(),
    )]))));
    assert_eq!(desk.open()[0].row.get_untracked().conflicts, 0);
    assert!(desk.store.conflicts.get_untracked().is_empty());
}
