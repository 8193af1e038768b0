//! The part `rest`: everything that may come after the tasks are on the screen.

use leptos::prelude::*;

use crate::browser::page;
use crate::components::quick_add;
use crate::components::rows::board::Board;
use crate::lab;
use crate::parts::part;
use crate::routes::late::LateViews;
use crate::routes::overlay::Hand;
use crate::routes::{conflicts, further_page, overlay, popovers, side_panel, tasks};
use crate::signals::screen::Records;
use crate::tab::client::edits;
use crate::tab::late::LateTab;
use crate::tab::{driver, workspace};

part!(rest: load() -> Rest = make);

/// What the part has.
#[derive(Clone, Copy, Debug)]
pub struct Rest {
    pub tab: LateTab,
    pub views: LateViews,
}

pub(crate) fn make() -> Rest {
    page::show_late_style();
    Rest {
        tab: LateTab {
            carry_out: edits::carry_out,
            records: Records {
                cards: |index, local| index.conflict_cards(local),
                history: |index, local, of, now, changes| index.history(local, of, now, changes),
                rules: |index, local| index.rules(local),
                news: |index, local, open, now| index.news(local, open, now),
            },
            choose_profile: |client, messages, from| Box::pin(driver::choose_profile(client, messages, from)),
            work: |client, messages, opened| Box::pin(workspace::work(client, messages, opened)),
            stuck: |client, messages, error| Box::pin(workspace::stuck(client, messages, error)),
        },
        views: LateViews {
            editor: side_panel::editor,
            conflicts: conflicts::conflicts,
            resolving: conflicts::resolving,
            overlay: overlay::draw,
            command: Hand::carry_out,
            refused: tasks::refused,
            selected: tasks::selected,
            board: |board, view| view! { <Board board view /> }.into_any(),
            page: |page, view, send| further_page(page, view, send, lab::page),
            sync_popover: popovers::sync,
            signed_out: popovers::signed_out,
            account_popover: popovers::account,
            reader: quick_add::READER,
        },
    }
}
