//! One workspace that sessions of this process listen to: what they have been told, and what a batch or a head of the
//! store adds to it.
//!
//! Invariant: `told` never goes back within one history, and every session has what is up to `told`: it read it
//! itself after it joined, or it is in its mailbox. So a batch that begins after `told` is not posted. What is
//! missing before it is read first, once for all sessions.
//!
//! In a process that is alone nobody else writes, so `told` stays empty and each batch is posted as it comes.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::time::Instant;
use tsugi_sync::ids::{Mark, Revision, SessionId, WorkspaceId};
use tsugi_sync::subscription::Head;

use super::feed::Point;
use super::{Batch, Letter, Mailbox};

#[derive(Debug)]
pub(super) struct Joined {
    workspace: WorkspaceId,
    pub(super) sessions: HashMap<SessionId, Arc<Mailbox>>,
    told: Option<Told>,
    rights: Option<u64>,
    /// Changes are being read for it.
    pub(super) is_reading: bool,
    /// When the last session left.
    pub(super) empty_since: Option<Instant>,
}

#[derive(Clone, Copy, Debug)]
struct Told {
    point: Point,
    /// The revision at which a session's own reading began this. A session that has read less reads again.
    began: Revision,
}

/// What became of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Posted {
    /// All sessions know it or have it in their mailboxes.
    Yes,
    /// Something before it is missing, and has to be read.
    Gap,
}

/// What a head of the store means for the sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Nothing,
    /// There are changes after this point.
    Changes(Point),
    /// The store has another history than before, because it was restored.
    OtherHistory,
}

impl Joined {
    pub(super) fn new(workspace: WorkspaceId) -> Self {
        Self {
            workspace,
            sessions: HashMap::new(),
            told: None,
            rights: None,
            is_reading: false,
            empty_since: None,
        }
    }

    pub(super) fn told(&self) -> Option<Point> {
        self.told.map(|told| told.point)
    }

    /// A session has read the workspace up to `head` after it joined. Answers whether that is another history than
    /// the one of which the others were told.
    pub(super) fn read_by(&mut self, mailbox: &Mailbox, head: &Head) -> bool {
        let told = self.told.get_or_insert_with(|| Told::at(head.into()));
        let is_other = told.point.epoch != head.epoch;
        if !is_other && head.revision < told.began {
            mailbox.post(Letter::ReadOn(self.workspace));
        }
        is_other
    }

    /// The last session has left.
    pub(super) fn emptied(&mut self, now: Instant) {
        (self.told, self.rights) = (None, None);
        self.empty_since = Some(now);
    }

    /// Posts a batch to all sessions except its origins, unless they know it.
    pub(super) fn post(&mut self, batch: &Arc<Batch>, origins: &[(Arc<Mailbox>, Letter)]) -> Posted {
        let is_origin = |session| origins.iter().any(|(origin, _)| origin.session() == session);
        if let Some(told) = &mut self.told {
            if told.point.epoch != batch.epoch() {
                self.all_read_on(batch.end());
                return Posted::Yes;
            }
            if batch.to() <= told.point.revision {
                return Posted::Yes;
            }
            if batch.from() > told.point.revision {
                return Posted::Gap;
            }
            told.point = batch.end();
        }
        for (session, mailbox) in &self.sessions {
            if !is_origin(*session) {
                mailbox.post(Letter::Batch(Arc::clone(batch)));
            }
        }
        Posted::Yes
    }

    /// Lets all sessions read for themselves, which brings them to `point` or further.
    pub(super) fn all_read_on(&mut self, point: Point) {
        for mailbox in self.sessions.values() {
            mailbox.post(Letter::ReadOn(self.workspace));
        }
        self.told = Some(Told::at(point));
    }

    /// Lets all sessions look at their rights.
    pub(super) fn all_look_at_rights(&self) {
        for mailbox in self.sessions.values() {
            mailbox.post(Letter::Rights(self.workspace));
        }
    }

    /// Whether the workspace's rights have changed since they were last counted.
    pub(super) fn count_rights(&mut self, rights: u64) -> bool {
        self.rights.replace(rights).is_some_and(|known| known != rights)
    }

    /// What the head means, given the point that the sessions had been told before the store was asked for it.
    pub(super) fn compare(&self, asked: Point, head: &Head) -> Found {
        let Some(told) = self.told().filter(|told| told.epoch == asked.epoch) else {
            // Sessions came, went or read another history meanwhile. Later heads are about those.
            return Found::Nothing;
        };
        let same_mark = asked.mark == head.mark || asked.mark == Mark(0) || head.mark == Mark(0);
        // What the sessions were told had been committed before the store was asked.
        let is_behind = head.revision < asked.revision || (head.revision == asked.revision && !same_mark);
        if head.epoch != asked.epoch || is_behind {
            Found::OtherHistory
        } else if head.revision > told.revision {
            Found::Changes(told)
        } else {
            Found::Nothing
        }
    }
}

impl Told {
    fn at(point: Point) -> Self {
        Self {
            point,
            began: point.revision,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::{Room, Taken};
    use tsugi_sync::ids::{Epoch, Timestamp};
    use uuid::Uuid;

    const WORKSPACE: WorkspaceId = WorkspaceId(Uuid::from_u128(1));

    fn head(epoch: u128, revision: u64) -> Head {
        Head {
            epoch: Epoch(Uuid::from_u128(epoch)),
            revision: Revision(revision),
            mark: Mark(revision + 1_000),
            horizon: Revision(0),
        }
    }

    fn batch(epoch: u128, from: u64, to: u64) -> Arc<Batch> {
        let end = head(epoch, to);
        let range = (Revision(from), Revision(to), end.mark);
        Arc::new(Batch::new(
            WORKSPACE,
            end.epoch,
            range,
            Default::default(),
            Timestamp(0),
            0,
        ))
    }

    fn mailbox(session: u128) -> Arc<Mailbox> {
        let room = Room {
            letters: 10,
            bytes: 10,
        };
        Arc::new(Mailbox::new(SessionId(Uuid::from_u128(session)), room))
    }

    /// A workspace with one session, which has read it up to a revision.
    fn joined(read: Option<u64>) -> (Joined, Arc<Mailbox>) {
        let (mut joined, mailbox) = (Joined::new(WORKSPACE), mailbox(1));
        joined.sessions.insert(mailbox.session(), Arc::clone(&mailbox));
        if let Some(revision) = read {
            joined.read_by(&mailbox, &head(1, revision));
        }
        (joined, mailbox)
    }

    fn letters(mailbox: &Mailbox) -> Vec<String> {
        let (Taken::InStep(letters) | Taken::Lagged(letters)) = mailbox.take();
        let name = |letter: Letter| match &letter {
            Letter::Batch(batch) => format!("({}, {}]", batch.from(), batch.to()),
            Letter::ReadOn(_) => "read on".to_owned(),
            Letter::Rights(_) => "rights".to_owned(),
            Letter::Own { .. } | Letter::NotMember { .. } | Letter::Failed | Letter::SignedOut => {
                panic!("{letter:?}")
            }
        };
        letters.into_iter().map(name).collect()
    }

    #[test]
    fn what_becomes_of_a_batch() {
        let rows = [
            (None, (1, 7, 8), Posted::Yes, Some("(7, 8]"), None),
            (Some(5), (1, 5, 7), Posted::Yes, Some("(5, 7]"), Some(7)),
            (Some(5), (1, 3, 7), Posted::Yes, Some("(3, 7]"), Some(7)),
            (Some(5), (1, 3, 5), Posted::Yes, None, Some(5)),
            (Some(5), (1, 6, 7), Posted::Gap, None, Some(5)),
            (Some(5), (2, 2, 3), Posted::Yes, Some("read on"), Some(3)),
        ];
        for (read, (epoch, from, to), posted, letter, told) in rows {
            let (mut joined, mailbox) = joined(read);
            assert_eq!(joined.post(&batch(epoch, from, to), &[]), posted);
            assert_eq!(
                letters(&mailbox),
                Vec::from_iter(letter),
                "{read:?} ({from}, {to}]"
            );
            assert_eq!(joined.told().map(|told| told.revision.0), told);
        }
    }

    #[test]
    fn what_a_head_means() {
        let asked = Point::from(&head(1, 5));
        let other_mark = Head {
            mark: Mark(77),
            ..head(1, 5)
        };
        let rows = [
            (Some(5), head(1, 5), Found::Nothing),
            (Some(5), head(1, 9), Found::Changes(asked)),
            (Some(9), head(1, 7), Found::Nothing),
            (Some(7), head(1, 9), Found::Changes(Point::from(&head(1, 7)))),
            (Some(5), head(1, 4), Found::OtherHistory),
            (Some(5), other_mark, Found::OtherHistory),
            (Some(5), head(2, 5), Found::OtherHistory),
            (None, head(1, 9), Found::Nothing),
        ];
        for (told, head, found) in rows {
            assert_eq!(joined(told).0.compare(asked, &head), found, "{told:?} {head:?}");
        }
    }

    #[test]
    fn a_session_that_read_less_than_the_first_one_reads_again() {
        let (mut joined, first) = joined(Some(5));
        let second = mailbox(2);
        joined.sessions.insert(second.session(), Arc::clone(&second));
        joined.read_by(&second, &head(1, 4));
        assert_eq!(letters(&second), ["read on"]);
        // What came by a batch is in the mailbox of everybody who had joined.
        joined.post(&batch(1, 5, 8), &[]);
        joined.read_by(&second, &head(1, 6));
        assert_eq!(letters(&second), ["(5, 8]"]);
        assert_eq!(letters(&first), ["(5, 8]"]);
    }

    #[test]
    fn rights_are_looked_at_when_their_count_changes() {
        let (mut joined, _) = joined(Some(1));
        assert_eq!(
            [3, 3, 4, 4].map(|rights| joined.count_rights(rights)),
            [false, false, true, false]
        );
    }
}
