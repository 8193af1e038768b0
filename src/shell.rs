//! The shell: what is there first. It shows the account screen while nobody is signed in here, and loads the app.

use futures::channel::mpsc::unbounded;
use leptos::prelude::*;
use tsugi_screen::intent::AccountIntent;
use tsugi_screen::settings::Settings;
use wasm_bindgen_futures::spawn_local;

use crate::app;
use crate::browser::page;
use crate::components::kit::changing::{changing, while_true};
use crate::components::part_missing::PartMissing;
use crate::handover::Handover;
use crate::parts;
use crate::routes::AccountPage;
use crate::signals::arrival::Arrival;
use crate::signals::front::Front;
use crate::tab::account;

/// The account screen stays the same while the app comes, so that a person may already type. What they ask for waits
/// for the app.
#[component]
pub fn Shell(settings: Settings) -> impl IntoView {
    let front = Front::new(account::has_profile());
    let (asking, asked) = unbounded();
    let (trying, again) = unbounded();
    let ask = Callback::new(move |intent: AccountIntent| drop(asking.unbounded_send(intent)));
    let try_again = Callback::new(move |()| drop(trying.unbounded_send(())));
    let (busy, problem, left) = (front.busy(), front.problem(), front.left());
    let signed_out = front.is_signed_out();
    let handover = StoredValue::new_local(Some(Handover {
        settings,
        front,
        asked,
    }));
    let start = Arrival::<app::Start>::coming();
    spawn_local(async move {
        let missing = move |is| start.set_missing(is);
        start.came(parts::load_whatever_happens(app::load, missing, again).await);
    });
    let app = changing(move || {
        let start = start.get()?;
        let handover = handover.try_update_value(Option::take)??;
        Some(start(handover))
    });
    // Outside world: the glance goes when nobody is signed in here any more.
    Effect::new(move |_| {
        if signed_out.get() {
            page::say_listed();
        }
    });
    let alone = Signal::derive(move || start.get().is_none() && !signed_out.get());
    view! {
        {while_true(move || signed_out.get(), move || view! { <AccountPage busy problem left ask /> })}
        {app}
        <PartMissing missing=start.missing() alone on_again=try_again />
    }
}
