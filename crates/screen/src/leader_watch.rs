//! Whether the tab that holds the connection still answers. A frozen tab keeps its lock and says nothing.
//!
//! Only a tab that somebody looks at asks, so a single tab never does; and the other answers in the handler of the
//! question, which browsers run at once also in hidden tabs, where they hold back timers. Questions are counted and not
//! the time: after a computer has slept, one late answer is no silence.

/// Questions without an answer after which the connection is taken over.
const PATIENCE: u32 = 3;
/// Milliseconds between two questions, and the random part by which tabs that ask at once fall out of step. A leader
/// that freezes right after an answer is replaced after four of these, in less than 4.5 s.
const ASK_AGAIN_MS: u64 = 900;
const SPREAD_MS: u64 = 200;

/// What to do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Ask, and look again after so many milliseconds.
    Ask { again_ms: u64 },
    /// It is frozen: take the connection over.
    TakeOver,
}

/// The questions that have no answer yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Watch {
    unanswered: u32,
}

impl Watch {
    /// It is time to look.
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

    /// It answered.
    pub fn answered(&mut self) {
        self.unanswered = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leader_that_is_silent_is_replaced_within_5_seconds_whatever_the_dice() {
        for random in [0, 199, 200, u64::MAX] {
            let mut watch = Watch::default();
            watch.look(random);
            watch.answered();
            // It freezes right after this answer: the pause before the next question counts, too.
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
    fn after_a_takeover_it_begins_anew() {
        let mut watch = Watch::default();
        while watch.look(0) != Next::TakeOver {}
        assert_eq!(watch, Watch::default());
    }
}
