//! What the part `rest` draws, because it may appear a moment after the tasks: panels, dialogs, boards, further pages.

use leptos::prelude::*;

use crate::components::kit::changing::{Changing, changing};
use crate::components::quick_add::Reader;
use crate::components::rows::board::BoardView;
use crate::routes::overlay::{Hand, Overlay};
use crate::signals::arrival::Arrival;
use crate::signals::store::View;
use crate::signals::window::Board;
use tsugi_screen::index::detail::Detail;
use tsugi_screen::intent::Intent;
use tsugi_screen::place::Place;
use tsugi_screen::question::Ask;
use tsugi_screen::shortcuts::Command;

/// The functions that draw it, as the code that comes earlier calls them.
#[derive(Clone, Copy, Debug)]
pub struct LateViews {
    pub editor: fn(Detail, Hand, Callback<()>) -> AnyView,
    pub conflicts: fn(Hand, Callback<()>) -> AnyView,
    pub resolving: fn(Hand) -> AnyView,
    pub overlay: fn(Overlay, Hand) -> AnyView,
    pub command: fn(Hand, &Command),
    pub refused: fn(View, Callback<Intent>) -> AnyView,
    pub selected: fn(View, Callback<Intent>, Callback<Ask>) -> AnyView,
    pub board: fn(Signal<Board>, BoardView) -> AnyView,
    pub page: fn(Place, View, Callback<Intent>) -> AnyView,
    pub sync_popover: fn(View, Callback<Intent>) -> AnyView,
    pub signed_out: fn(View, Callback<Intent>) -> AnyView,
    pub account_popover: fn(View, Callback<Intent>) -> AnyView,
    pub reader: Reader,
}

/// The functions, once they are loaded.
#[derive(Clone, Copy, Debug)]
pub struct Late(Arrival<LateViews>);

impl Late {
    #[must_use]
    pub fn new(views: Arrival<LateViews>) -> Self {
        Self(views)
    }

    #[must_use]
    pub fn get(self) -> Option<LateViews> {
        self.0.get()
    }

    /// How lines of quick add are read, once that is loaded.
    #[must_use]
    pub fn reader(self) -> Signal<Option<Reader>> {
        Signal::derive(move || self.0.get().map(|views| views.reader))
    }

    /// A part of the screen that is drawn as soon as it can be.
    #[must_use]
    pub fn draw(self, draw: impl Fn(LateViews) -> AnyView + Send + 'static) -> Changing {
        changing(move || self.0.get().map(&draw))
    }
}
