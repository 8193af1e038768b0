//! The part `app`: the frame with the tasks, and the loop behind it. It only hands signals to pages, and intents to the
//! client. When the language changes, all of it is drawn again.

use futures::FutureExt;
use futures::StreamExt;
use futures::channel::mpsc::unbounded;
use leptos::prelude::*;
use tsugi_calendar::Date;
use wasm_bindgen_futures::spawn_local;

use crate::browser::{device, history, intl, page, time};
use crate::components::kit::changing::changing;
use crate::components::part_missing::PartMissing;
use crate::components::update_bar::UpdateBar;
use crate::handover::Handover;
use crate::parts::{self, part};
use crate::rest;
use crate::routes::Frame;
use crate::routes::late::{Late, LateViews};
use crate::signals::arrival::Arrival;
use crate::signals::store::Store;
use crate::tab::account::Profile;
use crate::tab::client::Client;
use crate::tab::driver;
use tsugi_screen::intent::{AppIntent, Intent};
use tsugi_screen::model::AccountState;
use tsugi_screen::place::Address;

/// Starts the app, and draws it.
pub type Start = fn(Handover) -> AnyView;

part!(app: load() -> Start = begin);

pub(crate) fn begin() -> Start {
    start
}

fn start(handover: Handover) -> AnyView {
    let Handover {
        settings,
        front,
        mut asked,
    } = handover;
    intl::install();
    let store = Store::new(
        &front,
        device::name(),
        time::today().unwrap_or(Date::LAST),
        time::now(),
    );
    store.set_settings(settings);
    store.set_address(Address::parse(&page::path()));
    store.set_account(Profile::load().map_or(AccountState::None, |profile| profile.account()));
    let (again, tried) = unbounded();
    let views = Arrival::coming();
    let rest = async move {
        let missing = move |is| views.set_missing(is);
        let rest = parts::load_whatever_happens(rest::load, missing, tried).await;
        views.came(rest.views);
        rest.tab
    };
    let rest = rest.boxed_local().shared();
    let (client, messages) = Client::new(store.clone(), rest.clone(), again);
    let traveller = client.clone();
    // The listener stays as long as the page does.
    std::mem::forget(history::Travels::listen(move |path| traveller.arrive(&path)));
    let hand = StoredValue::new_local(client.clone());
    let send = Callback::new(move |intent| hand.with_value(|hand| hand.dispatch(intent)));
    spawn_local(async move {
        while let Some(intent) = asked.next().await {
            send.run(Intent::Account(intent));
        }
    });
    spawn_local(rest.map(drop));
    spawn_local(driver::run(client, messages));
    view! { <App store views send /> }.into_any()
}

#[component]
pub fn App(store: Store, views: Arrival<LateViews>, send: Callback<Intent>) -> impl IntoView {
    let view = store.view();
    let late = Late::new(views);
    let take = Callback::new(move |()| send.run(Intent::App(AppIntent::TakeUpdate)));
    let later = Callback::new(move |()| send.run(Intent::App(AppIntent::PutOffUpdate)));
    let again = Callback::new(move |()| send.run(Intent::App(AppIntent::LoadAgain)));
    // Outside world: the glance goes when there is a screen to take its place. A timer waits until that is drawn, because
    // a tab in the background has no frames.
    Effect::new(move |_| {
        if !view.loading.get() {
            spawn_local(async {
                time::pause(0).await;
                page::say_listed();
            });
        }
    });
    let language = Memo::new(move |_| view.settings.with(|settings| settings.language));
    let signed_in = Memo::new(move |_| view.account.with(|account| *account != AccountState::None));
    changing(move || {
        // It is read and not only tracked: a memo that nobody has read counts as changed when anything else changes, and then
        // the whole app would be drawn anew under the person's hands.
        let _language = language.get();
        view! {
            {signed_in.get().then(|| view! { <Frame view late send /> })}
            <UpdateBar ready=view.update_ready on_take=take on_later=later />
            <PartMissing missing=views.missing() alone=Signal::stored(false) on_again=again />
        }
    })
}
