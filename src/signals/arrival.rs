//! A part of the app that is on its way.

use leptos::prelude::{Get, RwSignal, Set, Signal};

/// What a part brings, as soon as it is there; and whether it could not be loaded.
#[derive(Debug)]
pub struct Arrival<T: 'static> {
    part: RwSignal<Option<T>>,
    missing: RwSignal<bool>,
}

// Not derived, because a derived one would ask the same of `T`.
impl<T: 'static> Clone for Arrival<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: 'static> Copy for Arrival<T> {}

impl<T: Clone + Send + Sync + 'static> Arrival<T> {
    /// Nothing is there yet.
    #[must_use]
    pub fn coming() -> Self {
        Self {
            part: RwSignal::new(None),
            missing: RwSignal::new(false),
        }
    }

    pub fn came(self, part: T) {
        self.part.set(Some(part));
    }

    /// Whether the last attempt to load it failed.
    pub fn set_missing(self, is_missing: bool) {
        self.missing.set(is_missing);
    }

    #[must_use]
    pub fn get(self) -> Option<T> {
        self.part.get()
    }

    #[must_use]
    pub fn missing(self) -> Signal<bool> {
        self.missing.into()
    }
}

/// Whether a part is there that something else holds, and whether it could not be loaded.
#[derive(Clone, Copy, Debug)]
pub struct Presence {
    here: RwSignal<bool>,
    missing: RwSignal<bool>,
}

impl Presence {
    #[must_use]
    pub fn new(is_here: bool) -> Self {
        Self {
            here: RwSignal::new(is_here),
            missing: RwSignal::new(false),
        }
    }

    pub fn came(self) {
        self.missing.set(false);
        self.here.set(true);
    }

    pub fn failed(self) {
        self.missing.set(true);
    }

    #[must_use]
    pub fn is_here(self) -> bool {
        self.here.get()
    }

    #[must_use]
    pub fn missing(self) -> Signal<bool> {
        self.missing.into()
    }
}
