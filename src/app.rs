//! The root component: the account screen, or the tasks. It only hands signals to pages and intents to the driver.

use leptos::prelude::*;

use crate::intent::Intent;
use crate::routes::{AccountPage, TasksPage, TasksView};
use crate::state::model::AccountState;
use crate::state::store::Store;

#[component]
pub fn App(store: Store, #[prop(into)] send: Callback<Intent>) -> impl IntoView {
    let view = TasksView {
        loading: store.loading.into(),
        open: store.open.into(),
        completed: store.completed.into(),
        conflicts: store.conflicts.into(),
        refused: store.refused.into(),
        sync: store.status.into(),
        working_offline: store.working_offline.into(),
        figures: store.figures.into(),
        account: store.account.clone().into(),
        undo: store.undo.into(),
        problem: store.error.clone().into(),
        today: store.today.into(),
        now: store.now.into(),
        device: store.device.into(),
    };
    let account: Signal<AccountState> = store.account.into();
    let busy: Signal<bool> = store.busy.into();
    let problem: Signal<Option<String>> = store.error.into();
    let signed_out = Memo::new(move |_| account.with(|account| *account == AccountState::None));
    move || match signed_out.get() {
        true => view! { <AccountPage busy problem send /> }.into_any(),
        false => view! { <TasksPage view send /> }.into_any(),
    }
}
