//! What is measured: each row on a server that was started for it.

mod bootstrap;
mod cut;
mod fan_out;
mod idle;
mod latency;
mod size;
mod writes;

use crate::options::Scale;
use crate::servers::{Kind, Stable};
use crate::{Outcome, Wrong};

/// Figures by their keys; `table` says what each is.
pub(crate) type Figures = Vec<(&'static str, f64)>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Row {
    Latency,
    Writes,
    Batch,
    FanOut,
    Idle,
    Cut,
    Bootstrap,
    Size,
}

impl Row {
    pub(crate) const ALL: [Self; 8] = [
        Self::Latency,
        Self::Writes,
        Self::Batch,
        Self::FanOut,
        Self::Idle,
        Self::Cut,
        Self::Bootstrap,
        Self::Size,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Latency => "latency",
            Self::Writes => "writes",
            Self::Batch => "batch",
            Self::FanOut => "fan-out",
            Self::Idle => "idle",
            Self::Cut => "cut",
            Self::Bootstrap => "bootstrap",
            Self::Size => "size",
        }
    }

    pub(crate) fn named(name: &str) -> Outcome<Self> {
        let found = Self::ALL.into_iter().find(|row| row.name() == name);
        found.ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            Wrong::from(format!("there is no row {name:?}: choose from {names}"))
        })
    }

    pub(crate) async fn measure(self, stable: &Stable, kind: Kind, scale: Scale) -> Outcome<Figures> {
        match self {
            Self::Latency => latency::measure(stable, kind, scale).await,
            Self::Writes => writes::single(stable, kind, scale).await,
            Self::Batch => writes::batch(stable, kind, scale).await,
            Self::FanOut => fan_out::measure(stable, kind, scale).await,
            Self::Idle => idle::measure(stable, kind, scale).await,
            Self::Cut => cut::measure(stable, kind, scale).await,
            Self::Bootstrap => bootstrap::measure(stable, kind, scale).await,
            Self::Size => size::measure(stable, kind).await,
        }
    }
}

/// Seconds of the processor for 10,000 operations.
fn cpu(seconds: f64, operations: usize) -> f64 {
    seconds / operations as f64 * 10_000.0
}
