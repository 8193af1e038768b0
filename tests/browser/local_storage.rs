//! Small values in the local storage.

use tsugi_client::browser::local_storage::{NotStored, get, remove, set};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::raw::{fresh, patch};

#[wasm_bindgen_test]
fn a_value_comes_back_until_it_is_removed() {
    let key = fresh("value");
    assert_eq!(get(&key), None);
    set(&key, "kept").unwrap();
    assert_eq!(get(&key).as_deref(), Some("kept"));
    remove(&key).unwrap();
    assert_eq!(get(&key), None);
}

#[wasm_bindgen_test]
fn a_full_or_denied_storage_says_so() {
    let full = patch(
        "Storage",
        "setItem",
        "throw new DOMException('full', 'QuotaExceededError');",
    );
    let stored = set("tsugi-full", "value");
    drop(full);
    assert_eq!(stored, Err(NotStored));

    let denied = patch(
        "Storage",
        "getItem",
        "throw new DOMException('denied', 'SecurityError');",
    );
    let found = get("tsugi-denied");
    drop(denied);
    assert_eq!(found, None);
}
