//! The figures of syncing that the workspace measures, for a person who looks at them.

use tsugi_sync::ids::{MutationSeq, Timestamp};
use tsugi_sync::protocol::Fate;
use tsugi_sync::replica::Replica;
use tsugi_sync::session::{Phase, Received};

use super::Workspace;
use crate::browser::{local_storage, time};
use tsugi_screen::figures::Figures;
use tsugi_screen::model::SyncPhase;
use tsugi_screen::project;
use tsugi_screen::truth::{Measured, Truth, truth};

const FIGURES: &str = "tsugi.figures";

impl Workspace {
    pub(super) fn measure_phase(&mut self, before: Phase) {
        let after = self.session.phase();
        self.meter.phase(before, after, time::now());
        if self.role.leads() && after != Phase::Live {
            self.meter.disconnected();
        }
    }

    /// An edit was just saved. The time until its answer is measured if there is a connection.
    pub(super) fn measure_edit(&mut self) {
        let connected = match self.role.heard() {
            Some(heard) => matches!(heard.phase, SyncPhase::Synced | SyncPhase::Syncing),
            None => self.session.phase() == Phase::Live,
        };
        let position = self.with_replica(Replica::position);
        if let Some(seq) = position.filter(|_| connected) {
            self.meter.made(MutationSeq(seq), time::steady());
        }
    }

    pub(super) fn measure_answers(&mut self) {
        if let Some(tab) = self.client.tab().borrow().as_ref() {
            let outbox = tab.local.replica().outbox();
            self.meter
                .answered(time::steady(), |seq| outbox.contains_key(&seq));
        }
    }

    /// Counts conflicts. It is called before the conflicts of this delta are settled.
    pub(super) fn measure_conflicts(&mut self, received: &Received) {
        let Received::Delta(delta) = received else { return };
        let tab = self.client.tab().borrow();
        let Some(replica) = tab.as_ref().map(|tab| tab.local.replica()) else {
            return;
        };
        for outcome in &delta.outcomes {
            let Fate::Conflict { current, .. } = &outcome.fate else {
                continue;
            };
            let Some(mutation) = replica.outbox().get(&outcome.seq) else {
                continue;
            };
            let mut changed = mutation
                .set
                .keys()
                .map(|field| (current.revision_of(field), mutation.base_revision(field)))
                .filter(|(now, seen)| now != seen)
                .peekable();
            let some = changed.peek().is_some();
            self.meter
                .conflict(some && changed.all(|(now, _)| replica.is_own(now)));
        }
    }

    /// Changes of other devices are on the screen. The time since the server received them is an estimate, because this
    /// device knows the server's clock only from the welcome message, which took a while to arrive.
    pub(super) fn measure_arrival(&mut self, received: &Received) {
        let Received::Delta(delta) = received else { return };
        let live = self.session.phase() == Phase::Live && !delta.entities.is_empty();
        if let Some(now) = self.session.server_time(time::steady())
            && live
            && delta.at > Timestamp(0)
        {
            self.meter.arrived(now.since(delta.at));
        }
    }

    /// Adds the new counts to those that this device has stored. Other tabs do the same.
    pub(super) fn keep_figures(&mut self) {
        let counted = self.meter.take();
        if counted == Figures::default() {
            return;
        }
        let mut kept = kept();
        kept.add(&counted);
        let text = serde_json::to_string(&kept).unwrap_or_default();
        // A browser that stores nothing for this page loses the figures, and nothing else.
        drop(local_storage::set(FIGURES, &text));
    }

    pub(super) fn forget_figures(&mut self) {
        self.meter.take();
        drop(local_storage::remove(FIGURES));
    }

    pub(super) fn show_figures(&self) {
        let store = self.client.store();
        if !self.figures_shown {
            store.set_truth(Truth::default());
            return store.set_figures(Vec::new());
        }
        let mut figures = kept();
        figures.add(self.meter.counted());
        let transport =
            (self.role.leads() && self.session.phase() == Phase::Live).then(|| self.session.transport());
        let mut rows = self
            .with_replica(|replica| project::figures(&figures, transport, replica, time::now()))
            .unwrap_or_default();
        rows.extend(self.storage_figures());
        store.set_figures(rows);
        let status = store.status();
        let (room, kept) = self.storage_said();
        let measured = Measured {
            figures: &figures,
            phase: status.phase,
            transport,
            room,
            kept,
            last_synced: status.last_synced,
            now: time::now(),
        };
        if let Some(tab) = self.client.tab().borrow().as_ref() {
            store.set_truth(truth(&measured, &tab.local));
        }
    }
}

fn kept() -> Figures {
    local_storage::get(FIGURES)
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default()
}
