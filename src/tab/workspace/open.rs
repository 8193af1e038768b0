//! Opens a workspace: its journal and the data in it. Damaged rows are set aside.

use tsugi_sync::ids::{ReplicaId, WorkspaceId};
use tsugi_sync::log::Entry;
use tsugi_sync::replica::{CheckpointError, Replica, Restoring};

use crate::browser::journal::{self, Journal, JournalError, Loaded, Part};
use crate::browser::time::{self, Turns};
use tsugi_screen::local::Local;
use tsugi_words::phrases;

/// A checkpoint with this number of parts still to read is long enough to show a first look.
const WORTH_A_LOOK: usize = 3;

/// The reason why a workspace does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("{}", phrases::no_storage(&super::storage::reason(.0)))]
    Journal(#[source] JournalError),
    #[error("{}", phrases::unreadable_storage(&.0.to_string()))]
    Checkpoint(#[source] CheckpointError),
    #[error("{}", phrases::data_of_later_version())]
    Later,
    #[error("{}", phrases::no_replica())]
    Replica,
}

impl From<JournalError> for OpenError {
    fn from(error: JournalError) -> Self {
        if error == JournalError::NewerVersion {
            return Self::Later;
        }
        Self::Journal(error)
    }
}

impl From<OpenError> for JournalError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Journal(error) => error,
            OpenError::Later => Self::NewerVersion,
            error @ (OpenError::Checkpoint(_) | OpenError::Replica) => Self::Corrupt(error.to_string()),
        }
    }
}

/// Opens a workspace's journal and reads the data in it. If the browser has no storage, the journal is in memory.
///
/// # Errors
/// If its storage cannot be read, or a later version of the app wrote it.
pub async fn open(workspace: WorkspaceId) -> Result<(Journal, Local), OpenError> {
    open_looking(workspace, drop).await
}

/// The same. If there is much to read, `look` gets the first look before the rest is read. The first look can only be
/// shown, and not edited.
///
/// # Errors
/// As [`open`].
pub(super) async fn open_looking(
    workspace: WorkspaceId,
    look: impl FnOnce(Local),
) -> Result<(Journal, Local), OpenError> {
    let journal = Journal::open_somewhere(&journal::database_name(workspace)).await?;
    let replica = journal
        .get_or_init_meta("replica", &time::new_id().to_string())
        .await?;
    let replica = replica.parse().map_err(|_| OpenError::Replica)?;
    let local = read(&journal, replica, workspace, look).await?;
    Ok((journal, local))
}

/// Reads the stored data. Nothing is deleted: damaged rows are set aside, and the server's state is fetched again.
pub(super) async fn read(
    journal: &Journal,
    replica: ReplicaId,
    workspace: WorkspaceId,
    look: impl FnOnce(Local),
) -> Result<Local, OpenError> {
    let loaded = journal.load().await?;
    let (restored, damaged) = match restore(replica, workspace, &loaded, look).await {
        Err(CheckpointError::Header(_)) => (
            Replica::new(replica, workspace),
            (0..loaded.checkpoint.len()).collect(),
        ),
        Err(CheckpointError::Later(_)) => return Err(OpenError::Later),
        Err(error @ CheckpointError::Foreign) => return Err(OpenError::Checkpoint(error)),
        Ok(restored) => restored,
    };
    let mut local = Local::new(restored);
    // The checkpoint stands for all rows up to its position, even if parts of it could not be read.
    let begins_behind = local.replica().position() < loaded.position;
    if begins_behind {
        local.fold_entries([(loaded.position, Entry::Distrusted)]);
    }
    local.fold(loaded.rows);
    // Everything stays as it is, for the version of the app that can read it.
    if local.is_outdated() {
        return Err(OpenError::Later);
    }
    let unreadable = local.take_unreadable();
    if begins_behind || !damaged.is_empty() || !unreadable.is_empty() || loaded.unreadable > 0 {
        for part in damaged {
            let name = format!("damaged-{}-{part}", loaded.position);
            let text = loaded.checkpoint.get(part).map(Part::text);
            journal.put_meta(&name, &text.unwrap_or_default()).await?;
        }
        for (key, reason) in unreadable {
            journal.quarantine(key, &reason).await?;
        }
        let row = Entry::Distrusted.to_row();
        let keys = journal
            .commit(local.replica().position(), |_| vec![row.clone()])
            .await?;
        local.fold(keys.into_iter().map(|key| (key, row.clone())));
    }
    Ok(local)
}

/// Restores the replica of a checkpoint, in several turns.
async fn restore(
    replica: ReplicaId,
    workspace: WorkspaceId,
    loaded: &Loaded,
    look: impl FnOnce(Local),
) -> Result<(Replica, Vec<usize>), CheckpointError> {
    let mut texts = loaded.checkpoint.iter().map(Part::text);
    let mut restoring = Restoring::begin(replica, workspace, texts.next().as_deref())?;
    let mut look = Some(look);
    let mut turns = Turns::begin();
    let mut left = texts.len();
    for part in texts {
        restoring.part(&part);
        left -= 1;
        // A small checkpoint is read to its end before a person could look at the first part.
        if left >= WORTH_A_LOOK
            && let Some(first) = restoring.first_look()
        {
            let mut first = Local::new(first);
            first.fold(loaded.rows.iter().cloned());
            let is_good = !first.is_outdated() && first.take_unreadable().is_empty();
            if let Some(look) = look.take().filter(|_| is_good) {
                look(first);
            }
        }
        turns.rest().await;
    }
    Ok(restoring.finish())
}
