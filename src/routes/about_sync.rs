//! A page about syncing: an explanation, the present status, and the figures that this browser has measured.

use leptos::prelude::*;

use crate::browser::names;
use crate::components::header::sync_status::SyncDetails;
use crate::components::kit::changing::changing;
use crate::components::sidebar::place_link::PlaceLink;
use crate::components::truth::truth;
use crate::signals::store::View;
use tsugi_screen::intent::{AppIntent, GoIntent, Intent, SyncIntent};
use tsugi_screen::place::{Address, Beside, InboxTab, Place};
use tsugi_words::phrases;

#[component]
pub fn AboutSyncPage(view: View, send: Callback<Intent>) -> impl IntoView {
    send.run(Intent::Sync(SyncIntent::ShowFigures(true)));
    on_cleanup(move || send.run(Intent::Sync(SyncIntent::ShowFigures(false))));
    let row = |(name, value)| view! { <div class="facts__row"><dt>{name}</dt><dd>{value}</dd></div> };
    let figures = changing(move || {
        let figures = view.figures.get();
        view! {
            <dl class="facts">{figures.into_iter().map(row).collect_view()}</dl>
            <p class="hint">{phrases::figures_hint()}</p>
        }
    });
    let decide = Callback::new(move |()| {
        let inbox = Beside::Conflicts(InboxTab::ToDecide);
        let address = view.address.with_untracked(|address| address.with(inbox));
        send.run(Intent::Go(GoIntent::To(address)));
    });
    view! {
        <div class="list-head"><h1 id=names::PAGE_HEADING class="list-head__title" tabindex="-1">{phrases::about_sync()}</h1></div>
        <p class="about__text">{phrases::about_sync_text()}</p>
        <section class="about__card">
            <SyncDetails status=view.status now=view.now device=view.device
                on_sync_now=Callback::new(move |()| send.run(Intent::Sync(SyncIntent::Now))) />
        </section>
        {truth(view.truth, decide)}
        <section class="about__copy">
            <button type="button" class="button" on:click=move |_| send.run(Intent::App(AppIntent::SaveCopy))>{phrases::save_copy()}</button>
            <p class="hint">{phrases::save_copy_hint()}</p>
        </section>
        <section class="about__copy">
            <PlaceLink place=Place::Lab here=view.place() class="button"
                on_go=Callback::new(move |place| send.run(Intent::Go(GoIntent::To(Address::of(place)))))>
                {phrases::lab_open()}
            </PlaceLink>
        </section>
        <details class="about__figures">
            <summary>{phrases::all_figures()}</summary>
            {figures}
        </details>
    }
}
