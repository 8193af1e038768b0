//! The card of a refused edit: it shows words and names, and sends the exact values again.

use std::sync::{Arc, Mutex};

use leptos::mount::mount_to;
use leptos::prelude::{AnyView, Callback, IntoAny, Signal, StoredValue, document, view};
use leptos::task::tick;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, Event, HtmlElement, HtmlTextAreaElement};
use tsugi_client::browser::intl;
use tsugi_client::components::merge::needs_attention::{NeedsAttention, RefusedHandlers};
use tsugi_screen::model::{RefusedCard, RefusedValue};
use tsugi_screen::text::fields::kind_of;
use tsugi_sync::entity::Field;
use wasm_bindgen_test::wasm_bindgen_test;

const LIST: &str = "00000000-0000-0000-0000-000000000007";
const DUE: &str = "2026-11-24T15:00[Asia/Tokyo]";

fn card() -> RefusedCard {
    let value = |(field, label, text): (Field, &str, &str)| RefusedValue {
        label: label.to_owned(),
        kind: kind_of(&field),
        text: text.to_owned(),
        names: [(LIST.to_owned(), "Garden".to_owned())].into(),
        field,
    };
    let values = [
        (Field::Title, "Title", "Milk"),
        (Field::Due, "Due", DUE),
        (Field::List, "List", LIST),
        (Field::Labels, "Labels", LIST),
        (Field::Recurrence, "Repeat", "FREQ=DAILY"),
    ];
    RefusedCard {
        id: 3,
        title: "Milk".to_owned(),
        reason: "This workspace is full.".to_owned(),
        code: "quota_exceeded".to_owned(),
        values: values.into_iter().map(value).collect(),
    }
}

/// The values that were sent again, and the text that was copied.
#[derive(Clone, Default)]
struct Heard {
    sent: Arc<Mutex<Vec<(String, String)>>>,
    copied: Arc<Mutex<String>>,
}

fn open() -> (Element, Heard) {
    let root = document().create_element("div").unwrap();
    document().body().unwrap().append_child(&root).unwrap();
    let heard = Heard::default();
    let keep = heard.clone();
    let draw = move || -> AnyView {
        let (sent, copied) = (keep.sent.clone(), keep.copied.clone());
        let handlers = RefusedHandlers {
            on_resend: Callback::new(move |(_, values)| *sent.lock().unwrap() = values),
            on_copy: Callback::new(move |text| *copied.lock().unwrap() = text),
            on_discard: Callback::new(|_| {}),
        };
        let zone = StoredValue::new("Asia/Tokyo".to_owned());
        view! { <NeedsAttention refused=Signal::stored(vec![card()]) zone handlers /> }.into_any()
    };
    intl::install();
    mount_to(root.clone().unchecked_into(), draw).forget();
    (root, heard)
}

fn press(root: &Element, name: &str) {
    let buttons = root.get_elements_by_tag_name("button");
    let mut all = (0..buttons.length()).map(|n| buttons.item(n).unwrap().unchecked_into::<HtmlElement>());
    all.find(|button| button.inner_text() == name).unwrap().click();
}

#[wasm_bindgen_test]
fn no_id_is_shown_or_copied_where_there_is_a_name() {
    let (root, heard) = open();
    let shown = root.unchecked_ref::<HtmlElement>().inner_text();
    for words in ["Garden", "Tue, Nov 24", "Every day"] {
        assert!(shown.contains(words), "{words} in {shown}");
    }
    press(&root, "Copy");
    let copied = heard.copied.lock().unwrap().clone();
    assert!(copied.contains("List: Garden"), "{copied}");
    for text in [shown, copied] {
        assert!(!text.contains(LIST) && !text.contains("FREQ"), "{text}");
    }
    root.remove();
}

#[wasm_bindgen_test]
async fn typed_values_can_be_corrected_and_others_are_sent_unchanged() {
    let (root, heard) = open();
    press(&root, "Edit and send again");
    tick().await;
    let inputs = root.get_elements_by_tag_name("textarea");
    assert_eq!(inputs.length(), 2, "title and due");
    let title: HtmlTextAreaElement = inputs.item(0).unwrap().unchecked_into();
    title.set_value("Oat milk");
    title.dispatch_event(&Event::new("input").unwrap()).unwrap();
    press(&root, "Send again");
    let sent = heard.sent.lock().unwrap().clone();
    let expected = [
        ("title", "Oat milk"),
        ("due", DUE),
        ("list", LIST),
        ("labels", LIST),
        ("recurrence", "FREQ=DAILY"),
    ];
    assert_eq!(
        sent,
        expected.map(|(name, text)| (name.to_owned(), text.to_owned()))
    );
    root.remove();
}
