//! Opening a workspace: its journal, and what is in it, damaged rows set aside.

use tsugi_sync::ids::{ReplicaId, WorkspaceId};
use tsugi_sync::log::Entry;
use tsugi_sync::replica::{CheckpointError, Replica, Restoring};

use crate::browser::journal::{self, Journal, JournalError, Loaded, Part};
use crate::browser::time::{self, Turns};
use tsugi_screen::local::Local;
use tsugi_words::phrases;

/// Parts of a checkpoint for whose sake what came before them is shown first.
const WORTH_A_LOOK: usize = 3;

/// Why a workspace does not open.
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
        match error {
            JournalError::NewerVersion => Self::Later,
            error => Self::Journal(error),
        }
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

/// Opens a workspace's journal, in memory where the browser has no storage for it, and reads what is in it.
///
/// # Errors
/// When its storage cannot be read, or a later version of the app wrote it.
pub async fn open(workspace: WorkspaceId) -> Result<(Journal, Local), OpenError> {
    open_looking(workspace, drop).await
}

/// The same. Where there is much, `look` is given what people look at first, before the rest is read: good to be shown, and
/// for nothing else.
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

/// Reads what is stored. Nothing is thrown away: what is damaged is set aside, and what the server has is fetched again.
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
    // Whatever could be read of it, the checkpoint stands for the rows up to here.
    let begins_behind = local.replica().position() < loaded.position;
    if begins_behind {
        local.fold_entries([(loaded.position, Entry::Distrusted)]);
    }
    local.fold(loaded.rows);
    // Everything stays as it is, for the version that can read it.
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

/// Restores the replica of a checkpoint, a turn at a time.
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
        // What is left of a small one is read before anybody has looked.
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
