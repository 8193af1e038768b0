//! The journal with failures: damaged data, other versions, and a browser that closes connections or fails.

use tsugi_client::browser::journal::{Journal, JournalError, destroy, names};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::raw::{fresh, parts, patch, run, with_database};

fn row(text: &str) -> Vec<String> {
    vec![text.to_owned()]
}

/// Puts a value that is not text into the log.
async fn damage(name: &str) {
    with_database(
        name,
        1,
        "const transaction = database.transaction('log', 'readwrite');
         transaction.objectStore('log').add({ not: 'text' });
         await done(transaction);",
    )
    .await;
}

#[wasm_bindgen_test]
async fn a_row_that_is_no_text_is_set_aside_and_the_rest_is_read() {
    let name = fresh("damaged");
    let journal = Journal::open(&name).await.unwrap();
    journal.commit(0, |_| row("before")).await.unwrap();
    damage(&name).await;
    journal.commit(2, |_| row("after")).await.unwrap();

    let loaded = journal.load().await.unwrap();
    assert_eq!(loaded.rows, [(1, "before".to_owned()), (3, "after".to_owned())]);
    assert_eq!(loaded.unreadable, 1);
    assert_eq!(journal.load().await.unwrap().unreadable, 0);
    let kept = journal.quarantined().await.unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].row, r#"{"not":"text"}"#);
}

#[wasm_bindgen_test]
async fn a_commit_also_sets_damaged_rows_aside() {
    let name = fresh("damaged-commit");
    let journal = Journal::open(&name).await.unwrap();
    damage(&name).await;
    let keys = journal
        .commit(0, |tail| {
            assert_eq!(tail.rows, []);
            row("after")
        })
        .await;
    assert_eq!(keys.unwrap(), [2]);
    assert_eq!(journal.quarantined().await.unwrap().len(), 1);
}

#[wasm_bindgen_test]
async fn a_caller_can_set_a_row_aside() {
    let journal = Journal::open(&fresh("aside")).await.unwrap();
    journal
        .commit(0, |_| vec!["{}".to_owned(), "?".to_owned()])
        .await
        .unwrap();
    journal.quarantine(2, "not a mutation").await.unwrap();
    journal.quarantine(99, "not there").await.unwrap();
    assert_eq!(journal.load().await.unwrap().rows, [(1, "{}".to_owned())]);
    let kept = journal.quarantined().await.unwrap();
    assert_eq!(
        (kept[0].row.as_str(), kept[0].reason.as_str()),
        ("?", "not a mutation")
    );
    assert_eq!(journal.commit(1, |_| row("next")).await.unwrap(), [3]);
}

#[wasm_bindgen_test]
async fn of_a_damaged_checkpoint_what_can_be_read_is_read_and_the_rest_is_counted() {
    let damages = [
        ("delete(1)", 0, vec!["one"], 1),
        ("put(7, 0)", 0, vec!["", "two"], 1),
        ("delete('head')", 0, vec!["one", "two"], 1),
        ("put('rubbish', 'head')", 0, vec!["one", "two", "rubbish"], 1),
    ];
    for (damage, position, left, unreadable) in damages {
        let name = fresh("damaged-checkpoint");
        let journal = Journal::open(&name).await.unwrap();
        journal.checkpoint(0, &parts(&["one", "two"])).await.unwrap();
        journal.commit(0, |_| row("edit")).await.unwrap();
        let script = format!(
            "const transaction = database.transaction('checkpoint', 'readwrite');
             transaction.objectStore('checkpoint').{damage};
             await done(transaction);"
        );
        with_database(&name, 1, &script).await;
        let loaded = journal.load().await.unwrap();
        assert_eq!(
            (loaded.position, loaded.unreadable),
            (position, unreadable),
            "{damage}"
        );
        assert_eq!(loaded.checkpoint, parts(&left), "{damage}");
        assert_eq!(loaded.rows, [(1, "edit".to_owned())], "{damage}");
        assert_eq!(journal.tail(0).await.unwrap().rows.len(), 1, "{damage}");
        assert_eq!(journal.commit(1, |_| row("next")).await.unwrap(), [2], "{damage}");
    }
}

#[wasm_bindgen_test]
async fn a_database_of_a_later_version_is_left_alone() {
    let name = fresh("later");
    let journal = Journal::open(&name).await.unwrap();
    journal.commit(0, |_| row("edit")).await.unwrap();
    // A later version opens the database in another tab. The open connection makes way, and then reports the reason.
    with_database(&name, 2, "").await;
    assert_eq!(
        journal.commit(1, |_| row("late")).await,
        Err(JournalError::NewerVersion)
    );
    assert_eq!(Journal::open(&name).await.err(), Some(JournalError::NewerVersion));
    let count = with_database(
        &name,
        2,
        "return await new Promise((resolve) => {
            const request = database.transaction('log').objectStore('log').count();
            request.onsuccess = () => resolve(request.result);
         });",
    )
    .await;
    assert_eq!(count.as_f64(), Some(1.0));
}

#[wasm_bindgen_test]
async fn an_aborted_transaction_is_an_error_and_changes_nothing() {
    let journal = Journal::open(&fresh("aborted")).await.unwrap();
    let failing = patch(
        "IDBObjectStore",
        "add",
        "const request = original.apply(this, given); this.transaction.abort(); return request;",
    );
    let aborted = journal.commit(0, |_| row("lost")).await;
    drop(failing);
    assert!(matches!(aborted, Err(JournalError::Aborted(_))), "{aborted:?}");
    assert_eq!(journal.load().await.unwrap().rows, []);
    assert_eq!(journal.commit(0, |_| row("kept")).await.unwrap().len(), 1);
}

#[wasm_bindgen_test]
async fn every_write_asks_for_strict_durability() {
    let journal = Journal::open(&fresh("strict")).await.unwrap();
    // The patched browser accepts only strict durability.
    let demanding = patch(
        "IDBDatabase",
        "transaction",
        "if (given[1] === 'readwrite' && given[2]?.durability !== 'strict')
             throw new DOMException('relaxed', 'NotSupportedError');
         const transaction = original.apply(this, given);
         if (given[1] === 'readwrite' && transaction.durability !== 'strict')
             throw new DOMException('not heard', 'NotSupportedError');
         return transaction;",
    );
    let committed = journal.commit(0, |_| row("kept")).await;
    let checkpoint = journal.checkpoint(1, &parts(&["part"])).await;
    let meta = journal.put_meta("key", "value").await;
    drop(demanding);
    assert_eq!(committed, Ok(vec![1]));
    checkpoint.unwrap();
    meta.unwrap();
}

#[wasm_bindgen_test]
async fn half_a_commit_is_not_kept() {
    let journal = Journal::open(&fresh("half")).await.unwrap();
    let failing = patch(
        "IDBObjectStore",
        "add",
        "state.count = (state.count ?? 0) + 1;
         if (state.count === 2) throw new DOMException('full', 'QuotaExceededError');
         return original.apply(this, given);",
    );
    let full = journal
        .commit(0, |_| vec!["one".to_owned(), "two".to_owned()])
        .await;
    drop(failing);
    assert_eq!(full, Err(JournalError::Quota));
    assert_eq!(journal.load().await.unwrap().rows, []);
}

#[wasm_bindgen_test]
async fn a_connection_closed_under_us_is_opened_again() {
    let journal = Journal::open(&fresh("closed")).await.unwrap();
    journal.commit(0, |_| row("first")).await.unwrap();
    let closing = patch(
        "IDBDatabase",
        "transaction",
        "if (!state.closed) { state.closed = true; this.close(); } return original.apply(this, given);",
    );
    let keys = journal.commit(1, |_| row("second")).await;
    drop(closing);
    assert_eq!(keys.unwrap(), [2]);

    let closing = patch(
        "IDBDatabase",
        "transaction",
        "if (!state.closed) { state.closed = true; this.close(); } return original.apply(this, given);",
    );
    let loaded = journal.load().await;
    drop(closing);
    assert_eq!(loaded.unwrap().rows.len(), 2);
}

#[wasm_bindgen_test]
async fn a_connection_that_stays_dead_is_said_after_one_more_try() {
    let journal = Journal::open(&fresh("dead")).await.unwrap();
    let closing = patch(
        "IDBDatabase",
        "transaction",
        "this.close(); return original.apply(this, given);",
    );
    let dead = journal.commit(0, |_| row("lost")).await;
    drop(closing);
    assert_eq!(dead, Err(JournalError::Closed));
    assert_eq!(journal.commit(0, |_| row("kept")).await.unwrap(), [1]);
}

#[wasm_bindgen_test]
async fn a_commit_whose_news_was_lost_is_not_made_twice() {
    let journal = Journal::open(&fresh("twice")).await.unwrap();
    // The rows are written, but the connection reports that it has died.
    let dying = patch(
        "IDBObjectStore",
        "add",
        "const request = original.apply(this, given);
         if (!state.died) {
             state.died = true;
             const transaction = this.transaction;
             transaction.addEventListener('complete', (event) => {
                 event.stopImmediatePropagation();
                 Object.defineProperty(transaction, 'error', {
                     value: new DOMException('Connection to the server lost', 'UnknownError'),
                 });
                 transaction.onabort(event);
             }, { once: true });
             const told = transaction.oncomplete;
             transaction.oncomplete = null;
         }
         return request;",
    );
    let mut calls = 0;
    let keys = journal
        .commit(0, |_| {
            calls += 1;
            row("once")
        })
        .await;
    drop(dying);
    assert_eq!(keys.unwrap(), [1]);
    assert_eq!(calls, 1);
    assert_eq!(journal.load().await.unwrap().rows, [(1, "once".to_owned())]);
}

#[wasm_bindgen_test]
async fn deleting_does_not_wait_for_open_handles_which_do_not_bring_it_back() {
    let name = fresh("gone");
    let journal = Journal::open(&name).await.unwrap();
    journal.commit(0, |_| row("edit")).await.unwrap();
    destroy(&name).await.unwrap();
    assert_eq!(journal.commit(1, |_| row("late")).await, Err(JournalError::Gone));
    if let Some(names) = names().await.unwrap() {
        assert!(!names.contains(&name));
    }

    // The deleted journal also does not read the data of the next account.
    let next = Journal::open(&name).await.unwrap();
    assert_eq!(journal.load().await, Err(JournalError::Gone));
    assert_eq!(next.commit(0, |_| row("new")).await.unwrap(), [1]);
}

#[wasm_bindgen_test]
async fn a_tab_that_does_not_let_go_blocks_a_deletion() {
    let name = fresh("blocked");
    drop(Journal::open(&name).await.unwrap());
    run(
        "await new Promise((resolve) => {
            const request = indexedDB.open(input);
            request.onsuccess = () => { globalThis.stubborn = request.result; resolve(); };
         });",
        &name,
    )
    .await;
    assert_eq!(destroy(&name).await, Err(JournalError::Blocked));
    run("globalThis.stubborn.close(); delete globalThis.stubborn;", "").await;
    destroy(&name).await.unwrap();
}

#[wasm_bindgen_test]
async fn a_browser_without_indexeddb_says_so() {
    let denied = patch(
        "IDBFactory",
        "open",
        "throw new DOMException('denied', 'SecurityError');",
    );
    let opened = Journal::open(&fresh("denied")).await;
    drop(denied);
    assert!(matches!(opened, Err(JournalError::Unavailable(_))), "{opened:?}");
}
