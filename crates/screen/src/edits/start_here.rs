//! The list that teaches the app. It is created with a new account or a new workspace on this device; one press deletes
//! it.
//!
//! Its ids are the same everywhere. So two devices never create it twice, and a workspace that joins an account does
//! not bring a second one.

use tsugi_sync::entity::{Entity, Field, Fields, Kind};
use tsugi_sync::gesture::Stamp;
use tsugi_sync::ids::EntityId;
use tsugi_sync::list::List;
use tsugi_sync::position::Position;
use tsugi_sync::replica::Edit;
use tsugi_sync::task::Task;
use tsugi_sync::title::TitleError;
use tsugi_sync::value::Value;
use uuid::Uuid;

use tsugi_words::phrases;

/// The namespace in which the name of a part gives its id.
const NAMESPACE: Uuid = Uuid::from_u128(0x7473_7567_6900_5000_8000_7374_6172_7421);

fn id(part: &str) -> EntityId {
    EntityId(Uuid::new_v5(&NAMESPACE, part.as_bytes()))
}

#[must_use]
pub fn list() -> EntityId {
    id("list")
}

/// Whether an entity is the list or one of its tasks.
#[must_use]
pub fn has(entity: EntityId) -> bool {
    entity == list() || tasks(Pointer::Mouse).iter().any(|(part, ..)| id(part) == entity)
}

/// What people point with, because the words for a finger are others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pointer {
    Mouse,
    Finger,
}

/// The edits that create it, in the current language.
///
/// # Errors
/// If one of its texts is not allowed as a title. The test of each language makes sure that none is.
pub fn make(stamp: Stamp, pointer: Pointer) -> Result<Vec<Edit>, TitleError> {
    let tasks = tasks(pointer);
    let made = |entity, kind, set| Edit {
        entity,
        kind,
        set,
        seen: Fields::new(),
        at: stamp.at,
        group: Some(stamp.group),
    };
    let mut edits = vec![made(
        list(),
        Kind::List,
        List::create(phrases::start_here(), stamp.at)?,
    )];
    let positions = Position::spread(tasks.len());
    for ((part, title, notes), position) in tasks.into_iter().zip(positions) {
        let mut set = Task::create(title, stamp.at)?;
        set.insert(Field::List, Value::text(list().to_string()));
        set.insert(Field::Position, position.into());
        if let Some(notes) = notes {
            set.insert(Field::Notes, Value::text(notes));
        }
        // The name of a sub-task begins with that of its parent: "4-1" is a part of "4".
        if let Some((parent, _)) = part.split_once('-') {
            set.insert(Field::Parent, Value::text(id(parent).to_string()));
        }
        edits.push(made(id(part), Kind::Task, set));
    }
    Ok(edits)
}

/// Whether an entity is a part of the list that nobody has changed, so that a workspace need not bring it into an
/// account.
#[must_use]
pub fn is_untouched(entity: &Entity) -> bool {
    let is_part = |part: &str| id(part) == entity.id;
    let says = |field: &Field, text: &str| entity.value(field).as_text() == Some(text);
    let as_made = |(language, pointer): (phrases::Language, Pointer)| {
        language.said_of(|| {
            let task = tasks(pointer).into_iter().find(|(part, ..)| is_part(part));
            match task {
                Some((_, title, notes)) => {
                    says(&Field::Title, title) && notes.is_none_or(|notes| says(&Field::Notes, notes))
                }
                None => entity.id == list() && says(&Field::Name, phrases::start_here()),
            }
        })
    };
    let is_new = [
        Field::Completed,
        Field::Due,
        Field::Priority,
        Field::Labels,
        Field::Start,
    ]
    .iter()
    .all(|field| entity.value(field).is_null());
    let languages = phrases::Language::ALL.into_iter();
    let mut ways =
        languages.flat_map(|language| [Pointer::Mouse, Pointer::Finger].map(|pointer| (language, pointer)));
    is_new && ways.any(as_made)
}

type Part = (&'static str, &'static str, Option<&'static str>);

fn tasks(pointer: Pointer) -> [Part; 9] {
    let by = |mouse: &'static str, finger: &'static str| match pointer {
        Pointer::Mouse => mouse,
        Pointer::Finger => finger,
    };
    [
        (
            "1",
            phrases::start_1(),
            Some(by(phrases::start_1_notes(), phrases::start_1_notes_touch())),
        ),
        ("2", phrases::start_2(), Some(phrases::start_2_notes())),
        (
            "3",
            phrases::start_3(),
            Some(by(phrases::start_3_notes(), phrases::start_3_notes_touch())),
        ),
        ("4", phrases::start_4(), Some(phrases::start_4_notes())),
        ("4-1", phrases::start_4_1(), None),
        ("4-2", phrases::start_4_2(), None),
        (
            "5",
            by(phrases::start_5(), phrases::start_5_touch()),
            Some(by(phrases::start_5_notes(), phrases::start_5_notes_touch())),
        ),
        ("6", phrases::start_6(), Some(phrases::start_6_notes())),
        ("7", phrases::start_7(), Some(phrases::start_7_notes())),
    ]
}
