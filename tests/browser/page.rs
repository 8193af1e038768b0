//! Events of the page.

use tsugi_client::browser::page::{PageEvent, PageEvents, is_visible, path, set_title};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Event, EventTarget};

use crate::raw::inbox;

fn happen(target: &EventTarget, name: &str) {
    target.dispatch_event(&Event::new(name).unwrap()).unwrap();
}

#[wasm_bindgen_test]
fn events_arrive_until_the_guard_is_dropped() {
    let window = web_sys::window().unwrap();
    let document = window.document().unwrap();
    let (put, mut events) = inbox();
    let listening = PageEvents::listen(put);
    assert_eq!(listening.count(), 8);
    let seen = if is_visible() {
        PageEvent::Shown
    } else {
        PageEvent::Hidden
    };
    for (target, name, expected) in [
        (window.as_ref(), "online", PageEvent::Online),
        (window.as_ref(), "offline", PageEvent::Offline),
        (window.as_ref(), "focus", PageEvent::Focused),
        (window.as_ref(), "tsugi-update", PageEvent::UpdateReady),
        (document.as_ref(), "visibilitychange", seen),
        (document.as_ref(), "freeze", PageEvent::Frozen),
        (document.as_ref(), "resume", PageEvent::Resumed),
    ] {
        happen(target, name);
        assert_eq!(events.try_recv().ok(), Some(expected));
    }
    // This is an ordinary page load and not one from the cache, and the event is not even a page transition.
    happen(&window, "pageshow");
    assert!(events.try_recv().is_err());

    drop(listening);
    happen(&window, "online");
    assert!(events.try_recv().is_err());
}

#[wasm_bindgen_test]
fn the_page_has_a_title_and_a_path() {
    set_title("Tsugi");
    assert_eq!(web_sys::window().unwrap().document().unwrap().title(), "Tsugi");
    assert!(path().starts_with('/'));
}
