//! Web Locks: one tab of the browser holds a lock at a time, in the order in which tabs asked. A lock ends with its
//! tab.
//!
//! Left out: shared locks, and looking up the holder. Browsers without Web Locks, and pages that are not served
//! securely, get [`LockError::Unavailable`]; there every tab must act as if it were alone.

use std::cell::RefCell;
use std::future::Future;
use std::rc::Rc;

use futures::channel::oneshot;
use js_sys::{Function, Promise};
use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortController, AbortSignal};

use super::js;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LockError {
    #[error("this browser has no locks between tabs")]
    Unavailable,
    #[error("the lock was not given: {0}")]
    Refused(String),
}

/// The way in which a lock is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Wait for all tabs that asked before.
    Wait,
    /// Take it from its holder at once, because the holder is frozen.
    Steal,
}

/// The news about a lock that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LockInput {
    Acquired,
    /// Another tab has stolen it. Nothing follows.
    Lost,
    /// The browser did not give it. No input follows.
    Failed(LockError),
}

/// A lock, or a place in its queue. Dropping it gives up the lock or the place.
#[derive(Debug)]
pub struct LockGuard {
    place: Rc<RefCell<Place>>,
}

/// The state holds the value that has to be called to give up.
#[derive(Debug)]
enum Place {
    Waiting(Option<AbortController>),
    Held { release: Function },
    Over,
}

/// Asks for the lock `name`. News arrives at `on_input`, never before this function has returned.
pub fn acquire(
    name: &str,
    ask: Ask,
    mut on_input: impl FnMut(LockInput) + 'static,
) -> Result<LockGuard, LockError> {
    let locks = js::global("navigator")
        .and_then(|navigator| js::member(&navigator, "locks"))
        .ok_or(LockError::Unavailable)?;
    let (options, controller) = options(ask)?;
    let place = Rc::new(RefCell::new(Place::Waiting(controller)));
    let (granted, grant) = oneshot::channel();

    let held = Rc::clone(&place);
    let on_grant = Closure::once(move |_lock: JsValue| hold(&held, granted));
    let asked = js::call_async(
        &locks,
        "request",
        &[JsValue::from_str(name), options, on_grant.as_ref().clone()],
    )
    .map_err(|thrown| LockError::Refused(js::describe(&thrown)))?;

    let watched = Rc::clone(&place);
    spawn_local(async move {
        // The closure lives until the browser is done with it: the lock was granted, refused or given up.
        let _on_grant = on_grant;
        let settled = JsFuture::from(asked);
        futures::pin_mut!(settled);
        let ended = match futures::future::select(grant, settled).await {
            futures::future::Either::Left((Ok(()), settled)) => {
                // The lock may have been given up while the news was on its way.
                if matches!(*watched.borrow(), Place::Held { .. }) {
                    on_input(LockInput::Acquired);
                }
                settled.await
            }
            futures::future::Either::Left((Err(_), settled)) => settled.await,
            futures::future::Either::Right((ended, _)) => ended,
        };
        let place = watched.replace(Place::Over);
        match (place, ended) {
            // It was given up by dropping the guard.
            (Place::Over, _) => {}
            (Place::Held { .. }, _) => on_input(LockInput::Lost),
            (Place::Waiting(_), Ok(_)) => {}
            (Place::Waiting(_), Err(thrown)) => {
                on_input(LockInput::Failed(LockError::Refused(js::describe(&thrown))));
            }
        }
    });
    Ok(LockGuard { place })
}

/// Runs `work` while holding the lock `name`, for work that only one tab may do at a time.
pub async fn with_lock<T>(name: &str, work: impl Future<Output = T>) -> Result<T, LockError> {
    let (told, telling) = oneshot::channel();
    let mut told = Some(told);
    let _guard = acquire(name, Ask::Wait, move |input| {
        if let Some(told) = told.take() {
            // If the caller no longer waits, the answer is of no use.
            drop(told.send(input));
        }
    })?;
    match telling.await {
        Ok(LockInput::Acquired) => Ok(work.await),
        Ok(LockInput::Failed(error)) => Err(error),
        Ok(LockInput::Lost) => Err(LockError::Refused("stolen".to_owned())),
        Err(_) => Err(LockError::Refused("the browser went away".to_owned())),
    }
}

impl Drop for LockGuard {
    fn drop(&mut self) {
        match self.place.replace(Place::Over) {
            Place::Waiting(Some(controller)) => controller.abort(),
            // Stealing cannot be called off. The lock is given back as soon as it comes.
            Place::Waiting(None) | Place::Over => {}
            Place::Held { release } => call_release(&release),
        }
    }
}

/// The browser calls this with the lock. The lock is held until the returned promise is resolved.
fn hold(place: &RefCell<Place>, granted: oneshot::Sender<()>) -> JsValue {
    if matches!(*place.borrow(), Place::Over) {
        return JsValue::UNDEFINED;
    }
    let mut release = None;
    let held = Promise::new(&mut |resolve, _reject| release = Some(resolve));
    let Some(release) = release else {
        return JsValue::UNDEFINED;
    };
    place.replace(Place::Held { release });
    if granted.send(()).is_err() {
        js::warn("nobody waits for a lock that was given");
    }
    held.into()
}

fn options(ask: Ask) -> Result<(JsValue, Option<AbortController>), LockError> {
    match ask {
        // The browser accepts no abort signal together with `steal`.
        Ask::Steal => Ok((value_of(&Options::Steal { steal: true })?, None)),
        Ask::Wait => {
            let controller =
                AbortController::new().map_err(|thrown| LockError::Refused(js::describe(&thrown)))?;
            let signal = controller.signal();
            Ok((value_of(&Options::Wait { signal })?, Some(controller)))
        }
    }
}

/// Options of a request for a lock.
#[derive(Serialize)]
#[serde(untagged)]
enum Options {
    Steal {
        steal: bool,
    },
    Wait {
        #[serde(with = "serde_wasm_bindgen::preserve")]
        signal: AbortSignal,
    },
}

fn value_of(options: &Options) -> Result<JsValue, LockError> {
    serde_wasm_bindgen::to_value(options).map_err(|error| LockError::Refused(error.to_string()))
}

fn call_release(release: &Function) {
    if let Err(thrown) = release.call0(&JsValue::UNDEFINED) {
        js::warn(&format!("a lock was not released: {}", js::describe(&thrown)));
    }
}
