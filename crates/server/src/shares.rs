//! Each account's share of the work of reading frames, over all its sessions and both transports.
//!
//! A few bytes on the wire may become a thousand times as many when they are inflated, and may hold many values. So
//! the work itself is counted, as the reader of frames measures it: bytes that came in, bytes that came out, and
//! values. An account that has used its share is not refused. Its sessions are read more slowly, and those of other
//! accounts are not.

use std::time::Duration;

use tokio::time::Instant;
use tsugi_sync::frame::Work;
use tsugi_sync::ids::UserId;

use crate::metrics;
use crate::rate::{Limiter, Rate};

/// The cost of one value: it takes as long as this number of bytes of text.
const VALUE_BYTES: usize = 8;
/// The cost of every frame besides its content.
const FRAME_BYTES: usize = 2 * 1024;
/// The cost of the beginning of a session: a handshake, a signature and a read.
const SESSION_BYTES: usize = 64 * 1024;

/// The cost of a frame, in bytes of text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    pub(crate) whole: usize,
    /// The part that was not paid in advance.
    owed: usize,
}

impl Cost {
    pub(crate) fn of(bytes: usize, work: Work, paid: usize) -> Self {
        let whole = FRAME_BYTES + bytes + work.bytes() + work.values.saturating_mul(VALUE_BYTES);
        Self {
            whole,
            owed: whole.saturating_sub(paid),
        }
    }
}

/// The shares are counted in KiB of text, rounded.
#[derive(Debug)]
pub(crate) struct Shares(Limiter<UserId>);

impl Shares {
    pub(crate) fn new(rate: Rate, accounts: usize) -> Self {
        Self(Limiter::new(rate, accounts))
    }

    /// A frame of this cost was read. If the share is used up, answers until when nothing more may be read.
    pub(crate) fn done(&self, user: UserId, cost: Cost, now: Instant) -> Option<Instant> {
        self.spend(user, cost.owed, now)
    }

    /// A session that waited may read its next frame, which is paid in advance; or it has to wait on. So the
    /// sessions of an account that wait together go on one after the other, and not all in the same moment.
    pub(crate) fn resume(&self, user: UserId, next: usize, now: Instant) -> Option<Instant> {
        let owed = self.spend(user, 0, now);
        if owed.is_none() {
            self.spend(user, next, now);
        }
        owed
    }

    /// A session begins. Answers until when it has to wait.
    pub(crate) fn began(&self, user: UserId, now: Instant) -> Option<Instant> {
        self.spend(user, SESSION_BYTES, now)
    }

    fn spend(&self, user: UserId, bytes: usize, now: Instant) -> Option<Instant> {
        let cost = u32::try_from(bytes.div_ceil(1024)).unwrap_or(u32::MAX);
        let wait = self.0.spend(user, cost, now);
        (wait > Duration::ZERO).then(|| {
            metrics::slowed();
            now + wait
        })
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::config::Limits;

    const ATTACK: Work = Work {
        inflated: 180_000,
        text: 400_000,
        values: 40_000,
    };

    fn shares() -> Shares {
        Shares::new(Limits::default().work, 100)
    }

    #[test]
    fn an_account_is_slowed_over_all_its_sessions_and_others_are_not() {
        let (shares, now) = (shares(), Instant::now());
        let (attacker, other) = (UserId(Uuid::from_u128(1)), UserId(Uuid::from_u128(2)));
        let read = (0..1_000)
            .take_while(|_| shares.done(attacker, Cost::of(209, ATTACK, 0), now).is_none())
            .count();
        assert!((5..20).contains(&read), "{read} frames at once");
        let until = shares.resume(attacker, 0, now).unwrap();
        assert!(until - now < Duration::from_secs(1));
        assert!(shares.resume(attacker, 0, until).is_none());
        assert!(shares.done(other, Cost::of(209, ATTACK, 0), now).is_none());
    }

    #[test]
    fn whoever_empties_an_outbox_is_not_slowed() {
        let (shares, start) = (shares(), Instant::now());
        let user = UserId(Uuid::from_u128(1));
        // The largest pushes, ten a second, as often as a replica may.
        let push = Work {
            inflated: 60_000,
            text: 131_072,
            values: 6_000,
        };
        for n in 0..1_000 {
            let now = start + Duration::from_millis(100) * n;
            assert!(shares.done(user, Cost::of(20_000, push, 0), now).is_none(), "{n}");
        }
    }

    #[test]
    fn sessions_that_waited_together_go_on_one_by_one() {
        let (shares, mut now) = (shares(), Instant::now());
        let user = UserId(Uuid::from_u128(1));
        let cost = Cost::of(209, ATTACK, 0);
        for _ in 0..20 {
            shares.done(user, cost, now);
        }
        let mut last = now;
        for turn in 0..20 {
            while let Some(until) = shares.resume(user, cost.whole, now) {
                now = until;
            }
            assert!(turn == 0 || now - last > Duration::from_millis(50), "{turn}");
            last = now;
            // The frame is paid already.
            shares.done(user, Cost::of(209, ATTACK, cost.whole), now);
        }
    }

    #[test]
    fn sessions_that_begin_and_end_are_work_too() {
        let (shares, now) = (shares(), Instant::now());
        let user = UserId(Uuid::from_u128(1));
        let begun = (0..1_000)
            .take_while(|_| shares.began(user, now).is_none())
            .count();
        assert_eq!(begun, 128);
    }
}
