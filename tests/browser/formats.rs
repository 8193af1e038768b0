//! Databases that other versions of the app have left in a browser. Those of earlier versions are read for ever; those
//! of later versions are left as they are.

use std::collections::BTreeMap;

use serde::Deserialize;
use tsugi_client::browser::journal::{Journal, JournalError, database_name, destroy};
use tsugi_client::browser::time::new_id;
use tsugi_client::tab::workspace::{OpenError, open};
use tsugi_sync::conflict::{Conflict, State};
use tsugi_sync::entity::Fields;
use tsugi_sync::ids::{EntityId, Mark, MutationSeq, ReplicaId, Timestamp, WorkspaceId};
use tsugi_sync::log::Entry;
use tsugi_sync::task::Task;
use tsugi_sync::vector::VersionVector;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::made;
use crate::raw::{self, run, with_database};

/// A database of format 1, with a checkpoint and rows after it, as the first version of the app wrote it. It was made
/// with that version's core, and is never made again. The file also holds the state that the version read from it.
const FORMAT_1: &str = include_str!("golden/format-1.json");

/// The same for format 2: with marks, a version vector, acknowledged mutations, an exported row and an imported
/// mutation.
const FORMAT_2: &str = include_str!("golden/format-2.json");

#[derive(Deserialize)]
struct Golden {
    workspace: WorkspaceId,
    replica: ReplicaId,
    conflicts: usize,
    waiting: Vec<(MutationSeq, EntityId, Fields)>,
    parked: Vec<(MutationSeq, Fields)>,
    views: Vec<(EntityId, Fields)>,
    #[serde(default)]
    mark: Mark,
    #[serde(default)]
    vector: VersionVector,
}

fn golden(text: &str) -> Golden {
    serde_json::from_str(text).unwrap()
}

async fn stored() -> WorkspaceId {
    stored_as(FORMAT_1).await
}

/// Writes the database with the stores of that version, and returns its workspace. Each test gets a workspace of its
/// own.
async fn stored_as(text: &str) -> WorkspaceId {
    let workspace = WorkspaceId(new_id());
    let text = text.replace(&golden(text).workspace.to_string(), &workspace.to_string());
    run(
        "const golden = JSON.parse(input);
         const request = indexedDB.open('tsugi-' + golden.workspace, 1);
         request.onupgradeneeded = () => {
             request.result.createObjectStore('log', { autoIncrement: true });
             request.result.createObjectStore('checkpoint');
             request.result.createObjectStore('meta');
             request.result.createObjectStore('quarantine', { autoIncrement: true });
         };
         const database = await new Promise((resolve, reject) => {
             request.onsuccess = () => resolve(request.result);
             request.onerror = () => reject(request.error);
         });
         const write = database.transaction(['log', 'checkpoint', 'meta'], 'readwrite');
         for (const [key, row] of golden.rows) write.objectStore('log').add(row, key);
         golden.checkpoint.forEach((part, index) => write.objectStore('checkpoint').add(part, index));
         const head = JSON.stringify({ position: golden.position, count: golden.checkpoint.length });
         write.objectStore('checkpoint').add(head, 'head');
         write.objectStore('meta').add(golden.replica, 'replica');
         write.objectStore('meta').add(golden.workspace, 'incarnation');
         await new Promise((resolve, reject) => {
             write.oncomplete = resolve;
             write.onabort = () => reject(write.error);
         });
         database.close();",
        &text,
    )
    .await;
    workspace
}

fn values(entity: &tsugi_sync::entity::Entity) -> Fields {
    let fields = entity.fields.iter();
    fields
        .map(|(field, cell)| (field.clone(), cell.0.clone()))
        .collect()
}

#[wasm_bindgen_test]
async fn five_hundred_waiting_edits_of_every_format_are_all_there() {
    for text in [FORMAT_1, FORMAT_2] {
        all_are_there(text).await;
    }
}

async fn all_are_there(text: &str) {
    let (golden, workspace) = (golden(text), stored_as(text).await);
    let (journal, local) = open(workspace).await.unwrap();
    let replica = local.replica();
    assert_eq!(replica.id(), golden.replica);
    assert_eq!((replica.mark(), replica.vector()), (golden.mark, &golden.vector));
    assert_eq!(golden.waiting.len(), 500);
    assert_eq!(replica.outbox().len(), 500);
    for (seq, entity, set) in &golden.waiting {
        let waiting = &replica.outbox()[seq];
        assert_eq!((waiting.entity, &waiting.set), (*entity, set), "{seq}");
    }
    let parked: Vec<_> = replica.parked().iter().collect();
    let expected: BTreeMap<_, _> = golden.parked.into_iter().collect();
    assert_eq!(parked.len(), expected.len());
    for (seq, parked) in parked {
        assert_eq!(expected.get(seq), Some(&parked.mutation.set), "{seq}");
    }
    let mut open_conflicts = 0;
    for (id, fields) in &golden.views {
        let view = local.view(*id).unwrap();
        assert_eq!(&values(&view), fields, "{id}");
        open_conflicts += usize::from(Conflict::read(&view).is_some_and(|it| it.state == State::Open));
    }
    assert_eq!(local.ids().len(), golden.views.len());
    assert_eq!(open_conflicts, golden.conflicts);
    assert!(
        journal.quarantined().await.unwrap().is_empty(),
        "nothing was in the way"
    );
}

#[wasm_bindgen_test]
async fn packed_by_today_s_version_they_are_still_all_there() {
    for text in [FORMAT_1, FORMAT_2] {
        all_are_there_packed(text).await;
    }
}

async fn all_are_there_packed(text: &str) {
    let (golden, workspace) = (golden(text), stored_as(text).await);
    let (journal, local) = open(workspace).await.unwrap();
    let position = local.replica().position();
    let parts = local.replica().checkpoint().unwrap().collect::<Vec<_>>();
    journal.checkpoint(position, &raw::parts(&parts)).await.unwrap();
    drop((journal, local));
    let (journal, local) = open(workspace).await.unwrap();
    assert_eq!(local.replica().position(), position);
    let seqs: Vec<_> = local.replica().outbox().keys().copied().collect();
    let expected: Vec<_> = golden.waiting.iter().map(|(seq, ..)| *seq).collect();
    assert_eq!(seqs, expected);
    // New keys are larger than all keys before, because they are sequence numbers.
    let keys = journal
        .commit(position, |_| vec![Entry::Distrusted.to_row()])
        .await;
    assert_eq!(keys, Ok(vec![position + 1]));
}

#[wasm_bindgen_test]
async fn rows_of_a_later_version_are_left_alone_and_the_app_says_to_update() {
    let row = Entry::Distrusted.to_row();
    for later in [
        r#"{"entry":"woven","threads":["somebody's edit"]}"#.to_owned(),
        row.replacen('{', r#"{"format":99,"#, 1),
    ] {
        let workspace = stored().await;
        let name = database_name(workspace);
        let journal = Journal::open(&name).await.unwrap();
        let before = journal.load().await.unwrap();
        let written = journal
            .commit(before.rows.last().unwrap().0, |_| vec![later.clone()])
            .await;
        assert!(written.is_ok());
        let whole = journal.load().await.unwrap();
        assert!(matches!(open(workspace).await, Err(OpenError::Later)), "{later}");
        assert_eq!(journal.load().await.unwrap(), whole, "every row is where it was");
        assert!(journal.quarantined().await.unwrap().is_empty());
    }
}

#[wasm_bindgen_test]
async fn a_checkpoint_or_a_database_of_a_later_version_is_left_alone_too() {
    let workspace = stored().await;
    let name = database_name(workspace);
    let change = "const write = database.transaction(['checkpoint'], 'readwrite');
         const parts = write.objectStore('checkpoint');
         parts.get(0).onsuccess = ({ target }) =>
             parts.put(target.result.replace('\"format\":1', '\"format\":99'), 0);
         await done(write);";
    with_database(&name, 1, change).await;
    let whole = Journal::open(&name).await.unwrap().load().await.unwrap();
    assert!(matches!(open(workspace).await, Err(OpenError::Later)));
    assert_eq!(Journal::open(&name).await.unwrap().load().await.unwrap(), whole);

    with_database(&name, 2, "").await;
    assert!(matches!(open(workspace).await, Err(OpenError::Later)));
    assert_eq!(
        Journal::open(&name).await.unwrap_err(),
        JournalError::NewerVersion
    );
    destroy(&name).await.unwrap();
}

/// The first version read a row by its member `entry`, and ignored members that it did not know. Each row of today's
/// version has to be readable in this way, or not at all: then the first version asks for an update, and keeps the row.
#[wasm_bindgen_test]
async fn rows_of_todays_version_in_a_log_of_format_1_mean_the_same_to_the_first_version() {
    let (journal, local) = open(stored().await).await.unwrap();
    let edit = made::change(
        EntityId(new_id()),
        Task::create("By today's version", Timestamp(1_790_000_100_000)).unwrap(),
        made::stamp(1_790_000_100_000),
    );
    let row = Entry::Mutated(local.replica().edit(edit)).to_row();
    let position = local.replica().position();
    assert!(journal.commit(position, |_| vec![row.clone()]).await.is_ok());
    #[derive(Deserialize)]
    struct MutatedOfFormat1 {
        entry: String,
        entity: EntityId,
        kind: String,
        set: Fields,
        base: BTreeMap<String, (tsugi_sync::value::Value, u64)>,
        at: u64,
        group: Option<uuid::Uuid>,
    }
    let read: MutatedOfFormat1 = serde_json::from_str(&row).unwrap();
    assert_eq!((read.entry.as_str(), read.kind.as_str()), ("mutated", "task"));
    assert_eq!(
        read.set[&tsugi_sync::entity::Field::Title],
        "By today's version".into()
    );
    assert!(read.base.is_empty() && read.group.is_none() && read.at == 1_790_000_100_000);
    assert!(!local.ids().contains(&read.entity));
}
