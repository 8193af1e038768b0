//! From what a tab holds to the signals of the store: only what was touched is looked at again.

use std::collections::{BTreeMap, BTreeSet};

use tsugi_sync::conflict::{Conflict, State};
use tsugi_sync::entity::{Field, Kind};
use tsugi_sync::ids::{EntityId, Timestamp};
use tsugi_sync::replica::Parked;

use super::store::Store;
use crate::sync::fields::to_text;
use crate::sync::local::Local;
use crate::sync::project::{conflict_card, refused_cards, sort_key, task_row};

/// The tasks and conflicts on screen.
#[derive(Debug)]
pub struct Screen {
    store: Store,
    open: BTreeMap<EntityId, Conflict>,
    format: fn(Timestamp) -> String,
}

impl Screen {
    #[must_use]
    pub fn new(store: Store, format: fn(Timestamp) -> String) -> Self {
        Self {
            store,
            open: BTreeMap::new(),
            format,
        }
    }

    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Shows everything, as at the start.
    pub fn show_all(&mut self, local: &Local) {
        self.open.clear();
        self.show(local, &local.ids());
    }

    /// Shows what became of the touched entities.
    pub fn show(&mut self, local: &Local, touched: &BTreeSet<EntityId>) {
        let mut tasks = BTreeSet::new();
        for id in touched {
            match local.view(*id) {
                Some(view) if view.kind == Kind::Conflict => {
                    let open = Conflict::read(&view).filter(|conflict| conflict.state == State::Open);
                    let before = match open {
                        Some(conflict) => {
                            tasks.insert(conflict.subject);
                            self.open.insert(*id, conflict)
                        }
                        None => self.open.remove(id),
                    };
                    tasks.extend(before.map(|conflict| conflict.subject));
                }
                _ => {
                    tasks.insert(*id);
                    // A conflict that a restored server has never heard of is gone with all its ways to settle it.
                    tasks.extend(self.open.remove(id).map(|conflict| conflict.subject));
                }
            }
        }
        self.store
            .put_tasks(tasks.iter().map(|id| (*id, self.task(local, *id))));
        self.show_conflicts(local);
        let title = |parked: &Parked| {
            let title =
                |entity: &tsugi_sync::entity::Entity| to_text(&Field::Title, entity.value(&Field::Title));
            local
                .view(parked.mutation.entity)
                .as_ref()
                .map(title)
                .unwrap_or_default()
        };
        Store::set_if_changed(
            &self.store.refused,
            refused_cards(local.replica().parked(), &title),
        );
    }

    fn task(&self, local: &Local, id: EntityId) -> Option<(super::store::SortKey, super::model::TaskRow)> {
        let view = local.view(id)?;
        let conflicts = self
            .open
            .values()
            .filter(|conflict| conflict.subject == id)
            .count();
        sort_key(&view).zip(task_row(&view, local.is_waiting(id), conflicts))
    }

    fn show_conflicts(&self, local: &Local) {
        let card = |conflict: &Conflict| {
            conflict_card(
                conflict,
                local.replica().id(),
                local.view(conflict.subject).as_ref(),
                &self.format,
            )
        };
        let cards = self.open.values().filter_map(card).collect();
        Store::set_if_changed(&self.store.conflicts, cards);
    }
}
