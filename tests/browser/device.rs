//! The device: its name, languages, colours and storage.

use tsugi_client::browser::device::{
    is_storage_persistent, label, label_of, languages, persist_storage, storage_room,
};
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn browsers_get_names_that_people_know() {
    for (agent, expected) in [
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
            "Chrome on Linux",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 \
             Safari/537.36 Edg/140.0.0.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
             Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        ),
        (
            "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0",
            "Firefox on Android",
        ),
        ("", "A browser"),
    ] {
        assert_eq!(label_of(agent), expected);
    }
    assert!(label().contains(" on "), "{}", label());
}

#[wasm_bindgen_test]
async fn questions_are_answered_without_a_panic() {
    assert!(!languages().is_empty());
    if let Some(room) = storage_room().await {
        assert!(room.quota >= room.used);
    }
}

#[wasm_bindgen_test]
async fn a_browser_that_does_not_persist_says_no() {
    let denied = crate::raw::patch("StorageManager", "persist", "return Promise.resolve(false);");
    let kept = persist_storage().await;
    drop(denied);
    assert!(!kept);
    let silent = crate::raw::patch("StorageManager", "persisted", "return Promise.reject('no');");
    let said = is_storage_persistent().await;
    drop(silent);
    assert_eq!(said, None);
}
