//! The root component: the account screen, or the frame with the tasks. It only hands signals to pages and intents to
//! the driver. In another language, all of it is drawn anew.

use leptos::prelude::*;

use crate::components::changing::changing;
use crate::components::update_bar::UpdateBar;
use crate::intent::Intent;
use crate::routes::{AccountPage, Frame, View};
use crate::state::model::AccountState;
use crate::state::store::Store;

#[component]
pub fn App(store: Store, #[prop(into)] send: Callback<Intent>) -> impl IntoView {
    let view = View {
        loading: store.loading.into(),
        address: store.address.into(),
        window: store.window.into(),
        detail: store.detail.into(),
        board: store.board.into(),
        selected: store.selected.into(),
        sidebar: store.sidebar.into(),
        counts: store.counts.into(),
        found: store.found.into(),
        conflicts: store.conflicts.into(),
        refused: store.refused.into(),
        sync: store.status.into(),
        working_offline: store.working_offline.into(),
        figures: store.figures.into(),
        account: store.account.into(),
        undo: store.undo.into(),
        said: store.said.into(),
        problem: store.error.into(),
        today: store.today.into(),
        now: store.now.into(),
        device: store.device.into(),
        settings: store.settings.into(),
    };
    let busy: Signal<bool> = store.busy.into();
    let update: Signal<bool> = store.update_ready.into();
    let take = Callback::new(move |()| send.run(Intent::TakeUpdate));
    let later = Callback::new(move |()| send.run(Intent::PutOffUpdate));
    let language = Memo::new(move |_| view.settings.with(|settings| settings.language));
    let signed_out = Memo::new(move |_| view.account.with(|account| *account == AccountState::None));
    changing(move || {
        language.track();
        let page = match signed_out.get() {
            true => view! { <AccountPage busy problem=view.problem send /> }.into_any(),
            false => view! { <Frame view send /> }.into_any(),
        };
        view! {
            {page}
            <UpdateBar ready=update on_take=take on_later=later />
        }
    })
}
