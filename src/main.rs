//! Starts the client: the panic overlay first, then the screen, then the loop behind it.

use leptos::prelude::*;
use tsugi_client::app::App;
use tsugi_client::browser::{device, history, page, panic, time};
use tsugi_client::place::Address;
use tsugi_client::state::store::Store;
use tsugi_client::sync::choices;
use tsugi_client::sync::client::Client;
use tsugi_client::sync::driver;

fn main() {
    panic::install();
    let settings = choices::load();
    choices::apply(settings);
    let store = Store::new(device::label(), time::today(), time::now());
    store.settings.set(settings);
    store.address.set(Address::parse(&page::path()));
    let (client, messages) = Client::new(store.clone());
    let traveller = client.clone();
    // For as long as the page is there.
    std::mem::forget(history::Travels::listen(move |path| traveller.arrive(&path)));
    let hand = client.clone();
    let send = move |intent| hand.dispatch(intent);
    leptos::mount::mount_to_body(move || {
        let send = StoredValue::new_local(send);
        view! { <App store send=Callback::new(move |intent| send.with_value(|send| send(intent))) /> }
    });
    wasm_bindgen_futures::spawn_local(driver::run(client, messages));
}
