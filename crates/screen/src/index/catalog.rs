//! Lists, folders and labels by name: the entries of the sidebar, and the names on rows.

use std::collections::BTreeSet;

use tsugi_sync::entity::{Entity, Kind};
use tsugi_sync::ids::{EntityId, Timestamp};
use tsugi_sync::label::Label;
use tsugi_sync::list::{Folder, List};
use tsugi_sync::position::Position;
use tsugi_sync::section::Section;
use tsugi_sync::sorted_map::SortedMap;
use tsugi_sync::task::Task;

use tsugi_words::fold::fold;

use crate::model::{Named, Sidebar, TaskRow};
use crate::place::TaskPlace;

#[derive(Debug, Default)]
pub struct Catalog {
    lists: SortedMap<EntityId, List>,
    folders: SortedMap<EntityId, Folder>,
    labels: SortedMap<EntityId, Label>,
    sections: SortedMap<EntityId, Section>,
}

impl Catalog {
    /// Takes in an entity as it is now. Returns whether a name or a place has changed.
    pub fn put(&mut self, id: EntityId, view: Option<&Entity>) -> bool {
        match view.map(|view| (&view.kind, view)) {
            Some((Kind::List, view)) => keep(&mut self.lists, id, List::read(view)),
            Some((Kind::Folder, view)) => keep(&mut self.folders, id, Folder::read(view)),
            Some((Kind::Label, view)) => keep(&mut self.labels, id, Label::read(view)),
            Some((Kind::Section, view)) => keep(&mut self.sections, id, Section::read(view)),
            Some(_) => false,
            None => {
                let lists = self.lists.remove(&id).is_some();
                let folders = self.folders.remove(&id).is_some();
                let sections = self.sections.remove(&id).is_some();
                lists || folders || sections || self.labels.remove(&id).is_some()
            }
        }
    }

    /// Whether the list is archived; none if there is no such list.
    #[must_use]
    pub fn list_archived(&self, id: EntityId) -> Option<bool> {
        self.lists.get(&id).map(|list| list.archived.is_some())
    }

    /// The list of a section; none if there is no such section.
    #[must_use]
    pub fn section_list(&self, id: EntityId) -> Option<Option<EntityId>> {
        self.sections.get(&id).map(|section| section.list)
    }

    /// The sections of a list, in order.
    #[must_use]
    pub fn sections(&self, list: EntityId) -> Vec<&Section> {
        let of_list = |section: &&Section| section.list == Some(list);
        by_hand(self.sections.values().filter(of_list), |section| {
            (&section.position, section.created, section.id)
        })
    }

    /// The lists of a folder, or those in no folder, in order. Archived lists are left out.
    #[must_use]
    pub fn lists(&self, folder: Option<EntityId>) -> Vec<&List> {
        // A list whose folder is deleted is in no folder.
        let folder_of = |list: &List| list.folder.filter(|folder| self.folders.contains_key(folder));
        let within = |list: &&List| list.archived.is_none() && folder_of(list) == folder;
        by_hand(self.lists.values().filter(within), |list| {
            (&list.position, list.created, list.id)
        })
    }

    /// All folders, in order.
    #[must_use]
    pub fn folders(&self) -> Vec<&Folder> {
        by_hand(self.folders.values(), |folder| {
            (&folder.position, folder.created, folder.id)
        })
    }

    /// The sidebar: lists by folder, in the order given by hand. `folded` is the setting of this device.
    #[must_use]
    pub fn sidebar(&self, folded: &BTreeSet<EntityId>) -> Sidebar {
        let within = |folder| self.lists(folder).into_iter().map(named_list).collect::<Vec<_>>();
        let mut folders = vec![(None, within(None))];
        folders.extend(self.folders().into_iter().map(|folder| {
            let named = Named {
                id: folder.id,
                name: folder.name.clone(),
                colour: None,
            };
            (Some(named), within(Some(folder.id)))
        }));
        let mut labels: Vec<Named> = self.labels.values().map(named_label).collect();
        labels.sort_by_cached_key(|label| fold(&label.name));
        let archived = self.lists.values().filter(|list| list.archived.is_some());
        let mut archived: Vec<Named> = archived.map(named_list).collect();
        archived.sort_by_cached_key(|list| fold(&list.name));
        let mut sections: SortedMap<EntityId, Vec<Named>> = SortedMap::new();
        for list in self.sections.values().filter_map(|section| section.list) {
            let named = |section: &Section| Named {
                id: section.id,
                name: section.name.clone(),
                colour: None,
            };
            let of_list = || self.sections(list).into_iter().map(named).collect();
            sections.entry(list).or_insert_with(of_list);
        }
        let lists = self.lists.values().filter(|list| list.archived.is_none());
        let lists = lists.filter_map(|list| {
            let place = TaskPlace::List(list.id);
            Some((list.favourite?, place, named_list(list)))
        });
        let favoured = self.labels.values().filter_map(|label| {
            let place = TaskPlace::Label(label.id);
            Some((label.favourite?, place, named_label(label)))
        });
        let mut favourites: Vec<_> = lists.chain(favoured).collect();
        favourites.sort_by_key(|(since, _, named)| (*since, named.id));
        Sidebar {
            folders,
            favourites: favourites
                .into_iter()
                .map(|(_, place, named)| (place, named))
                .collect(),
            labels,
            archived,
            sections,
            folded: folded.clone(),
        }
    }

    /// The list with this name, in any spelling that folds to the same, if it is not archived.
    #[must_use]
    pub fn list_named(&self, name: &str) -> Option<EntityId> {
        let name = fold(name);
        let mut lists = self.lists.values().filter(|list| list.archived.is_none());
        lists.find(|list| fold(&list.name) == name).map(|list| list.id)
    }

    /// The label with this name, in any spelling that folds to the same.
    #[must_use]
    pub fn label_named(&self, name: &str) -> Option<EntityId> {
        let name = fold(name);
        let mut labels = self.labels.values();
        labels
            .find(|label| fold(&label.name) == name)
            .map(|label| label.id)
    }

    /// The section of a list with this name, in any spelling that folds to the same.
    #[must_use]
    pub fn section_named(&self, list: EntityId, name: &str) -> Option<EntityId> {
        let name = fold(name);
        let mut sections = self.sections.values().filter(|s| s.list == Some(list));
        sections
            .find(|section| fold(&section.name) == name)
            .map(|section| section.id)
    }

    /// The row, with the names of its list and its labels.
    #[must_use]
    pub fn name(&self, row: TaskRow, list: Option<EntityId>, view: &Entity) -> TaskRow {
        let Some(task) = Task::read(view) else {
            return row;
        };
        let list = list.and_then(|list| self.lists.get(&list));
        let labels = task.labels.iter().filter_map(|label| self.labels.get(label));
        TaskRow {
            list: list.map(named_list),
            labels: labels.map(named_label).collect(),
            ..row
        }
    }
}

/// Sorts things in the order given by hand: by position, those without one last; then by age, then by id.
fn by_hand<'a, T>(
    all: impl Iterator<Item = &'a T>,
    key: fn(&T) -> (&Option<Position>, Timestamp, EntityId),
) -> Vec<&'a T> {
    let mut all: Vec<&T> = all.collect();
    all.sort_by(|one, other| {
        let (one, other) = (key(one), key(other));
        (one.0.is_none(), one).cmp(&(other.0.is_none(), other))
    });
    all
}

fn keep<T: PartialEq>(all: &mut SortedMap<EntityId, T>, id: EntityId, fresh: Option<T>) -> bool {
    match fresh {
        Some(fresh) if all.get(&id) == Some(&fresh) => false,
        Some(fresh) => {
            all.insert(id, fresh);
            true
        }
        None => all.remove(&id).is_some(),
    }
}

pub(super) fn named_list(list: &List) -> Named {
    Named {
        id: list.id,
        name: list.name.clone(),
        colour: list.colour.map(|colour| colour.as_str()),
    }
}

fn named_label(label: &Label) -> Named {
    Named {
        id: label.id,
        name: label.name.clone(),
        colour: label.colour.map(|colour| colour.as_str()),
    }
}
