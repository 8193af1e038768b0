//! The two popovers of the header: about syncing, and about the account.

use leptos::prelude::*;

use crate::components::header::account_menu::AccountPopover;
use crate::components::header::sync_status::SyncPopover;
use crate::components::kit::changing::while_true;
use crate::signals::store::View;
use tsugi_screen::intent::{AccountIntent, AppIntent, GoIntent, Intent, SyncIntent};
use tsugi_screen::place::{Beside, InboxTab};
use tsugi_words::phrases;

#[must_use]
pub fn sync(view: View, send: Callback<Intent>) -> AnyView {
    view! {
        <SyncPopover
            status=view.status
            now=view.now
            device=view.device
            figures=view.figures
            works_offline=view.working_offline
            on_work_offline=Callback::new(move |on| send.run(Intent::Sync(SyncIntent::WorkOffline(on))))
            on_sign_in=Callback::new(move |()| send.run(Intent::Account(AccountIntent::ShowScreen)))
            on_conflicts=Callback::new(move |()| {
                let tab = InboxTab::for_open(view.conflicts.with_untracked(Vec::len));
                let address = view.address.with_untracked(|address| address.with(Beside::Conflicts(tab)));
                send.run(Intent::Go(GoIntent::To(address)));
            })
            on_sync_now=Callback::new(move |()| send.run(Intent::Sync(SyncIntent::Now)))
            on_figures=Callback::new(move |shown| send.run(Intent::Sync(SyncIntent::ShowFigures(shown))))
            on_save_copy=Callback::new(move |()| send.run(Intent::App(AppIntent::SaveCopy)))
        />
    }
    .into_any()
}

/// The bar while the server has signed this device out.
#[must_use]
pub fn signed_out(view: View, send: Callback<Intent>) -> AnyView {
    let sign_in = move |_| send.run(Intent::Account(AccountIntent::ShowScreen));
    let bar = while_true(
        move || view.status.with(|status| status.signed_out),
        move || {
            view! {
                <div class="update signed-out__bar">
                    <span class="update__text">{phrases::signed_out_bar()}</span>
                    <button type="button" class="button button--primary" on:click=sign_in>{phrases::sign_in_again()}</button>
                </div>
            }
        },
    );
    view! { <div class="signed-out" role="status" aria-live="polite">{bar}</div> }.into_any()
}

#[must_use]
pub fn account(view: View, send: Callback<Intent>) -> AnyView {
    view! {
        <AccountPopover
            account=view.account
            waiting=Signal::derive(move || view.status.with(|status| status.waiting))
            on_show_account=Callback::new(move |()| send.run(Intent::Account(AccountIntent::ShowScreen)))
            on_sign_out=Callback::new(move |keep_local| send.run(Intent::Account(AccountIntent::SignOut { keep_local })))
        />
    }
    .into_any()
}
