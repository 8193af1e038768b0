//! The address bar, and *back* and *forward*. Left out: scroll positions, which browsers restore by themselves.

use wasm_bindgen::JsCast;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, History};

use super::js;
use super::page;

fn history() -> Option<History> {
    web_sys::window()?.history().ok()
}

/// Goes to a path of this app; *back* comes here again.
pub fn push(path: &str) {
    write(path, History::push_state_with_url);
}

/// Replaces the present path by another.
pub fn replace(path: &str) {
    write(path, History::replace_state_with_url);
}

type Write = fn(&History, &JsValue, &str, Option<&str>) -> Result<(), JsValue>;

fn write(path: &str, how: Write) {
    if page::path() == path {
        return;
    }
    let written = history().map(|history| how(&history, &JsValue::NULL, "", Some(path)));
    if let Some(Err(thrown)) = written {
        // Browsers limit how often a page may do this. The app goes on, and the address stays as it is.
        js::warn(&format!(
            "the address bar did not follow: {}",
            js::describe(&thrown)
        ));
    }
}

/// Listens to *back* and *forward* as long as it exists.
#[derive(Debug)]
pub struct Travels {
    callback: Closure<dyn FnMut(Event)>,
}

impl Travels {
    /// Calls `on_path` with the path and query to which the person has gone.
    pub fn listen(on_path: impl Fn(String) + 'static) -> Self {
        let callback = Closure::<dyn FnMut(Event)>::new(move |_| on_path(page::path()));
        if let Some(window) = web_sys::window() {
            let listens =
                window.add_event_listener_with_callback("popstate", callback.as_ref().unchecked_ref());
            if let Err(thrown) = listens {
                js::warn(&format!("going back is not heard: {}", js::describe(&thrown)));
            }
        }
        Self { callback }
    }
}

impl Drop for Travels {
    fn drop(&mut self) {
        if let Some(window) = web_sys::window() {
            drop(
                window
                    .remove_event_listener_with_callback("popstate", self.callback.as_ref().unchecked_ref()),
            );
        }
    }
}
