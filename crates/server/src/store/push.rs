//! One push in the writer: the decision on each mutation, its effect and its receipt in one savepoint.
//!
//! Invariants: a revision comes from the workspace's row inside the committing transaction; the receipt is stored with
//! the effect; rights are those of the moment of the commit, not of the subscription.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use rusqlite::{Connection, OptionalExtension};
use tokio::sync::OwnedSemaphorePermit;
use tsugi_sync::entity::{Cell, Entity, Field};
use tsugi_sync::ids::{EntityId, Epoch, MutationSeq, ReplicaId, Revision, Timestamp, UserId, WorkspaceId};
use tsugi_sync::mutation::PushedMutation;
use tsugi_sync::protocol::{Author, Fate, Outcome, RefusalCode};
use tsugi_sync::sequencer::{self, Verdict};

use super::StoreError;
use super::rows::{Count, MemberView, UuidBlob, entity_at, member_view, to_sql};
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
    /// Of the frame it came in: what bounds a group.
    pub(crate) bytes: usize,
    pub(crate) received: Instant,
    /// Its room among all that waits for the writer; the store's to give.
    pub(crate) room: Option<OwnedSemaphorePermit>,
}

/// What one push came to.
pub(crate) enum Pushed {
    Decided(Decided),
    /// The user is no member of the workspace, or no more.
    NotMember,
}

pub(crate) struct Decided {
    pub(super) epoch: Epoch,
    pub(super) from: Revision,
    pub(super) to: Revision,
    /// The cells that were written, entity by entity.
    pub(super) changed: BTreeMap<EntityId, Entity>,
    pub(super) outcomes: Vec<Outcome>,
}
/// Decides on every mutation of `push`, in order, and stores what takes effect.
pub(super) fn apply(
    connection: &Connection,
    push: &Push,
    now: Timestamp,
    entities_per_workspace: u64,
) -> Result<Pushed, StoreError> {
    let Some(view) = member_view(connection, push.workspace, push.user)? else {
        return Ok(Pushed::NotMember);
    };
    let mut sequence = Sequence {
        connection,
        now,
        entities_per_workspace,
        replica: replica_row(connection, push, &view, now)?,
        head: view.head,
        entities: view.entities,
        known: BTreeMap::new(),
        changed: BTreeMap::new(),
        view,
    };
    let mut outcomes = Vec::with_capacity(push.mutations.len());
    for mutation in &push.mutations {
        let fate = sequence.decide(mutation)?;
        outcomes.push(Outcome {
            seq: mutation.seq,
            fate,
        });
    }
    let (head, entities, changed) = (sequence.head, sequence.entities, sequence.changed);
    if head > view.head {
        connection
            .prepare_cached("UPDATE workspace SET revision = ?2, entities = ?3 WHERE id = ?1")?
            .execute((view.row, to_sql(head.0), to_sql(entities)))?;
    }
    Ok(Pushed::Decided(Decided {
        epoch: view.epoch,
        from: view.head,
        to: head,
        changed,
        outcomes,
    }))
}

/// Where the pushing replica stands in this workspace.
#[derive(Clone, Copy)]
enum ReplicaRow {
    Ours(i64),
    /// Not known, and not to be made known: its user may not write.
    Unknown,
    /// Another user's.
    Foreign,
}

fn replica_row(
    connection: &Connection,
    push: &Push,
    view: &MemberView,
    now: Timestamp,
) -> Result<ReplicaRow, StoreError> {
    let known = connection
        .prepare_cached("SELECT id, account, device FROM replica WHERE workspace = ?1 AND uuid = ?2")?
        .query_row((view.row, push.replica.0.as_bytes()), |row| {
            let device = row.get_ref(2)?.as_str()?;
            Ok((
                row.get::<_, i64>(0)?,
                row.get::<_, i64>(1)?,
                device == &*push.device,
            ))
        })
        .optional()?;
    match known {
        Some((_, account, _)) if account != view.account => Ok(ReplicaRow::Foreign),
        Some((row, _, true)) => Ok(ReplicaRow::Ours(row)),
        Some((row, _, false)) => {
            connection
                .prepare_cached("UPDATE replica SET device = ?2 WHERE id = ?1")?
                .execute((row, &*push.device))?;
            Ok(ReplicaRow::Ours(row))
        }
        None if !view.role.may_write() => Ok(ReplicaRow::Unknown),
        None => {
            connection
                .prepare_cached(
                    "INSERT INTO replica (workspace, uuid, account, device, created) VALUES (?1, ?2, ?3, ?4, ?5)",
                )?
                .execute((view.row, push.replica.0.as_bytes(), view.account, &*push.device, to_sql(now.0)))?;
            Ok(ReplicaRow::Ours(connection.last_insert_rowid()))
        }
    }
}

/// The mutations of one push as they are decided on, one after the other.
struct Sequence<'a> {
    connection: &'a Connection,
    now: Timestamp,
    entities_per_workspace: u64,
    view: MemberView,
    replica: ReplicaRow,
    head: Revision,
    entities: u64,
    /// Entities as they are now, with their rows; none where there is none.
    known: BTreeMap<EntityId, Option<(i64, Entity)>>,
    changed: BTreeMap<EntityId, Entity>,
}

impl Sequence<'_> {
    fn decide(&mut self, mutation: &PushedMutation) -> Result<Fate, StoreError> {
        let replica = match self.replica {
            ReplicaRow::Ours(row) => row,
            ReplicaRow::Unknown => {
                return Ok(refused(
                    RefusalCode::Forbidden,
                    "you may read here, but not write",
                ));
            }
            ReplicaRow::Foreign => {
                return Ok(refused(RefusalCode::Forbidden, "the replica is another user's"));
            }
        };
        if i64::try_from(mutation.seq.0).is_err() {
            return Ok(refused(
                RefusalCode::Invalid,
                "the sequence number is beyond 63 bits",
            ));
        }
        let receipt = self.receipt(replica, mutation.seq)?;
        if receipt.is_none() && !self.view.role.may_write() {
            return Ok(refused(
                RefusalCode::Forbidden,
                "you may read here, but not write",
            ));
        }
        self.look_up(mutation.entity)?;
        let current = self.known.get(&mutation.entity).and_then(Option::as_ref);
        match sequencer::judge(receipt, current.map(|(_, entity)| entity), mutation) {
            Verdict::Accepted => self.accept(replica, mutation),
            Verdict::AlreadyApplied(revision) => Ok(Fate::Accepted { revision }),
            Verdict::Refused(code, message) => Ok(Fate::Refused { code, message }),
            Verdict::Conflict(fields) => {
                let Some((_, current)) = current else {
                    return Ok(refused(
                        RefusalCode::UnknownEntity,
                        "the server does not know this entity",
                    ));
                };
                Ok(Fate::Conflict {
                    by: self.last_author(current, &fields)?,
                    current: current.clone(),
                })
            }
        }
    }

    fn receipt(&self, replica: i64, seq: MutationSeq) -> Result<Option<Revision>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT revision FROM change WHERE replica = ?1 AND seq = ?2")?;
        let revision = statement.query_row((replica, to_sql(seq.0)), |row| row.get::<_, Count>(0));
        Ok(revision.optional()?.map(|count| Revision(count.0)))
    }

    fn look_up(&mut self, id: EntityId) -> Result<(), StoreError> {
        if self.known.contains_key(&id) {
            return Ok(());
        }
        let mut statement = self
            .connection
            .prepare_cached("SELECT id, uuid, kind, fields FROM entity WHERE workspace = ?1 AND uuid = ?2")?;
        let mut rows = statement.query((self.view.row, id.0.as_bytes()))?;
        let found = match rows.next()? {
            Some(row) => Some((row.get(0)?, entity_at(row, 1)?)),
            None => None,
        };
        self.known.insert(id, found);
        Ok(())
    }

    fn accept(&mut self, replica: i64, mutation: &PushedMutation) -> Result<Fate, StoreError> {
        let revision = self.head.next();
        let current = self.known.get(&mutation.entity).and_then(Option::as_ref);
        let row = current.map(|(row, _)| *row);
        let mut next = match current {
            Some((_, entity)) => entity.clone(),
            None if self.entities >= self.entities_per_workspace => {
                return Ok(refused(RefusalCode::QuotaExceeded, "the workspace is full"));
            }
            None => Entity::new(mutation.entity, mutation.kind.clone()),
        };
        sequencer::apply(&mut next, mutation, revision);
        let fields = serde_json::to_string(&next.fields).map_err(StoreError::Fields)?;
        if fields.len() > ENTITY_BYTES {
            let message = format!("the entity would be larger than {ENTITY_BYTES} bytes");
            return Ok(refused(RefusalCode::Invalid, &message));
        }
        let row = self.store_entity(row, &next, &fields, revision)?;
        let patch = serde_json::to_string(&mutation.set).map_err(StoreError::Fields)?;
        self.connection
            .prepare_cached(
                "INSERT INTO change (workspace, revision, entity, replica, seq, patch, at, committed)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute((
                self.view.row,
                to_sql(revision.0),
                row,
                replica,
                to_sql(mutation.seq.0),
                patch,
                to_sql(mutation.at.0),
                to_sql(self.now.0),
            ))?;
        let cells = mutation
            .set
            .iter()
            .map(|(field, value)| (field.clone(), Cell(value.clone(), revision)));
        self.changed
            .entry(mutation.entity)
            .or_insert_with(|| Entity::new(mutation.entity, mutation.kind.clone()))
            .absorb(cells);
        self.head = revision;
        self.known.insert(mutation.entity, Some((row, next)));
        Ok(Fate::Accepted { revision })
    }

    fn store_entity(
        &mut self,
        row: Option<i64>,
        entity: &Entity,
        fields: &str,
        revision: Revision,
    ) -> Result<i64, StoreError> {
        let deleted = entity.is_deleted();
        let Some(row) = row else {
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
        Ok(row)
    }

    /// Who changed the latest of `fields`, for people to read.
    fn last_author(&self, current: &Entity, fields: &[Field]) -> Result<Option<Author>, StoreError> {
        let Some(revision) = fields.iter().map(|field| current.revision_of(field)).max() else {
            return Ok(None);
        };
        let mut statement = self.connection.prepare_cached(
            "SELECT a.uuid, r.device, c.at FROM change c
             JOIN replica r ON r.id = c.replica
             JOIN account a ON a.id = r.account
             WHERE c.workspace = ?1 AND c.revision = ?2",
        )?;
        let author = statement.query_row((self.view.row, to_sql(revision.0)), |row| {
            Ok(Author {
                user: UserId(row.get::<_, UuidBlob>(0)?.0),
                device: row.get(1)?,
                at: Timestamp(row.get::<_, Count>(2)?.0),
            })
        });
        Ok(author.optional()?)
    }
}

fn refused(code: RefusalCode, message: &str) -> Fate {
    Fate::Refused {
        code,
        message: message.to_owned(),
    }
}
