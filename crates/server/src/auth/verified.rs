//! Tokens whose signature was found right, so that it need not be computed again.
//!
//! A client shows the same token at each connection for ten minutes. Checking an Ed25519 signature takes some 60 µs, and
//! looking one up takes 1 µs. When thousands of clients come back at once, that is the difference.
//!
//! Only the signature is remembered. Whether a token has ended, and whether its key is of its time, is judged each time. A
//! token is found by the hash of its whole text, and only tokens with a right signature come in, so a stranger can neither
//! fill the memory nor find anything in it.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use sha2::{Digest, Sha256};

/// Tokens in one generation. There are two: when the younger one is full, the older one is forgotten.
const GENERATION: usize = 8_192;

type Hash = [u8; 32];

#[derive(Debug)]
pub(super) struct Verified<T> {
    generation: usize,
    known: Mutex<Generations<T>>,
}

#[derive(Debug)]
struct Generations<T> {
    young: HashMap<Hash, T>,
    old: HashMap<Hash, T>,
}

impl<T: Copy> Verified<T> {
    pub(super) fn new() -> Self {
        Self::of(GENERATION)
    }

    fn of(generation: usize) -> Self {
        let (young, old) = (HashMap::new(), HashMap::new());
        let known = Mutex::new(Generations { young, old });
        Self { generation, known }
    }

    pub(super) fn find(&self, token: &str) -> Option<T> {
        let hash = hash(token);
        let known = self.lock();
        known.young.get(&hash).or_else(|| known.old.get(&hash)).copied()
    }

    pub(super) fn add(&self, token: &str, content: T) {
        let hash = hash(token);
        let mut known = self.lock();
        if known.young.len() >= self.generation {
            known.old = std::mem::take(&mut known.young);
        }
        known.young.insert(hash, content);
    }

    fn lock(&self) -> MutexGuard<'_, Generations<T>> {
        // No code of ours panics while it holds the lock.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn hash(token: &str) -> Hash {
    Sha256::digest(token).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_are_remembered_and_their_number_is_bounded() {
        let verified = Verified::of(10);
        for n in 0..1_000_u32 {
            verified.add(&n.to_string(), n);
        }
        assert_eq!(verified.find("999"), Some(999));
        assert_eq!(verified.find("990"), Some(990));
        assert_eq!(verified.find("970"), None);
        assert_eq!(verified.find("9990"), None);
        let known = verified.lock();
        assert!(known.young.len() + known.old.len() <= 20);
    }
}
