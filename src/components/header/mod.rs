//! The bar at the top: the brand mark, the sync status, the button for conflicts, and the account.

pub mod account_menu;
pub mod brand;
pub mod sync_status;

use leptos::prelude::*;

use crate::browser::names;
use crate::components::header::account_menu::AccountButton;
use crate::components::header::brand::BrandMark;
use crate::components::header::sync_status::SyncStatusLine;
use crate::components::kit::changing::{Changing, while_true};
use crate::components::kit::icon::Icon;
use tsugi_screen::model::{AccountState, SyncStatus};
use tsugi_words::phrases;

#[component]
pub fn AppHeader(
    sync: Signal<SyncStatus>,
    account: Signal<AccountState>,
    working_offline: Signal<bool>,
    conflicts: Signal<usize>,
    /// Whether the list of conflicts is on screen.
    inbox_open: Signal<bool>,
    hides_sidebar: Signal<bool>,
    on_sidebar: Callback<()>,
    on_conflicts: Callback<()>,
    on_work_offline: Callback<bool>,
    /// The popover behind the sync status.
    sync_popover: Changing,
    /// The popover behind the account button.
    account_popover: Changing,
) -> impl IntoView {
    let has_account = move || matches!(account.get(), AccountState::SignedIn { .. });
    let switch = while_true(
        has_account,
        move || view! { <OfflineSwitch on=working_offline on_change=on_work_offline /> },
    );
    view! {
        <header class="header">
            <div class="header__start">
                <SidebarButton hides=hides_sidebar on_press=on_sidebar />
                <span class="header__brand"><BrandMark />{phrases::app()}</span>
            </div>
            <div class="header__sync">
                <SyncStatusLine status=sync />
                {sync_popover}
                {switch}
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

#[component]
pub fn OfflineSwitch(on: Signal<bool>, on_change: Callback<bool>) -> impl IntoView {
    view! {
        <label class="switch">
            <input
                type="checkbox"
                role="switch"
                class="switch__input"
                prop:checked=on
                on:change=move |ev| on_change.run(event_target_checked(&ev))
            />
            <span class="switch__track" aria-hidden="true"></span>
            <span class="switch__icon">{Icon::CloudOff.draw()}</span>
            <span class="switch__label">{phrases::work_offline()}</span>
        </label>
    }
}

/// The button for conflicts. It is inconspicuous while there is nothing to decide.
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
