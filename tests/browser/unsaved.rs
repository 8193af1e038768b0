//! The whole client while this device's storage accepts no writes. Typed text must not be lost by the next step of the
//! person, or by another tab.

use futures::channel::mpsc::unbounded;
use futures::{FutureExt, StreamExt};
use leptos::mount::mount_to;
use leptos::prelude::{Callback, GetUntracked, StoredValue, WithValue, document, view};
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Element;
use tsugi_client::app::App;
use tsugi_client::browser::channel::Channel;
use tsugi_client::browser::intl;
use tsugi_client::browser::journal::{Journal, database_name};
use tsugi_client::browser::time::new_id;
use tsugi_client::rest;
use tsugi_client::signals::arrival::Arrival;
use tsugi_client::signals::front::Front;
use tsugi_client::signals::store::Store;
use tsugi_client::tab::account::Profile;
use tsugi_client::tab::client::Client;
use tsugi_client::tab::driver;
use tsugi_client::tab::news::TabMessage;
use tsugi_client::tab::workspace::open;
use tsugi_screen::gestures::Visit;
use tsugi_screen::intent::{AccountIntent, EditIntent, FieldChange, Intent, SyncIntent};
use tsugi_screen::model::{AccountState, OnDevice};
use tsugi_sync::conflict::{self, Side, Sides, State};
use tsugi_sync::entity::{Cell, Entity, Field, Kind};
use tsugi_sync::ids::{EntityId, Epoch, Mark, Revision, Timestamp, WorkspaceId};
use tsugi_sync::log::Entry;
use tsugi_sync::replica::Edit;
use tsugi_sync::sorted_map::SortedMap;
use tsugi_sync::value::Value;
use tsugi_sync::vector::VersionVector;
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::made::{self, stamp};
use crate::raw::{Patched, inbox, parts, patch, run};

const MILK: EntityId = EntityId(Uuid::from_u128(5));

fn milk() -> Edit {
    made::task("Milk", stamp(5))
}

/// A workspace in which these edits were made before.
async fn workspace_with(edits: Vec<Edit>) -> WorkspaceId {
    let workspace = WorkspaceId(new_id());
    let (journal, local) = open(workspace).await.unwrap();
    let rows = edits
        .into_iter()
        .map(|edit| Entry::Mutated(local.replica().edit(edit)).to_row());
    let rows: Vec<_> = rows.collect();
    journal.commit(0, |_| rows.clone()).await.unwrap();
    workspace
}

/// The task's title in this device's storage.
async fn kept_title(workspace: WorkspaceId) -> String {
    let (_, local) = open(workspace).await.unwrap();
    let view = local.view(MILK).unwrap();
    view.value(&Field::Title).as_text().unwrap().to_owned()
}

async fn until(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..2_000 {
        if holds() {
            return;
        }
        run("await new Promise((next) => setTimeout(next));", "").await;
    }
    panic!("never: {what}");
}

/// From now on the storage has no room for another row.
fn full() -> Patched {
    patch(
        "IDBObjectStore",
        "add",
        "throw new DOMException('full', 'QuotaExceededError');",
    )
}

/// The client behind a screen.
struct Tab {
    client: Client,
}

impl Tab {
    async fn open(workspace: WorkspaceId) -> Self {
        let profile = Profile {
            workspace,
            email: None,
            user: None,
        };
        Profile::save(Some(&profile)).unwrap();
        let today = "2026-11-25".parse().unwrap();
        let store = Store::new(&Front::new(true), "Here".to_owned(), today, Timestamp(0));
        let late = async { rest::load().await.unwrap().tab };
        let (client, messages) = Client::new(store, late.boxed_local().shared(), unbounded().0);
        spawn_local(driver::run(client.clone(), messages));
        let tab = Self { client };
        until("it is open", || !tab.store().loading()).await;
        tab
    }

    fn store(&self) -> &Store {
        self.client.store()
    }

    /// Waits until this tab holds the connection.
    async fn leads(&self, workspace: WorkspaceId) {
        let (put, mut heard) = inbox();
        let asking = Channel::open(&database_name(workspace), put).unwrap();
        while !matches!(heard.try_recv(), Ok(TabMessage::LeaderAlive)) {
            asking.post(&TabMessage::IsLeaderAlive).unwrap();
            run("await new Promise((next) => setTimeout(next));", "").await;
        }
    }

    fn rename(&self, seen: &str, value: &str) {
        let change = FieldChange {
            field: Field::Title,
            seen: seen.to_owned(),
            value: value.to_owned(),
        };
        self.client.dispatch(Intent::Edit(EditIntent::ChangeTask {
            id: MILK,
            changes: vec![change],
            new_labels: Vec::new(),
            knew_deleted: false,
            visit: Visit(Uuid::from_u128(1)),
        }));
    }

    fn titles(&self) -> Vec<String> {
        let window = self.store().window();
        let rows = window.items.iter().map(|item| item.entry.row.get_untracked());
        rows.map(|row| row.title).collect()
    }

    fn error(&self) -> String {
        self.store().problem().unwrap_or_default()
    }

    async fn says(&self, words: &str) {
        until(words, || self.error().contains(words)).await;
    }

    async fn is_not_saved(&self) {
        let on_device = || self.store().status().on_device;
        until("it is not saved", || on_device() == OnDevice::NotSaved).await;
    }

    /// A tab shows the task of its workspace as long as the workspace is open.
    async fn has_left(&self) {
        until("it has left", || self.titles().is_empty()).await;
    }
}

#[wasm_bindgen_test]
async fn nobody_leaves_a_workspace_with_edits_that_are_not_saved() {
    for intent in [
        Intent::Account(AccountIntent::ShowScreen),
        Intent::Account(AccountIntent::SignOut { keep_local: false }),
    ] {
        let workspace = workspace_with(vec![milk()]).await;
        let tab = Tab::open(workspace).await;
        let no_room = full();
        tab.rename("Milk", "Oat milk");
        tab.is_not_saved().await;
        tab.client.dispatch(intent.clone());
        tab.says("Not left").await;
        assert_eq!(tab.store().account(), AccountState::Local);
        assert_eq!(tab.titles(), ["Oat milk"]);
        assert_eq!(Profile::load().map(|profile| profile.workspace), Some(workspace));

        drop(no_room);
        tab.client.dispatch(intent);
        until("it has left", || tab.store().account() == AccountState::None).await;
        assert_eq!(kept_title(workspace).await, "Oat milk");
        Profile::save(None).unwrap();
    }
}

#[wasm_bindgen_test]
async fn where_another_tab_has_left_this_one_stays_until_its_edits_are_saved() {
    let other = Profile {
        workspace: workspace_with(Vec::new()).await,
        email: None,
        user: None,
    };
    for told in [
        TabMessage::SignedOut,
        TabMessage::ProfileChanged(Some(other.clone())),
    ] {
        let workspace = workspace_with(vec![milk()]).await;
        let tab = Tab::open(workspace).await;
        let channel = Channel::open(&database_name(workspace), |_| {}).unwrap();
        let no_room = full();
        tab.rename("Milk", "Oat milk");
        tab.is_not_saved().await;
        channel.post(&told).unwrap();
        tab.says("in this tab only").await;
        assert_eq!(tab.store().account(), AccountState::Local);
        assert_eq!(tab.titles(), ["Oat milk"]);
        // The person can go on working, and the tab says again that nothing is saved.
        tab.rename("Oat milk", "Soy milk");
        tab.says("in this tab only").await;
        assert_eq!(tab.titles(), ["Soy milk"]);

        drop(no_room);
        tab.rename("Soy milk", "Rice milk");
        tab.has_left().await;
        assert_eq!(kept_title(workspace).await, "Rice milk");
        Profile::save(None).unwrap();
    }
}

/// The task, and an open conflict about its title.
fn conflict() -> Vec<Edit> {
    let sides = Sides {
        base: "Milk".into(),
        local: "Oat milk".into(),
        remote: "Soy milk".into(),
    };
    let set = conflict::record(
        State::Open,
        (MILK, &Kind::Task),
        SortedMap::from([(Field::Title, (sides, None))]),
        (&Side::default(), None),
        Timestamp(6),
    );
    let question = Edit {
        kind: Kind::Conflict,
        set,
        ..made::deleted(EntityId(Uuid::from_u128(6)), stamp(6))
    };
    vec![milk(), question]
}

/// The text of the result in the dialog.
async fn result() -> Option<String> {
    let code = "return document.querySelector('.dialog--merge textarea')?.value ?? null;";
    run(code, "").await.as_string()
}

#[wasm_bindgen_test]
async fn a_result_that_is_not_saved_stays_in_its_dialog() {
    let workspace = workspace_with(conflict()).await;
    let tab = Tab::open(workspace).await;
    let root: Element = document().create_element("div").unwrap();
    document().body().unwrap().append_child(&root).unwrap();
    let (store, hand) = (tab.store().clone(), tab.client.clone());
    intl::install();
    let views = rest::load().await.unwrap().views;
    mount_to(root.clone().unchecked_into(), move || {
        let hand = StoredValue::new_local(hand);
        let send = Callback::new(move |intent| hand.with_value(|hand| hand.dispatch(intent)));
        let arrival = Arrival::coming();
        arrival.came(views);
        view! { <App store views=arrival send /> }
    })
    .forget();
    tab.client.arrive("/conflicts");
    let click = async |what: &str| {
        let code = "for (let turn = 0; turn < 2000 && !document.querySelector(input); turn += 1)
                await new Promise((next) => setTimeout(next));
            document.querySelector(input).click();";
        run(code, what).await;
    };
    click(".inbox__card").await;
    let typed =
        "for (let turn = 0; turn < 2000 && !document.querySelector('.dialog--merge textarea'); turn += 1)
            await new Promise((next) => setTimeout(next));
        const area = document.querySelector('.dialog--merge textarea');
        area.value = input;
        area.dispatchEvent(new Event('input', { bubbles: true }));";
    run(typed, "Oat and soy milk").await;

    let no_room = full();
    click(".dialog--merge .button--primary").await;
    tab.says("Not saved on this device").await;
    let told = || {
        let dialogs = root.get_elements_by_class_name("dialog--merge");
        dialogs.item(0).and_then(|dialog| dialog.text_content())
    };
    until("the dialog says so", || {
        told().is_some_and(|text| text.contains("Not saved on this device"))
    })
    .await;
    assert_eq!(result().await.as_deref(), Some("Oat and soy milk"));
    assert_eq!(tab.store().conflicts().len(), 1);

    drop(no_room);
    click(".dialog--merge .button--primary").await;
    until("the dialog closes", || {
        told().is_none() && root.get_elements_by_class_name("dialog--small").length() == 0
    })
    .await;
    assert_eq!(tab.store().conflicts().len(), 0);
    assert_eq!(kept_title(workspace).await, "Oat and soy milk");
    root.remove();
    Profile::save(None).unwrap();
}

#[wasm_bindgen_test]
async fn a_log_is_not_packed_over_rows_of_a_later_build_that_a_failed_write_has_met() {
    let workspace = workspace_with(vec![milk()]).await;
    let tab = Tab::open(workspace).await;
    tab.leads(workspace).await;
    let journal = Journal::open(&database_name(workspace)).await.unwrap();
    let later = r#"{"format":1000,"entry":"from the future"}"#.to_owned();
    let mut rows = vec![Entry::Exported.to_row(); 600];
    rows.push(later.clone());
    let keys = journal.commit(1, |_| rows.clone()).await.unwrap();

    let no_room = full();
    tab.rename("Milk", "Oat milk");
    tab.is_not_saved().await;
    // When this is said, the loop has been through another whole turn.
    tab.client.dispatch(Intent::Account(AccountIntent::ShowScreen));
    tab.says("Not left").await;
    drop(no_room);
    let loaded = journal.load().await.unwrap();
    assert_eq!(loaded.rows.len(), keys.len() + 1);
    assert_eq!(loaded.rows.last().map(|(_, row)| row), Some(&later));
    Profile::save(None).unwrap();
}

#[wasm_bindgen_test]
async fn the_status_is_told_when_it_changes_and_to_a_tab_that_asks() {
    let workspace = workspace_with(vec![milk()]).await;
    let tab = Tab::open(workspace).await;
    tab.leads(workspace).await;
    let (put, mut heard) = inbox();
    let other = Channel::open(&database_name(workspace), put).unwrap();
    let count = async |heard: &mut futures::channel::mpsc::UnboundedReceiver<TabMessage>| {
        let mut told = 0;
        loop {
            match heard.next().await.unwrap() {
                TabMessage::SyncStatus(_) => told += 1,
                // The last message has been handled.
                TabMessage::WorkOffline { on: false } => return told,
                _ => {}
            }
        }
    };
    tab.client.dispatch(Intent::Sync(SyncIntent::Now));
    tab.client.dispatch(Intent::Sync(SyncIntent::WorkOffline(false)));
    count(&mut heard).await;
    for _ in 0..10 {
        tab.client.dispatch(Intent::Sync(SyncIntent::Now));
    }
    tab.client.dispatch(Intent::Sync(SyncIntent::WorkOffline(false)));
    assert_eq!(count(&mut heard).await, 0, "nothing has changed");

    other.post(&TabMessage::PushNow).unwrap();
    while !matches!(heard.next().await, Some(TabMessage::SyncStatus(_))) {}
    Profile::save(None).unwrap();
}

/// A workspace with one open task, and with enough completed ones that they are read after it.
async fn workspace_with_many() -> WorkspaceId {
    let workspace = WorkspaceId(new_id());
    let (journal, local) = open(workspace).await.unwrap();
    let mut replica = local.replica().clone();
    let living = replica.edit(milk()).set;
    let done = living
        .clone()
        .into_iter()
        .chain([(Field::Completed, Value::Int(7))]);
    let task = |id, set: Vec<(Field, Value)>| {
        let mut task = Entity::new(id, Kind::Task);
        task.absorb(
            set.into_iter()
                .map(|(field, value)| (field, Cell(value, Revision(1)))),
        );
        task
    };
    let done: Vec<_> = done.collect();
    let many = (1_000..5_000).map(|n| task(EntityId(Uuid::from_u128(n)), done.clone()));
    let all = Entry::Bootstrapped {
        epoch: Epoch(Uuid::from_u128(1)),
        revision: Revision(1),
        entities: many.chain([task(MILK, living.into_iter().collect())]).collect(),
        last: true,
        mark: Mark(0),
        vector: VersionVector::default(),
        at: Timestamp(0),
    };
    let row = all.to_row();
    let keys = journal.commit(0, |_| vec![row.clone()]).await.unwrap();
    replica.fold(keys[0], all);
    let texts: Vec<String> = replica.checkpoint().unwrap().collect();
    journal.checkpoint(keys[0], &parts(&texts)).await.unwrap();
    workspace
}

#[wasm_bindgen_test]
async fn an_edit_before_everything_is_read_waits_for_it() {
    let workspace = workspace_with_many().await;
    let tab = Tab::open(workspace).await;
    assert!(tab.titles().contains(&"Milk".to_owned()), "it is shown first");
    tab.rename("Milk", "Oat milk");
    let shown = || tab.store().window();
    until("everything is read", || shown().completed == 4_000).await;
    until("it is renamed", || tab.titles().contains(&"Oat milk".to_owned())).await;
    assert_eq!(shown().total, 4_001);
    let on_device = || tab.store().status().on_device;
    until("it is saved", || on_device() == OnDevice::Saved).await;
    assert_eq!(kept_title(workspace).await, "Oat milk");
    Profile::save(None).unwrap();
}
