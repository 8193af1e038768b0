//! The device and browser: language, colours, a name for people, and room for data.
//!
//! Left out: any recognition of the device beyond a name by which its owner knows it.

use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::StorageEstimate;

use super::{js, local_storage};

/// The room for data, in bytes, as the browser estimates it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Room {
    pub used: u64,
    pub quota: u64,
}

/// The languages that the person reads, the preferred one first, as the browser says, such as `ja-JP`.
#[must_use]
pub fn languages() -> Vec<String> {
    let languages = web_sys::window().map(|window| window.navigator().languages());
    let tags = languages.into_iter().flat_map(|languages| languages.to_vec());
    tags.filter_map(|tag| tag.as_string()).collect()
}

/// Whether the person points with a finger, so that an input that gets the focus brings up a keyboard.
#[must_use]
pub fn has_coarse_pointer() -> bool {
    matches("(pointer: coarse)")
}

/// Whether the person wants nothing to move by itself.
#[must_use]
pub fn prefers_reduced_motion() -> bool {
    matches("(prefers-reduced-motion: reduce)")
}

fn matches(query: &str) -> bool {
    let media = web_sys::window().and_then(|window| window.match_media(query).ok().flatten());
    media.is_some_and(|media| media.matches())
}

/// Asks the browser not to evict this origin's data. `false` means that it may do so when room is short.
pub async fn persist_storage() -> bool {
    match ask_storage("persist").await {
        Some(answer) => answer.is_truthy(),
        None => false,
    }
}

/// Whether the browser has agreed to that; `None` if it does not say.
pub async fn is_storage_persistent() -> Option<bool> {
    Some(ask_storage("persisted").await?.is_truthy())
}

/// The room for data; `None` if the browser does not say.
pub async fn storage_room() -> Option<Room> {
    let estimate: StorageEstimate = ask_storage("estimate").await?.unchecked_into();
    Some(Room {
        used: estimate.get_usage()? as u64,
        quota: estimate.get_quota()? as u64,
    })
}

/// Under which the name is kept that a person gave this device.
const NAME: &str = "tsugi.device";
/// The most bytes of the name of a device: the server takes no more.
const NAME_BYTES: usize = tsugi_sync::limits::HELLO_TEXT_BYTES;

/// The name that a person gave this device, or else the name of its browser and system.
#[must_use]
pub fn name() -> String {
    local_storage::get(NAME).unwrap_or_else(label)
}

/// Names this device, as far as there is room. A blank name gives it its own name back.
///
/// # Errors
/// If the browser stores nothing for this page.
pub fn set_name(name: &str) -> Result<(), local_storage::NotStored> {
    let name = name.trim();
    let fits = |(at, letter): &(usize, char)| at + letter.len_utf8() <= NAME_BYTES;
    let kept: String = name
        .char_indices()
        .take_while(fits)
        .map(|(_, letter)| letter)
        .collect();
    match kept.is_empty() {
        true => local_storage::remove(NAME),
        false => local_storage::set(NAME, &kept),
    }
}

/// A name for this device by which its owner knows it, such as "Chrome on Linux".
#[must_use]
pub fn label() -> String {
    let agent = web_sys::window()
        .and_then(|window| window.navigator().user_agent().ok())
        .unwrap_or_default();
    label_of(&agent)
}

/// The name for a browser's `User-Agent`.
#[must_use]
pub fn label_of(agent: &str) -> String {
    // The first match wins, because most browsers also claim to be the ones further down.
    let browser = first_named(
        agent,
        &[
            ("Edg", "Edge"),
            ("OPR/", "Opera"),
            ("SamsungBrowser", "Samsung Internet"),
            ("Firefox", "Firefox"),
            ("FxiOS", "Firefox"),
            ("CriOS", "Chrome"),
            ("Chrome", "Chrome"),
            ("Safari", "Safari"),
        ],
    );
    let system = first_named(
        agent,
        &[
            ("iPhone", "iPhone"),
            ("iPad", "iPad"),
            ("Android", "Android"),
            ("CrOS", "ChromeOS"),
            ("Windows", "Windows"),
            ("Mac OS X", "Mac"),
            ("Linux", "Linux"),
        ],
    );
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => "A browser".to_owned(),
    }
}

fn first_named<'a>(agent: &str, names: &[(&str, &'a str)]) -> Option<&'a str> {
    names
        .iter()
        .find_map(|(mark, name)| agent.contains(mark).then_some(*name))
}

// It is missing on pages that are not served securely, where `web-sys` would return `undefined` as an object.
async fn ask_storage(question: &str) -> Option<JsValue> {
    let storage = js::member(&js::global("navigator")?, "storage")?;
    let promise = js::call_async(&storage, question, &[]).ok()?;
    JsFuture::from(promise).await.ok()
}

/// Puts text on the clipboard. Returns whether the browser did it.
pub async fn copy(text: &str) -> bool {
    let clipboard = js::global("navigator").and_then(|navigator| js::member(&navigator, "clipboard"));
    let copied = clipboard.and_then(|clipboard| js::call(&clipboard, "writeText", &[text.into()]).ok());
    match copied.and_then(|copied| copied.dyn_into::<Promise>().ok()) {
        Some(copied) => JsFuture::from(copied).await.is_ok(),
        None => false,
    }
}
