//! Faults that the simulator plants, to prove that it would find them. Without the feature `faults`, which nothing that
//! ships turns on, [`planted`] is always false and the compiler removes what hangs on it.

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident,)+) => {
        /// A mistake that somebody could make.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Fault {
            $($(#[$doc])* $name,)+
        }

        impl Fault {
            pub const ALL: &[Self] = &[$(Self::$name,)+];
        }
    };
}

faults! {
    /// The sequencer does not ask for receipts.
    ReceiptNotAsked,
    /// The sequencer does not see that a field has changed since.
    StaleFieldAccepted,
    /// The sequencer takes any edit of a deleted entity.
    DeletionNotSeen,
    /// The sequencer lets an entity be deleted over edits that the person had not in sight.
    DeletionBlind,
    /// The mark of a cursor is not compared.
    MarkNotCompared,
    /// The cursor moves over a gap.
    CursorPastGap,
    /// A head that the heartbeat brings is not compared with the cursor.
    HeadIgnored,
    /// An older cell overwrites a newer one.
    OldCellWins,
    /// An acknowledgement does not bring its values to the base.
    AckWithoutBase,
    /// A mutation in conflict stays in the outbox beside what it was settled to.
    ConflictNotSuperseded,
    /// Settling forgets what a person has to decide.
    AskForgotten,
    /// The loser of a merge by rule is not recorded.
    LoserNotRecorded,
    /// What a person decided on a conflict is not made on what both sides have.
    ResolutionWithoutParents,
    /// A refused mutation is dropped.
    RefusedDropped,
    /// What a restored server lost is not pushed again.
    LostNotPushedAgain,
    /// What is above a copy's entry of the version vector counts as there, if it took effect early enough in another history.
    AboveVectorIsThere,
    /// A snapshot is laid under the old base rather than put in its place.
    SnapshotOverBase,
    /// What waits keeps the revisions of the old base when a snapshot takes its place.
    OldRevisionsKept,
    /// A squashed mutation carries only the fields of the last one.
    SquashForgetsFields,
    /// An answer answers only the last of what it stands for.
    AnswerNotForAll,
    /// A mutation without an answer is never sent again.
    AnswerNeverDue,
    /// Edits that were made without sight of each other are taken for one intent.
    IntentsMixed,
    /// Merging lines takes one side's lines only.
    LinesOfOneSide,
    /// A set that was changed on both sides is the local one.
    SetOfOneSide,
    /// A row of the log is folded a second time.
    RowFoldedTwice,
    /// What was shown to a person does not count: they overwrite what they did not see.
    SeenIgnored,
    /// A token that has expired is taken for the end of the account's session.
    ExpiredForSignedOut,
}

#[cfg(feature = "faults")]
mod planting {
    use std::cell::Cell;

    use super::Fault;

    thread_local! {
        static PLANTED: Cell<Option<Fault>> = const { Cell::new(None) };
    }

    /// Plants a fault in this thread, or takes it away.
    pub fn plant(fault: Option<Fault>) {
        PLANTED.set(fault);
    }

    pub(crate) fn planted(fault: Fault) -> bool {
        PLANTED.get() == Some(fault)
    }
}

#[cfg(feature = "faults")]
pub use planting::plant;
#[cfg(feature = "faults")]
pub(crate) use planting::planted;

#[cfg(not(feature = "faults"))]
pub(crate) const fn planted(_: Fault) -> bool {
    false
}
