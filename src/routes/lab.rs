//! The conflict lab: it owns the lab and its time, and hands signals and callbacks to the components.

use leptos::prelude::*;
use tsugi_calendar::Date;
use tsugi_lab::device::Who;
use tsugi_lab::history::Event;
use tsugi_lab::lab::{Act, Lab};
use tsugi_lab::picture;
use tsugi_lab::scenario::Scenario;

use crate::browser::keyboard::{Claim, Key, Target};
use crate::browser::{device, focus, frame, keyboard, names, time};
use crate::components::kit::changing::changing;
use crate::components::kit::icon::Icon;
use crate::components::lab::device::{LabDevice, choices};
use crate::components::lab::diagram::LabDiagram;
use crate::components::lab::playback::{Playback, PlaybackHandlers, Speed};
use tsugi_screen::text::lab as text;
use tsugi_words::phrases;

/// Milliseconds between two steps for people who want nothing to move.
const STEP_MS: u64 = 900;

/// The lab and everything that plays it.
#[derive(Clone, Copy)]
struct Player {
    lab: RwSignal<Lab>,
    scenario: RwSignal<Option<Scenario>>,
    is_playing: RwSignal<bool>,
    speed: RwSignal<Speed>,
    /// Why the last deed was not done.
    problem: RwSignal<Option<String>>,
    /// Whether time passes now: it stands still while nothing happens.
    is_running: StoredValue<bool>,
}

fn new_lab() -> Lab {
    Lab::new(
        &text::texts(),
        time::today().unwrap_or(Date::LAST),
        time::random_u64(),
    )
}

impl Player {
    fn new() -> Self {
        Self {
            lab: RwSignal::new(new_lab()),
            scenario: RwSignal::new(None),
            is_playing: RwSignal::new(true),
            speed: RwSignal::new(Speed::default()),
            problem: RwSignal::new(None),
            is_running: StoredValue::new(false),
        }
    }

    /// Lets time pass, as long as it is wanted and anything happens.
    fn go(self) {
        if self.is_running.get_value() {
            return;
        }
        self.is_running.set_value(true);
        let steps = device::prefers_reduced_motion();
        let mut waited = 0;
        frame::each_paint(move |elapsed| {
            // Somebody may have left the page meanwhile.
            let Some(true) = self.is_playing.try_get_untracked() else {
                self.is_running.try_set_value(false);
                return false;
            };
            let passes = self.speed.get_untracked().of(elapsed);
            waited += elapsed;
            let goes_on = self.lab.try_update(|lab| {
                match (steps, waited >= STEP_MS) {
                    (true, true) => {
                        waited = 0;
                        lab.step();
                    }
                    (true, false) => {}
                    (false, _) => lab.run_watched(passes),
                }
                !lab.is_quiet()
            });
            if goes_on != Some(true) {
                self.is_running.try_set_value(false);
            }
            goes_on == Some(true)
        });
    }

    fn pause(self) {
        self.is_playing.update(|playing| *playing = !*playing);
        if self.is_playing.get_untracked() {
            self.go();
        }
    }

    fn step(self) {
        self.is_playing.set(false);
        self.lab.update(Lab::step);
    }

    fn next_speed(self) {
        self.speed.update(|speed| *speed = speed.next());
    }

    fn play(self, scenario: Option<Scenario>) {
        self.scenario.set(scenario);
        self.problem.set(None);
        self.lab.update(|lab| {
            *lab = new_lab();
            if let Some(scenario) = scenario {
                lab.play(scenario, &text::texts());
            }
        });
        self.is_playing.set(true);
        self.go();
    }

    fn act(self, who: Who, act: Act) {
        let done = self.lab.try_update(|lab| lab.act(who, act));
        self.problem.set(done.and_then(Result::err).map(text::refusal));
        if self.is_playing.get_untracked() {
            self.go();
        }
    }

    /// Space and the right arrow, unless they mean something where they are pressed.
    fn press(self, key: &Key) -> Claim {
        if key.modified || key.shift || key.alt {
            return Claim::Browsers;
        }
        match (key.name.as_str(), key.target) {
            (" ", Target::Page) => self.pause(),
            ("ArrowRight", Target::Page | Target::Control) => self.step(),
            (_, Target::Page | Target::Control | Target::Field) => return Claim::Browsers,
        }
        Claim::Ours
    }
}

#[must_use]
pub fn lab_page() -> AnyView {
    let player = Player::new();
    keyboard::listen(move |key| player.press(&key));
    view! { <LabPage player /> }.into_any()
}

#[component]
fn LabPage(player: Player) -> impl IntoView {
    let lab = player.lab;
    let length = Memo::new(move |_| lab.with(|lab| lab.history().length()));
    let handlers = PlaybackHandlers {
        on_play: Callback::new(move |scenario| player.play(Some(scenario))),
        on_pause: Callback::new(move |()| player.pause()),
        on_step: Callback::new(move |()| player.step()),
        on_speed: Callback::new(move |()| player.next_speed()),
        on_again: Callback::new(move |()| player.play(player.scenario.get_untracked())),
    };
    let told = move |lab: &Lab| lab.history().story().map(text::sentence);
    // It is read and not only tracked, because a memo that nobody reads is never computed.
    let story = Memo::new(move |_| {
        let _length = length.get();
        lab.with_untracked(told)
            .unwrap_or_else(|| phrases::lab_begin().to_owned())
    });
    let marks = Memo::new(move |_| {
        let _length = length.get();
        lab.with_untracked(picture::marks)
    });
    let window = Memo::new(move |_| lab.with(picture::window));
    let now = Memo::new(move |_| lab.with(Lab::now));
    let name = Signal::derive(move || phrases::lab_picture(&story.get()));
    let device = move |who: Who| {
        let card = Memo::new(move |_| lab.with(|lab| lab.card(who)));
        let controls = Memo::new(move |_| lab.with(|lab| lab.controls(who)));
        let arriving = Memo::new(move |_| lab.with(|lab| lab.arriving(who)));
        let on_act = Callback::new(move |act| player.act(who, act));
        view! {
            <LabDevice who card=card.into() controls=controls.into() arriving=arriving.into() on_act />
        }
    };
    let [laptop, phone] = Who::BOTH.map(device);
    view! {
        <div class="lab">
            <div class="list-head lab__head">
                <h1 id=names::PAGE_HEADING class="list-head__title" tabindex="-1">{phrases::lab()}</h1>
                <p class="hint">{phrases::lab_hint()}</p>
            </div>
            <Playback scenario=player.scenario.into() is_playing=player.is_playing.into() speed=player.speed.into() handlers />
            <Story player story=story.into() />
            <div class="lab__devices">
                {laptop}
                <div class="lab__picture">
                    <LabDiagram marks=marks.into() window=window.into() now=now.into() name />
                    <Legend />
                </div>
                {phone}
            </div>
            <Events lab length=length.into() />
        </div>
    }
}

/// What just happened, and where a person can decide.
#[component]
fn Story(player: Player, story: Signal<String>) -> impl IntoView {
    let asks =
        Memo::new(move |_| Who::BOTH.map(|who| player.lab.with(|lab| !lab.card(who).questions.is_empty())));
    let said = move || player.problem.get().unwrap_or_else(|| story.get());
    let decide = changing(move || {
        let who = match asks.get() {
            [_, true] => Who::Phone,
            [true, false] => Who::Laptop,
            [false, false] => return None,
        };
        let name = phrases::lab_decide_on(text::name(who));
        Some(view! {
            <button type="button" class="button button--small" on:click=move |_| focus::focus_now(choices(who))>{name}</button>
        })
    });
    view! {
        <div class="lab-story">
            <span class="lab-story__icon">{Icon::Split.draw()}</span>
            <p><b>{phrases::lab_what_happened()}</b>" "<span role="status">{said}</span></p>
            {decide}
        </div>
    }
}

/// What the signs in the picture mean.
#[component]
fn Legend() -> impl IntoView {
    let line = |class: &'static str| view! { <svg viewBox="0 0 26 10" aria-hidden="true"><line class=class x1="0" x2="26" y1="5" y2="5" /></svg> };
    let entry = |sign: AnyView, words: &'static str| view! { <li>{sign} {words}</li> };
    let shape = |class: &'static str, path: &'static str| view! { <svg viewBox="0 0 14 14" aria-hidden="true"><path class=class d=path /></svg> };
    view! {
        <ul class="lab-legend" role="list">
            {entry(line("lab-line lab-line--laptop").into_any(), phrases::lab_from_laptop())}
            {entry(line("lab-line lab-line--phone").into_any(), phrases::lab_from_phone())}
            {entry(shape("lab-mark", "M7 1a6 6 0 1 0 0 12A6 6 0 1 0 7 1").into_any(), phrases::lab_at_once())}
            {entry(shape("lab-mark", "M7 0l7 7-7 7-7-7Z").into_any(), phrases::lab_saved())}
            {entry(shape("lab-offline", "M1 1h12v12H1Z").into_any(), phrases::offline())}
            {entry(shape("lab-cross", "M2 2l10 10M12 2 2 12").into_any(), phrases::lab_not_heard())}
        </ul>
    }
}

/// The picture as a list, for people who do not see it.
#[component]
fn Events(lab: RwSignal<Lab>, length: Signal<u64>) -> impl IntoView {
    let events = changing(move || {
        let _length = length.get();
        lab.with_untracked(|lab| {
            let said = |event: &Event| {
                let moment = text::seconds(event.at);
                view! { <li>{phrases::lab_event(&moment, &text::sentence(event))}</li> }
            };
            lab.history().events().map(said).collect_view()
        })
    });
    view! {
        <details class="lab-events">
            <summary>{phrases::lab_events()}</summary>
            <ol aria-label=phrases::lab_events()>{events}</ol>
        </details>
    }
}
