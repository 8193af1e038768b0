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
