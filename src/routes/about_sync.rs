//! A page about syncing: an explanation, the present status, and the figures that this browser has measured.

use leptos::prelude::*;

use crate::browser::names;
use crate::components::header::sync_status::SyncDetails;
use crate::components::kit::changing::changing;
use crate::signals::store::View;
use tsugi_screen::intent::{AppIntent, Intent, SyncIntent};
use tsugi_words::phrases;

#[component]
pub fn AboutSyncPage(view: View, send: Callback<Intent>) -> impl IntoView {
    send.run(Intent::Sync(SyncIntent::ShowFigures(true)));
    on_cleanup(move || send.run(Intent::Sync(SyncIntent::ShowFigures(false))));
    let row = |(name, value)| view! { <div class="facts__row"><dt>{name}</dt><dd>{value}</dd></div> };
    let figures = changing(move || {
        let figures = view.figures.get();
        (!figures.is_empty()).then(|| {
            view! {
                <h2 class="about__title">{phrases::figures()}</h2>
                <dl class="facts">{figures.into_iter().map(row).collect_view()}</dl>
                <p class="hint">{phrases::figures_hint()}</p>
            }
        })
    });
    view! {
        <div class="list-head"><h1 id=names::PAGE_HEADING class="list-head__title" tabindex="-1">{phrases::about_sync()}</h1></div>
        <p class="about__text">{phrases::about_sync_text()}</p>
        <section class="about__card">
            <SyncDetails status=view.status now=view.now device=view.device
                on_sync_now=Callback::new(move |()| send.run(Intent::Sync(SyncIntent::Now))) />
        </section>
        <section class="about__copy">
            <button type="button" class="button" on:click=move |_| send.run(Intent::App(AppIntent::SaveCopy))>{phrases::save_copy()}</button>
            <p class="hint">{phrases::save_copy_hint()}</p>
        </section>
        {figures}
    }
}
