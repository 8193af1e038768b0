//! The sync status: one line in the header, and more about it behind a button.

use leptos::prelude::*;
use tsugi_sync::ids::Timestamp;

use crate::components::kit::changing::{changing, while_true};
use crate::components::kit::icon::Icon;
use tsugi_screen::model::{OnDevice, SyncPhase, SyncStatus};
use tsugi_words::phrases;

fn icon_of(phase: SyncPhase) -> Icon {
    match phase {
        SyncPhase::LocalOnly => Icon::Device,
        SyncPhase::Offline | SyncPhase::WorkOffline => Icon::CloudOff,
        SyncPhase::Connecting | SyncPhase::Syncing => Icon::Sync,
        SyncPhase::Synced => Icon::CloudCheck,
        SyncPhase::NeedsAttention => Icon::Alert,
    }
}

fn class_of(phase: SyncPhase) -> &'static str {
    match phase {
        SyncPhase::LocalOnly => "sync sync--local",
        SyncPhase::Offline | SyncPhase::WorkOffline => "sync sync--offline",
        SyncPhase::Connecting | SyncPhase::Syncing => "sync sync--busy",
        SyncPhase::Synced => "sync sync--synced",
        SyncPhase::NeedsAttention => "sync sync--attention",
    }
}

/// How a screen reader announces the phase. Between syncing and synced nothing has happened that a person must hear, so
/// these phases are silent.
fn live_of(phase: SyncPhase) -> &'static str {
    match phase {
        SyncPhase::Connecting | SyncPhase::Syncing | SyncPhase::Synced => "off",
        SyncPhase::LocalOnly | SyncPhase::Offline | SyncPhase::WorkOffline | SyncPhase::NeedsAttention => {
            "polite"
        }
    }
}

fn explanation(phase: SyncPhase) -> &'static str {
    match phase {
        SyncPhase::LocalOnly => phrases::explain_local(),
        SyncPhase::Offline => phrases::explain_offline(),
        SyncPhase::WorkOffline => phrases::explain_work_offline(),
        SyncPhase::Connecting | SyncPhase::Syncing => phrases::explain_syncing(),
        SyncPhase::Synced => phrases::explain_synced(),
        SyncPhase::NeedsAttention => phrases::explain_attention(),
    }
}

#[component]
pub fn SyncStatusLine(status: Signal<SyncStatus>) -> impl IntoView {
    let phase = Memo::new(move |_| status.with(SyncStatus::shown_phase));
    let headline = Memo::new(move |_| status.with(SyncStatus::headline));
    let class = Signal::derive(move || class_of(phase.get()));
    let live = Signal::derive(move || live_of(phase.get()));
    view! {
        <div class=class>
            <span class="sync__icon">{changing(move || icon_of(phase.get()).draw())}</span>
            <span class="sync__text" role="status" aria-label=phrases::sync_status() aria-live=live>
                {headline}
            </span>
            <span class="sync__chevron">{Icon::Chevron.draw()}</span>
            <button type="button" class="sync__button" popovertarget="sync-details"
                aria-label=phrases::sync_details()></button>
        </div>
    }
}

/// The popover behind the line.
#[component]
pub fn SyncPopover(
    status: Signal<SyncStatus>,
    now: Signal<Timestamp>,
    device: Signal<String>,
    figures: Signal<Vec<(String, String)>>,
    works_offline: Signal<bool>,
    on_work_offline: Callback<bool>,
    on_sign_in: Callback<()>,
    on_conflicts: Callback<()>,
    on_sync_now: Callback<()>,
    on_figures: Callback<bool>,
    on_save_copy: Callback<()>,
) -> impl IntoView {
    let has_account = move || status.with(SyncStatus::shown_phase) != SyncPhase::LocalOnly;
    let figures = while_true(has_account, move || view! { <SyncFigures figures on_figures /> });
    let sign_in = while_true(
        move || status.with(|status| status.signed_out),
        move || {
            view! {
                <button type="button" class="button button--primary" popovertarget="sync-details" popovertargetaction="hide"
                    on:click=move |_| on_sign_in.run(())>
                    {phrases::sign_in_again()}
                </button>
            }
        },
    );
    let switch = while_true(
        has_account,
        move || view! { <OfflineSwitch on=works_offline on_change=on_work_offline /> },
    );
    view! {
        <div id="sync-details" class="popover popover--sync" popover="auto">
            <SyncDetails status now device on_sync_now />
            {sign_in}
            {switch}
            <button type="button" class="button" popovertarget="sync-details" popovertargetaction="hide"
                on:click=move |_| on_conflicts.run(())>
                {phrases::conflicts()}
            </button>
            {figures}
            <button type="button" class="button" on:click=move |_| on_save_copy.run(())>{phrases::save_copy()}</button>
        </div>
    }
}

#[component]
pub fn OfflineSwitch(on: Signal<bool>, on_change: Callback<bool>) -> impl IntoView {
    view! {
        <label class="switch">
            <input
                type="checkbox"
                role="switch"
                class="switch__input"
                prop:checked=on
                on:change=move |ev| on_change.run(event_target_checked(&ev))
            />
            <span class="switch__track" aria-hidden="true"></span>
            <span class="switch__icon">{Icon::CloudOff.draw()}</span>
            <span class="switch__label">{phrases::work_offline()}</span>
        </label>
    }
}

/// How many edits wait and since when, on which device, and the problem if there is one.
#[component]
pub fn SyncDetails(
    status: Signal<SyncStatus>,
    now: Signal<Timestamp>,
    device: Signal<String>,
    on_sync_now: Callback<()>,
) -> impl IntoView {
    let phase = Memo::new(move |_| status.with(SyncStatus::shown_phase));
    let has_account = move || phase.get() != SyncPhase::LocalOnly;
    let waiting = Signal::derive(move || match status.with(|s| s.waiting) {
        0 => phrases::nothing().to_owned(),
        n => phrases::changes(n),
    });
    let saved = Signal::derive(move || match status.with(|s| s.on_device) {
        OnDevice::Saved => phrases::saved(),
        OnDevice::Saving => phrases::saving(),
        OnDevice::NotSaved => phrases::not_saved_yet(),
        OnDevice::InMemory => phrases::in_memory_only(),
    });
    let last_synced = Signal::derive(move || {
        let last = status.with(|s| s.last_synced);
        last.map_or_else(
            || phrases::not_yet().to_owned(),
            |at| phrases::ago(now.get().since(at)),
        )
    });
    let problem = changing(move || {
        let problem = status.with(|s| s.problem.clone());
        problem.map(|p| view! { <p class="popover__problem">{p}</p> })
    });
    let can_sync = move || {
        matches!(
            phase.get(),
            SyncPhase::Offline | SyncPhase::NeedsAttention | SyncPhase::Synced
        )
    };
    let lead = Signal::derive(move || explanation(phase.get()));
    let server = while_true(has_account, move || {
        view! {
            <div class="facts__row"><dt>{phrases::waiting_to_send()}</dt><dd>{waiting}</dd></div>
            <div class="facts__row"><dt>{phrases::last_synced()}</dt><dd>{last_synced}</dd></div>
        }
    });
    let sync_now = while_true(can_sync, move || {
        view! {
            <button type="button" class="button" on:click=move |_| on_sync_now.run(())>{phrases::sync_now()}</button>
        }
    });
    view! {
        <p class="popover__lead">{lead}</p>
        {problem}
        <dl class="facts">
            <div class="facts__row"><dt>{phrases::on_this_device()}</dt><dd>{saved}</dd></div>
            {server}
            <div class="facts__row"><dt>{phrases::this_device()}</dt><dd>{device}</dd></div>
        </dl>
        {sync_now}
    }
}

/// The figures of syncing on this device, for a person who wants to check the words above.
#[component]
pub fn SyncFigures(
    figures: Signal<Vec<(String, String)>>,
    /// Called with whether the person looks at them.
    on_figures: Callback<bool>,
) -> impl IntoView {
    let shown = Memo::new(move |_| figures.with(|figures| !figures.is_empty()));
    let expanded = Signal::derive(move || shown.get().to_string());
    let row = |(name, value)| view! { <div class="facts__row"><dt>{name}</dt><dd>{value}</dd></div> };
    let table = changing(move || {
        shown.get().then(|| {
            view! {
                <div id="sync-figures">
                    <dl class="facts">{figures.get().into_iter().map(row).collect_view()}</dl>
                    <p class="popover__lead">{phrases::figures_hint()}</p>
                </div>
            }
        })
    });
    view! {
        <button type="button" class="button" aria-expanded=expanded
            on:click=move |_| on_figures.run(!shown.get_untracked())>
            {phrases::figures()}
        </button>
        {table}
    }
}
