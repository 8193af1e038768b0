//! The copy of everything is compared with the example in `docs/export.md`.

use tsugi_screen::edits::plan;
use tsugi_screen::export::everything;
use tsugi_screen::intent::FieldChange;
use tsugi_screen::local::Local;
use tsugi_sync::entity::Field;
use tsugi_sync::ids::{EntityId, Epoch, Mark, MutationSeq, ReplicaId, Revision, Timestamp, WorkspaceId};
use tsugi_sync::log::Entry;
use tsugi_sync::protocol::{Delta, Fate, Outcome, RefusalCode};
use tsugi_sync::replica::Replica;
use tsugi_sync::vector::VersionVector;
use uuid::Uuid;

use crate::made::{self, stamp};

const DOCUMENT: &str = include_str!("../../../../docs/export.md");

#[test]
fn it_is_the_file_that_the_document_shows() {
    let workspace = WorkspaceId(Uuid::from_u128(2));
    let mut local = Local::new(Replica::new(ReplicaId(Uuid::from_u128(1)), workspace));
    let add = made::task("Milk", stamp(5));
    let mutation = local.replica().edit(add);
    local.fold_entries([(1, Entry::Mutated(mutation))]);
    let change = FieldChange {
        field: Field::Due,
        seen: String::new(),
        value: "2026-11-30".to_owned(),
    };
    let edit = plan::edit_task(EntityId(Uuid::from_u128(5)), &[change], true, stamp(6));
    local.show(edit.unwrap().unwrap());
    let text = everything(&local, &[], "2025-11-24T16:00:00.000Z".to_owned());
    let shown = DOCUMENT.split("```json\n").nth(1).unwrap();
    let shown = shown.split("```").next().unwrap();
    let parse = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    assert_eq!(parse(&text), parse(shown), "{text}");
}

#[test]
fn refused_edits_are_in_it_with_the_reason() {
    let workspace = WorkspaceId(Uuid::from_u128(2));
    let mut local = Local::new(Replica::new(ReplicaId(Uuid::from_u128(1)), workspace));
    let mutation = local.replica().edit(made::task("Milk", stamp(5)));
    let epoch = Epoch(Uuid::from_u128(9));
    let begun = Entry::Bootstrapped {
        epoch,
        revision: Revision(0),
        entities: Vec::new(),
        last: true,
        mark: Mark(0),
        vector: VersionVector::default(),
        at: Timestamp(0),
    };
    let answer = Delta {
        workspace,
        epoch,
        from: Revision(0),
        to: Revision(0),
        entities: Vec::new(),
        outcomes: vec![Outcome {
            seq: MutationSeq(1),
            fate: Fate::Refused {
                code: RefusalCode::Forbidden,
                message: "read only".to_owned(),
            },
        }],
        at: Timestamp(0),
        mark: Mark(0),
        authors: Vec::new(),
    };
    let entries = [Entry::Mutated(mutation), begun, Entry::Received(answer)];
    local.fold_entries((1..).zip(entries));
    let copy: serde_json::Value = serde_json::from_str(&everything(&local, &[], String::new())).unwrap();
    assert_eq!(copy["waiting"], serde_json::json!([]));
    let refused = &copy["refused"][0];
    assert_eq!(
        (&refused["code"], &refused["message"], &refused["set"]["title"]),
        (&"forbidden".into(), &"read only".into(), &"Milk".into())
    );
}
