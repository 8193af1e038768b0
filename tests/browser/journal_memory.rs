//! The journal in a browser that gives no storage.

use tsugi_client::browser::journal::{Checkpointed, Journal, JournalError, destroy};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::raw::{Patched, fresh, parts, patch};

fn row(text: &str) -> Vec<String> {
    vec![text.to_owned()]
}

fn denied() -> Patched {
    patch(
        "IDBFactory",
        "open",
        "throw new DOMException('denied', 'SecurityError');",
    )
}

#[wasm_bindgen_test]
async fn a_denied_store_is_replaced_by_memory_that_keeps_its_promises_while_the_page_lives() {
    let name = fresh("memory");
    let denied = denied();
    let journal = Journal::open_somewhere(&name).await.unwrap();
    drop(denied);
    assert!(journal.is_in_memory() && !journal.is_new());
    assert_ne!(journal.meeting_place(), journal.name(), "no other tab has it");
    let keys = journal.commit(0, |_| vec!["a".to_owned(), "b".to_owned()]).await;
    assert_eq!(keys.unwrap(), [1, 2]);
    assert_eq!(
        journal.checkpoint(2, &parts(&["packed"])).await,
        Ok(Checkpointed::Written)
    );
    let late = journal.checkpoint(1, &parts(&["older"])).await;
    assert_eq!(late, Ok(Checkpointed::Overtaken { position: 2 }));
    let keys = journal
        .commit(0, |tail| {
            assert_eq!((tail.checkpoint_position, tail.rows), (2, vec![]));
            row("c")
        })
        .await;
    assert_eq!(keys.unwrap(), [3], "a key is never used again");
    journal.put_meta("who", "me").await.unwrap();
    assert_eq!(journal.get_or_init_meta("who", "you").await.unwrap(), "me");

    // The journal is found again under its name, even if the browser gives storage by now.
    let again = Journal::open_somewhere(&name).await.unwrap();
    assert!(again.is_in_memory());
    let loaded = again.load().await.unwrap();
    assert_eq!((loaded.position, loaded.checkpoint), (2, parts(&["packed"])));
    assert_eq!(loaded.rows, [(3, "c".to_owned())]);
    again.quarantine(3, "why").await.unwrap();
    assert_eq!(journal.quarantined().await.unwrap()[0].row, "c");

    destroy(&name).await.unwrap();
    let stored = Journal::open_somewhere(&name).await.unwrap();
    assert!(stored.is_new() && !stored.is_in_memory());
    assert_eq!(stored.load().await.unwrap().rows, []);
}

#[wasm_bindgen_test]
async fn a_store_that_is_there_and_does_not_open_is_not_passed_over() {
    let name = fresh("full");
    let full = patch(
        "IDBFactory",
        "open",
        "throw new DOMException('full', 'QuotaExceededError');",
    );
    let opened = Journal::open_somewhere(&name).await;
    drop(full);
    assert_eq!(opened.err(), Some(JournalError::Quota));
}
