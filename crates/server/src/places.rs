//! Places for connections: a limited number in all, and a limited number for one address.
//!
//! ```text
//! accepted ──► silent ──a whole request──► heard ──► gone
//!                └── makes room, oldest first, when there is no place for a newer one
//! ```
//! A connection that has not asked for anything yet is the cheapest to lose. If a stranger opens a thousand
//! connections and sends nothing, they lose only their own. All others at the same address, which many people may
//! share, are served.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

#[derive(Debug)]
pub(crate) struct Places {
    all: Arc<Semaphore>,
    per_address: usize,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    next: u64,
    addresses: HashMap<IpAddr, BTreeSet<u64>>,
    /// In the order of their coming.
    silent: BTreeMap<u64, Silent>,
}

#[derive(Debug)]
struct Silent {
    address: Option<IpAddr>,
    sent_away: Arc<Notify>,
}

/// The address has as many connections as allowed, and all of them are in use.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Full;

/// A place, held until it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    places: Arc<Places>,
    number: u64,
    /// The address it counts against; none for a proxy's connection, over which many may come.
    pub(crate) address: Option<IpAddr>,
    sent_away: Arc<Notify>,
    _permit: Option<OwnedSemaphorePermit>,
}

impl Places {
    /// `per_address` of 0 is no limit.
    pub(crate) fn new(all: usize, per_address: usize) -> Arc<Self> {
        Arc::new(Self {
            all: Arc::new(Semaphore::new(all.clamp(1, Semaphore::MAX_PERMITS))),
            per_address: if per_address == 0 { usize::MAX } else { per_address },
            taken: Mutex::default(),
        })
    }

    /// A place for a connection that was just accepted. If all are taken, the oldest silent connection has to go.
    /// If none is silent, this waits.
    pub(crate) async fn enter(self: &Arc<Self>, address: Option<IpAddr>) -> Result<Place, Full> {
        let permit = match Arc::clone(&self.all).try_acquire_owned() {
            Ok(permit) => Some(permit),
            Err(_) => {
                self.send_oldest_away();
                // The semaphore is never closed.
                Arc::clone(&self.all).acquire_owned().await.ok()
            }
        };
        self.take(address, permit, true)
    }

    /// A place for a session that counts against an address, beside the connections that carry its requests.
    pub(crate) fn join(self: &Arc<Self>, address: IpAddr) -> Result<Place, Full> {
        self.take(Some(address), None, false)
    }

    /// Closes the connection that has been silent for longest, if any is.
    pub(crate) fn send_oldest_away(&self) {
        let mut taken = self.lock();
        if let Some((&number, _)) = taken.silent.first_key_value() {
            taken.send_away(number);
        }
    }

    /// Waits until all places are free again.
    pub(crate) async fn emptied(&self, count: usize) {
        let all = u32::try_from(count).unwrap_or(u32::MAX);
        drop(self.all.acquire_many(all).await);
    }

    pub(crate) fn free(&self) -> usize {
        self.all.available_permits()
    }

    fn take(
        self: &Arc<Self>,
        address: Option<IpAddr>,
        permit: Option<OwnedSemaphorePermit>,
        is_silent: bool,
    ) -> Result<Place, Full> {
        let mut taken = self.lock();
        if let Some(address) = address
            && let Some(numbers) = taken.addresses.get(&address)
            && numbers.len() >= self.per_address
        {
            let oldest = numbers.iter().find(|number| taken.silent.contains_key(number));
            let oldest = *oldest.ok_or(Full)?;
            taken.send_away(oldest);
        }
        let number = taken.next;
        taken.next += 1;
        let sent_away = Arc::new(Notify::new());
        if let Some(address) = address {
            taken.addresses.entry(address).or_default().insert(number);
        }
        if is_silent {
            let sent_away = Arc::clone(&sent_away);
            taken.silent.insert(number, Silent { address, sent_away });
        }
        drop(taken);
        Ok(Place {
            places: Arc::clone(self),
            number,
            address,
            sent_away,
            _permit: permit,
        })
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        // No code of ours panics while it holds the lock.
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    fn send_away(&mut self, number: u64) {
        if let Some(silent) = self.silent.remove(&number) {
            self.leave(silent.address, number);
            silent.sent_away.notify_one();
        }
    }

    fn leave(&mut self, address: Option<IpAddr>, number: u64) {
        let Some(address) = address else {
            return;
        };
        if let Some(numbers) = self.addresses.get_mut(&address) {
            numbers.remove(&number);
            if numbers.is_empty() {
                self.addresses.remove(&address);
            }
        }
    }
}

impl Place {
    /// The connection has asked for something. From here on it makes room for no other.
    pub(crate) fn heard(&self) {
        self.places.lock().silent.remove(&self.number);
    }

    /// Waits until it has to make room for another.
    pub(crate) async fn sent_away(&self) {
        self.sent_away.notified().await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.lock();
        taken.silent.remove(&self.number);
        taken.leave(self.address, self.number);
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    fn address(last: u8) -> Option<IpAddr> {
        Some([192, 0, 2, last].into())
    }

    fn is_sent_away(place: &Place) -> bool {
        place.sent_away().now_or_never().is_some()
    }

    #[tokio::test]
    async fn a_silent_one_makes_room_for_a_newer_one_of_its_address() {
        let places = Places::new(100, 2);
        let first = places.enter(address(1)).await.unwrap();
        let second = places.enter(address(1)).await.unwrap();
        second.heard();
        let other = places.enter(address(2)).await.unwrap();
        let third = places.enter(address(1)).await.unwrap();
        third.heard();
        assert!(is_sent_away(&first));
        for place in [&second, &third, &other] {
            assert!(!is_sent_away(place));
        }
        assert_eq!(places.enter(address(1)).await.unwrap_err(), Full);
        assert_eq!(places.join([192, 0, 2, 1].into()).unwrap_err(), Full);
        drop(first);
        assert_eq!(
            places.enter(address(1)).await.unwrap_err(),
            Full,
            "its place is taken already"
        );
        drop(second);
        assert!(places.enter(address(1)).await.is_ok());
    }

    #[tokio::test]
    async fn where_all_places_are_taken_the_oldest_silent_one_goes() {
        let places = Places::new(2, 0);
        let first = places.enter(address(1)).await.unwrap();
        first.heard();
        let second = places.enter(None).await.unwrap();
        {
            let entering = places.enter(address(3));
            tokio::pin!(entering);
            assert!(entering.as_mut().now_or_never().is_none());
            assert!(is_sent_away(&second));
            drop(second);
            assert!(entering.await.is_ok());
        }
        let third = places.enter(address(3)).await.unwrap();
        third.heard();
        assert!(places.enter(address(4)).now_or_never().is_none(), "it waits");
        assert!(!is_sent_away(&first) && !is_sent_away(&third));
        drop((first, third));
        assert_eq!(places.free(), 2);
        assert!(places.lock().addresses.is_empty() && places.lock().silent.is_empty());
    }
}
