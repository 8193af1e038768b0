//! Starts the client: the panic overlay first, then the shell, which loads the rest.

use leptos::prelude::*;
use tsugi_client::browser::panic;
use tsugi_client::shell::Shell;
use tsugi_client::tab::preferences;

fn main() {
    panic::install();
    let settings = preferences::load();
    preferences::apply(settings);
    leptos::mount::mount_to_body(move || view! { <Shell settings /> });
}
