//! Lists, folders and labels by their names: what the sidebar offers, and what rows say of where a task belongs.

use std::collections::BTreeMap;

use tsugi_sync::entity::{Entity, Kind};
use tsugi_sync::ids::EntityId;
use tsugi_sync::label::Label;
use tsugi_sync::list::{Folder, List};
use tsugi_sync::section::Section;
use tsugi_sync::task::Task;

use super::model::{Named, Sidebar, TaskRow};
use super::search::fold;

#[derive(Debug, Default)]
pub struct Catalog {
    lists: BTreeMap<EntityId, List>,
    folders: BTreeMap<EntityId, Folder>,
    labels: BTreeMap<EntityId, Label>,
    sections: BTreeMap<EntityId, Section>,
}

impl Catalog {
    /// Takes in what became of an entity. Answers whether anything is called otherwise, or stands elsewhere.
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

    #[must_use]
    pub fn has_list(&self, id: EntityId) -> bool {
        self.lists.contains_key(&id)
    }

    /// What the sidebar shows: lists by folder, in the order given by hand.
    #[must_use]
    pub fn sidebar(&self) -> Sidebar {
        let mut folders: Vec<&Folder> = self.folders.values().collect();
        folders.sort_by(|a, b| {
            (a.position.is_none(), &a.position, a.created, a.id).cmp(&(
                b.position.is_none(),
                &b.position,
                b.created,
                b.id,
            ))
        });
        let mut lists: Vec<&List> = self
            .lists
            .values()
            .filter(|list| list.archived.is_none())
            .collect();
        lists.sort_by(|a, b| {
            (a.position.is_none(), &a.position, a.created, a.id).cmp(&(
                b.position.is_none(),
                &b.position,
                b.created,
                b.id,
            ))
        });
        let mut labels: Vec<Named> = self.labels.values().map(named_label).collect();
        labels.sort_by_cached_key(|label| fold(&label.name));
        // A list whose folder is gone is in none.
        let folder_of = |list: &List| list.folder.filter(|folder| self.folders.contains_key(folder));
        let within = |folder: Option<EntityId>| {
            let lists = lists.iter().filter(|list| folder_of(list) == folder);
            lists.map(|list| named_list(list)).collect::<Vec<_>>()
        };
        let named = |folder: &&Folder| {
            let name = folder.name.clone();
            let named = Named {
                id: folder.id,
                name,
                colour: None,
            };
            (Some(named), within(Some(folder.id)))
        };
        let mut all = vec![(None, within(None))];
        all.extend(folders.iter().map(named));
        Sidebar {
            folders: all,
            labels,
            sections: self.sections(),
        }
    }

    fn sections(&self) -> BTreeMap<EntityId, Vec<Named>> {
        let mut all: Vec<&Section> = self.sections.values().collect();
        let key = |section: &Section| {
            let Section {
                position,
                created,
                id,
                ..
            } = section;
            (position.is_none(), position.clone(), *created, *id)
        };
        all.sort_by_cached_key(|section| key(section));
        let mut sections: BTreeMap<EntityId, Vec<Named>> = BTreeMap::new();
        for section in all {
            if let Some(list) = section.list.filter(|list| self.has_list(*list)) {
                let named = Named {
                    id: section.id,
                    name: section.name.clone(),
                    colour: None,
                };
                sections.entry(list).or_default().push(named);
            }
        }
        sections
    }

    /// The list that goes by this name, however it is written, if it is in use.
    #[must_use]
    pub fn list_named(&self, name: &str) -> Option<EntityId> {
        let name = fold(name);
        let mut lists = self.lists.values().filter(|list| list.archived.is_none());
        lists.find(|list| fold(&list.name) == name).map(|list| list.id)
    }

    /// The label that goes by this name, however it is written.
    #[must_use]
    pub fn label_named(&self, name: &str) -> Option<EntityId> {
        let name = fold(name);
        let mut labels = self.labels.values();
        labels
            .find(|label| fold(&label.name) == name)
            .map(|label| label.id)
    }

    /// The section of a list that goes by this name, however it is written.
    #[must_use]
    pub fn section_named(&self, list: EntityId, name: &str) -> Option<EntityId> {
        let name = fold(name);
        let mut sections = self.sections.values().filter(|s| s.list == Some(list));
        sections
            .find(|section| fold(&section.name) == name)
            .map(|section| section.id)
    }

    /// The row, with the names of where its task belongs.
    #[must_use]
    pub fn name(&self, row: TaskRow, view: &Entity) -> TaskRow {
        let Some(task) = Task::read(view) else {
            return row;
        };
        let list = task.list.and_then(|list| self.lists.get(&list));
        let labels = task.labels.iter().filter_map(|label| self.labels.get(label));
        TaskRow {
            list: list.map(|list| list.name.clone()),
            labels: labels.map(named_label).collect(),
            ..row
        }
    }
}

fn keep<T: PartialEq>(all: &mut BTreeMap<EntityId, T>, id: EntityId, fresh: Option<T>) -> bool {
    match fresh {
        Some(fresh) if all.get(&id) == Some(&fresh) => false,
        Some(fresh) => {
            all.insert(id, fresh);
            true
        }
        None => all.remove(&id).is_some(),
    }
}

fn named_list(list: &List) -> Named {
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
