//! Scenarios that play by themselves: who does what, and when.

use tsugi_calendar::Date;

use crate::deed::Deed;
use crate::device::Who;
use crate::history::Moment;
use crate::lab::{Act, seeded};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scenario {
    BothRename,
    TwoDates,
    DeletedAndEdited,
    LinesOfNotes,
    MovesInACircle,
    DoneAndPutOff,
}

/// The texts of a scenario, in the language of the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Texts {
    /// The titles of the tasks that are there at the beginning. The first is the one that most scenarios are about.
    pub tasks: [String; 3],
    /// The two new titles of the first task.
    pub titles: [String; 2],
    /// The notes, and what each device makes of them.
    pub notes: [String; 3],
}

impl Scenario {
    pub const ALL: [Self; 6] = [
        Self::BothRename,
        Self::TwoDates,
        Self::DeletedAndEdited,
        Self::LinesOfNotes,
        Self::MovesInACircle,
        Self::DoneAndPutOff,
    ];

    /// Who does what, and when. The phone is offline between the two deeds of the two people, so that neither sees what
    /// the other does.
    #[must_use]
    pub fn script(self, texts: &Texts, today: Date) -> Vec<(Moment, Who, Act)> {
        let [trip, milk] = [0, 1].map(seeded);
        let [kyoto, nara] = texts.titles.clone();
        let day = |days| today.plus(days);
        let [laptop, phone] = match self {
            Self::BothRename => [Deed::Rename(trip, kyoto), Deed::Rename(trip, nara)],
            Self::TwoDates => [Deed::SetDay(trip, day(3)), Deed::SetDay(trip, day(6))],
            Self::DeletedAndEdited => [Deed::Delete(trip), Deed::Rename(trip, nara)],
            Self::LinesOfNotes => {
                let [_, laptop, phone] = texts.notes.clone();
                [Deed::SetNotes(trip, laptop), Deed::SetNotes(trip, phone)]
            }
            Self::MovesInACircle => [Deed::PutBelow(trip, milk), Deed::PutBelow(milk, trip)],
            Self::DoneAndPutOff => [Deed::SetDone(trip, true), Deed::SetDay(trip, day(6))],
        };
        vec![
            (250, Who::Phone, Act::Offline(true)),
            (500, Who::Laptop, Act::Do(laptop)),
            (1_150, Who::Phone, Act::Do(phone)),
            (1_600, Who::Phone, Act::Offline(false)),
        ]
    }
}
