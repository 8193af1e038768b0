//! The mark: two strokes that meet in one knot (継ぎ, "joined"), and the picture on the account screen.

use leptos::prelude::*;

use crate::components::text;

#[component]
pub fn BrandMark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
            <rect class="mark__ground" width="32" height="32" rx="8" />
            <path class="mark__thread" d="M7 11.5h6.5c3 0 4 9 7 9H25" />
            <path class="mark__thread mark__thread--two" d="M7 20.5h6.5c1 0 1.8-1 2.5-2.3M18 13.6c.7-1.2 1.5-2.1 2.5-2.1H25" />
        </svg>
    }
}

/// A laptop and a phone with the same list, one thread between them.
#[component]
pub fn WelcomePicture() -> impl IntoView {
    view! {
        <svg class="picture" viewBox="0 0 420 220" role="img" aria-label=text::PICTURE>
            <path class="picture__thread" d="M20 196c70 0 60-52 128-52 58 0 66 38 118 38 62 0 60-64 136-64" />
            <g class="picture__device">
                <rect x="58" y="26" width="214" height="138" rx="12" />
                <rect class="picture__screen" x="68" y="36" width="194" height="118" rx="5" />
            </g>
            <g class="picture__list">
                <circle class="picture__done" cx="90" cy="62" r="8" /><path d="m86.3 62 2.7 2.7 4.9-5.3" />
                <rect class="picture__struck" x="108" y="58" width="92" height="8" rx="4" />
                <circle cx="90" cy="94" r="8" /><rect x="108" y="90" width="124" height="8" rx="4" />
                <circle cx="90" cy="126" r="8" /><rect x="108" y="122" width="70" height="8" rx="4" />
                <rect class="picture__chip" x="188" y="119" width="40" height="14" rx="7" />
            </g>
            <g class="picture__device">
                <rect x="300" y="58" width="84" height="150" rx="14" />
                <rect class="picture__screen" x="307" y="66" width="70" height="134" rx="8" />
            </g>
            <g class="picture__list">
                <circle class="picture__done" cx="322" cy="90" r="6" /><path d="m319.3 90 2 2 3.6-3.9" />
                <rect class="picture__struck" x="334" y="87" width="32" height="6" rx="3" />
                <circle cx="322" cy="114" r="6" /><rect x="334" y="111" width="36" height="6" rx="3" />
                <circle cx="322" cy="138" r="6" /><rect x="334" y="135" width="22" height="6" rx="3" />
            </g>
            <g class="picture__knot"><circle cx="286" cy="180" r="13" /><path d="m280.5 180 4 4 7-7.6" /></g>
        </svg>
    }
}
