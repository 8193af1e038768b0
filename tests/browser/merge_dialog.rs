//! The merge dialog, with a field of every kind. Each field is shown, each has a result to edit, and a side that was
//! only chosen is saved exactly. Nothing is chosen before the person chooses.

use std::sync::{Arc, Mutex};

use leptos::mount::mount_to;
use leptos::prelude::{AnyView, Callback, IntoAny, Signal, StoredValue, document, view};
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};
use tsugi_client::browser::intl;
use tsugi_client::components::merge::dialog::{MergeDialog, MergeHandlers};
use tsugi_client::components::merge::field::MergeContext;
use tsugi_screen::conflicts::card::{ConflictCard, ConflictField, Maker};
use tsugi_screen::model::Sidebar;
use tsugi_screen::text::fields::kind_of;
use tsugi_sync::entity::{Field, Kind};
use tsugi_sync::ids::{EntityId, Timestamp};
use uuid::Uuid;
use wasm_bindgen_test::wasm_bindgen_test;

const LIST: &str = "00000000-0000-0000-0000-000000000007";

/// A field of each kind that is decided by itself, with the values of both sides.
fn fields() -> Vec<(Field, &'static str, &'static str)> {
    vec![
        (Field::Title, "Milk", "Oat milk"),
        (Field::Notes, "one\ntwo", "one"),
        (Field::Due, "2026-11-24T15:00[Asia/Tokyo]", "2026-11-25"),
        (Field::Start, "", "2026-11-20"),
        (Field::Priority, "1", "\"urgent\""),
        (Field::List, LIST, ""),
        (Field::Labels, LIST, ""),
        (Field::Recurrence, "FREQ=DAILY", "FREQ=HOURLY"),
        (Field::from("mood"), "{\"calm\":7}", "\"7\""),
    ]
}

fn maker(name: &str) -> Maker {
    Maker {
        name: name.to_owned(),
        when: None,
        at: Timestamp(0),
        is_here: name == "here",
    }
}

fn card() -> ConflictCard {
    let field = |(field, first, second): (Field, &str, &str)| ConflictField {
        label: field.as_str().to_owned(),
        before: String::new(),
        first: first.to_owned(),
        second: second.to_owned(),
        now: second.to_owned(),
        kind: kind_of(&field),
        names: [(LIST.to_owned(), "Garden".to_owned())].into(),
        field,
    };
    ConflictCard {
        id: EntityId(Uuid::nil()),
        task: EntityId(Uuid::nil()),
        subject: Kind::Task,
        title: "Milk".to_owned(),
        list: None,
        opened: Timestamp(0),
        makers: ["here", "there"].map(maker),
        fields: fields().into_iter().map(field).collect(),
        merged: Vec::new(),
    }
}

/// The dialog on the page, and the values that it saves.
struct Screen {
    root: Element,
    saved: Arc<Mutex<Vec<(Field, String)>>>,
}

impl Screen {
    fn open() -> Self {
        let root = document().create_element("div").unwrap();
        document().body().unwrap().append_child(&root).unwrap();
        let saved = Arc::new(Mutex::new(Vec::new()));
        let keep = saved.clone();
        let draw = move || -> AnyView {
            let context = MergeContext {
                content: Signal::stored(Sidebar::default()),
                today: Signal::stored("2026-11-25".parse().unwrap()),
                zone: StoredValue::new("Asia/Tokyo".to_owned()),
            };
            let keep = keep.clone();
            let handlers = MergeHandlers {
                on_save: Callback::new(move |(results, _)| *keep.lock().unwrap() = results),
                on_later: Callback::new(|()| {}),
                on_turn: Callback::new(|_| {}),
            };
            let (latest, problem) = (Signal::stored(card()), Signal::stored(None));
            view! { <MergeDialog opened=card() latest place=(1, 1) context problem handlers /> }.into_any()
        };
        intl::install();
        mount_to(root.clone().unchecked_into(), draw).forget();
        Self { root, saved }
    }

    fn all(&self, class: &str) -> Vec<HtmlElement> {
        let found = self.root.get_elements_by_class_name(class);
        (0..found.length())
            .map(|n| found.item(n).unwrap().unchecked_into())
            .collect()
    }

    /// Chooses a side of every field.
    fn choose(&self, side: &str) {
        for side in self.all(side) {
            let radio: HtmlElement = side.query_selector("input").unwrap().unwrap().unchecked_into();
            radio.click();
        }
    }

    fn save(&self) -> Vec<(Field, String)> {
        self.all("button--primary")[0].click();
        let saved = self.saved.lock().unwrap().clone();
        self.root.remove();
        saved
    }
}

#[wasm_bindgen_test]
fn every_kind_of_field_is_shown_and_saved_as_it_was_by_a_click() {
    let screen = Screen::open();
    let groups = screen.all("merge");
    assert_eq!(groups.len(), fields().len());
    let text = screen.root.text_content().unwrap();
    for words in [
        "Garden",
        "Every day",
        "FREQ=HOURLY",
        "P1",
        "\"urgent\"",
        "{\"calm\":7}",
        "Nov 24",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
    assert_eq!(screen.saved.lock().unwrap().len(), 0);
    screen.all("button--primary")[0].click();
    assert_eq!(screen.saved.lock().unwrap().len(), 0, "nothing is chosen yet");
    screen.choose("side--first");
    let first = fields()
        .into_iter()
        .map(|(field, first, _)| (field, first.to_owned()));
    assert_eq!(screen.save(), first.collect::<Vec<_>>());
}

#[wasm_bindgen_test]
fn the_other_side_of_every_kind_is_saved_to_the_letter() {
    let screen = Screen::open();
    screen.choose("side--second");
    let second = fields()
        .into_iter()
        .map(|(field, _, second)| (field, second.to_owned()));
    assert_eq!(screen.save(), second.collect::<Vec<_>>());
}
