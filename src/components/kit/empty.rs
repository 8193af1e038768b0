//! The text that an empty list shows, and the outline that a list shows while it is loading.

use leptos::prelude::*;

use tsugi_words::phrases;

/// An empty place, with a hint about the things that belong there.
#[component]
pub fn Empty(title: &'static str, hint: &'static str) -> impl IntoView {
    view! {
        <div class="empty">
            <svg class="empty__picture" viewBox="0 0 120 56" aria-hidden="true" focusable="false">
                <path d="M4 40c22 0 20-24 44-24s24 24 44 24c12 0 18-6 24-12" />
                <circle cx="48" cy="16" r="7" /><circle cx="92" cy="40" r="7" />
            </svg>
            <p class="empty__title">{title}</p>
            <p class="empty__hint">{hint}</p>
        </div>
    }
}

/// The outline of a list, while this device's own storage is being read.
#[component]
pub fn Skeleton() -> impl IntoView {
    let bars = ["62%", "48%", "71%", "39%", "55%"].map(|width| {
        view! {
            <div class="skeleton__row">
                <span class="skeleton__check"></span>
                <span class="skeleton__bar" style:width=width></span>
            </div>
        }
    });
    view! {
        <div class="skeleton">
            <p class="visually-hidden" role="status">{phrases::loading()}</p>
            <div aria-hidden="true">{bars.collect_view()}</div>
        </div>
    }
}
