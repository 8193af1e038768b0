//! Starts the client: the panic overlay first, then the screen, then the loop behind it.

use leptos::prelude::*;
use tsugi_calendar::Date;
use tsugi_client::app::App;
use tsugi_client::browser::{device, history, intl, page, panic, time};
use tsugi_client::signals::store::Store;
use tsugi_client::tab::client::Client;
use tsugi_client::tab::driver;
use tsugi_client::tab::preferences;
use tsugi_screen::place::Address;

fn main() {
    panic::install();
    intl::install();
    let settings = preferences::load();
    preferences::apply(settings);
    let store = Store::new(device::label(), time::today().unwrap_or(Date::LAST), time::now());
    store.set_settings(settings);
    store.set_address(Address::parse(&page::path()));
    let (client, messages) = Client::new(store.clone());
    let traveller = client.clone();
    // The listener stays as long as the page does.
    std::mem::forget(history::Travels::listen(move |path| traveller.arrive(&path)));
    let hand = client.clone();
    let send = move |intent| hand.dispatch(intent);
    leptos::mount::mount_to_body(move || {
        let send = StoredValue::new_local(send);
        view! { <App store send=Callback::new(move |intent| send.with_value(|send| send(intent))) /> }
    });
    wasm_bindgen_futures::spawn_local(driver::run(client, messages));
}
