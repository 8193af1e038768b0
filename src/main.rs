//! Starts the client: the panic overlay first, then the screen, then the loop behind it.

use leptos::prelude::*;
use tsugi_client::app::App;
use tsugi_client::browser::{device, panic, time};
use tsugi_client::state::store::Store;
use tsugi_client::sync::driver::{self, Client};

fn main() {
    panic::install();
    let store = Store::new(device::label(), time::today(), time::now());
    let (client, messages) = Client::new(store.clone());
    let hand = client.clone();
    let send = move |intent| hand.dispatch(intent);
    leptos::mount::mount_to_body(move || {
        let send = StoredValue::new_local(send);
        view! { <App store send=Callback::new(move |intent| send.with_value(|send| send(intent))) /> }
    });
    wasm_bindgen_futures::spawn_local(driver::run(client, messages));
}
