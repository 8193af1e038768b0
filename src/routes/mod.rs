//! The screens, each put together from components. They hold the state that only the screen needs, such as which dialog
//! is open, and turn the callbacks of components into intents.

pub mod about_sync;
pub mod account;
pub mod commands;
pub mod conflicts;
pub mod dialogs;
pub mod frame;
pub mod lab;
pub mod late;
pub mod nowhere;
pub mod overlay;
pub mod popovers;
pub mod settings;
pub mod side_panel;
pub mod tasks;

pub use account::AccountPage;
pub use frame::Frame;
pub use tasks::TasksPage;

use leptos::prelude::*;

use crate::signals::store::View;
use about_sync::AboutSyncPage;
use nowhere::NowherePage;
use settings::SettingsPage;
use tsugi_screen::intent::Intent;
use tsugi_screen::place::Place;

/// A page without tasks. `lab` draws the one that has a part of its own.
#[must_use]
pub fn further_page(page: Place, view: View, send: Callback<Intent>, lab: fn() -> AnyView) -> AnyView {
    match page {
        Place::Settings => {
            view! { <SettingsPage settings=view.settings device=view.device rules=view.rules send /> }
                .into_any()
        }
        Place::AboutSync => view! { <AboutSyncPage view send /> }.into_any(),
        Place::Lab => lab(),
        Place::Nowhere | Place::Tasks(_) => view! { <NowherePage send /> }.into_any(),
    }
}
