//! The page itself: its events, its title and its address.
//!
//! The events `online` and `offline` can both be wrong. They are only reasons to probe. Left out: `beforeunload`,
//! because edits are durable before they are shown as saved, so leaving loses nothing; and messages to the service worker,
//! which `start.js` sends, because it has to work where the app does not start.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::{on_cleanup, window_event_listener_untyped};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Blob, BlobPropertyBag, Document, Event, EventTarget, HtmlElement, PageTransitionEvent, Url,
    VisibilityState, Window,
};

use super::js;

/// An event of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageEvent {
    Online,
    Offline,
    Focused,
    Shown,
    Hidden,
    /// The page is back from the browser's cache of pages, and all its sockets and locks are gone.
    Restored,
    /// The page is about to be frozen, without timers, for an unknown time.
    Frozen,
    Resumed,
    /// A newer version of the app is complete on this device; `start.js` reports it.
    UpdateReady,
}

/// The listeners; they are removed when this is dropped.
#[derive(Debug)]
pub struct PageEvents {
    listeners: Vec<Listener>,
}

impl PageEvents {
    /// Calls `on_event` for each event of the page from now on.
    pub fn listen(on_event: impl FnMut(PageEvent) + 'static) -> Self {
        let sink: Sink = Rc::new(RefCell::new(on_event));
        let mut listeners = Vec::new();
        if let Some(window) = web_sys::window() {
            for (name, event) in [
                ("online", PageEvent::Online),
                ("offline", PageEvent::Offline),
                ("focus", PageEvent::Focused),
                ("tsugi-update", PageEvent::UpdateReady),
            ] {
                listeners.extend(Listener::add(&window, name, &sink, move |_| Some(event)));
            }
            listeners.extend(Listener::add(&window, "pageshow", &sink, |event| {
                let event: &PageTransitionEvent = event.dyn_ref()?;
                event.persisted().then_some(PageEvent::Restored)
            }));
        }
        if let Some(document) = document() {
            listeners.extend(Listener::add(&document, "visibilitychange", &sink, |_| {
                Some(if is_visible() {
                    PageEvent::Shown
                } else {
                    PageEvent::Hidden
                })
            }));
            for (name, event) in [("freeze", PageEvent::Frozen), ("resume", PageEvent::Resumed)] {
                listeners.extend(Listener::add(&document, name, &sink, move |_| Some(event)));
            }
        }
        Self { listeners }
    }

    /// How many kinds of events have a listener.
    #[must_use]
    pub fn count(&self) -> usize {
        self.listeners.len()
    }
}

/// Calls back when the page is about to go, as long as the calling component exists. The page may come back.
pub fn on_leave(callback: impl Fn() + 'static) {
    let leaving = window_event_listener_untyped("pagehide", move |_| callback());
    on_cleanup(move || leaving.remove());
}

/// Whether the page is visible.
#[must_use]
pub fn is_visible() -> bool {
    document().is_none_or(|document| document.visibility_state() != VisibilityState::Hidden)
}

/// Whether the browser says that there is a network. `false` is rarely wrong, and `true` often.
#[must_use]
pub fn claims_online() -> bool {
    web_sys::window().is_none_or(|window| window.navigator().on_line())
}

pub fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// Sets an attribute of the page's root: its language, its direction, its colours.
pub fn set_root(attribute: &str, value: &str) {
    let root = document().and_then(|document| document.document_element());
    if let Some(Err(thrown)) = root.map(|root| root.set_attribute(attribute, value)) {
        js::warn(&format!("{attribute} is not shown: {}", js::describe(&thrown)));
    }
}

/// A property of the style sheet at the page's root, as it is written there.
#[must_use]
pub fn style_value(name: &str) -> Option<String> {
    let root = document()?.document_element()?;
    let style = web_sys::window()?.get_computed_style(&root).ok()??;
    style.get_property_value(name).ok()
}

/// Sets the colours of the browser's frame around the page, for a light and for a dark system.
pub fn set_frame_colours(light: &str, dark: &str) {
    for (system, colour) in [("light", light), ("dark", dark)] {
        let selector = format!("meta[name=theme-color][media*={system}]");
        let meta = document().and_then(|document| document.query_selector(&selector).ok()?);
        if let Some(Err(thrown)) = meta.map(|meta| meta.set_attribute("content", colour)) {
            js::warn(&format!("the frame keeps its colour: {}", js::describe(&thrown)));
        }
    }
}

/// The build of the app: a part of the hash in the names of its files. `None` if Trunk has written no names.
#[must_use]
pub fn build() -> Option<String> {
    let app = document()?.query_selector("meta[name=tsugi-app]").ok()??;
    let wasm = app.get_attribute("data-wasm")?;
    let (_, name) = wasm.strip_suffix("_bg.wasm")?.rsplit_once('-')?;
    Some(name.chars().take(8).collect())
}

/// The beginning of every address here, such as `https://tsugi.example`.
#[must_use]
pub fn origin() -> String {
    let origin = web_sys::window().and_then(|window| window.location().origin().ok());
    origin.unwrap_or_default()
}

/// The path and query of the address bar.
#[must_use]
pub fn path() -> String {
    let read = |location: web_sys::Location| Some(location.pathname().ok()? + &location.search().ok()?);
    web_sys::window()
        .and_then(|window| read(window.location()))
        .unwrap_or_else(|| "/".to_owned())
}

/// Puts a text into the browser's downloads.
///
/// # Errors
/// If the browser does not accept it.
pub fn download(name: &str, text: &str) -> Result<(), NotTaken> {
    try_download(name, text).map_err(|thrown| NotTaken(js::describe(&thrown)))
}

/// The browser did not accept the download.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the browser takes no download: {0}")]
pub struct NotTaken(String);

fn try_download(name: &str, text: &str) -> Result<(), JsValue> {
    let document = document().ok_or("no document")?;
    let kind = BlobPropertyBag::new();
    kind.set_type("application/json");
    let parts = js_sys::Array::of1(&JsValue::from_str(text));
    let url = Url::create_object_url_with_blob(&Blob::new_with_str_sequence_and_options(&parts, &kind)?)?;
    let link: HtmlElement = document.create_element("a")?.dyn_into()?;
    link.set_attribute("href", &url)?;
    link.set_attribute("download", name)?;
    link.click();
    // By then the browser has begun to read the text, and keeps it.
    Url::revoke_object_url(&url)
}

/// Says to `glance.js` that the app shows its own screen now.
pub fn say_listed() {
    if let (Some(window), Ok(event)) = (web_sys::window(), web_sys::Event::new("tsugi-listed")) {
        drop(window.dispatch_event(&event));
    }
}

pub fn reload() {
    if let Some(Err(thrown)) = web_sys::window().map(|window: Window| window.location().reload()) {
        js::warn(&format!("the page did not reload: {}", js::describe(&thrown)));
    }
}

fn document() -> Option<Document> {
    web_sys::window()?.document()
}

type Sink = Rc<RefCell<dyn FnMut(PageEvent)>>;

#[derive(Debug)]
struct Listener {
    target: EventTarget,
    name: &'static str,
    callback: Closure<dyn FnMut(Event)>,
}

impl Listener {
    fn add(
        target: &EventTarget,
        name: &'static str,
        sink: &Sink,
        read: impl Fn(Event) -> Option<PageEvent> + 'static,
    ) -> Option<Self> {
        let sink = Rc::clone(sink);
        let callback = Closure::<dyn FnMut(Event)>::new(move |event| {
            // It is borrowed only if an event arrives while another one is being handled. That one is enough.
            if let Some(event) = read(event)
                && let Ok(mut sink) = sink.try_borrow_mut()
            {
                sink(event);
            }
        });
        target
            .add_event_listener_with_callback(name, callback.as_ref().unchecked_ref())
            .ok()?;
        Some(Self {
            target: target.clone(),
            name,
            callback,
        })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let removed = self
            .target
            .remove_event_listener_with_callback(self.name, self.callback.as_ref().unchecked_ref());
        if let Err(thrown) = removed {
            js::warn(&format!("a listener stays: {}", js::describe(&thrown)));
        }
    }
}

/// Turns on the style of what the part `rest` draws. It has its own file, which holds nothing up; `trunk serve` puts it
/// with the rest.
pub fn show_late_style() {
    let sheet = document().and_then(|document| document.get_element_by_id("late-style"));
    if let Some(sheet) = sheet {
        drop(sheet.set_attribute("media", "all"));
    }
}
