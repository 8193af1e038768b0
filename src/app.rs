//! The root component: the account screen, or the frame with the tasks. It only hands signals to pages and intents to
//! the driver. When the language changes, all of it is drawn again.

use leptos::prelude::*;

use crate::components::kit::changing::changing;
use crate::components::update_bar::UpdateBar;
use crate::routes::{AccountPage, Frame};
use crate::signals::store::Store;
use tsugi_screen::intent::{AppIntent, Intent};
use tsugi_screen::model::AccountState;

#[component]
pub fn App(store: Store, #[prop(into)] send: Callback<Intent>) -> impl IntoView {
    let view = store.view();
    let take = Callback::new(move |()| send.run(Intent::App(AppIntent::TakeUpdate)));
    let later = Callback::new(move |()| send.run(Intent::App(AppIntent::PutOffUpdate)));
    let language = Memo::new(move |_| view.settings.with(|settings| settings.language));
    let signed_out = Memo::new(move |_| view.account.with(|account| *account == AccountState::None));
    changing(move || {
        language.track();
        let page = match signed_out.get() {
            true => view! { <AccountPage busy=view.busy problem=view.problem send /> }.into_any(),
            false => view! { <Frame view send /> }.into_any(),
        };
        view! {
            {page}
            <UpdateBar ready=view.update_ready on_take=take on_later=later />
        }
    })
}
