//! The two popovers of the header: about syncing, and about the account.

use leptos::prelude::*;

use crate::components::header::account_menu::AccountPopover;
use crate::components::header::sync_status::SyncPopover;
use crate::signals::store::View;
use tsugi_screen::intent::{AccountIntent, AppIntent, GoIntent, Intent, SyncIntent};
use tsugi_screen::place::Beside;

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
            on_conflicts=Callback::new(move |()| {
                let address = view.address.with_untracked(|address| address.with(Beside::Conflicts));
                send.run(Intent::Go(GoIntent::To(address)));
            })
            on_sync_now=Callback::new(move |()| send.run(Intent::Sync(SyncIntent::Now)))
            on_figures=Callback::new(move |shown| send.run(Intent::Sync(SyncIntent::ShowFigures(shown))))
            on_save_copy=Callback::new(move |()| send.run(Intent::App(AppIntent::SaveCopy)))
        />
    }
    .into_any()
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
