//! A certificate that is renewed while the server runs.

use std::sync::PoisonError;
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval_at};

use super::Tls;
use super::certificate::{Certificate, Contents, TlsError};
use crate::clock::Clock;

/// The outcome of one look at the files.
#[derive(Debug)]
pub(super) enum Look {
    Same,
    Renewed {
        days: u64,
    },
    /// The certificate before stays in use.
    Broken(TlsError),
}

impl Tls {
    /// Looks at the files each `every`, and whenever it is asked to. Never ends by itself.
    pub(crate) async fn keep_current(&self, every: Duration, clock: &dyn Clock) {
        let every = every.max(Duration::from_millis(1));
        let mut turns = interval_at(Instant::now() + every, every);
        turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = turns.tick() => {}
                () = self.asked.notified() => {}
            }
            match self.look(clock) {
                Look::Same => {}
                Look::Renewed { days } => tracing::info!(days, "a new certificate is in use"),
                Look::Broken(error) => {
                    tracing::warn!(%error, "the new certificate cannot be used: the one before stays in use");
                }
            }
        }
    }

    /// Contents that were seen before are not judged again, so that one broken file is one warning.
    pub(super) fn look(&self, clock: &dyn Clock) -> Look {
        let now = clock.now();
        let contents = match Contents::read(&self.files) {
            Ok(contents) => contents,
            // The file may be missing for the moment in which it is replaced.
            Err(error) => {
                let is_news = self.notice([0; 32]);
                return if is_news { Look::Broken(error) } else { Look::Same };
            }
        };
        if !self.notice(contents.mark()) {
            return Look::Same;
        }
        match Certificate::of(&self.files, &contents, now) {
            Ok(certificate) => {
                certificate.warn_if_ending(now);
                let days = certificate.days_left(now);
                self.in_use.replace(certificate.key);
                Look::Renewed { days }
            }
            Err(error) => Look::Broken(error),
        }
    }

    /// Remembers what was seen; answers whether it is new.
    fn notice(&self, mark: [u8; 32]) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *seen, mark) != mark
    }
}
