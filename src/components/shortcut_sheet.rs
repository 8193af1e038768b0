//! All keyboard shortcuts on one sheet.

use leptos::prelude::*;

use crate::components::ids;
use crate::components::kit::icon::Icon;
use crate::components::kit::modal::Modal;
use tsugi_screen::shortcuts::{Group, Keys, Shortcut, table};
use tsugi_words::phrases;

#[component]
pub fn ShortcutSheet(on_close: Callback<()>) -> impl IntoView {
    let group = |group: Group| {
        let mut lines: Vec<(String, Vec<Keys>)> = Vec::new();
        for Shortcut { keys, command, .. } in table().into_iter().filter(|line| line.group == group) {
            let name = command.name();
            match lines.iter_mut().find(|(known, _)| *known == name) {
                Some((_, all)) => all.push(keys),
                None => lines.push((name, vec![keys])),
            }
        }
        let lines = lines.into_iter().map(sheet_line);
        view! {
            <section class="sheet__group">
                <h3 class="sheet__title">{group.name()}</h3>
                <dl class="sheet__lines">{lines.collect_view()}</dl>
            </section>
        }
    };
    view! {
        <Modal class="dialog sheet" labelled_by=ids::SHEET_TITLE on_close>
            <div class="panel__head sheet__head">
                <h2 id=ids::SHEET_TITLE class="dialog__title" tabindex="-1" autofocus>{phrases::shortcuts()}</h2>
                <button type="button" class="icon-button" aria-label=phrases::close()
                    on:click=move |_| on_close.run(())>
                    {Icon::Close.draw()}
                </button>
            </div>
            // The sheet scrolls on low screens, and the keyboard has to be able to do that.
            <div class="sheet__groups" tabindex="0" role="group" aria-labelledby=ids::SHEET_TITLE>{Group::ALL.map(group).collect_view()}</div>
        </Modal>
    }
}

/// A command with its keys, and with other keys that do the same.
fn sheet_line((name, all): (String, Vec<Keys>)) -> impl IntoView {
    let keys = all.into_iter().enumerate().map(|(place, keys)| {
        let or = (place > 0).then(|| format!(" {} ", phrases::or()));
        view! { {or}{caps(keys)} }
    });
    view! { <div class="sheet__line"><dt>{name}</dt><dd>{keys.collect_view()}</dd></div> }
}

fn caps(keys: Keys) -> impl IntoView {
    let between = match keys {
        Keys::Then(..) => format!(" {} ", phrases::then()),
        Keys::One(_) | Keys::Mod(_) | Keys::ModShift(_) | Keys::Alt(_) | Keys::Shift(_) => " ".to_owned(),
    };
    let caps = keys.caps().into_iter().enumerate().map(|(place, cap)| {
        let between = (place > 0).then(|| between.clone());
        view! { {between}<kbd>{cap}</kbd> }
    });
    caps.collect_view()
}
