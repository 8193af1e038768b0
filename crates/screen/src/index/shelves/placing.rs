//! Puts tasks in their places after a change: the task that changed and the tasks below it, and no others.
//!
//! A task's spot follows from its own fields and from the spot of the task that it is shown below. So the tasks of a
//! branch are placed from the top down, each once, however long the chain is and in whatever order they came.
//!
//! A cycle of parents is cut where [`ancestry`] says. By their fields, all tasks of a cycle are below each task of it.
//! So a change that makes a cycle, breaks it, or moves the cut finds the whole cycle below the task that changed.

use std::collections::BTreeSet;

use tsugi_sync::ancestry::{self, Link};
use tsugi_sync::home::Home;
use tsugi_sync::ids::EntityId;
use tsugi_sync::task::Task;

use super::standing::{Spot, Standing};
use super::{Shelf, Shelves};
use crate::index::Touched;
use crate::index::sorted::Key;

impl Shelves {
    /// Takes in a task as it is now, deleted or not, or that it is gone. If that moves more tasks than this one, it is
    /// added to `unsettled`. The tasks stay where they were until [`Shelves::settle`] is called with that.
    pub fn keep(
        &mut self,
        id: EntityId,
        task: Option<&Task>,
        unsettled: &mut BTreeSet<EntityId>,
        touched: &mut Touched,
    ) {
        self.touch_above(id, touched);
        let Some(task) = task else {
            self.forget(id, unsettled, touched);
            return;
        };
        let mut standing = Standing::new(task);
        let before = self.tasks.remove(&id);
        let links_before = before.as_ref().map_or([None; 3], Standing::links);
        if links_before != standing.links() {
            self.unlink_all(id, links_before);
            for link in standing.links().into_iter().flatten() {
                self.members.entry(link).or_default().insert(id);
            }
        }
        let moves_branch = before.as_ref().is_none_or(|before| {
            // The revision of a move matters only on a cycle.
            let is_cut_again = before.moved != standing.moved && !self.cut.is_empty();
            is_cut_again || standing.moves_branch(before)
        });
        if let Some(before) = before {
            standing.spot = before.spot;
            standing.stands = before.stands;
        }
        self.tasks.insert(id, standing);
        match moves_branch {
            true => drop(unsettled.insert(id)),
            false => self.place(id, touched),
        }
    }

    /// Takes in whether a list exists, and whether it is archived.
    pub fn keep_list(&mut self, id: EntityId, archived: Option<bool>, unsettled: &mut BTreeSet<EntityId>) {
        let before = match archived {
            Some(archived) => self.lists.insert(id, archived),
            None => self.lists.remove(&id),
        };
        if before != archived {
            unsettled.extend(self.roots_that_name(id));
        }
    }

    /// Takes in whether a section exists, and in which list.
    pub fn keep_section(
        &mut self,
        id: EntityId,
        list: Option<Option<EntityId>>,
        unsettled: &mut BTreeSet<EntityId>,
    ) {
        let before = match list {
            Some(list) => self.sections.insert(id, list),
            None => self.sections.remove(&id),
        };
        if before != list {
            unsettled.extend(self.roots_that_name(id));
        }
    }

    /// Puts these tasks and all tasks below them in their places.
    pub fn settle(&mut self, unsettled: &BTreeSet<EntityId>, touched: &mut Touched) {
        let mut ahead = self.with_all_below(unsettled);
        while let Some(first) = ahead.first().copied() {
            let link = |id| self.link(id).filter(|link: &Link| ahead.contains(&link.parent));
            let top = ancestry::root(first, link);
            // The task is at the top of those to be placed, and still it names a parent among them: it is on a cycle.
            let is_cut = link(top).is_some();
            self.place_branch(top, is_cut, &mut ahead, touched);
        }
        for id in unsettled {
            self.touch_above(*id, touched);
        }
    }

    /// Places all tasks of a branch that are still ahead, parents first.
    fn place_branch(
        &mut self,
        top: EntityId,
        is_cut: bool,
        ahead: &mut BTreeSet<EntityId>,
        touched: &mut Touched,
    ) {
        let mut next = vec![top];
        while let Some(id) = next.pop() {
            if !ahead.remove(&id) {
                continue;
            }
            let is_news = match is_cut && id == top {
                true => self.cut.insert(id),
                false => self.cut.remove(&id),
            };
            if is_news {
                // The parent that its fields name has one sub-task more, or one less.
                touched.tasks.extend(self.link(id).map(|link| link.parent));
            }
            self.place(id, touched);
            let names_it = |member: &EntityId| self.link(*member).is_some_and(|link| link.parent == id);
            next.extend(self.members(id).filter(names_it));
        }
    }

    /// These tasks, all tasks that name them as parents, and so on, each once.
    fn with_all_below(&self, tasks: &BTreeSet<EntityId>) -> BTreeSet<EntityId> {
        let mut all = tasks.clone();
        let mut next: Vec<EntityId> = tasks.iter().copied().collect();
        while let Some(id) = next.pop() {
            let is_below = |member: &EntityId| {
                let member = self.tasks.get(member);
                member.is_some_and(|member| member.parent == Some(id) && member.bones.deleted.is_none())
            };
            for member in self.members(id).filter(is_below) {
                if all.insert(member) {
                    next.push(member);
                }
            }
        }
        all
    }

    /// The parent that a task names; none if either of them is deleted.
    fn link(&self, id: EntityId) -> Option<Link> {
        let task = self.tasks.get(&id).filter(|task| task.bones.deleted.is_none())?;
        let parent = task.parent.filter(|parent| self.is_there(*parent))?;
        Some(Link {
            parent,
            moved: task.moved,
        })
    }

    /// Tasks at the top that name this list or section. All others are where their roots are.
    fn roots_that_name(&self, id: EntityId) -> Vec<EntityId> {
        let is_root = |member: &EntityId| {
            let member = self.tasks.get(member);
            member.is_some_and(|member| {
                let names_it = member.list == Some(id) || member.section == Some(id);
                names_it && member.spot.parent.is_none()
            })
        };
        self.members(id).filter(is_root).collect()
    }

    fn forget(&mut self, id: EntityId, unsettled: &mut BTreeSet<EntityId>, touched: &mut Touched) {
        let Some(task) = self.tasks.remove(&id) else {
            return;
        };
        for (shelf, key) in &task.stands {
            self.take(*shelf, key);
        }
        self.unlink_all(id, task.links());
        self.cut.remove(&id);
        touched.moved = true;
        unsettled.insert(id);
    }

    fn unlink_all(&mut self, id: EntityId, links: [Option<EntityId>; 3]) {
        for link in links.into_iter().flatten() {
            if let Some(members) = self.members.get_mut(&link) {
                members.remove(&id);
                if members.is_empty() {
                    self.members.remove(&link);
                }
            }
        }
    }

    /// Puts one task in its place. The tasks above it are in their places already.
    pub(super) fn place(&mut self, id: EntityId, touched: &mut Touched) {
        let Some(task) = self.tasks.get(&id) else {
            return;
        };
        let spot = self.spot(id, task);
        let stands = task.shelves(&spot, id, self.today);
        let Some(task) = self.tasks.get_mut(&id) else {
            return;
        };
        self.placed += 1;
        if task.spot.home.list != spot.home.list {
            // Its row shows the name of the list.
            touched.tasks.insert(id);
        }
        task.spot = spot;
        if task.stands == stands {
            return;
        }
        touched.moved = true;
        let before = std::mem::replace(&mut task.stands, stands.clone());
        for (shelf, key) in &before {
            self.take(*shelf, key);
        }
        for (shelf, key) in stands {
            self.shelves.entry(shelf).or_default().insert(key);
        }
    }

    fn take(&mut self, shelf: Shelf, key: &Key) {
        if let Some(sorted) = self.shelves.get_mut(&shelf) {
            sorted.remove(key);
            if sorted.is_empty() {
                self.shelves.remove(&shelf);
            }
        }
    }

    fn spot(&self, id: EntityId, task: &Standing) -> Spot {
        let link = self.link(id).filter(|_| !self.cut.contains(&id));
        if let Some((parent, above)) =
            link.and_then(|link| Some((link.parent, self.tasks.get(&link.parent)?)))
        {
            return Spot::below(parent, above, self.is_folded(parent), &task.level);
        }
        // A deleted list counts as the inbox. A section that is deleted or of another list counts as no section.
        let list = task.list.filter(|list| self.lists.contains_key(list));
        let of_list = |section: &EntityId| list.is_some() && self.sections.get(section) == Some(&list);
        let home = Home {
            list,
            section: task.section.filter(of_list),
        };
        let is_archived = list.is_some_and(|list| self.lists.get(&list) == Some(&true));
        Spot::root(&task.level, home, is_archived)
    }

    /// Marks the tasks above it whose rows show something about the tasks below them.
    fn touch_above(&self, id: EntityId, touched: &mut Touched) {
        touched.tasks.extend(self.parent(id));
        touched.tasks.extend(self.open_parent(id));
    }
}
