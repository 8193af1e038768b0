//! From entities to the values that the screen shows. Plain functions.

use tsugi_sync::conflict::{Conflict, State};
use tsugi_sync::entity::{Entity, Field, Kind};
use tsugi_sync::ids::{EntityId, MutationSeq, Timestamp};
use tsugi_sync::replica::{Parked, Replica};
use tsugi_sync::session::{Pause, Phase, Transport};
use tsugi_sync::sorted_map::SortedMap;
use tsugi_sync::task::Task;
use tsugi_sync::value::Value;

use super::figures::{Figures, Recent};
use crate::conflicts::card::names_in;
use crate::model::{RefusedCard, RefusedValue, SyncPhase, TaskRow};
use crate::text::fields::{kind_of, to_text};
use crate::text::refusal;
use tsugi_words::phrases;

/// The row of a task, without the names of its list and labels; none for an entity that is not a task.
#[must_use]
pub fn task_row(view: &Entity, waiting: bool, conflicts: usize) -> Option<TaskRow> {
    let task = Task::read(view).or_else(|| Task::read_deleted(view))?;
    Some(TaskRow {
        id: task.id,
        title: task.title,
        notes: task.notes,
        due: task.due,
        completed: task.completed.is_some(),
        waiting,
        conflicts,
        deleted: task.deleted.is_some(),
        priority: task.priority.map(|priority| priority.number() as u8),
        list: None,
        labels: Vec::new(),
        recurs: task.recurrence.is_some(),
        progress: (0, 0),
        folded: None,
    })
}

#[must_use]
pub fn refused_cards(
    parked: &SortedMap<MutationSeq, Parked>,
    title: &dyn Fn(&Parked) -> String,
    name: &dyn Fn(EntityId) -> Option<String>,
) -> Vec<RefusedCard> {
    let value = |(field, value): (&Field, &Value)| {
        let (kind, text) = (kind_of(field), to_text(field, value));
        RefusedValue {
            label: phrases::field_label(field),
            names: names_in(kind, &[&text], name),
            field: field.clone(),
            kind,
            text,
        }
    };
    let card = |(seq, parked): (&MutationSeq, &Parked)| RefusedCard {
        id: seq.0,
        title: title(parked),
        reason: refusal::of_edit(&parked.code).map_or_else(|| parked.message.clone(), str::to_owned),
        code: parked.code.as_str().to_owned(),
        values: parked.mutation.set.iter().map(value).collect(),
    };
    parked.iter().map(card).collect()
}

/// The phase that the status shows for a session, and for a pause that needs the person, a sentence about it.
#[must_use]
pub fn sync_phase(phase: Phase, waiting: usize) -> (SyncPhase, Option<&'static str>) {
    match phase {
        Phase::Offline | Phase::Backoff(_) => (SyncPhase::Offline, None),
        Phase::Connecting => (SyncPhase::Connecting, None),
        Phase::CatchingUp => (SyncPhase::Syncing, None),
        Phase::Live if waiting > 0 => (SyncPhase::Syncing, None),
        Phase::Live => (SyncPhase::Synced, None),
        Phase::Paused(Pause::ByUser) => (SyncPhase::WorkOffline, None),
        Phase::Paused(Pause::SignedOut) => (SyncPhase::NeedsAttention, Some(phrases::signed_out_by_server())),
        Phase::Paused(Pause::UpdateNeeded) => (SyncPhase::NeedsAttention, Some(phrases::update_needed())),
        Phase::Paused(Pause::Forbidden) => (SyncPhase::NeedsAttention, Some(phrases::no_right())),
    }
}

/// The figures of syncing, as pairs of a name and a value to read. `transport` is the one in use, if this tab has one.
#[must_use]
pub fn figures(
    figures: &Figures,
    transport: Option<Transport>,
    replica: &Replica,
    now: Timestamp,
) -> Vec<(String, String)> {
    let half_and_most = |recent: &Recent| match recent.half_and_most() {
        Some((half, most)) => phrases::half_and_most_of(half, most),
        None => phrases::not_yet().to_owned(),
    };
    let oldest = replica.outbox().values().next().map(|mutation| mutation.at);
    let mut rows = vec![
        (phrases::figure_confirmed(), half_and_most(&figures.confirmed)),
        (phrases::figure_arrived(), half_and_most(&figures.arrived)),
        (
            phrases::figure_oldest_waiting(),
            oldest.map_or(phrases::nothing().to_owned(), |at| phrases::ago(now.since(at))),
        ),
        (phrases::figure_needed(), phrases::of(figures.met, figures.needed)),
        (
            phrases::figure_tries(),
            phrases::of(figures.worked, figures.tries),
        ),
        (phrases::figure_lost(), figures.lost.to_string()),
        (
            phrases::figure_sent(),
            phrases::messages(figures.messages_up, figures.bytes_up),
        ),
        (
            phrases::figure_received(),
            phrases::messages(figures.messages_down, figures.bytes_down),
        ),
        (
            phrases::figure_self_conflicts(),
            phrases::of(figures.self_conflicts, figures.conflicts),
        ),
    ];
    if let Some(transport) = transport {
        let name = match transport {
            Transport::WebSocket => phrases::over_web_socket(),
            Transport::Polling => phrases::over_http(),
        };
        rows.insert(3, (phrases::figure_transport(), name.to_owned()));
    }
    let rows = rows.into_iter().map(|(name, value)| (name.to_owned(), value));
    let conflicts = conflicts_by_field(replica)
        .into_iter()
        .map(|(field, [open, by_hand, by_rule])| {
            let name = phrases::conflicts_about(&phrases::field_label(&field));
            (name, phrases::outcomes(open, by_hand, by_rule))
        });
    rows.chain(conflicts).collect()
}

/// For each field, how many conflicts wait for a person, how many a person has settled, and how many a rule has
/// settled.
fn conflicts_by_field(replica: &Replica) -> SortedMap<Field, [usize; 3]> {
    let mut counts: SortedMap<Field, [usize; 3]> = SortedMap::new();
    let maybe = |id: &_| {
        replica
            .base(*id)
            .is_none_or(|entity| entity.kind == Kind::Conflict)
    };
    let views = replica
        .ids()
        .filter(maybe)
        .filter_map(|id| replica.view(id))
        .filter(|view| view.kind == Kind::Conflict);
    for conflict in views.filter_map(|view| Conflict::read(&view)) {
        let outcome = match conflict.state {
            State::Open => 0,
            State::Resolved => 1,
            State::Merged => 2,
        };
        for field in conflict.fields.into_keys() {
            counts.entry(field).or_default()[outcome] += 1;
        }
    }
    counts
}
