//! Parts of the screen that come, go and change shape.

use std::sync::{Arc, Mutex};

use leptos::prelude::*;

/// What [`changing`] gives: a function of signals, redrawn when one of them changes.
pub type Changing = Arc<Mutex<dyn FnMut() -> AnyView + Send>>;

/// A part that is drawn anew whenever a signal it reads changes. Given a bare closure, Leptos generates the machinery
/// for redrawing once for every closure; behind one type there is one copy of it, and the download is smaller.
#[must_use]
pub fn changing<V: IntoAny>(mut part: impl FnMut() -> V + Send + 'static) -> Changing {
    Arc::new(Mutex::new(move || part().into_any()))
}

/// A part that is there while a condition holds, and is drawn once each time it begins to.
#[must_use]
pub fn while_true<V: IntoAny + 'static>(
    condition: impl Fn() -> bool + Send + Sync + 'static,
    part: impl Fn() -> V + Send + 'static,
) -> Changing {
    let holds = Memo::new(move |_| condition());
    changing(move || holds.get().then(|| part().into_any()))
}
