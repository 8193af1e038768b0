//! One push in the writer: the core's sequencer over SQLite, within one savepoint.
//!
//! Invariants: a revision is taken from the workspace's row inside the committing transaction. The receipt is
//! stored together with the effect. The rights that count are those at the moment of the commit, not those at the
//! subscription.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Instant;

use rusqlite::{Connection, OptionalExtension};
use tokio::sync::OwnedSemaphorePermit;
use tsugi_sync::entity::Entity;
use tsugi_sync::ids::{
    EntityId, Epoch, Mark, MutationId, MutationSeq, ReplicaId, Revision, Timestamp, UserId, WorkspaceId,
};
use tsugi_sync::limits;
use tsugi_sync::mutation::PushedMutation;
use tsugi_sync::protocol::{Author, Fate, Outcome, RefusalCode};
use tsugi_sync::sequencer::{Change, Ledger, Receipt, Refusal, Right, Sequenced, Sequencer};
use tsugi_sync::sorted_map::SortedMap;

use super::StoreError;
use super::rows::{Count, MemberView, UuidBlob, author_at, entity_at, member_view, to_sql};
use crate::config::ENTITY_BYTES;
use crate::hub::Mailbox;

/// Mutations of one session, on their way to the writer.
#[derive(Debug)]
pub(crate) struct Push {
    pub(crate) origin: Arc<Mailbox>,
    pub(crate) user: UserId,
    pub(crate) replica: ReplicaId,
    pub(crate) device: Arc<str>,
    pub(crate) workspace: WorkspaceId,
    pub(crate) mutations: Vec<PushedMutation>,
    /// The size of the frame in which it came. The sum of these sizes bounds a group of pushes.
    pub(crate) bytes: usize,
    pub(crate) received: Instant,
    /// Its share of the room for everything that waits for the writer. The store fills it in.
    pub(crate) room: Option<OwnedSemaphorePermit>,
}

/// The outcome of one push.
pub(crate) enum Pushed {
    Decided(Decided),
    /// The user is not a member of the workspace, or is not one any more.
    NotMember,
}

pub(crate) struct Decided {
    pub(super) epoch: Epoch,
    pub(super) from: Revision,
    pub(super) to: Revision,
    /// The mark of the revision `to`.
    pub(super) mark: Mark,
    /// The cells that were written, by entity.
    pub(super) changed: SortedMap<EntityId, Entity>,
    /// The authors of the changes.
    pub(super) authors: Vec<(Revision, Author)>,
    pub(super) outcomes: Vec<Outcome>,
    /// How many mutations had taken effect before this push.
    pub(super) already_applied: u64,
    /// How many of the mutations stood for several.
    pub(super) squashed: u64,
}

/// Approximate bytes of answers to one push. Above this, no further mutation of the push is decided on.
const ANSWER_BYTES: usize = 2 * limits::FRAME_BYTES;

fn size_of(fate: &Fate) -> usize {
    let entity = |entity: &Entity| {
        entity
            .fields
            .values()
            .map(|cell| 20 + cell.0.size())
            .sum::<usize>()
    };
    match fate {
        Fate::Accepted { current, .. } => current.as_ref().map_or(0, entity),
        Fate::Conflict { current, .. } => entity(current),
        Fate::Refused { message, .. } => message.len(),
    }
}

/// Decides on the mutations of `push`, in order, and stores those that take effect.
pub(super) fn apply(
    connection: &Connection,
    push: &Push,
    now: Timestamp,
    entities_per_workspace: u64,
) -> Result<Pushed, StoreError> {
    let Some(view) = member_view(connection, push.workspace, push.user)? else {
        return Ok(Pushed::NotMember);
    };
    let head = view.head;
    let mut ledger = SqliteLedger {
        connection,
        push,
        now,
        entities_per_workspace,
        entities: view.entities,
        view,
        replicas: BTreeMap::new(),
        rows: BTreeMap::new(),
        authors: Vec::new(),
    };
    let right = match view.role.may_write() {
        true => Right::Write,
        false => Right::Read,
    };
    let mut sequencer = Sequencer::new(&mut ledger, (push.replica, right), head, now);
    let mut outcomes = Vec::with_capacity(push.mutations.len());
    let mut bytes = 0;
    for mutation in &push.mutations {
        // A small push may need large answers. The replica sends the mutations that are left over again, as it does
        // when answers are lost.
        if bytes > ANSWER_BYTES {
            break;
        }
        let fate = sequencer.decide(mutation)?;
        bytes += size_of(&fate);
        outcomes.push(Outcome {
            seq: mutation.seq,
            fate,
        });
    }
    let Sequenced {
        head: to,
        mark,
        changed,
    } = sequencer.finish();
    if to > head.revision {
        ledger.note_replicas()?;
        connection
            .prepare_cached("UPDATE workspace SET revision = ?2, entities = ?3, mark = ?4 WHERE id = ?1")?
            .execute((view.row, to_sql(to.0), to_sql(ledger.entities), to_sql(mark.0)))?;
    }
    let before = |outcome: &&Outcome| matches!(outcome.fate, Fate::Accepted { revision, .. } if revision <= head.revision);
    let squashed = push.mutations.iter().filter(|mutation| mutation.since.is_some());
    Ok(Pushed::Decided(Decided {
        already_applied: outcomes.iter().filter(before).count() as u64,
        squashed: squashed.count() as u64,
        epoch: head.epoch,
        from: head.revision,
        to,
        mark,
        changed,
        authors: ledger.authors,
        outcomes,
    }))
}

/// What this workspace knows of a replica.
#[derive(Clone, Copy)]
enum ReplicaRow {
    Ours {
        row: i64,
        /// The highest of its mutations that took effect in this push, with its revision.
        latest: Option<(MutationSeq, Revision)>,
    },
    Unknown,
    /// The replica belongs to another user.
    Foreign,
}

/// One workspace's tables, as the core's sequencer sees them.
struct SqliteLedger<'a> {
    connection: &'a Connection,
    push: &'a Push,
    now: Timestamp,
    entities_per_workspace: u64,
    view: MemberView,
    entities: u64,
    replicas: BTreeMap<ReplicaId, ReplicaRow>,
    /// The rows of the entities that were looked up. Their content is read again each time, because most are needed
    /// only once.
    rows: BTreeMap<EntityId, i64>,
    authors: Vec<(Revision, Author)>,
}

impl Ledger for SqliteLedger<'_> {
    type Error = StoreError;

    fn may_speak_for(&mut self, replica: ReplicaId) -> Result<bool, StoreError> {
        Ok(!matches!(self.replica(replica)?, ReplicaRow::Foreign))
    }

    fn receipt(&mut self, id: MutationId) -> Result<Option<Receipt>, StoreError> {
        let ReplicaRow::Ours { row, .. } = self.replica(id.replica)? else {
            return Ok(None);
        };
        let mut statement = self.connection.prepare_cached(
            "SELECT change.revision, entity.uuid, change.patch FROM change JOIN entity ON entity.id = change.entity
             WHERE change.replica = ?1 AND change.seq = ?2",
        )?;
        let found = statement.query_row((row, to_sql(id.seq.0)), |row| {
            Ok((
                row.get::<_, Count>(0)?,
                row.get::<_, UuidBlob>(1)?,
                row.get::<_, String>(2)?,
            ))
        });
        let Some((revision, entity, patch)) = found.optional()? else {
            return Ok(None);
        };
        Ok(Some(Receipt {
            revision: Revision(revision.0),
            entity: EntityId(entity.0),
            set: serde_json::from_str(&patch).map_err(StoreError::Fields)?,
        }))
    }

    fn receipts(
        &mut self,
        replica: ReplicaId,
        entity: EntityId,
        since: MutationSeq,
        before: MutationSeq,
    ) -> Result<Vec<Revision>, StoreError> {
        let ReplicaRow::Ours { row: replica, .. } = self.replica(replica)? else {
            return Ok(Vec::new());
        };
        let Some(entity) = self.entity(entity)? else {
            return Ok(Vec::new());
        };
        // The look-up starts from the entity. A replica may have any number of receipts between two of its
        // mutations, but only the receipts of values that still stand count, and an entity has no more of these
        // than fields.
        let mut statement = self.connection.prepare_cached(
            "SELECT 1 FROM change WHERE workspace = ?1 AND revision = ?2 AND replica = ?3 AND seq >= ?4 AND seq < ?5",
        )?;
        let standing: BTreeSet<_> = entity.fields.values().map(|cell| cell.1).collect();
        let mut own = Vec::new();
        for revision in standing {
            let range = (to_sql(since.0), to_sql(before.0));
            if statement.exists((self.view.row, to_sql(revision.0), replica, range.0, range.1))? {
                own.push(revision);
            }
        }
        Ok(own)
    }

    fn entity(&mut self, id: EntityId) -> Result<Option<Entity>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id, uuid, kind, fields FROM entity WHERE workspace = ?1 AND uuid = ?2")?;
        let mut rows = statement.query((self.view.row, id.0.as_bytes()))?;
        let Some(row) = rows.next()? else {
            return Ok(None);
        };
        self.rows.insert(id, row.get(0)?);
        Ok(Some(entity_at(row, 1)?))
    }

    fn author(&mut self, revision: Revision) -> Result<Option<Author>, StoreError> {
        author_at(self.connection, self.view.row, revision)
    }

    fn store(&mut self, change: Change<'_>) -> Result<Result<(), Refusal>, StoreError> {
        if change.created && self.entities >= self.entities_per_workspace {
            let full = "the workspace is full".to_owned();
            return Ok(Err(Refusal(RefusalCode::QuotaExceeded, full)));
        }
        let fields = serde_json::to_string(&change.entity.fields).map_err(StoreError::Fields)?;
        if fields.len() > ENTITY_BYTES {
            let message = format!("the entity would be larger than {ENTITY_BYTES} bytes");
            return Ok(Err(Refusal(RefusalCode::Invalid, message)));
        }
        let row = self.store_entity(change.entity, &fields, change.revision)?;
        let replica = self.replica_to_write(change.id, change.revision)?;
        let patch = serde_json::to_string(&change.mutation.set).map_err(StoreError::Fields)?;
        self.connection
            .prepare_cached(
                "INSERT INTO change (workspace, revision, entity, replica, seq, patch, at, committed, tick, mark)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            )?
            .execute((
                self.view.row,
                to_sql(change.revision.0),
                row,
                replica,
                to_sql(change.id.seq.0),
                patch,
                to_sql(change.hlc.at.0),
                to_sql(self.now.0),
                change.hlc.tick,
                to_sql(change.mark.0),
            ))?;
        self.authors.push((change.revision, self.author_now(&change)));
        Ok(Ok(()))
    }
}

impl SqliteLedger<'_> {
    /// The author of a change of this push.
    fn author_now(&self, change: &Change<'_>) -> Author {
        Author {
            user: self.push.user,
            device: self.device_of(change.id.replica).to_owned(),
            at: change.hlc.at,
            tick: change.hlc.tick,
            replica: Some(change.id.replica),
        }
    }

    /// The name of the device that made a mutation of this push. If another replica brings the mutation, the name is not
    /// known.
    fn device_of(&self, replica: ReplicaId) -> &str {
        match replica == self.push.replica {
            true => &self.push.device,
            false => "",
        }
    }

    fn replica(&mut self, replica: ReplicaId) -> Result<ReplicaRow, StoreError> {
        if let Some(known) = self.replicas.get(&replica) {
            return Ok(*known);
        }
        let mut statement = self
            .connection
            .prepare_cached("SELECT id, account FROM replica WHERE workspace = ?1 AND uuid = ?2")?;
        let found = statement.query_row((self.view.row, replica.0.as_bytes()), |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))
        });
        let known = match found.optional()? {
            None => ReplicaRow::Unknown,
            Some((_, account)) if account != self.view.account => ReplicaRow::Foreign,
            Some((row, _)) => ReplicaRow::Ours { row, latest: None },
        };
        self.replicas.insert(replica, known);
        Ok(known)
    }

    /// The row of the replica whose mutation takes effect at `revision`. Inserts the row if the replica is new.
    fn replica_to_write(&mut self, id: MutationId, revision: Revision) -> Result<i64, StoreError> {
        let (row, latest) = match self.replica(id.replica)? {
            ReplicaRow::Ours { row, latest } => (row, latest),
            // A foreign replica does not come here: `may_speak_for` has refused it.
            ReplicaRow::Unknown | ReplicaRow::Foreign => {
                self.connection
                    .prepare_cached(
                        "INSERT INTO replica (workspace, uuid, account, device, created) VALUES (?1, ?2, ?3, ?4, ?5)",
                    )?
                    .execute((
                        self.view.row,
                        id.replica.0.as_bytes(),
                        self.view.account,
                        self.device_of(id.replica),
                        to_sql(self.now.0),
                    ))?;
                (self.connection.last_insert_rowid(), None)
            }
        };
        // The version vector says what a replica itself has brought. If another replica brings this mutation, the
        // earlier ones may still be missing.
        let latest = match id.replica == self.push.replica {
            true => latest
                .filter(|(seq, _)| *seq > id.seq)
                .or(Some((id.seq, revision))),
            false => None,
        };
        self.replicas.insert(id.replica, ReplicaRow::Ours { row, latest });
        Ok(row)
    }

    /// Stores the version vector's new entries, once per push.
    fn note_replicas(&self) -> Result<(), StoreError> {
        for replica in self.replicas.values() {
            let ReplicaRow::Ours {
                row,
                latest: Some((seq, revision)),
            } = replica
            else {
                continue;
            };
            self.connection
                .prepare_cached(
                    "UPDATE replica SET device = ?2, seen = ?5,
                         revision = CASE WHEN ?3 > seq THEN ?4 ELSE revision END, seq = max(seq, ?3)
                     WHERE id = ?1",
                )?
                .execute((
                    row,
                    &*self.push.device,
                    to_sql(seq.0),
                    to_sql(revision.0),
                    to_sql(self.now.0),
                ))?;
        }
        Ok(())
    }

    fn store_entity(&mut self, entity: &Entity, fields: &str, revision: Revision) -> Result<i64, StoreError> {
        let deleted = entity.is_deleted();
        let Some(row) = self.rows.get(&entity.id) else {
            self.connection
                .prepare_cached(
                    "INSERT INTO entity (workspace, uuid, kind, fields, revision, deleted)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                )?
                .execute((
                    self.view.row,
                    entity.id.0.as_bytes(),
                    entity.kind.as_str(),
                    fields,
                    to_sql(revision.0),
                    deleted,
                ))?;
            self.entities += 1;
            return Ok(self.connection.last_insert_rowid());
        };
        self.connection
            .prepare_cached("UPDATE entity SET fields = ?2, revision = ?3, deleted = ?4 WHERE id = ?1")?
            .execute((row, fields, to_sql(revision.0), deleted))?;
        Ok(*row)
    }
}
