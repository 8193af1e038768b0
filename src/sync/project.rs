//! From entities to what the screen shows. Plain functions.

use std::collections::BTreeMap;

use tsugi_sync::conflict::{Conflict, Side, State};
use tsugi_sync::entity::{Entity, Field};
use tsugi_sync::ids::{MutationSeq, ReplicaId, Timestamp};
use tsugi_sync::replica::Parked;
use tsugi_sync::session::{Pause, Phase};
use tsugi_sync::task::Task;

use super::fields::{kind_of, to_text};
use crate::components::text;
use crate::state::model::{ConflictCard, ConflictField, RefusedCard, SyncPhase, TaskRow};

/// A task's row; none for what is not a task, or is deleted.
#[must_use]
pub fn task_row(view: &Entity, waiting: bool, conflicts: usize) -> Option<TaskRow> {
    let task = Task::read(view)?;
    Some(TaskRow {
        id: task.id,
        title: task.title,
        notes: task.notes,
        due: task.due.map(|due| due.date().to_string()),
        completed: task.completed.is_some(),
        waiting,
        conflicts,
    })
}

/// Where a task stands in the list: open ones in the order they were made, then completed ones, the latest first.
#[must_use]
pub fn sort_key(view: &Entity) -> Option<(bool, u64, uuid::Uuid)> {
    let task = Task::read(view)?;
    let order = task.completed.map_or(task.created.0, |at| u64::MAX - at.0);
    Some((task.completed.is_some(), order, task.id.0))
}

/// The card of an open conflict. "Theirs" is what stands there now, which may be newer than what set it off.
#[must_use]
pub fn conflict_card(
    conflict: &Conflict,
    here: ReplicaId,
    subject: Option<&Entity>,
    format: &dyn Fn(Timestamp) -> String,
) -> Option<ConflictCard> {
    if conflict.state != State::Open {
        return None;
    }
    let label = |side: &Side| {
        let who = match side.device.as_str() {
            _ if side.replica == Some(here) => text::THIS_DEVICE,
            "" => return text::ANOTHER_DEVICE.to_owned(),
            device => device,
        };
        format!("{who} · {}", format(side.at))
    };
    let field = |field: &Field, sides: &tsugi_sync::conflict::Sides| ConflictField {
        label: text::field_label(field),
        base: to_text(field, &sides.base),
        mine: to_text(field, &sides.local),
        theirs: to_text(
            field,
            subject.map_or(&sides.remote, |subject| subject.value(field)),
        ),
        kind: kind_of(field),
        field: field.clone(),
    };
    Some(ConflictCard {
        id: conflict.id,
        task: conflict.subject,
        task_title: subject
            .map(|s| to_text(&Field::Title, s.value(&Field::Title)))
            .unwrap_or_default(),
        opened: conflict.created,
        mine_label: label(&conflict.local),
        theirs_label: label(&conflict.remote),
        fields: conflict
            .fields
            .iter()
            .map(|(name, sides)| field(name, sides))
            .collect(),
    })
}

#[must_use]
pub fn refused_cards(
    parked: &BTreeMap<MutationSeq, Parked>,
    title: &dyn Fn(&Parked) -> String,
) -> Vec<RefusedCard> {
    let card = |(seq, parked): (&MutationSeq, &Parked)| RefusedCard {
        id: seq.0,
        title: title(parked),
        reason: parked.message.clone(),
        code: parked.code.as_str().to_owned(),
        values: parked
            .mutation
            .set
            .iter()
            .map(|(f, v)| (f.as_str().to_owned(), to_text(f, v)))
            .collect(),
    };
    parked.iter().map(card).collect()
}

/// What the status says of a session, and the sentence that goes with a pause that needs the person.
#[must_use]
pub fn sync_phase(phase: Phase, waiting: usize) -> (SyncPhase, Option<&'static str>) {
    match phase {
        Phase::Offline | Phase::Backoff(_) => (SyncPhase::Offline, None),
        Phase::Connecting => (SyncPhase::Connecting, None),
        Phase::CatchingUp => (SyncPhase::Syncing, None),
        Phase::Live if waiting > 0 => (SyncPhase::Syncing, None),
        Phase::Live => (SyncPhase::Synced, None),
        Phase::Paused(Pause::ByUser) => (SyncPhase::WorkOffline, None),
        Phase::Paused(Pause::SignedOut) => (SyncPhase::NeedsAttention, Some(text::SIGNED_OUT_BY_SERVER)),
        Phase::Paused(Pause::UpdateNeeded) => (SyncPhase::NeedsAttention, Some(text::UPDATE_NEEDED)),
        Phase::Paused(Pause::Forbidden) => (SyncPhase::NeedsAttention, Some(text::NO_RIGHT)),
    }
}
