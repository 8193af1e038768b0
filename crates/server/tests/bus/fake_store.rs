//! A store in memory that several instances share. It knows revisions and marks, and no contents.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::Instant;
use tsugi_server::events::{Batch, Feed, Notice, Noticed, Point, Reading, RoomHead};
use tsugi_sync::ids::{Epoch, Mark, Revision, Timestamp, WorkspaceId};
use tsugi_sync::subscription::Head;
use uuid::Uuid;

#[derive(Debug)]
pub(crate) struct FakeStore {
    workspaces: Mutex<BTreeMap<WorkspaceId, Workspace>>,
    notices: Mutex<Vec<(Instant, Notice)>>,
    /// How many batches, and how many lists of heads, were read.
    pub(crate) reads: AtomicUsize,
    pub(crate) looks: AtomicUsize,
    pub(crate) is_down: AtomicBool,
    /// A read of changes needs one of these permits.
    pub(crate) permits: Semaphore,
    /// More changes than these are too much for a batch.
    pub(crate) batch: Mutex<u64>,
}

#[derive(Clone, Debug)]
struct Workspace {
    epoch: Epoch,
    marks: Vec<Mark>,
    rights: u64,
}

impl Default for FakeStore {
    fn default() -> Self {
        Self {
            workspaces: Mutex::default(),
            notices: Mutex::default(),
            reads: AtomicUsize::new(0),
            looks: AtomicUsize::new(0),
            is_down: AtomicBool::new(false),
            permits: Semaphore::new(1_000_000),
            batch: Mutex::new(u64::MAX),
        }
    }
}

impl FakeStore {
    pub(crate) fn workspace(&self) -> WorkspaceId {
        let id = WorkspaceId(Uuid::new_v4());
        let workspace = Workspace {
            epoch: Epoch(Uuid::new_v4()),
            marks: Vec::new(),
            rights: 0,
        };
        self.all().insert(id, workspace);
        id
    }

    /// One commit with this number of changes.
    pub(crate) fn commit(&self, workspace: WorkspaceId, changes: u64) -> Arc<Batch> {
        let mut all = self.all();
        let stored = all.get_mut(&workspace).unwrap();
        let from = stored.head();
        for _ in 0..changes {
            stored.marks.push(Mark(u64::from(rand())));
        }
        Arc::new(batch(workspace, from.revision, &stored.head()))
    }

    pub(crate) fn head(&self, workspace: WorkspaceId) -> Head {
        self.all()[&workspace].head()
    }

    /// As a restore from a backup leaves it: without the last changes.
    pub(crate) fn forget_last(&self, workspace: WorkspaceId, changes: usize) {
        let mut all = self.all();
        let marks = &mut all.get_mut(&workspace).unwrap().marks;
        marks.truncate(marks.len() - changes);
    }

    pub(crate) fn begin_again(&self, workspace: WorkspaceId) {
        self.all().get_mut(&workspace).unwrap().epoch = Epoch(Uuid::new_v4());
    }

    pub(crate) fn count_rights(&self, workspace: WorkspaceId) {
        self.all().get_mut(&workspace).unwrap().rights += 1;
    }

    pub(crate) fn notice(&self, what: Noticed) {
        let id = Uuid::new_v4();
        let mut notices = self.notices.lock().unwrap();
        notices.push((Instant::now(), Notice { id, what }));
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<WorkspaceId, Workspace>> {
        self.workspaces.lock().unwrap()
    }

    fn answers(&self) -> Result<(), &'static str> {
        match self.is_down.load(SeqCst) {
            true => Err("down"),
            false => Ok(()),
        }
    }
}

impl Workspace {
    fn head(&self) -> Head {
        Head {
            epoch: self.epoch,
            revision: Revision(self.marks.len() as u64),
            mark: self.marks.last().copied().unwrap_or(Mark(0)),
            horizon: Revision(0),
        }
    }

    fn mark_at(&self, revision: Revision) -> Option<Mark> {
        match revision.0 {
            0 => Some(Mark(0)),
            at => self.marks.get(usize::try_from(at).unwrap() - 1).copied(),
        }
    }
}

impl Feed for FakeStore {
    fn heads<'a>(&'a self, workspaces: &'a [WorkspaceId]) -> Reading<'a, Vec<RoomHead>> {
        Box::pin(async move {
            self.looks.fetch_add(1, SeqCst);
            self.answers()?;
            let all = self.all();
            let head = |workspace: &WorkspaceId| {
                all.get(workspace).map(|stored| RoomHead {
                    workspace: *workspace,
                    head: stored.head(),
                    rights: stored.rights,
                })
            };
            Ok(workspaces.iter().filter_map(head).collect())
        })
    }

    fn changes(&self, workspace: WorkspaceId, after: Point) -> Reading<'_, Option<Batch>> {
        Box::pin(async move {
            self.reads.fetch_add(1, SeqCst);
            self.permits.acquire().await?.forget();
            self.answers()?;
            let all = self.all();
            let stored = &all[&workspace];
            let head = stored.head();
            let is_same = stored.epoch == after.epoch && stored.mark_at(after.revision) == Some(after.mark);
            let fits = head.revision.0.saturating_sub(after.revision.0) <= *self.batch.lock().unwrap();
            Ok((is_same && fits).then(|| batch(workspace, after.revision, &head)))
        })
    }

    fn notices(&self, last: Duration) -> Reading<'_, Vec<Notice>> {
        Box::pin(async move {
            self.answers()?;
            let now = Instant::now();
            let notices = self.notices.lock().unwrap();
            let recent = notices.iter().filter(|(at, _)| now - *at <= last);
            Ok(recent.map(|(_, notice)| *notice).collect())
        })
    }
}

fn batch(workspace: WorkspaceId, from: Revision, head: &Head) -> Batch {
    let range = (from, head.revision, head.mark);
    Batch::new(workspace, head.epoch, range, Default::default(), Timestamp(0), 0)
}

/// Never 0, which means “no mark”.
fn rand() -> u32 {
    Uuid::new_v4().as_fields().0.max(1)
}
