//! A workspace whose storage is there, was deleted, or cannot be had.

use tsugi_client::browser::journal::{JournalError, database_name, destroy};
use tsugi_client::browser::local_storage;
use tsugi_client::browser::time::new_id;
use tsugi_client::tab::workspace::eviction::{Kept, forget, look};
use tsugi_client::tab::workspace::open;
use tsugi_sync::ids::WorkspaceId;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::raw::patch;

/// Deletes the data, as a browser does that runs out of room.
async fn throw_away(workspace: WorkspaceId) {
    match destroy(&database_name(workspace)).await {
        // If an earlier connection is still closing, the database is deleted right after that, and the next one to open
        // it waits.
        Ok(()) | Err(JournalError::Blocked) => {}
        Err(error) => panic!("{error}"),
    }
}

#[wasm_bindgen_test]
async fn a_database_that_was_thrown_away_is_missed_and_one_that_was_taken_off_is_not() {
    let workspace = WorkspaceId(new_id());
    let opened = async || open(workspace).await.unwrap().0;
    assert_eq!(look(workspace, &opened().await), Kept::Here, "the first time");
    assert_eq!(look(workspace, &opened().await), Kept::Here, "the next time");
    throw_away(workspace).await;
    assert_eq!(look(workspace, &opened().await), Kept::Evicted);
    assert_eq!(look(workspace, &opened().await), Kept::Here, "said once");
    throw_away(workspace).await;
    forget(workspace);
    assert_eq!(look(workspace, &opened().await), Kept::Here);
    forget(workspace);
}

#[wasm_bindgen_test]
async fn a_workspace_in_memory_leaves_no_marker() {
    let workspace = WorkspaceId(new_id());
    let denied = patch(
        "IDBFactory",
        "open",
        "throw new DOMException('denied', 'SecurityError');",
    );
    let (journal, local) = open(workspace).await.unwrap();
    drop(denied);
    assert_eq!(look(workspace, &journal), Kept::InMemory);
    assert_eq!(local_storage::get(&format!("tsugi.kept.{workspace}")), None);
    // Two pages with memory only are two replicas, and the server tells them apart.
    destroy(&database_name(workspace)).await.unwrap();
    let denied = patch(
        "IDBFactory",
        "open",
        "throw new DOMException('denied', 'SecurityError');",
    );
    let (_, another) = open(workspace).await.unwrap();
    drop(denied);
    assert_ne!(another.replica().id(), local.replica().id());
    destroy(&database_name(workspace)).await.unwrap();
}
