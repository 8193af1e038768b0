//! The network and the clock of a device, for people to play with.

use leptos::prelude::*;
use tsugi_lab::device::{Controls, Who};
use tsugi_lab::lab::Act;
use tsugi_lab::limits;

use tsugi_screen::text::lab;
use tsugi_words::phrases;

/// One slider: its name, its range, and how its value is read and said.
#[derive(Clone, Copy)]
struct Slider {
    name: &'static str,
    range: [i64; 3],
    value: fn(&Controls) -> i64,
    says: fn(i64) -> String,
    act: fn(i64) -> Act,
}

fn sliders() -> [Slider; 3] {
    [
        Slider {
            name: phrases::lab_delay(),
            range: [20, whole(limits::DELAY_MS), 20],
            value: |controls| whole(controls.delay),
            says: |value| phrases::lab_milliseconds(&value.to_string()),
            act: |value| Act::Delay(value.unsigned_abs()),
        },
        Slider {
            name: phrases::lab_loss(),
            range: [0, whole(limits::LOSS_PERCENT), 5],
            value: |controls| whole(controls.loss),
            says: |value| phrases::lab_percent(&value.to_string()),
            act: |value| Act::Loss(value.unsigned_abs()),
        },
        Slider {
            name: phrases::lab_clock(),
            range: [-limits::CLOCK_MINUTES, limits::CLOCK_MINUTES, 1],
            value: |controls| controls.clock,
            says: lab::minutes,
            act: Act::Clock,
        },
    ]
}

fn whole(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

#[component]
pub fn LabControls(who: Who, controls: Signal<Controls>, on_act: Callback<Act>) -> impl IntoView {
    let is_offline = Signal::derive(move || controls.get().is_offline);
    let slider = move |Slider {
                           name,
                           range: [least, most, step],
                           value,
                           says,
                           act,
                       }: Slider| {
        let shown = Signal::derive(move || says(controls.with(value)));
        let moved = move |ev| {
            if let Ok(value) = event_target_value(&ev).parse() {
                on_act.run(act(value));
            }
        };
        view! {
            <label class="lab-slide">
                <span aria-hidden="true">{name}</span>
                <input type="range" min=least max=most step=step aria-label=phrases::lab_of(name, lab::name(who))
                    aria-valuetext=shown prop:value=move || controls.with(value).to_string() on:input=moved />
                <span class="lab-slide__value" aria-hidden="true">{shown}</span>
            </label>
        }
    };
    let state = move || match is_offline.get() {
        true => phrases::offline(),
        false => phrases::lab_connected(),
    };
    view! {
        <div class="lab-controls">
            <div class="lab-slide">
                <b aria-hidden="true">{phrases::offline()}</b>
                <span class="hint">{state}</span>
                <button type="button" class="lab-switch" role="switch" aria-label=phrases::lab_of(phrases::offline(), lab::name(who))
                    aria-checked=move || is_offline.get().to_string()
                    on:click=move |_| on_act.run(Act::Offline(!is_offline.get_untracked()))></button>
            </div>
            {sliders().map(slider).collect_view()}
        </div>
    }
}
