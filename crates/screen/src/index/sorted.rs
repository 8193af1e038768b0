//! Tasks in order. It can say which task is at a place, and how many come before a key.
//!
//! Keys are bytes that sort in the right order and end with the task's id. They are kept in chunks. So adding a key
//! moves a few hundred others at most, with ten tasks or with a hundred thousand.

use std::rc::Rc;

use tsugi_sync::ids::EntityId;
use uuid::Uuid;

/// The sort key of a task. It ends with the task's id.
pub type Key = Rc<[u8]>;

/// The most keys in a chunk. A chunk that grows larger is cut in half.
const CHUNK: usize = 512;
const ID_BYTES: usize = 16;

#[derive(Debug, Default)]
pub struct Sorted {
    /// None of the chunks is empty.
    chunks: Vec<Vec<Key>>,
    count: usize,
}

/// The id that a key ends with.
#[must_use]
pub fn id_of(key: &Key) -> EntityId {
    let id = key
        .len()
        .checked_sub(ID_BYTES)
        .and_then(|start| key.get(start..))
        .and_then(|bytes| Uuid::from_slice(bytes).ok());
    EntityId(id.unwrap_or_default())
}

impl Sorted {
    #[must_use]
    pub fn len(&self) -> usize {
        self.count
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    pub fn insert(&mut self, key: Key) {
        let chunk = self.chunk_of(&key).min(self.chunks.len().saturating_sub(1));
        let Some(keys) = self.chunks.get_mut(chunk) else {
            self.chunks.push(vec![key]);
            self.count = 1;
            return;
        };
        let Err(place) = keys.binary_search(&key) else {
            return;
        };
        keys.insert(place, key);
        self.count += 1;
        if keys.len() > CHUNK {
            // At the end, where most keys are added, the full chunk stays full.
            let at = if place + 1 == keys.len() { CHUNK } else { CHUNK / 2 };
            let rest = keys.split_off(at);
            self.chunks.insert(chunk + 1, rest);
        }
    }

    pub fn remove(&mut self, key: &Key) {
        let chunk = self.chunk_of(key);
        let Some(keys) = self.chunks.get_mut(chunk) else {
            return;
        };
        if let Ok(place) = keys.binary_search(key) {
            keys.remove(place);
            self.count -= 1;
            if keys.is_empty() {
                self.chunks.remove(chunk);
            }
        }
    }

    /// How many keys come before these bytes.
    #[must_use]
    pub fn rank(&self, bytes: &[u8]) -> usize {
        let chunk = self
            .chunks
            .partition_point(|keys| keys.last().is_some_and(|last| **last < *bytes));
        let before: usize = self.chunks[..chunk].iter().map(Vec::len).sum();
        let within = self
            .chunks
            .get(chunk)
            .map_or(0, |keys| keys.partition_point(|key| **key < *bytes));
        before + within
    }

    /// The keys from a place on.
    pub fn from(&self, mut place: usize) -> impl Iterator<Item = &Key> {
        let mut chunk = 0;
        while self.chunks.get(chunk).is_some_and(|keys| place >= keys.len()) {
            place -= self.chunks[chunk].len();
            chunk += 1;
        }
        self.chunks[chunk..].iter().flatten().skip(place)
    }

    /// The first chunk whose last key is not before this one.
    fn chunk_of(&self, key: &Key) -> usize {
        self.chunks
            .partition_point(|keys| keys.last().is_some_and(|last| last < key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(order: u32, id: u128) -> Key {
        let mut bytes = order.to_be_bytes().to_vec();
        bytes.extend(Uuid::from_u128(id).as_bytes());
        bytes.into()
    }

    fn orders(sorted: &Sorted) -> Vec<u32> {
        let order = |key: &Key| u32::from_be_bytes([key[0], key[1], key[2], key[3]]);
        sorted.from(0).map(order).collect()
    }

    /// A permutation: every number below a prime, in a mixed-up order.
    fn shuffled(count: u32) -> impl Iterator<Item = u32> {
        (0..count).map(move |n| (u64::from(n) * 7_919 % u64::from(count)) as u32)
    }

    #[test]
    fn whatever_the_order_of_coming_and_going_the_order_is_that_of_the_keys() {
        let count = 5_003;
        let mut sorted = Sorted::default();
        for n in shuffled(count) {
            sorted.insert(key(n, u128::from(n)));
            sorted.insert(key(n, u128::from(n)));
        }
        assert_eq!(orders(&sorted), (0..count).collect::<Vec<_>>());
        for n in (0..count).filter(|n| n % 3 != 0) {
            sorted.remove(&key(n, u128::from(n)));
            sorted.remove(&key(n, u128::from(n)));
        }
        let left: Vec<u32> = (0..count).filter(|n| n % 3 == 0).collect();
        assert_eq!(orders(&sorted), left);
        assert_eq!(sorted.len(), left.len());
        for (place, n) in left.iter().enumerate().step_by(97) {
            assert_eq!(sorted.rank(&n.to_be_bytes()), place);
            assert_eq!(sorted.rank(&(n + 1).to_be_bytes()), place + 1);
            let found = sorted.from(place).next().map(id_of);
            assert_eq!(found, Some(EntityId(Uuid::from_u128(u128::from(*n)))));
        }
        for n in left {
            sorted.remove(&key(n, u128::from(n)));
        }
        assert!(sorted.is_empty() && sorted.from(0).next().is_none() && sorted.rank(b"x") == 0);
    }
}
