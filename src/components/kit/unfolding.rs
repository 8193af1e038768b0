//! A button that unfolds something under itself. That closes when the person moves on.

use leptos::ev::FocusEvent;
use leptos::html;
use leptos::prelude::*;

use crate::browser::focus;

#[derive(Clone, Copy, Debug)]
pub struct Unfolding {
    pub open: RwSignal<bool>,
    /// The element around the button and what it unfolds.
    pub root: NodeRef<html::Span>,
    pub button: NodeRef<html::Button>,
}

impl Unfolding {
    #[must_use]
    pub fn closed() -> Self {
        Self {
            open: RwSignal::new(false),
            root: NodeRef::new(),
            button: NodeRef::new(),
        }
    }

    pub fn toggle(self) {
        self.open.update(|open| *open = !*open);
    }

    /// Closes it, and the focus goes back to the button.
    pub fn close(self) {
        self.open.try_set(false);
        focus::focus_button(self.button);
    }

    /// The focus leaves an element of it.
    pub fn left(self, ev: &FocusEvent) {
        if focus::leaves(ev, self.root) {
            self.open.try_set(false);
        }
    }
}
