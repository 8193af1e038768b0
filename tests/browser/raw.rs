//! Actions of tests that bypass the hooks: those of other versions of the app, and of a browser that fails.

use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use js_sys::{Function, Promise, Reflect};
use tsugi_client::browser::journal::Part;
use tsugi_client::browser::time::new_id;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// A name that no other test uses.
pub(crate) fn fresh(what: &str) -> String {
    format!("tsugi-{what}-{}", new_id())
}

/// Parts of a checkpoint in the form that the browser stores.
pub(crate) fn parts(texts: &[impl AsRef<str>]) -> Vec<Part> {
    let part = |text: &_| Part::from(AsRef::<str>::as_ref(text).to_owned());
    texts.iter().map(part).collect()
}

/// A closure that puts its argument into a channel.
pub(crate) fn inbox<T: 'static>() -> (impl FnMut(T) + Clone + 'static, UnboundedReceiver<T>) {
    let (put, inbox): (UnboundedSender<T>, _) = unbounded();
    // A test that has seen enough has dropped the receiver.
    (move |value| put.unbounded_send(value).unwrap_or_default(), inbox)
}

/// Runs JavaScript code that may await. The code gets `input`.
pub(crate) async fn run(code: &str, input: &str) -> JsValue {
    let function = Function::new_with_args("input", &format!("return (async () => {{ {code} }})()"));
    let promise: Promise = function
        .call1(&JsValue::UNDEFINED, &JsValue::from_str(input))
        .unwrap()
        .unchecked_into();
    JsFuture::from(promise).await.unwrap()
}

/// Opens the database at `version`, awaits `body` (with `database`), and closes it.
pub(crate) async fn with_database(name: &str, version: u32, body: &str) -> JsValue {
    run(
        &format!(
            "const database = await new Promise((resolve, reject) => {{
                const request = indexedDB.open(input, {version});
                request.onsuccess = () => resolve(request.result);
                request.onerror = () => reject(request.error);
            }});
            const done = (transaction) => new Promise((resolve, reject) => {{
                transaction.oncomplete = () => resolve();
                transaction.onabort = () => reject(transaction.error);
            }});
            try {{ {body} }} finally {{ database.close(); }}"
        ),
        name,
    )
    .await
}

/// Replaces a method of a class until it is dropped. The code can call the old method as `original`.
pub(crate) struct Patched {
    prototype: JsValue,
    method: &'static str,
    original: JsValue,
}

pub(crate) fn patch(class: &str, method: &'static str, body: &str) -> Patched {
    let class = Reflect::get(&js_sys::global(), &class.into()).unwrap();
    let prototype = Reflect::get(&class, &"prototype".into()).unwrap();
    let original = Reflect::get(&prototype, &method.into()).unwrap();
    let wrap = Function::new_with_args(
        "original, state",
        &format!("return function (...given) {{ {body} }}"),
    );
    let state = js_sys::Object::new();
    let patched = wrap.call2(&JsValue::UNDEFINED, &original, &state).unwrap();
    Reflect::set(&prototype, &method.into(), &patched).unwrap();
    Patched {
        prototype,
        method,
        original,
    }
}

impl Drop for Patched {
    fn drop(&mut self) {
        Reflect::set(&self.prototype, &self.method.into(), &self.original).unwrap();
    }
}
