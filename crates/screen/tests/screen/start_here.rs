//! The list that teaches: it exists in every language, has the same ids everywhere, and does not join an account if
//! nobody has touched it.

use std::collections::BTreeSet;

use tsugi_screen::edits::plan;
use tsugi_screen::edits::start_here::{self, Pointer};
use tsugi_screen::local::Local;
use tsugi_sync::entity::{Entity, Field, Kind};
use tsugi_sync::ids::{EntityId, ReplicaId, WorkspaceId};
use tsugi_sync::replica::{Edit, Replica};
use tsugi_sync::value::Value;
use tsugi_words::phrases::{self, Language};
use uuid::Uuid;

use crate::made::{self, stamp};

fn list_in(language: Language, at: u64) -> Vec<Edit> {
    language
        .said_of(|| start_here::make(stamp(at), Pointer::Mouse))
        .expect("texts that can be titles")
}

fn shown(edits: Vec<Edit>) -> Local {
    let replica = Replica::new(ReplicaId(Uuid::from_u128(1)), WorkspaceId(Uuid::from_u128(2)));
    let mut local = Local::new(replica);
    edits.into_iter().for_each(|edit| local.show(edit));
    local
}

fn entities(local: &Local) -> Vec<Entity> {
    local.ids().into_iter().filter_map(|id| local.view(id)).collect()
}

#[test]
fn seven_tasks_with_the_same_ids_on_every_device_and_in_every_language() {
    let ids = |edits: &[Edit]| {
        edits
            .iter()
            .map(|edit| edit.entity)
            .collect::<BTreeSet<EntityId>>()
    };
    let english = list_in(Language::En, 1);
    let japanese = list_in(Language::Ja, 2);
    assert_eq!(ids(&english), ids(&japanese));
    let tops = english
        .iter()
        .filter(|edit| edit.kind == Kind::Task && !edit.set.contains_key(&Field::Parent));
    assert_eq!(tops.count(), 7);
    assert_ne!(
        english[1].set.get(&Field::Title),
        japanese[1].set.get(&Field::Title)
    );
    assert_eq!(phrases::language(), Language::En);
}

#[test]
fn only_changed_parts_of_it_join_an_account() {
    let stamp = stamp(9);
    for language in [Language::En, Language::Ja] {
        let mut local = shown(list_in(language, 1));
        assert_eq!(plan::adopt(entities(&local), stamp.at).len(), 0, "untouched");
        let first = list_in(language, 1)[1].entity;
        let renamed = Edit {
            set: [(Field::Title, Value::text("mine"))].into(),
            ..made::deleted(first, stamp)
        };
        local.show(renamed);
        let taken: Vec<_> = plan::adopt(entities(&local), stamp.at);
        assert_eq!(taken.iter().map(|edit| edit.entity).collect::<Vec<_>>(), [first]);
    }
}
