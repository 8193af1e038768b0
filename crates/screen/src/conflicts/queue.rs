//! Conflicts that a person decides in a row.

use tsugi_sync::ids::EntityId;

/// The conflicts in their order, and the one that is decided now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    ids: Vec<EntityId>,
    current: EntityId,
}

impl Queue {
    /// All of `ids`, beginning with `current`.
    #[must_use]
    pub fn new(ids: Vec<EntityId>, current: EntityId) -> Self {
        Self { ids, current }
    }

    #[must_use]
    pub fn current(&self) -> EntityId {
        self.current
    }

    /// The same with the next conflict that is still open, or with the one before if `by` is negative. After the last
    /// one comes the first. None if no other one is open.
    #[must_use]
    pub fn turned(&self, by: isize, is_open: impl Fn(EntityId) -> bool) -> Option<Self> {
        let at = self.ids.iter().position(|id| *id == self.current)?;
        let (before, after) = (&self.ids[..at], &self.ids[at + 1..]);
        let mut others: Vec<EntityId> = after.iter().chain(before).copied().collect();
        if by < 0 {
            others.reverse();
        }
        let current = others.into_iter().find(|id| is_open(*id))?;
        Some(Self {
            ids: self.ids.clone(),
            current,
        })
    }

    /// Which of the open ones the current one is, counted from 1, and how many there are.
    #[must_use]
    pub fn place(&self, is_open: impl Fn(EntityId) -> bool) -> (usize, usize) {
        let left: Vec<EntityId> = self
            .ids
            .iter()
            .copied()
            .filter(|id| *id == self.current || is_open(*id))
            .collect();
        let nth = left.iter().position(|id| *id == self.current).unwrap_or_default();
        (nth + 1, left.len().max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn what_is_settled_meanwhile_is_passed_over() {
        let id = |n: u128| EntityId(Uuid::from_u128(n));
        let queue = Queue::new(vec![id(1), id(2), id(3)], id(1));
        let is_open = |open: EntityId| open != id(2);
        let next = queue.turned(1, is_open).map(|queue| queue.current());
        assert_eq!(next, Some(id(3)));
        assert_eq!(
            queue.turned(-1, |_| true).map(|queue| queue.current()),
            Some(id(3))
        );
        assert_eq!(queue.place(is_open), (1, 2));
        assert_eq!(queue.turned(1, |_| false), None);
    }
}
