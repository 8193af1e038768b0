//! Edits for tests, made as shortly as can be.

use tsugi_sync::conflict::write_time;
use tsugi_sync::entity::{Field, Fields, Kind};
use tsugi_sync::gesture::Stamp;
use tsugi_sync::ids::{EntityId, Timestamp};
use tsugi_sync::replica::Edit;
use tsugi_sync::task::Task;
use tsugi_sync::value::Value;
use uuid::Uuid;

/// At the moment `n`, with `n` as the fresh id.
pub(crate) fn stamp(n: u64) -> Stamp {
    Stamp {
        at: Timestamp(n),
        today: "2026-11-24".parse().expect("a day"),
        group: Uuid::from_u128(u128::from(n)),
    }
}

/// Adds a task to the inbox.
pub(crate) fn task(title: &str, stamp: Stamp) -> Edit {
    let set = Task::create(title, stamp.at).expect("a title");
    change(EntityId(stamp.group), set, stamp)
}

pub(crate) fn completed(id: EntityId, completed: bool, stamp: Stamp) -> Edit {
    let value = match completed {
        true => write_time(stamp.at),
        false => Value::Null,
    };
    change(id, Fields::from([(Field::Completed, value)]), stamp)
}

pub(crate) fn deleted(id: EntityId, stamp: Stamp) -> Edit {
    let set = Fields::from([(Field::Deleted, write_time(stamp.at))]);
    change(id, set, stamp)
}

/// Changes fields of a task.
pub(crate) fn change(id: EntityId, set: Fields, stamp: Stamp) -> Edit {
    Edit {
        entity: id,
        kind: Kind::Task,
        set,
        seen: Fields::new(),
        at: stamp.at,
        group: None,
    }
}
