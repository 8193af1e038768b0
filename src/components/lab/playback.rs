//! What plays the lab: the scenarios, and the buttons beside them.

use leptos::prelude::*;
use tsugi_lab::scenario::Scenario;

use crate::components::kit::changing::changing;
use tsugi_screen::text::lab;
use tsugi_words::phrases;

// Signs like those of `Icon`. They are here because only the part `lab` shows them.
const PLAY: &str = "M8 5.5v13l10.5-6.5Z";
const PAUSE: &str = "M8.5 6v12M15.5 6v12";
const STEP: &str = "M6 6v12l8.5-6ZM18 6v12";
const AGAIN: &str = "M8 5 4 9l4 4M4 9h10a5.5 5.5 0 0 1 0 11H9";

fn sign(path: &'static str) -> impl IntoView {
    view! { <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d=path /></svg> }
}

/// How fast time passes in the lab.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Speed {
    Quarter,
    #[default]
    Half,
    Whole,
    Double,
}

impl Speed {
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Quarter => Self::Half,
            Self::Half => Self::Whole,
            Self::Whole => Self::Double,
            Self::Double => Self::Quarter,
        }
    }

    /// The time that passes in the lab in this time.
    #[must_use]
    pub fn of(self, milliseconds: u64) -> u64 {
        match self {
            Self::Quarter => milliseconds / 4,
            Self::Half => milliseconds / 2,
            Self::Whole => milliseconds,
            Self::Double => milliseconds * 2,
        }
    }

    fn name(self) -> String {
        phrases::lab_speed(match self {
            Self::Quarter => "¼",
            Self::Half => "½",
            Self::Whole => "1",
            Self::Double => "2",
        })
    }
}

/// What a person can do with the time of the lab.
#[derive(Clone, Copy, Debug)]
pub struct PlaybackHandlers {
    pub on_play: Callback<Scenario>,
    pub on_pause: Callback<()>,
    pub on_step: Callback<()>,
    pub on_speed: Callback<()>,
    pub on_again: Callback<()>,
}

#[component]
pub fn Playback(
    scenario: Signal<Option<Scenario>>,
    is_playing: Signal<bool>,
    speed: Signal<Speed>,
    handlers: PlaybackHandlers,
) -> impl IntoView {
    let chip = move |of: Scenario| {
        let is_chosen = move || (scenario.get() == Some(of)).to_string();
        view! {
            <button type="button" class="chip" aria-pressed=is_chosen on:click=move |_| handlers.on_play.run(of)>
                {lab::scenario(of)}
            </button>
        }
    };
    let pause = changing(move || match is_playing.get() {
        true => view! { {sign(PAUSE)} {phrases::lab_pause()} }.into_any(),
        false => view! { {sign(PLAY)} {phrases::lab_play()} }.into_any(),
    });
    view! {
        <div class="lab__bar">
            <div class="lab__try" role="group" aria-label=phrases::lab_try()>
                <span class="hint" aria-hidden="true">{phrases::lab_try()}</span>
                {Scenario::ALL.map(chip).collect_view()}
            </div>
            <div class="lab__play">
                <button type="button" class="button button--small button--primary" on:click=move |_| handlers.on_pause.run(())>
                    {pause}
                    <kbd aria-hidden="true">"Space"</kbd>
                </button>
                <button type="button" class="button button--small" on:click=move |_| handlers.on_step.run(())>
                    {sign(STEP)} {phrases::lab_step()}
                    <kbd aria-hidden="true">"→"</kbd>
                </button>
                <button type="button" class="button button--small" on:click=move |_| handlers.on_speed.run(())>
                    {move || speed.get().name()}
                </button>
                <button type="button" class="button button--small" on:click=move |_| handlers.on_again.run(())>
                    {sign(AGAIN)} {phrases::lab_start_over()}
                </button>
            </div>
        </div>
    }
}
