//! How syncing really goes on this device, as sentences, numbers and small drawings: what a person can check for themselves.

pub mod chart;

use tsugi_sync::conflict::{Conflict, State};
use tsugi_sync::entity::{Entity, Field, Kind};
use tsugi_sync::ids::{EntityId, Timestamp};
use tsugi_sync::merge::Rule;
use tsugi_sync::mutation::Mutation;
use tsugi_sync::session::Transport;
use tsugi_words::phrases;

use crate::conflicts::card::{joined, title_of};
use crate::conflicts::history::words_of;
use crate::figures::{Figures, Recent};
use crate::local::Local;
use crate::model::SyncPhase;
use chart::Chart;

/// How many waiting edits are named. The others are counted.
const NAMED: usize = 20;

/// How many kinds of question are listed, the most frequent first.
const KINDS: usize = 6;

/// Everything that the page shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Truth {
    pub facts: Vec<Fact>,
    pub waiting: Vec<Waiting>,
    /// How many edits wait, named or not.
    pub waits: usize,
}

/// One thing that was measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    pub title: &'static str,
    /// The number that matters.
    pub value: String,
    /// What it says, in a sentence.
    pub says: String,
    pub chart: Option<Chart>,
    pub rows: Vec<Row>,
}

/// A number with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub name: String,
    pub value: String,
    /// Its part of the largest one, in percent, drawn as a bar; none if it is no count.
    pub part: Option<u32>,
}

impl Row {
    fn of(name: &str, value: String) -> Self {
        let name = name.to_owned();
        Self {
            name,
            value,
            part: None,
        }
    }
}

/// One edit that the server does not have, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub title: String,
    /// The names of the fields that it changes.
    pub fields: String,
    pub why: &'static str,
    pub since: String,
    /// Whether a person has to decide it.
    pub is_question: bool,
}

/// What the truth is made from, beside the copy of the workspace.
#[derive(Clone, Copy, Debug)]
pub struct Measured<'a> {
    pub figures: &'a Figures,
    pub phase: SyncPhase,
    /// The transport in use, if this tab has one.
    pub transport: Option<Transport>,
    /// The bytes that this site uses and may use, if the browser says.
    pub room: Option<(u64, u64)>,
    /// Whether the browser keeps the data, in words; none if it does not say.
    pub kept: Option<&'static str>,
    pub last_synced: Option<Timestamp>,
    pub now: Timestamp,
}

#[must_use]
pub fn truth(measured: &Measured<'_>, local: &Local) -> Truth {
    let records = records(local);
    let waiting = waiting(measured, local, &records);
    let figures = measured.figures;
    Truth {
        facts: vec![
            times(phrases::truth_confirmed(), &figures.confirmed),
            times(phrases::truth_arrived(), &figures.arrived),
            connection(measured),
            merged(&records),
            asked(&records),
            storage(measured),
        ],
        waits: local.replica().outbox().len(),
        waiting,
    }
}

fn records(local: &Local) -> Vec<Conflict> {
    let replica = local.replica();
    let maybe = |id: &EntityId| {
        replica
            .base(*id)
            .is_none_or(|entity| entity.kind == Kind::Conflict)
    };
    let views = replica.ids().filter(maybe).filter_map(|id| replica.view(id));
    views.filter_map(|view| Conflict::read(&view)).collect()
}

/// How long something took, half of the time and nearly always.
fn times(title: &'static str, times: &Recent) -> Fact {
    let said = times.half_and_most().map(|(half, most)| {
        let chart = chart::histogram(times.all(), most, phrases::lasted);
        (
            phrases::lasted(half),
            phrases::half_and_19(&phrases::lasted(most)),
            Some(chart),
        )
    });
    let (value, says, chart) =
        said.unwrap_or_else(|| ("–".to_owned(), phrases::not_measured().to_owned(), None));
    Fact {
        title,
        value,
        says,
        chart,
        rows: Vec::new(),
    }
}

fn connection(measured: &Measured<'_>) -> Fact {
    let figures = measured.figures;
    let tries: Vec<bool> = figures.latest.iter().map(|(_, worked)| *worked).collect();
    let failed = figures.latest.iter().rev().find(|(_, worked)| !worked);
    let says = match failed {
        Some((at, _)) => phrases::last_failed(&phrases::ago(measured.now.since(*at))),
        None => phrases::none_failed().to_owned(),
    };
    let ends = figures.latest.first().map(|(at, _)| {
        let first = phrases::ago(measured.now.since(*at));
        (first, phrases::truth_now().to_owned())
    });
    let transport = measured.transport.map(|transport| match transport {
        Transport::WebSocket => phrases::over_web_socket(),
        Transport::Polling => phrases::over_http(),
    });
    let transport = transport.map(|name| Row::of(phrases::figure_transport(), name.to_owned()));
    let rows = [
        Row::of(phrases::figure_needed(), phrases::of(figures.met, figures.needed)),
        Row::of(phrases::figure_lost(), figures.lost.to_string()),
        Row::of(
            phrases::figure_sent(),
            phrases::messages(figures.messages_up, figures.bytes_up),
        ),
        Row::of(
            phrases::figure_received(),
            phrases::messages(figures.messages_down, figures.bytes_down),
        ),
    ];
    Fact {
        title: phrases::truth_connected(),
        value: phrases::of(figures.worked, figures.tries),
        says,
        chart: (!tries.is_empty()).then(|| chart::strip(&tries, ends)),
        rows: transport.into_iter().chain(rows).collect(),
    }
}

/// What rules decided, and what a person was asked.
fn merged(records: &[Conflict]) -> Fact {
    let by_rule = records.iter().filter(|record| record.was_merged);
    let alone = by_rule.clone().count();
    let rules = [
        Rule::Lines,
        Rule::Set,
        Rule::LastWriter,
        Rule::Earliest,
        Rule::Done,
        Rule::Cycle,
    ];
    let count = |rule: Rule| {
        let has = |record: &&Conflict| {
            record
                .decisions
                .values()
                .any(|decision| decision.rule == Some(rule))
        };
        by_rule.clone().filter(has).count()
    };
    let counts = rules.map(|rule| (words_of(rule).unwrap_or_default().to_owned(), count(rule)));
    let (part, all) = (alone as u64, records.len() as u64);
    let value = match all {
        0 => "–".to_owned(),
        all => phrases::truth_percent(&tenths_of_percent(part, all)),
    };
    Fact {
        title: phrases::truth_merged(),
        value,
        says: phrases::truth_merges(records.len(), alone),
        chart: (all > 0).then(|| chart::share(part, all)),
        rows: bars(counts.into()),
    }
}

fn tenths_of_percent(part: u64, all: u64) -> String {
    let tenths = part.saturating_mul(1_000) / all.max(1);
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// What people were asked about, the most frequent first.
fn asked(records: &[Conflict]) -> Fact {
    let asked: Vec<&Conflict> = records.iter().filter(|record| !record.was_merged).collect();
    let mut counts: Vec<(String, usize)> = Vec::new();
    for record in &asked {
        let kind = kind_of_question(record);
        match counts.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, count)) => *count += 1,
            None => counts.push((kind, 1)),
        }
    }
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts.truncate(KINDS);
    let open = asked.iter().filter(|record| record.state == State::Open).count();
    Fact {
        title: phrases::truth_asked(),
        value: phrases::truth_times(asked.len()),
        says: phrases::truth_open(open),
        chart: None,
        rows: bars(counts),
    }
}

fn kind_of_question(record: &Conflict) -> String {
    let has = |field: &Field| record.fields.contains_key(field);
    let first = record
        .fields
        .iter()
        .find(|(_, sides)| sides.local != sides.remote);
    match first.or_else(|| record.fields.iter().next()) {
        _ if has(&Field::Deleted) => phrases::situation_deleted().to_owned(),
        _ if has(&Field::Completed) => phrases::situation_done().to_owned(),
        Some((field, _)) => phrases::field_label(field),
        None => String::new(),
    }
}

/// Counts as rows with bars, without those that are 0.
fn bars(counts: Vec<(String, usize)>) -> Vec<Row> {
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0).max(1);
    let row = |(name, count): (String, usize)| Row {
        name,
        value: count.to_string(),
        part: u32::try_from(count * 100 / most).ok(),
    };
    counts
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(row)
        .collect()
}

fn storage(measured: &Measured<'_>) -> Fact {
    let synced = match measured.last_synced {
        Some(at) => phrases::ago(measured.now.since(at)),
        None => phrases::not_yet().to_owned(),
    };
    let kept = measured
        .kept
        .map(|kept| Row::of(phrases::figure_kept(), kept.to_owned()));
    let synced = Row::of(phrases::last_synced(), synced);
    let (value, says, chart) = match measured.room {
        Some((used, quota)) => (
            phrases::size(used),
            phrases::truth_room(&phrases::size(quota)),
            Some(chart::share(used, quota)),
        ),
        None => ("–".to_owned(), phrases::browser_does_not_say().to_owned(), None),
    };
    Fact {
        title: phrases::truth_kept(),
        value,
        says,
        chart,
        rows: kept.into_iter().chain([synced]).collect(),
    }
}

/// The edits that wait, the oldest first, and the questions that wait for a person.
fn waiting(measured: &Measured<'_>, local: &Local, records: &[Conflict]) -> Vec<Waiting> {
    let since = |at: Timestamp| phrases::ago(measured.now.since(at));
    let mut seen: Vec<EntityId> = Vec::new();
    let mut edit = |mutation: &Mutation| {
        let follows = seen.contains(&mutation.entity);
        seen.push(mutation.entity);
        Waiting {
            title: name_of(local, mutation.entity),
            fields: fields_of(mutation),
            why: why(measured.phase, follows),
            since: since(mutation.at),
            is_question: false,
        }
    };
    let outbox = local.replica().outbox();
    let edits: Vec<Waiting> = outbox
        .values()
        .take(NAMED)
        .map(|mutation| edit(mutation))
        .collect();
    let open = records.iter().filter(|record| record.state == State::Open);
    let question = |record: &Conflict| Waiting {
        title: name_of(local, record.subject),
        fields: kind_of_question(record),
        why: phrases::waits_for_you(),
        since: since(record.created),
        is_question: true,
    };
    edits.into_iter().chain(open.take(NAMED).map(question)).collect()
}

/// The title of what an edit is about. A record of a conflict is about its subject.
fn name_of(local: &Local, id: EntityId) -> String {
    let read = |view: Option<&Entity>| view.map(|view| (title_of(view), Conflict::read(view)));
    match local.look(id, read) {
        Some((_, Some(record))) => local
            .look(record.subject, |view| view.map(title_of))
            .unwrap_or_default(),
        Some((title, None)) => title,
        None => String::new(),
    }
}

fn fields_of(mutation: &Mutation) -> String {
    let is_decision = mutation.kind == Kind::Conflict;
    if is_decision {
        return phrases::waits_decision().to_owned();
    }
    if mutation.set.contains_key(&Field::Created) {
        return phrases::waits_new().to_owned();
    }
    let has_words = |field: &&Field| !matches!(field, Field::Position | Field::Series);
    joined(mutation.set.keys().filter(has_words).map(phrases::field_label))
}

fn why(phase: SyncPhase, follows: bool) -> &'static str {
    match phase {
        SyncPhase::WorkOffline => phrases::waits_by_choice(),
        SyncPhase::LocalOnly => phrases::waits_for_account(),
        SyncPhase::NeedsAttention => phrases::waits_for_attention(),
        SyncPhase::Offline | SyncPhase::Connecting => phrases::waits_for_network(),
        SyncPhase::Synced | SyncPhase::Syncing if follows => phrases::waits_behind(),
        SyncPhase::Synced | SyncPhase::Syncing => phrases::waits_under_way(),
    }
}
