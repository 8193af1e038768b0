//! The merge dialog, with a field of every kind. Each field is shown, each has a result to edit, and a side that was
//! only chosen is saved exactly.

use std::sync::{Arc, Mutex};

use leptos::mount::mount_to;
use leptos::prelude::{AnyView, Callback, IntoAny, Signal, StoredValue, document, view};
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};
use tsugi_client::browser::intl;
use tsugi_client::components::merge::dialog::MergeDialog;
use tsugi_client::components::merge::field::MergeContext;
use tsugi_screen::model::{ConflictCard, ConflictField, DELETED, KEPT, Sidebar};
use tsugi_screen::text::fields::kind_of;
use tsugi_sync::entity::Field;
use tsugi_sync::ids::{EntityId, Timestamp};
use uuid::Uuid;
use wasm_bindgen_test::wasm_bindgen_test;

const LIST: &str = "00000000-0000-0000-0000-000000000007";

/// A field of each kind, with the values of mine and theirs.
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
        (Field::Completed, "", "1700000000000"),
        (Field::Deleted, KEPT, DELETED),
        (Field::from("mood"), "{\"calm\":7}", "\"7\""),
    ]
}

fn card() -> ConflictCard {
    let field = |(field, mine, theirs): (Field, &str, &str)| ConflictField {
        label: field.as_str().to_owned(),
        base: String::new(),
        mine: mine.to_owned(),
        theirs: theirs.to_owned(),
        kind: kind_of(&field),
        names: [(LIST.to_owned(), "Garden".to_owned())].into(),
        field,
    };
    ConflictCard {
        id: EntityId(Uuid::nil()),
        task: EntityId(Uuid::nil()),
        task_title: "Milk".to_owned(),
        opened: Timestamp(0),
        mine_label: "here".to_owned(),
        theirs_label: "there".to_owned(),
        noticed_here: true,
        fields: fields().into_iter().map(field).collect(),
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
            let on_save = Callback::new(move |results| *keep.lock().unwrap() = results);
            let on_later = Callback::new(|()| {});
            let problem = Signal::stored(None);
            view! { <MergeDialog card=card() context problem on_save on_later /> }.into_any()
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
    let mine = fields()
        .into_iter()
        .map(|(field, mine, _)| (field, mine.to_owned()));
    assert_eq!(screen.save(), mine.collect::<Vec<_>>());
}

#[wasm_bindgen_test]
fn theirs_of_every_kind_is_saved_to_the_letter() {
    let screen = Screen::open();
    // The second of the three radio buttons of each field.
    for radio in screen.all("side__radio").iter().skip(1).step_by(3) {
        radio.click();
    }
    let theirs = fields()
        .into_iter()
        .map(|(field, _, theirs)| (field, theirs.to_owned()));
    assert_eq!(screen.save(), theirs.collect::<Vec<_>>());
}
