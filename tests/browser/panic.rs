//! The overlay of a dead page.

use tsugi_client::browser::panic::{OVERLAY_ID, show_overlay};
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn it_appears_once_and_offers_to_reload() {
    let document = web_sys::window().unwrap().document().unwrap();
    show_overlay();
    show_overlay();
    let overlay = document.get_element_by_id(OVERLAY_ID).unwrap();
    let text = overlay.text_content().unwrap();
    assert!(text.contains("safe on this device"), "{text}");
    let button = overlay.query_selector("button").unwrap().unwrap();
    assert_eq!(document.active_element().as_ref(), Some(&button));
    overlay.remove();
    assert!(document.get_element_by_id(OVERLAY_ID).is_none());
}
