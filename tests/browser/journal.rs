//! The journal without failures: order, tabs, checkpoints.

use futures::future::join;
use tsugi_client::browser::journal::{Checkpointed, Journal, Loaded, database_name, destroy, names};
use tsugi_client::browser::time::new_id;
use tsugi_sync::ids::WorkspaceId;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::raw::{fresh, parts};

fn rows(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[wasm_bindgen_test]
async fn a_new_journal_is_empty() {
    let journal = Journal::open(&fresh("empty")).await.unwrap();
    assert_eq!(journal.load().await.unwrap(), Loaded::default());
}

#[wasm_bindgen_test]
async fn rows_come_back_in_order_to_a_later_visit() {
    let name = fresh("order");
    let journal = Journal::open(&name).await.unwrap();
    assert_eq!(journal.commit(0, |_| rows(&["a", "b"])).await.unwrap(), [1, 2]);
    assert_eq!(journal.commit(2, |_| rows(&["ü"])).await.unwrap(), [3]);
    assert_eq!(journal.commit(3, |_| Vec::new()).await.unwrap(), [] as [u64; 0]);
    drop(journal);

    let journal = Journal::open(&name).await.unwrap();
    let expected = vec![(1, "a".to_owned()), (2, "b".to_owned()), (3, "ü".to_owned())];
    assert_eq!(journal.load().await.unwrap().rows, expected);
    assert_eq!(journal.tail(1).await.unwrap().rows, expected[1..]);
}

#[wasm_bindgen_test]
async fn two_tabs_get_distinct_keys_and_see_each_other() {
    let name = fresh("tabs");
    let (left, right) = join(Journal::open(&name), Journal::open(&name)).await;
    let (left, right) = (left.unwrap(), right.unwrap());
    let mut keys = Vec::new();
    for _ in 0..20 {
        let mut seen = Vec::new();
        let (mine, theirs) = join(
            left.commit(0, |tail| {
                seen.push(tail.rows.len());
                rows(&["left", "left again"])
            }),
            async {
                let mut length = 0;
                let keys = right
                    .commit(0, |tail| {
                        length = tail.rows.len();
                        rows(&["right"])
                    })
                    .await;
                (keys, length)
            },
        )
        .await;
        let ((mine, theirs), length) = ((mine.unwrap(), theirs.0.unwrap()), theirs.1);
        // The second of the two commits saw all rows of the first.
        if mine[0] < theirs[0] {
            assert_eq!((seen[0], length), (keys.len(), keys.len() + 2));
            keys.extend(mine.into_iter().chain(theirs));
        } else {
            assert_eq!((seen[0], length), (keys.len() + 1, keys.len()));
            keys.extend(theirs.into_iter().chain(mine));
        }
    }
    assert_eq!(keys, (1..=60).collect::<Vec<u64>>());
    assert_eq!(left.load().await.unwrap(), right.load().await.unwrap());
}

#[wasm_bindgen_test]
async fn a_checkpoint_replaces_rows_whose_keys_are_never_used_again() {
    let name = fresh("checkpoint");
    let journal = Journal::open(&name).await.unwrap();
    journal.commit(0, |_| rows(&["a", "b", "c"])).await.unwrap();
    let written = journal
        .checkpoint(3, &parts(&["part 0", "part 1"]))
        .await
        .unwrap();
    assert_eq!(written, Checkpointed::Written);
    drop(journal);

    let journal = Journal::open(&name).await.unwrap();
    let loaded = journal.load().await.unwrap();
    assert_eq!(loaded.position, 3);
    assert_eq!(loaded.checkpoint, parts(&["part 0", "part 1"]));
    assert_eq!(loaded.rows, []);
    let keys = journal
        .commit(1, |tail| {
            assert_eq!(
                tail.checkpoint_position, 3,
                "rows after 1 are gone, and this says so"
            );
            rows(&["d"])
        })
        .await
        .unwrap();
    assert_eq!(keys, [4]);

    // A checkpoint with fewer parts leaves none of the old ones.
    journal.checkpoint(4, &parts(&["only part"])).await.unwrap();
    assert_eq!(journal.load().await.unwrap().checkpoint, parts(&["only part"]));
}

#[wasm_bindgen_test]
async fn many_parts_stay_in_order() {
    let journal = Journal::open(&fresh("parts")).await.unwrap();
    let texts: Vec<String> = (0..25).map(|index| format!("part {index}")).collect();
    journal.checkpoint(0, &parts(&texts)).await.unwrap();
    assert_eq!(journal.load().await.unwrap().checkpoint, parts(&texts));
}

#[wasm_bindgen_test]
async fn an_older_checkpoint_does_not_replace_a_later_one() {
    let journal = Journal::open(&fresh("overtaken")).await.unwrap();
    journal.commit(0, |_| rows(&["a", "b"])).await.unwrap();
    journal.checkpoint(2, &parts(&["both"])).await.unwrap();
    let late = journal.checkpoint(1, &parts(&["first"])).await.unwrap();
    assert_eq!(late, Checkpointed::Overtaken { position: 2 });
    assert_eq!(journal.load().await.unwrap().checkpoint, parts(&["both"]));
}

#[wasm_bindgen_test]
async fn all_tabs_agree_on_what_was_there_first() {
    let name = fresh("meta");
    let (left, right) = join(Journal::open(&name), Journal::open(&name)).await;
    let (left, right) = (left.unwrap(), right.unwrap());
    assert_eq!(left.get_meta("replica").await.unwrap(), None);
    let (mine, theirs) = join(
        left.get_or_init_meta("replica", "left"),
        right.get_or_init_meta("replica", "right"),
    )
    .await;
    assert_eq!(mine.unwrap(), theirs.unwrap());
    right.put_meta("replica", "other").await.unwrap();
    assert_eq!(left.get_meta("replica").await.unwrap(), Some("other".to_owned()));
}

#[wasm_bindgen_test]
async fn databases_are_listed_and_deleted() {
    let name = database_name(WorkspaceId(new_id()));
    drop(Journal::open(&name).await.unwrap());
    if let Some(listed) = names().await.unwrap() {
        assert!(listed.contains(&name));
    }
    destroy(&name).await.unwrap();
    if let Some(listed) = names().await.unwrap() {
        assert!(!listed.contains(&name));
    }
}
