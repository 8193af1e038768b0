//! A hint: “this instance has brought the workspace from this revision to that one”. It is 57 bytes; the workspace is
//! named by the channel.
//!
//! ```text
//! 1: format │ 16: instance │ 16: epoch │ 8: from │ 8: to │ 8: mark        (numbers: big end first)
//! ```

use tsugi_sync::ids::{Epoch, Mark, Revision, WorkspaceId};
use uuid::Uuid;

/// The first byte. A later format gets another one, and instances of this version then look into the store.
const FORMAT: u8 = 1;
const BYTES: usize = 57;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The instance that sent it. It knows what it has committed.
    pub instance: Uuid,
    pub workspace: WorkspaceId,
    pub epoch: Epoch,
    pub from: Revision,
    pub to: Revision,
    pub mark: Mark,
}

/// The payload is no hint of this format.
#[derive(Debug, thiserror::Error)]
#[error("a payload of {0} bytes is no hint that this version reads")]
pub struct HintError(usize);

impl Hint {
    #[must_use]
    pub fn to_bytes(&self) -> [u8; BYTES] {
        let mut bytes = [0; BYTES];
        bytes[0] = FORMAT;
        bytes[1..17].copy_from_slice(self.instance.as_bytes());
        bytes[17..33].copy_from_slice(self.epoch.0.as_bytes());
        for (at, number) in [(33, self.from.0), (41, self.to.0), (49, self.mark.0)] {
            bytes[at..at + 8].copy_from_slice(&number.to_be_bytes());
        }
        bytes
    }

    /// Reads what came on the channel of `workspace`.
    ///
    /// # Errors
    /// When it is no hint of this format.
    pub fn read(workspace: WorkspaceId, payload: &[u8]) -> Result<Self, HintError> {
        let bytes: &[u8; BYTES] = payload.try_into().map_err(|_| HintError(payload.len()))?;
        let id = |at: usize| Uuid::from_slice(&bytes[at..at + 16]).unwrap_or_default();
        let number = |at: usize| {
            let part = &bytes[at..at + 8];
            part.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
        };
        let hint = Self {
            instance: id(1),
            workspace,
            epoch: Epoch(id(17)),
            from: Revision(number(33)),
            to: Revision(number(41)),
            mark: Mark(number(49)),
        };
        match bytes[0] == FORMAT && hint.from <= hint.to {
            true => Ok(hint),
            false => Err(HintError(payload.len())),
        }
    }

    /// This hint and another of the same workspace, as one.
    #[must_use]
    pub fn with(self, later: Self) -> Self {
        match self.epoch == later.epoch && self.to <= later.to {
            true => Self {
                from: self.from.min(later.from),
                ..later
            },
            false => later,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hint(from: u64, to: u64) -> Hint {
        Hint {
            instance: Uuid::from_u128(1),
            workspace: WorkspaceId(Uuid::from_u128(2)),
            epoch: Epoch(Uuid::from_u128(3)),
            from: Revision(from),
            to: Revision(to),
            mark: Mark(u64::MAX - to),
        }
    }

    #[test]
    fn a_hint_comes_back_as_it_was() {
        let hint = hint(300, 70_000);
        assert_eq!(Hint::read(hint.workspace, &hint.to_bytes()).unwrap(), hint);
    }

    /// The bytes are what instances of other versions read.
    #[test]
    fn the_bytes_stay_as_they_are() {
        let bytes = hint(258, 772).to_bytes();
        assert_eq!(bytes[..2], [1, 0]);
        assert_eq!((bytes[16], bytes[32]), (1, 3));
        assert_eq!(bytes[33..41], [0, 0, 0, 0, 0, 0, 1, 2]);
        assert_eq!(bytes[41..49], [0, 0, 0, 0, 0, 0, 3, 4]);
        assert_eq!(bytes[49..57], [255, 255, 255, 255, 255, 255, 252, 251]);
    }

    #[test]
    fn anything_else_is_an_error() {
        let good = hint(1, 2);
        let mut later = good.to_bytes();
        later[0] = 2;
        let backwards = hint(3, 2).to_bytes();
        for payload in [
            &b""[..],
            b"x",
            &good.to_bytes()[..56],
            &[1; 58],
            &later,
            &backwards,
        ] {
            assert!(Hint::read(good.workspace, payload).is_err(), "{payload:?}");
        }
    }

    #[test]
    fn two_hints_that_wait_become_one() {
        let both = hint(3, 4).with(hint(4, 6));
        assert_eq!(
            (both.from, both.to, both.mark),
            (Revision(3), Revision(6), hint(4, 6).mark)
        );
    }
}
