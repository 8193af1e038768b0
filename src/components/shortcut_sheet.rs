//! All keyboard shortcuts on one sheet.

use leptos::prelude::*;

use crate::components::icon::Icon;
use crate::components::modal::Modal;
use crate::phrases;
use crate::shortcuts::{Group, Keys, Shortcut, table};

#[component]
pub fn ShortcutSheet(on_close: Callback<()>) -> impl IntoView {
    let group = |group: Group| {
        let lines = table().into_iter().filter(|line| line.group == group).map(sheet_line);
        view! {
            <section class="sheet__group">
                <h3 class="sheet__title">{group.name()}</h3>
                <dl class="sheet__lines">{lines.collect_view()}</dl>
            </section>
        }
    };
    view! {
        <Modal class="dialog sheet" labelled_by="sheet-title" on_close>
            <div class="panel__head sheet__head">
                <h2 id="sheet-title" class="dialog__title" tabindex="-1" autofocus>{phrases::shortcuts()}</h2>
                <button type="button" class="icon-button" aria-label=phrases::close()
                    on:click=move |_| on_close.run(())>
                    {Icon::Close.draw()}
                </button>
            </div>
            <div class="sheet__groups">{Group::ALL.map(group).collect_view()}</div>
        </Modal>
    }
}

fn sheet_line(line: Shortcut) -> impl IntoView {
    let between = match line.keys {
        Keys::Then(..) => format!(" {} ", phrases::then()),
        Keys::One(_) | Keys::Mod(_) | Keys::ModShift(_) => " ".to_owned(),
    };
    let caps = line.keys.caps().into_iter().enumerate().map(|(place, cap)| {
        let between = (place > 0).then(|| between.clone());
        view! { {between}<kbd>{cap}</kbd> }
    });
    view! {
        <div class="sheet__line"><dt>{line.command.name()}</dt><dd>{caps.collect_view()}</dd></div>
    }
}
