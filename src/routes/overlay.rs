//! The overlays on the page, of which one is open at a time, and the keys that open them.

use leptos::prelude::*;
use tsugi_sync::ids::EntityId;

use crate::browser::keyboard::{self, Claim, Key, Target};
use crate::browser::{focus, page, time, unsent};
use crate::components::kit::changing::changing;
use crate::components::kit::menu::FloatingMenu;
use crate::components::kit::modal::Modal;
use crate::components::kit::unsent::unsent_text;
use crate::components::palette::{Choice, Palette};
use crate::components::quick_add::{QuickAdd, READER, Reading};
use crate::components::shortcut_sheet::ShortcutSheet;
use crate::routes::conflicts;
use crate::routes::dialogs::Asked;
use crate::routes::late::Late;
use crate::signals::store::View;
use tsugi_screen::conflicts::queue::Queue;
use tsugi_screen::intent::{AddTo, EditIntent, GoIntent, Intent, ShowIntent};
use tsugi_screen::place::{ADD_PATH, Address};
use tsugi_screen::question::Ask;
use tsugi_screen::shortcuts::{Command, Keyboard, OFFERED_FOR_TASKS, Pressed};
use tsugi_screen::unsent::Input;
use tsugi_words::phrases;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Overlay {
    #[default]
    Nothing,
    Drawer,
    /// With the tasks that commands can act on: those that are selected, the one in focus, or the one in the editor.
    Palette(Vec<EntityId>),
    Shortcuts,
    QuickAdd,
    Ask(Ask),
    /// A conflict is decided, and then perhaps the next.
    Resolving(Queue),
    /// These conflicts are decided at once.
    DecidingAll(Vec<EntityId>),
}

#[component]
pub fn Overlays(view: View, late: Late, overlay: RwSignal<Overlay>, send: Callback<Intent>) -> impl IntoView {
    let hand = Hand { view, overlay, send };
    listen(hand, late);
    add_if_asked(hand);
    let shown = Memo::new(move |_| overlay.get());
    changing(move || match (shown.get(), late.get()) {
        (Overlay::Nothing | Overlay::Drawer | Overlay::Resolving(_), _) | (_, None) => None,
        (overlay, Some(views)) => Some((views.overlay)(overlay, hand)),
    })
}

/// An overlay that is drawn late.
#[must_use]
pub fn draw(shown: Overlay, hand: Hand) -> AnyView {
    let Hand { view, overlay, send } = hand;
    let close = Callback::new(move |()| overlay.set(Overlay::Nothing));
    match shown {
        Overlay::Nothing | Overlay::Drawer | Overlay::Resolving(_) => ().into_any(),
        Overlay::Palette(tasks) => {
            let leave = Callback::new(move |()| {
                overlay.set(Overlay::Nothing);
                send.run(Intent::Show(ShowIntent::Find { text: String::new() }));
            });
            let has_tasks = !tasks.is_empty();
            let choose = Callback::new(move |choice| match choice {
                Choice::Command(command) if OFFERED_FOR_TASKS.contains(&command) => {
                    hand.act(&command, tasks.clone());
                }
                Choice::Command(command) => hand.carry_out(&command),
                Choice::Task(id) => hand.edit(id),
            });
            let on_type = Callback::new(move |text| send.run(Intent::Show(ShowIntent::Find { text })));
            view! { <Palette sidebar=view.sidebar has_tasks found=view.found on_choose=choose on_close=leave on_type /> }
                .into_any()
        }
        Overlay::Shortcuts => view! { <ShortcutSheet on_close=close /> }.into_any(),
        Overlay::QuickAdd => view! { <QuickAddDialog view send close /> }.into_any(),
        Overlay::Ask(Ask::Menu { task, at }) => {
            view! { <FloatingMenu at choices=hand.choices(task) on_close=close /> }.into_any()
        }
        Overlay::DecidingAll(ids) => conflicts::deciding_all(&ids, view, send, close),
        Overlay::Ask(ask) => view! { <Asked ask view send close /> }.into_any(),
    }
}

/// Quick add in a dialog, over any page.
#[component]
fn QuickAddDialog(view: View, send: Callback<Intent>, close: Callback<()>) -> impl IntoView {
    let text = unsent_text(Input::QuickAddDialog);
    // On a page without tasks, a new task goes to the inbox.
    let place = Signal::derive(move || {
        view.address
            .with(|address| address.place.tasks().cloned().unwrap_or_default())
    });
    let add = Callback::new(move |lines| {
        unsent::keep(&Input::QuickAddDialog, "");
        close.run(());
        let to = AddTo::Place(place.get_untracked());
        send.run(Intent::Edit(EditIntent::AddTasks { to, lines }));
    });
    let reading = Reading {
        place,
        today: view.today,
        content: view.sidebar,
        reader: Signal::stored(Some(READER)),
    };
    view! {
        <Modal class="dialog quick-dialog" labelled_by="quick-add-title" on_close=close>
            <h2 id="quick-add-title" class="visually-hidden">{phrases::quick_add()}</h2>
            <QuickAdd id="quick-add-dialog" name=phrases::add_task() refusal=Signal::stored(None) completions_id="quick-add-dialog-names" text reading on_add=add autofocus=true />
            <p class="hint quick-dialog__hint">{phrases::quick_add_hint()}</p>
        </Modal>
    }
}

/// Opens quick add if the address asks for it, as the shortcut in the menu of the app's icon does. Then it goes to
/// another address, so that a reload does not open quick add again.
fn add_if_asked(Hand { overlay, send, .. }: Hand) {
    if page::path() == ADD_PATH {
        overlay.set(Overlay::QuickAdd);
        send.run(Intent::Go(GoIntent::Replace(Address::default())));
    }
}

/// The things that commands act on.
#[derive(Clone, Copy, Debug)]
pub struct Hand {
    pub(super) view: View,
    pub(super) overlay: RwSignal<Overlay>,
    pub(super) send: Callback<Intent>,
}

/// Listens to the keyboard as long as the frame exists.
fn listen(hand: Hand, late: Late) {
    let keyboard = StoredValue::new_local(Keyboard::default());
    // A person may press keys before the code for their commands is loaded.
    let early = StoredValue::new(Vec::<Command>::new());
    Effect::new(move |_| {
        if let Some(views) = late.get() {
            let early = early.try_update_value(std::mem::take).unwrap_or_default();
            early.iter().for_each(|command| (views.command)(hand, command));
        }
    });
    keyboard::listen(move |key: Key| {
        // A focused control handles these keys itself.
        let is_its_own = key.target == Target::Control && matches!(key.name.as_str(), "Enter" | " ");
        if is_its_own || focus::is_in_dialog() {
            return Claim::Browsers;
        }
        let pressed = Pressed {
            key: &key.name,
            modified: key.modified,
            shift: key.shift,
            alt: key.alt,
            typing: key.target == Target::Field,
            in_empty_field: key.in_empty_field,
            at: time::steady().0,
        };
        let mut command = None;
        keyboard.update_value(|keyboard| command = keyboard.press(pressed));
        let Some(command) = command else {
            return Claim::Browsers;
        };
        match untrack(|| late.get()) {
            Some(views) => (views.command)(hand, &command),
            None => early.update_value(|early| early.push(command.clone())),
        }
        // The browser gets Escape too, because there it may leave full screen or clear a field.
        match command == Command::Leave {
            true => Claim::Browsers,
            false => Claim::Ours,
        }
    });
}
