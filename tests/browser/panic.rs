//! The overlay over a page whose client has panicked.

use tsugi_client::browser::names::STOPPED;
use tsugi_client::browser::panic::{LastWords, prepare, show_overlay};
use tsugi_words::phrases;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

fn overlay() -> HtmlElement {
    let document = web_sys::window().unwrap().document().unwrap();
    document.get_element_by_id(STOPPED).unwrap().unchecked_into()
}

#[wasm_bindgen_test]
fn it_waits_out_of_sight_and_offers_to_reload_in_the_language_that_was_spoken_last() {
    let document = web_sys::window().unwrap().document().unwrap();
    let words = |heading| LastWords {
        heading,
        text: phrases::stopped_text(),
        reload: phrases::reload(),
    };
    prepare(words("停止"));
    prepare(words(phrases::stopped()));
    let another = format!("#{STOPPED} ~ #{STOPPED}");
    assert!(document.query_selector(&another).unwrap().is_none());
    assert_eq!(overlay().offset_height(), 0, "nobody sees it while all is well");
    show_overlay();
    show_overlay();
    assert!(overlay().offset_height() > 0);
    let text = overlay().text_content().unwrap();
    assert!(text.contains("safe on this device"), "{text}");
    assert_eq!(
        overlay().get_attribute("aria-label").as_deref(),
        Some("Tsugi has stopped")
    );
    let button = overlay().query_selector("button").unwrap().unwrap();
    assert_eq!(document.active_element().as_ref(), Some(&button));
    overlay().remove();
    // A page without an overlay only logs.
    show_overlay();
    assert!(document.get_element_by_id(STOPPED).is_none());
}
