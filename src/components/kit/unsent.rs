//! The text of an input that is kept on this device until the person sends it.

use leptos::prelude::*;
use tsugi_screen::unsent::Input;

use crate::browser::unsent;

/// The text of an input, as it was left here, and kept at every change.
#[must_use]
pub fn unsent_text(input: Input) -> RwSignal<String> {
    let text = RwSignal::new(unsent::text_of(&input));
    Effect::new(move |_| text.with(|text| unsent::keep(&input, text)));
    text
}
