//! The walk from a task up to the one at the top. All code that needs such a walk uses this one.
//!
//! Two moves on different devices may together make a cycle of parents. A cycle is cut at one task, which is then
//! shown at the top. That is the task that was moved last in the server's order. If two were moved at the same
//! revision, it is the one with the greater id. All replicas that hold the same tasks cut at the same place, so that no
//! task vanishes and everybody sees the same tree.
//!
//! ```text
//! a names b, moved at revision 4        the cycle a → b → a is cut at b:
//! b names a, moved at revision 7        b
//! c names b                             ├─ a
//!                                       └─ c
//! ```
//! The chain may be as long as there are tasks. No function here calls itself, and a task belongs to its root at any
//! depth.

use crate::ids::{EntityId, Revision};

/// The parent that a task names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    pub parent: EntityId,
    /// The revision that last changed the parent of the task; the same as `Task::moved`.
    pub moved: Revision,
}

/// The tasks above this one, nearest first: its parent, the parent of that, and so on up to the task at the top. The
/// task itself is never among them. `link` returns the parent that a task names, or none if that parent does not
/// count, for example because it is deleted.
#[must_use]
pub fn above(id: EntityId, link: impl FnMut(EntityId) -> Option<Link>) -> Vec<EntityId> {
    let walk = Walk::from(id, link);
    let end = match walk.cut() {
        // The cut task is the last: the parent that it names does not count.
        Some(cut) => cut + 1,
        None => walk.met.len(),
    };
    let above = walk.met[..end].iter().skip(1);
    above.map(|(id, _)| *id).collect()
}

/// The task at the top above this one, or the task itself. Its list and section are those of all tasks below it.
#[must_use]
pub fn root(id: EntityId, link: impl FnMut(EntityId) -> Option<Link>) -> EntityId {
    above(id, link).pop().unwrap_or(id)
}

/// The task at which the cycle of this task is cut: it is shown at the top although it names a parent. None if the
/// task is on no cycle.
#[must_use]
pub fn cut(id: EntityId, link: impl FnMut(EntityId) -> Option<Link>) -> Option<EntityId> {
    let walk = Walk::from(id, link);
    let is_on_it = walk.round == Some(0);
    let cut = walk.cut().filter(|_| is_on_it)?;
    Some(walk.met[cut].0)
}

/// Whether `other` is this task or one above it, also beyond a cut. If so, `other` must not be moved below this task,
/// because that would make a cycle.
#[must_use]
pub fn leads_to(id: EntityId, other: EntityId, link: impl FnMut(EntityId) -> Option<Link>) -> bool {
    let walk = Walk::from(id, link);
    walk.met.iter().any(|(met, _)| *met == other)
}

/// The tasks on the way up, as their links say, each once.
struct Walk {
    met: Vec<(EntityId, Option<Link>)>,
    /// The place of the task that the last one names, if that closes a cycle; none if the walk ends at a root.
    round: Option<usize>,
}

impl Walk {
    fn from(id: EntityId, mut link: impl FnMut(EntityId) -> Option<Link>) -> Self {
        let mut met = Vec::new();
        let mut at = id;
        // The walk compares with one task that it has met, at the place `mark`, so it needs no index of all of them. The
        // mark moves on to the places 1, 3, 7, 15 and so on. Once it is on the cycle, and the next mark is farther away
        // than the cycle is long, the walk comes to it again.
        let mut mark = 0;
        loop {
            let named = link(at);
            met.push((at, named));
            let Some(named) = named else {
                return Self { met, round: None };
            };
            let (marked, _) = met[mark];
            if named.parent == marked {
                break;
            }
            at = named.parent;
            if met.len() == 2 * mark + 1 {
                mark = met.len();
            }
        }
        // The walk may have gone round more than once.
        let length = met.len() - mark;
        let first = (0..mark).find(|place| met[*place].0 == met[place + length].0);
        let round = first.unwrap_or(mark);
        met.truncate(round + length);
        let round = Some(round);
        Self { met, round }
    }

    /// The place of the task at which the cycle at the end of the walk is cut.
    fn cut(&self) -> Option<usize> {
        let round = self.round?;
        let moved = |place: &usize| {
            let (id, link) = self.met[*place];
            (link.map(|link| link.moved), id)
        };
        (round..self.met.len()).max_by_key(moved)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn id(number: usize) -> EntityId {
        EntityId(Uuid::from_u128(number as u128 + 1))
    }

    /// Tasks that name others, each with the revision of its move.
    fn links(rows: &[(usize, usize, u64)]) -> impl Fn(EntityId) -> Option<Link> + Copy {
        move |of| {
            let row = rows.iter().find(|(task, _, _)| id(*task) == of)?;
            Some(Link {
                parent: id(row.1),
                moved: Revision(row.2),
            })
        }
    }

    fn ids(numbers: &[usize]) -> Vec<EntityId> {
        numbers.iter().map(|number| id(*number)).collect()
    }

    #[test]
    fn the_nearest_comes_first_and_the_root_last() {
        let rows = [(1, 2, 5), (2, 3, 9), (3, 4, 1)];
        let link = links(&rows);
        assert_eq!(above(id(1), link), ids(&[2, 3, 4]));
        assert_eq!(root(id(1), link), id(4));
        assert_eq!(above(id(4), link), ids(&[]));
        assert_eq!(root(id(4), link), id(4));
        assert_eq!(cut(id(1), link), None);
    }

    #[test]
    fn two_tasks_that_are_each_others_parent_are_cut_where_the_later_move_was() {
        let rows = [(1, 2, 4), (2, 1, 7), (3, 2, 1)];
        let link = links(&rows);
        assert_eq!(above(id(1), link), ids(&[2]));
        assert_eq!(above(id(2), link), ids(&[]));
        assert_eq!(above(id(3), link), ids(&[2]));
        assert_eq!((cut(id(1), link), cut(id(2), link)), (Some(id(2)), Some(id(2))));
        assert_eq!(cut(id(3), link), None, "it is below the cycle and not on it");
    }

    #[test]
    fn of_moves_in_the_same_moment_the_greater_id_is_cut() {
        let rows = [(1, 2, 4), (2, 3, 4), (3, 1, 4)];
        let link = links(&rows);
        for task in 1..=3 {
            assert_eq!(cut(id(task), link), Some(id(3)));
            assert_eq!(root(id(task), link), id(3));
        }
        assert_eq!(above(id(1), link), ids(&[2, 3]));
    }

    #[test]
    fn a_task_that_names_itself_is_at_the_top() {
        let rows = [(1, 1, 4), (2, 1, 5)];
        let link = links(&rows);
        assert_eq!(above(id(1), link), ids(&[]));
        assert_eq!(above(id(2), link), ids(&[1]));
        assert_eq!(cut(id(1), link), Some(id(1)));
    }

    #[test]
    fn what_is_beyond_a_cut_is_still_led_to() {
        let rows = [(1, 2, 4), (2, 1, 7)];
        let link = links(&rows);
        assert!(!above(id(2), link).contains(&id(1)));
        assert!(leads_to(id(2), id(1), link));
        assert!(leads_to(id(2), id(2), link));
        assert!(!leads_to(id(2), id(3), link));
    }

    #[test]
    fn a_chain_may_be_as_long_as_there_are_tasks() {
        let link = |of: EntityId| {
            let number = of.0.as_u128() as usize - 1;
            let named = Link {
                parent: id(number + 1),
                moved: Revision(1),
            };
            (number < 50_000).then_some(named)
        };
        assert_eq!(above(id(0), link).len(), 50_000);
        assert_eq!(root(id(0), link), id(50_000));
    }
}
