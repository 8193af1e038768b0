//! The page for an address that leads nowhere.

use leptos::prelude::*;

use crate::browser::names;
use tsugi_screen::intent::{GoIntent, Intent};
use tsugi_screen::place::{Address, Place, TaskPlace};
use tsugi_words::phrases;

#[component]
pub fn NowherePage(send: Callback<Intent>) -> impl IntoView {
    let go = move |_| {
        send.run(Intent::Go(GoIntent::To(Address::of(Place::Tasks(
            TaskPlace::Inbox,
        )))))
    };
    view! {
        <div class="list-head">
            <h1 id=names::PAGE_HEADING class="list-head__title" tabindex="-1">{phrases::no_such_place()}</h1>
        </div>
        <p class="about__text">{phrases::no_such_place_hint()}</p>
        <div><button type="button" class="button button--primary" on:click=go>{phrases::to_inbox()}</button></div>
    }
}
