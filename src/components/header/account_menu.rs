//! The account of the person, with the ways to sign in and out.

use leptos::prelude::*;

use crate::components::kit::changing::{changing, while_true};
use crate::components::kit::icon::Icon;
use crate::components::kit::modal::Modal;
use tsugi_screen::model::AccountState;
use tsugi_words::phrases;

/// The first letter of an email address, for the round mark in the header.
fn initial(email: &str) -> String {
    email
        .chars()
        .next()
        .map(|c| c.to_uppercase().collect())
        .unwrap_or_default()
}

#[component]
pub fn AccountButton(account: Signal<AccountState>) -> impl IntoView {
    let mark = changing(move || match account.get() {
        AccountState::SignedIn { email, .. } => {
            view! { <span class="avatar__letter" data-letter=initial(&email)></span> }.into_any()
        }
        AccountState::None | AccountState::Local => Icon::Person.draw().into_any(),
    });
    view! {
        <button type="button" id="account-button" class="avatar" popovertarget="account-menu"
            aria-label=phrases::account()>
            {mark}
        </button>
    }
}

/// The popover behind the button.
#[component]
pub fn AccountPopover(
    account: Signal<AccountState>,
    /// Edits that are not on the server. While there are some, signing out asks first.
    waiting: Signal<usize>,
    on_show_account: Callback<()>,
    /// Called with whether these edits stay on this device.
    on_sign_out: Callback<bool>,
) -> impl IntoView {
    let asking = RwSignal::new(false);
    let sign_out = move |_| match waiting.get() {
        0 => on_sign_out.run(false),
        _ => asking.set(true),
    };
    let kept = Callback::new(move |()| {
        asking.set(false);
        on_sign_out.run(true);
    });
    let content = changing(move || {
        match account.get() {
        AccountState::SignedIn { email, .. } => view! {
            <p class="popover__lead">{phrases::signed_in_as()}<strong class="popover__who">{email}</strong></p>
            <button type="button" class="button" on:click=sign_out>{phrases::sign_out()}</button>
        }
        .into_any(),
        AccountState::None | AccountState::Local => view! {
            <p class="popover__lead">{phrases::explain_local()}</p>
            <button type="button" class="button button--primary" on:click=move |_| on_show_account.run(())>
                {phrases::create_to_sync()}
            </button>
        }
        .into_any(),
    }
    });
    let hide = Callback::new(move |()| asking.set(false));
    let dialog = while_true(
        move || asking.get(),
        move || view! { <SignOutDialog waiting on_keep=kept on_cancel=hide /> },
    );
    view! {
        <div id="account-menu" class="popover popover--account" popover="auto">{content}</div>
        {dialog}
    }
}

/// The question before signing out while edits wait, so that none is lost by accident.
#[component]
pub fn SignOutDialog(
    waiting: Signal<usize>,
    on_keep: Callback<()>,
    on_cancel: Callback<()>,
) -> impl IntoView {
    view! {
        <Modal class="dialog dialog--small" labelled_by="sign-out-title" on_close=on_cancel
            return_to=&["account-button"]>
            <h2 id="sign-out-title" class="dialog__title">{phrases::sign_out_title()}</h2>
            <p class="dialog__text">{move || phrases::sign_out_with_waiting(waiting.get())}</p>
            <div class="dialog__buttons">
                <button type="button" class="button" on:click=move |_| on_cancel.run(())>{phrases::cancel()}</button>
                <button type="button" class="button button--primary" on:click=move |_| on_keep.run(())>
                    {phrases::keep_on_device()}
                </button>
            </div>
        </Modal>
    }
}
