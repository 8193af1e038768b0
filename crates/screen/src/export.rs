//! A copy of everything, as a file for the person. `docs/export.md` describes the format, and promises that it stays.
//!
//! Entities are in the file as the screen shows them, so with the edits that wait for the server. Waiting edits are
//! there once more by themselves, and so are the edits that the server has refused. The file holds nothing that opens
//! an account. Left out: reading such a file.

use serde::Serialize;
use tsugi_sync::conflict::{Conflict, State};
use tsugi_sync::entity::{Entity, Fields, Kind};
use tsugi_sync::ids::{EntityId, MutationSeq, Timestamp, WorkspaceId};
use tsugi_sync::mutation::Mutation;
use tsugi_sync::value::Value;

use crate::activity::Change;
use crate::conflicts::card::title_of;
use crate::local::Local;

/// It is raised when a reader of the version before would misread the file. A new member alone does not raise it.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Everything<'a> {
    format: &'static str,
    version: u32,
    app: &'static str,
    saved_at: String,
    workspace: WorkspaceId,
    entities: Vec<Exported>,
    waiting: Vec<Held>,
    refused: Vec<Held>,
    /// Skipped if nothing was heard.
    #[serde(skip_serializing_if = "<[Change]>::is_empty")]
    edits: &'a [Change],
}

#[derive(Serialize)]
struct Exported {
    id: EntityId,
    kind: Kind,
    fields: Fields,
}

/// An edit that waits for the server, or one that the server has refused.
#[derive(Serialize)]
struct Held {
    /// The number of the mutation; none for an edit that this device could not save.
    #[serde(skip_serializing_if = "Option::is_none")]
    seq: Option<MutationSeq>,
    entity: EntityId,
    kind: Kind,
    set: Fields,
    at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

/// All that this tab holds, as text, with the edits that this device heard of. `saved_at` is the current time, in the form
/// that other programs read.
#[must_use]
pub fn everything(local: &Local, edits: &[Change], saved_at: String) -> String {
    let replica = local.replica();
    let unsaved = local.unsaved().map(|edit| Held {
        seq: None,
        entity: edit.entity,
        kind: edit.kind.clone(),
        set: edit.set.clone(),
        at: edit.at,
        code: None,
        message: None,
    });
    let refused = replica.parked().iter().map(|(seq, parked)| Held {
        code: Some(parked.code.as_str().to_owned()),
        message: Some(parked.message.clone()),
        ..held(*seq, &parked.mutation)
    });
    let waiting = replica
        .outbox()
        .iter()
        .map(|(seq, mutation)| held(*seq, mutation));
    let entities = local.ids().into_iter().filter_map(|id| local.view(id));
    let everything = Everything {
        format: "tsugi-copy",
        version: VERSION,
        app: env!("CARGO_PKG_VERSION"),
        saved_at,
        workspace: replica.workspace(),
        entities: entities.map(exported).collect(),
        waiting: waiting.chain(unsaved).collect(),
        refused: refused.collect(),
        edits,
    };
    // `to_string` fails only for maps whose keys are not text, and this value has no such map.
    serde_json::to_string(&everything).unwrap_or_default()
}

/// What was decided before, by people and by rules, as text: every settled conflict and every merge record with the values
/// of all sides, and the title of what it is about; and the edits that this device heard of.
#[must_use]
pub fn history(local: &Local, edits: &[Change], saved_at: String) -> String {
    #[derive(Serialize)]
    struct History<'a> {
        format: &'static str,
        version: u32,
        saved_at: String,
        workspace: WorkspaceId,
        records: Vec<Record>,
        edits: &'a [Change],
    }
    #[derive(Serialize)]
    struct Record {
        about: String,
        #[serde(flatten)]
        record: Exported,
    }
    let record = |id: EntityId| {
        let view = local.view(id)?;
        let conflict = Conflict::read(&view).filter(|conflict| conflict.state != State::Open)?;
        let about = local
            .view(conflict.subject)
            .as_ref()
            .map(title_of)
            .unwrap_or_default();
        Some(Record {
            about,
            record: exported(view),
        })
    };
    let history = History {
        format: "tsugi-history",
        version: VERSION,
        saved_at,
        workspace: local.replica().workspace(),
        records: local.ids().into_iter().filter_map(record).collect(),
        edits,
    };
    serde_json::to_string(&history).unwrap_or_default()
}

fn held(seq: MutationSeq, mutation: &Mutation) -> Held {
    Held {
        seq: Some(seq),
        entity: mutation.entity,
        kind: mutation.kind.clone(),
        set: mutation.set.clone(),
        at: mutation.at,
        code: None,
        message: None,
    }
}

fn exported(entity: Entity) -> Exported {
    let fields = entity
        .fields
        .into_iter()
        .filter(|(_, cell)| cell.0 != Value::Null)
        .map(|(field, cell)| (field, cell.0))
        .collect();
    Exported {
        id: entity.id,
        kind: entity.kind,
        fields,
    }
}
