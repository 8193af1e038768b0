//! The mark: two strokes that meet in one knot (継ぎ, "joined"), and the picture on the account screen.

use leptos::prelude::*;

use tsugi_words::phrases;

#[component]
pub fn BrandMark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
            <rect class="mark__ground" width="32" height="32" rx="8" />
            <path class="mark__thread" d="M7 11.5h6.5c3 0 4 9 7 9H25" />
            <path class="mark__thread"
                d="M7 20.5h6.5c1 0 1.8-1 2.5-2.3M18 13.6c.7-1.2 1.5-2.1 2.5-2.1H25" />
        </svg>
    }
}

/// A laptop and a phone with the same list, and a thread that joins them.
#[component]
pub fn WelcomePicture() -> impl IntoView {
    view! {
        <svg class="picture" viewBox="0 0 440 200" role="img" aria-label=phrases::picture()>
            <g class="picture__device">
                <rect x="26" y="14" width="230" height="146" rx="12" />
                <rect class="picture__screen" x="36" y="24" width="210" height="126" rx="5" />
                <rect x="342" y="42" width="82" height="148" rx="14" />
                <rect class="picture__screen" x="349" y="50" width="68" height="132" rx="8" />
            </g>
            <path class="picture__base" d="M8 172h266" />
            <path class="picture__thread" d="M206 122h62c24 0 46 10 70 10h20" />
            <g class="picture__list">
                <circle class="picture__done" cx="60" cy="54" r="8" />
                <path d="m56.3 54 2.7 2.7 4.9-5.3" />
                <rect class="picture__struck" x="78" y="50" width="92" height="8" rx="4" />
                <circle cx="60" cy="88" r="8" />
                <rect x="78" y="84" width="138" height="8" rx="4" />
                <circle class="picture__live" cx="60" cy="122" r="8" />
                <rect class="picture__live" x="78" y="118" width="128" height="8" rx="4" />
                <circle class="picture__done" cx="364" cy="78" r="6" />
                <path d="m361.3 78 2 2 3.6-3.9" />
                <rect class="picture__struck" x="376" y="75" width="30" height="6" rx="3" />
                <circle cx="364" cy="105" r="6" />
                <rect x="376" y="102" width="34" height="6" rx="3" />
                <circle class="picture__live" cx="364" cy="132" r="6" />
                <rect class="picture__live" x="376" y="129" width="32" height="6" rx="3" />
            </g>
            <g class="picture__knot">
                <circle cx="304" cy="127" r="14" />
                <path d="m298.5 127 4 4 7-7.6" />
            </g>
        </svg>
    }
}
