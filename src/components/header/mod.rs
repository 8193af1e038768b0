//! The bar at the top: the brand mark, the sync status, the button for conflicts, and the account.

pub mod account_menu;
pub mod brand;
pub mod sync_status;

use leptos::prelude::*;

use crate::browser::names;
use crate::components::header::account_menu::AccountButton;
use crate::components::header::brand::BrandMark;
use crate::components::header::sync_status::SyncStatusLine;
use crate::components::kit::changing::Changing;
use crate::components::kit::icon::Icon;
use tsugi_screen::model::{AccountState, SyncStatus};
use tsugi_words::phrases;

#[component]
pub fn AppHeader(
    sync: Signal<SyncStatus>,
    account: Signal<AccountState>,
    conflicts: Signal<usize>,
    /// Whether the list of conflicts is on screen.
    inbox_open: Signal<bool>,
    hides_sidebar: Signal<bool>,
    on_sidebar: Callback<()>,
    on_conflicts: Callback<()>,
    /// The popover behind the sync status.
    sync_popover: Changing,
    /// The popover behind the account button.
    account_popover: Changing,
) -> impl IntoView {
    view! {
        <header class="header">
            <div class="header__start">
                <SidebarButton hides=hides_sidebar on_press=on_sidebar />
                <span class="header__brand"><BrandMark />{phrases::app()}</span>
            </div>
            <div class="header__sync">
                <SyncStatusLine status=sync />
                {sync_popover}
            </div>
            <div class="header__tools">
                <ConflictsButton count=conflicts expanded=inbox_open on_press=on_conflicts />
                <AccountButton account />
                {account_popover}
            </div>
        </header>
    }
}

#[component]
fn SidebarButton(hides: Signal<bool>, on_press: Callback<()>) -> impl IntoView {
    let name = Signal::derive(move || match hides.get() {
        true => phrases::show_sidebar(),
        false => phrases::hide_sidebar(),
    });
    view! {
        <button type="button" class="icon-button header__sidebar" aria-label=name title=name
            on:click=move |_| on_press.run(())>
            {Icon::Panel.draw()}
        </button>
    }
}

/// The button for conflicts. It is there while any is open.
#[component]
pub fn ConflictsButton(
    count: Signal<usize>,
    expanded: Signal<bool>,
    on_press: Callback<()>,
) -> impl IntoView {
    let some = Signal::derive(move || count.get() > 0);
    let expanded = Signal::derive(move || expanded.get().to_string());
    view! {
        <button
            type="button"
            id=names::CONFLICTS_BUTTON
            class="conflicts-button"
            class:conflicts-button--some=some
            hidden=move || !some.get()
            aria-expanded=expanded
            on:click=move |_| on_press.run(())
        >
            {Icon::Split.draw()}
            <span class="conflicts-button__label">{phrases::conflicts()}</span>
            " "
            <span class="conflicts-button__count">{count}</span>
        </button>
    }
}
