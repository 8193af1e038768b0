//! A copy of everything, as a file for the person: `docs/export.md` says what is in it, and that it stays so.
//!
//! Entities are as the screen shows them, what waits included; what waits is there once more by itself, and so is what
//! the server has refused. Nothing that opens an account is in it. Left out: reading such a file.

use serde::Serialize;
use tsugi_sync::entity::{Entity, Fields, Kind};
use tsugi_sync::ids::{EntityId, MutationSeq, Timestamp, WorkspaceId};
use tsugi_sync::mutation::Mutation;
use tsugi_sync::value::Value;

use crate::local::Local;

/// Raised when a reader of the version before would misread the file; a member that is new is no reason.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Everything {
    format: &'static str,
    version: u32,
    app: &'static str,
    saved_at: String,
    workspace: WorkspaceId,
    entities: Vec<Exported>,
    waiting: Vec<Held>,
    refused: Vec<Held>,
}

#[derive(Serialize)]
struct Exported {
    id: EntityId,
    kind: Kind,
    fields: Fields,
}

/// A change that waits, or one that the server has refused.
#[derive(Serialize)]
struct Held {
    /// None for one that this device could not save.
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

/// All that this tab holds, as text. `saved_at` is this moment as other programs read it.
#[must_use]
pub fn everything(local: &Local, saved_at: String) -> String {
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
    };
    // Only maps with keys that are no text can fail, and there are none.
    serde_json::to_string(&everything).unwrap_or_default()
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
