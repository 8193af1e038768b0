//! The part `lab`: the conflict lab, which few people open. It is loaded when somebody does.
//!
//! It is never loaded before the parts `app` and `rest`, and names the beginnings of both, without ever calling them. So
//! everything that they reach counts as shared with this part, and their files stay whole. Without that the tool would cut
//! them into five, by who shares what, and they would weigh 25 kB more.

use std::sync::OnceLock;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::app::{self, Start};
use crate::browser::names;
use crate::components::kit::changing::changing;
use crate::components::part_missing::PartMissing;
use crate::parts::part;
use crate::rest::{self, Rest};
use crate::routes::lab;
use crate::signals::arrival::Presence;
use tsugi_words::phrases;

part!(lab: load() -> LabPart = make);

/// What the part has.
#[derive(Clone, Copy, Debug)]
pub struct LabPart {
    draw: fn() -> AnyView,
    /// Never called.
    _app: fn() -> Start,
    _rest: fn() -> Rest,
}

fn make() -> LabPart {
    LabPart {
        draw: lab::lab_page,
        _app: app::begin,
        _rest: rest::make,
    }
}

/// The part, once it is loaded. No signal holds it, because each type in a signal costs a kilobyte of code.
static PART: OnceLock<LabPart> = OnceLock::new();

/// The page of the lab. It loads the part, if that is not there yet.
#[must_use]
pub fn page() -> AnyView {
    let part = Presence::new(PART.get().is_some());
    let ask = Callback::new(move |()| {
        spawn_local(async move {
            match load().await {
                Ok(loaded) => {
                    PART.get_or_init(|| loaded);
                    part.came();
                }
                Err(_) => part.failed(),
            }
        });
    });
    if PART.get().is_none() {
        ask.run(());
    }
    let content = changing(move || {
        let is_here = part.is_here();
        match PART.get().filter(|_| is_here) {
            Some(part) => (part.draw)(),
            None => view! { <h1 id=names::PAGE_HEADING class="list-head__title" tabindex="-1">{phrases::lab()}</h1> }
                .into_any(),
        }
    });
    view! {
        {content}
        <PartMissing missing=part.missing() alone=Signal::stored(false) on_again=ask />
    }
    .into_any()
}
