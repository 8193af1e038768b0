//! Finds out whether the leading tab still answers. A frozen tab keeps its lock and says nothing.
//!
//! Only a visible tab asks, so a single tab never asks. The leader answers inside the handler of the question: browsers
//! run it at once even in hidden tabs, where they delay timers. The watch counts questions and does not measure time,
//! because after a computer has slept one late answer does not mean that the leader is frozen.

/// After this number of questions without an answer, the tab takes the connection over.
const PATIENCE: u32 = 3;
/// Milliseconds between two questions, and the most that chance adds, so that tabs which ask at the same moment do not
/// go on doing so. A leader that freezes right after an answer is replaced after four such pauses, in less than 4.5 s.
const ASK_AGAIN_MS: u64 = 900;
const SPREAD_MS: u64 = 200;

/// The next step of the tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Ask the leader, and look again after `again_ms` milliseconds.
    Ask { again_ms: u64 },
    /// The leader is frozen: take the connection over.
    TakeOver,
}

/// The questions that have no answer yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Watch {
    unanswered: u32,
}

impl Watch {
    /// The pause is over: decides whether to ask once more or to take over.
    pub fn look(&mut self, random: u64) -> Next {
        if self.unanswered >= PATIENCE {
            *self = Self::default();
            return Next::TakeOver;
        }
        self.unanswered += 1;
        Next::Ask {
            again_ms: ASK_AGAIN_MS + random % SPREAD_MS,
        }
    }

    /// The leader has answered.
    pub fn answered(&mut self) {
        self.unanswered = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silent_leader_is_replaced_within_5_seconds_for_every_random_number() {
        for random in [0, 199, 200, u64::MAX] {
            let mut watch = Watch::default();
            watch.look(random);
            watch.answered();
            // The leader freezes right after this answer, so the pause before the next question counts too.
            let mut waited = ASK_AGAIN_MS + SPREAD_MS;
            let mut questions = 0;
            while let Next::Ask { again_ms } = watch.look(random) {
                waited += again_ms;
                questions += 1;
            }
            assert_eq!(questions, PATIENCE);
            assert!(waited < 4_500, "{waited}");
        }
    }

    #[test]
    fn one_that_answers_is_left_alone() {
        let mut watch = Watch::default();
        for _ in 0..100 {
            assert!(matches!(watch.look(7), Next::Ask { .. }));
            assert!(matches!(watch.look(7), Next::Ask { .. }));
            watch.answered();
        }
    }

    #[test]
    fn after_a_takeover_it_begins_again() {
        let mut watch = Watch::default();
        while watch.look(0) != Next::TakeOver {}
        assert_eq!(watch, Watch::default());
    }
}
