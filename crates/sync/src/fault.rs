//! Faults that the simulator plants, to prove that it would find them. They need the feature `faults`, which no
//! shipped build turns on. Without it, `planted` is always false, and the compiler removes the code behind it.

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident,)+) => {
        /// A mistake that a programmer could make.
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
    /// The sequencer accepts a deletion although the person had not seen all edits.
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
    /// A mutation in conflict stays in the outbox beside the mutations that took its place.
    ConflictNotSuperseded,
    /// Settling forgets the fields that a person has to decide on.
    AskForgotten,
    /// The value that a merge rule drops is not recorded.
    LoserNotRecorded,
    /// The mutation that resolves a conflict has no base, as if the person had seen neither side.
    ResolutionWithoutParents,
    /// A person's decision on a record blanks the sides, and with them the value that lost.
    ResolutionForgetsLoser,
    /// The undo of a decision sets the old values back, and leaves the record resolved.
    UndoLeavesResolved,
    /// The undo of a decision overwrites what others have edited since, although the person was not shown it.
    UndoOverEdits,
    /// A decision notes as the values before it those that it sets.
    BeforeForgotten,
    /// A refused mutation is dropped.
    RefusedDropped,
    /// Mutations that a restored server lost are not pushed again.
    LostNotPushedAgain,
    /// A mutation above the restored server's entry in the version vector counts as there, if it took effect early
    /// enough in another history.
    AboveVectorIsThere,
    /// A snapshot does not replace the old base: entities of the old base stay.
    SnapshotOverBase,
    /// Waiting mutations keep the revisions of the old base when a snapshot replaces it.
    OldRevisionsKept,
    /// A squashed mutation carries only the fields of the last one.
    SquashForgetsFields,
    /// An answer counts only for the last of the mutations that went up as one.
    AnswerNotForAll,
    /// A mutation without an answer is never sent again.
    AnswerNeverDue,
    /// Edits count as one intent although the second was made before its person saw the first.
    IntentsMixed,
    /// The lines of notes that merge are taken, and the places that do not are not asked about.
    OpenPlaceForgotten,
    /// Merging lines takes one side's lines only.
    LinesOfOneSide,
    /// If both sides changed a set, the local one is taken whole.
    SetOfOneSide,
    /// A row of the log is folded a second time.
    RowFoldedTwice,
    /// The value that a person saw does not count, so they overwrite values that they never saw.
    SeenIgnored,
    /// Lists and labels that got one name on two devices apart stay two.
    TwinsStay,
    /// A task that was completed and put off is done, and no record says that it was put off.
    CrossingNotRecorded,
    /// A task that was completed and put off is done, whichever was later.
    DoneWhenever,
    /// An expired token is mistaken for the end of the account's session.
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
