//! Moving tasks: among which siblings they go, and between which two of them.

use std::collections::BTreeSet;

use tsugi_calendar::Due;
use tsugi_sync::entity::{Field, Fields, Kind};
use tsugi_sync::gesture::{self, Stamp, move_to, nest};
use tsugi_sync::home::Home;
use tsugi_sync::ids::EntityId;
use tsugi_sync::position::Position;
use tsugi_sync::replica::Edit;
use tsugi_sync::task::Task;

use super::{Arranged, CannotArrange, Desk, Moment, edit, joined};
use crate::index::shelves::Shelf;
use crate::index::sorted::id_of;
use crate::intent::arrange::{Shift, Spot};
use tsugi_words::phrases;

/// The parent that siblings have in common: a task, or a home for tasks without a parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Group {
    Roots(Home),
    Below(EntityId),
}

/// A gap among siblings: after one of them, or before all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Gap {
    group: Group,
    after: Option<EntityId>,
}

pub(super) fn move_tasks(
    desk: Desk<'_>,
    tasks: &[EntityId],
    to: &Spot,
    moment: Moment,
) -> Result<Arranged, CannotArrange> {
    let heads = desk.heads(tasks);
    let stamp = moment.stamp;
    let what = match (heads.as_slice(), to) {
        ([_], Spot::On(_)) => phrases::tasks_rescheduled(1),
        ([one], _) => phrases::task_moved_to(&desk.name(*one), &desk.spot_name(to)),
        (many, _) => phrases::tasks_moved(many.len()),
    };
    let arranged = |edits: Vec<Edit>, in_sight| Arranged {
        edits: joined(edits),
        what,
        in_sight,
    };
    let edits = match to {
        Spot::On(day) => {
            let edits = heads
                .iter()
                .filter_map(|id| desk.due(*id, Some(&Due::On(*day)), stamp));
            return Ok(arranged(edits.collect(), false));
        }
        Spot::Labelled(label) => {
            let edits: Result<Vec<_>, _> = heads
                .iter()
                .map(|id| desk.label(*id, *label, true, stamp))
                .collect();
            return Ok(arranged(edits?.into_iter().flatten().collect(), false));
        }
        Spot::Under { row, depth } => desk.put(&heads, desk.gap_under(*row, *depth, &heads)?, moment)?,
        Spot::Before(task) => desk.put(&heads, desk.gap_before(*task)?, moment)?,
        Spot::First(home) => {
            let group = Group::Roots(*home);
            desk.put(&heads, Gap { group, after: None }, moment)?
        }
        Spot::Last(home) => desk.put(&heads, desk.gap_at_end(Group::Roots(*home), &heads), moment)?,
        Spot::Into(task) => desk.put(&heads, desk.gap_at_end(Group::Below(*task), &heads), moment)?,
    };
    let in_sight = matches!(to, Spot::Under { .. } | Spot::Before(_));
    Ok(arranged(edits, in_sight))
}

/// Moves a task by one step. Up and down: over its neighbour, or at the end of a section into the next one. In: below
/// the sibling before it. Out: beside its parent.
pub(super) fn shift(
    desk: Desk<'_>,
    task: EntityId,
    by: Shift,
    moment: Moment,
) -> Result<Arranged, CannotArrange> {
    let group = desk.group(task).ok_or(CannotArrange::Gone)?;
    let (before, after) = desk.around(task);
    let gap = match (by, before, after) {
        (Shift::NextColumn | Shift::PreviousColumn, ..) => {
            let home = desk.next_home(group, by).ok_or(CannotArrange::NoFurther)?;
            desk.gap_at_end(Group::Roots(home), &[task])
        }
        (Shift::Up, Some(before), _) => desk.gap_before(before)?,
        (Shift::Down, _, Some(after)) => Gap {
            group,
            after: Some(after),
        },
        (Shift::In, Some(before), _) => desk.gap_at_end(Group::Below(before), &[task]),
        (Shift::Out, ..) => match group {
            Group::Below(parent) => Gap {
                group: desk.group(parent).ok_or(CannotArrange::Gone)?,
                after: Some(parent),
            },
            Group::Roots(_) => return Err(CannotArrange::NoFurther),
        },
        (Shift::Up, None, _) => {
            let home = desk.next_home(group, by).ok_or(CannotArrange::NoFurther)?;
            desk.gap_at_end(Group::Roots(home), &[task])
        }
        (Shift::Down, _, None) => Gap {
            group: Group::Roots(desk.next_home(group, by).ok_or(CannotArrange::NoFurther)?),
            after: None,
        },
        (Shift::In, None, _) => return Err(CannotArrange::NoFurther),
    };
    let edits = desk.put(&[task], gap, moment)?;
    let title = desk.name(task);
    let what = match (gap.group, gap.after) {
        (Group::Roots(home), _) if matches!(by, Shift::NextColumn | Shift::PreviousColumn) => {
            phrases::task_moved_to(&title, &desk.home_name(home))
        }
        (Group::Below(parent), _) if by == Shift::In => phrases::moved_below(&title, &desk.name(parent)),
        (_, Some(after)) => phrases::moved_after(&title, &desk.name(after)),
        (Group::Roots(home), None) if home.section.is_some() && gap.group != group => {
            phrases::task_moved_to(&title, &desk.home_name(home))
        }
        (Group::Roots(_) | Group::Below(_), None) => phrases::moved_first(&title),
    };
    Ok(Arranged {
        edits,
        what,
        in_sight: true,
    })
}

impl Desk<'_> {
    /// The tasks among these that are not below another of these, in the order of the screen.
    fn heads(self, tasks: &[EntityId]) -> Vec<EntityId> {
        let moved: BTreeSet<EntityId> = tasks.iter().copied().collect();
        let is_below = |id: EntityId| self.shelves.above(id).any(|above| moved.contains(&above));
        let heads = moved.iter().copied();
        let heads = heads.filter(|id| self.shelves.is_there(*id) && !is_below(*id));
        let mut heads: Vec<_> = heads.map(|id| (self.shelves.bounds(id), id)).collect();
        heads.sort();
        heads.into_iter().map(|(_, id)| id).collect()
    }

    fn group(self, task: EntityId) -> Option<Group> {
        match self.shelves.parent(task) {
            Some(parent) => Some(Group::Below(parent)),
            None => Some(Group::Roots(self.shelves.home(task)?)),
        }
    }

    /// The siblings that are shown before and after a task.
    fn around(self, task: EntityId) -> (Option<EntityId>, Option<EntityId>) {
        match self.group(task) {
            Some(Group::Below(parent)) => {
                let mut open = self.shelves.children(parent);
                open.retain(|id| self.shelves.is_open(*id));
                let place = open.iter().position(|id| *id == task);
                let at = |place: Option<usize>| place.and_then(|place| open.get(place)).copied();
                (
                    at(place.and_then(|place| place.checked_sub(1))),
                    at(place.map(|place| place + 1)),
                )
            }
            Some(Group::Roots(home)) => (self.root_before(home, task), self.root_after(home, Some(task))),
            None => (None, None),
        }
    }

    fn root_before(self, home: Home, task: EntityId) -> Option<EntityId> {
        let roots = self.shelves.shelf(Shelf::Roots(home))?;
        let (path, _) = self.shelves.bounds(task)?;
        let place = roots.rank(&path).checked_sub(1)?;
        roots.from(place).next().map(|key| self.top(id_of(key)))
    }

    /// The first root after a task and everything below it; without a task, the first root.
    fn root_after(self, home: Home, task: Option<EntityId>) -> Option<EntityId> {
        let roots = self.shelves.shelf(Shelf::Roots(home))?;
        let place = match task {
            Some(task) => roots.rank(&self.shelves.bounds(task)?.1),
            None => 0,
        };
        roots.from(place).next().map(|key| self.top(id_of(key)))
    }

    /// The topmost task above this one, or the task itself. The screen shows a task below a completed one as a root,
    /// although it has a parent.
    fn top(self, id: EntityId) -> EntityId {
        self.shelves.above(id).last().unwrap_or(id)
    }

    fn gap_before(self, task: EntityId) -> Result<Gap, CannotArrange> {
        let group = self.group(task).ok_or(CannotArrange::Gone)?;
        let after = match group {
            Group::Roots(home) => self.root_before(home, task),
            Group::Below(parent) => {
                let all = self.shelves.children(parent);
                let place = all.iter().position(|id| *id == task);
                place
                    .and_then(|place| place.checked_sub(1))
                    .and_then(|place| all.get(place))
                    .copied()
            }
        };
        Ok(Gap { group, after })
    }

    /// The gap right under a row. If `depth` is deeper than the row, it is below the row's task. Otherwise it is after
    /// the ancestor of the row at that depth.
    fn gap_under(self, row: EntityId, depth: u8, moved: &[EntityId]) -> Result<Gap, CannotArrange> {
        let deep = self.shelves.depth(row);
        if depth > deep {
            return match moved.contains(&row) {
                true => Err(CannotArrange::BelowItself),
                false => Ok(Gap {
                    group: Group::Below(row),
                    after: None,
                }),
            };
        }
        let mut after = row;
        for _ in depth..deep {
            after = self.shelves.open_parent(after).unwrap_or(after);
        }
        // If the task is shown in the place of a completed parent, the gap is beside that parent and not below it.
        while let Some(done) = self.shelves.parent(after).filter(|id| !self.shelves.is_open(*id)) {
            after = done;
        }
        let group = self.group(after).ok_or(CannotArrange::Gone)?;
        // A moved task cannot stand after itself, so the gap is after the sibling before it.
        let after = match moved.contains(&after) {
            true => self.gap_before(after)?.after,
            false => Some(after),
        };
        Ok(Gap { group, after })
    }

    fn gap_at_end(self, group: Group, moved: &[EntityId]) -> Gap {
        let stays = |id: &EntityId| !moved.contains(id);
        let after = match group {
            Group::Below(parent) => self.shelves.children(parent).into_iter().rfind(stays),
            Group::Roots(home) => self.shelves.shelf(Shelf::Roots(home)).and_then(|roots| {
                let mut last = (0..roots.len()).rev().take(moved.len() + 1);
                last.find_map(|place| {
                    let root = roots.from(place).next().map(|key| self.top(id_of(key)));
                    root.filter(stays)
                })
            }),
        };
        Gap { group, after }
    }

    /// The part of the same list before this one, or after it.
    fn next_home(self, group: Group, by: Shift) -> Option<Home> {
        let Group::Roots(home) = group else { return None };
        let list = home.list?;
        let mut homes = vec![None];
        homes.extend(
            self.catalog
                .sections(list)
                .into_iter()
                .map(|section| Some(section.id)),
        );
        let here = homes.iter().position(|section| *section == home.section)?;
        let next = match by {
            Shift::Up | Shift::PreviousColumn => here.checked_sub(1)?,
            Shift::Down | Shift::NextColumn => here + 1,
            Shift::In | Shift::Out => return None,
        };
        let section = *homes.get(next)?;
        Some(Home { section, ..home })
    }

    fn home_name(self, home: Home) -> String {
        match home.section.or(home.list) {
            Some(id) => self.name(id),
            None => phrases::inbox().to_owned(),
        }
    }

    fn spot_name(self, spot: &Spot) -> String {
        let home = |home: Option<Home>| home.map(|home| self.home_name(home)).unwrap_or_default();
        match spot {
            Spot::First(place) | Spot::Last(place) => home(Some(*place)),
            Spot::Into(task) | Spot::Labelled(task) => self.name(*task),
            Spot::Under { row, .. } | Spot::Before(row) => home(self.shelves.home(*row)),
            Spot::On(day) => day.to_string(),
        }
    }

    /// Puts tasks into a gap, in their order. A task that is let go where it was is not changed, so that undo does not take
    /// back nothing.
    fn put(self, tasks: &[EntityId], gap: Gap, moment: Moment) -> Result<Vec<Edit>, CannotArrange> {
        if let [task] = tasks
            && self.group(*task) == Some(gap.group)
            && (gap.after == Some(*task) || gap.after == self.around(*task).0)
        {
            return Ok(Vec::new());
        }
        let stamp = moment.stamp;
        let mut edits = Vec::new();
        match gap.group {
            Group::Roots(home) => edits.extend(move_to(&self, tasks, home, stamp)?),
            Group::Below(parent) => {
                for task in tasks {
                    edits.extend(nest(&self, *task, parent, stamp)?);
                }
            }
        }
        edits.extend(match self.between(tasks, gap, moment) {
            Some(placed) => placed,
            None => self.among_all(tasks, gap, moment)?,
        });
        Ok(joined(edits))
    }

    /// Positions between the two neighbours only, if there is room. So 3 moved tasks cost 3 edits, in however long a
    /// list.
    fn between(self, tasks: &[EntityId], gap: Gap, moment: Moment) -> Option<Vec<Edit>> {
        let mut next = gap.after;
        loop {
            next = self.after(gap.group, next);
            match next {
                Some(id) if tasks.contains(&id) => {}
                Some(_) | None => break,
            }
        }
        let position = |id: EntityId| self.task(id).and_then(|task| task.position);
        let mut before = match gap.after {
            Some(id) => Some(position(id)?),
            None => None,
        };
        let after = next.and_then(position);
        let mut edits = Vec::with_capacity(tasks.len());
        for (nth, task) in tasks.iter().enumerate() {
            let jitter = moment.jitter.rotate_left(nth as u32 % 64);
            let position = Position::between(before.as_ref(), after.as_ref(), jitter).ok()?;
            before = Some(position.clone());
            edits.push(placed(*task, position, moment.stamp));
        }
        Some(edits)
    }

    /// The sibling after this one; without one, the first sibling.
    fn after(self, group: Group, sibling: Option<EntityId>) -> Option<EntityId> {
        match group {
            Group::Roots(home) => self.root_after(home, sibling),
            Group::Below(parent) => {
                let all = self.shelves.children(parent);
                let place = sibling.map_or(Some(0), |id| {
                    all.iter().position(|other| *other == id).map(|place| place + 1)
                });
                place.and_then(|place| all.get(place)).copied()
            }
        }
    }

    /// Positions for the case that siblings have none yet, or that there is no room between two. The siblings before
    /// the gap get positions too, or all siblings get new ones.
    fn among_all(self, tasks: &[EntityId], gap: Gap, moment: Moment) -> Result<Vec<Edit>, CannotArrange> {
        let mut siblings: Vec<Task> = self.siblings(gap.group, tasks);
        let after = |siblings: &[Task], id: Option<EntityId>| {
            let place = id.and_then(|id| siblings.iter().position(|task| task.id == id));
            place.map_or(0, |place| place + 1)
        };
        let mut edits = Vec::new();
        let mut last = gap.after;
        for id in tasks {
            let Some(task) = self.task(*id) else { continue };
            let index = after(&siblings, last);
            let all: Vec<&Task> = siblings.iter().collect();
            let placed = gesture::place(&all, *id, index, moment.jitter, moment.stamp)?;
            siblings.insert(index.min(siblings.len()), task);
            for edit in &placed {
                let position = edit.set.get(&Field::Position).and_then(|value| value.as_text());
                if let Some(sibling) = siblings.iter_mut().find(|task| task.id == edit.entity) {
                    sibling.position = position.and_then(|position| position.parse().ok());
                }
            }
            edits.extend(placed);
            last = Some(*id);
        }
        Ok(edits)
    }

    /// All siblings in order, without those that move.
    fn siblings(self, group: Group, moved: &[EntityId]) -> Vec<Task> {
        let mut ids: Vec<EntityId> = match group {
            Group::Below(parent) => self.shelves.children(parent),
            Group::Roots(home) => {
                let roots = self.shelves.shelf(Shelf::Roots(home));
                let keys = roots.into_iter().flat_map(|roots| roots.from(0));
                keys.map(|key| self.top(id_of(key))).collect()
            }
        };
        ids.dedup();
        ids.retain(|id| !moved.contains(id));
        ids.into_iter().filter_map(|id| self.task(id)).collect()
    }
}

fn placed(task: EntityId, position: Position, stamp: Stamp) -> Edit {
    let set = Fields::from([(Field::Position, position.into())]);
    edit(task, Kind::Task, set, stamp)
}
