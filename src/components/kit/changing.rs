//! Parts of the screen that appear, vanish and change shape.

use std::sync::{Arc, Mutex};

use leptos::prelude::*;

/// The type that [`changing`] returns: a function of signals, drawn again when one of them changes.
pub type Changing = Arc<Mutex<dyn FnMut() -> AnyView + Send>>;

/// A part that is drawn again whenever a signal that it reads changes. For bare closures, Leptos generates the code for
/// redrawing once for every closure. With this one type there is one copy of it, and the download is smaller.
#[must_use]
pub fn changing<V: IntoAny>(mut part: impl FnMut() -> V + Send + 'static) -> Changing {
    Arc::new(Mutex::new(move || part().into_any()))
}

/// A part that is shown while a condition holds. It is drawn once each time the condition begins to hold.
#[must_use]
pub fn while_true<V: IntoAny + 'static>(
    condition: impl Fn() -> bool + Send + Sync + 'static,
    part: impl Fn() -> V + Send + 'static,
) -> Changing {
    let holds = Memo::new(move |_| condition());
    changing(move || holds.get().then(|| part().into_any()))
}
