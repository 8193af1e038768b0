//! The state of a server, as its admin page shows it.

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Value, json};
use tsugi_sync::ids::Timestamp;

use super::{diagnostics, series};
use crate::app::App;
use crate::doctor::Finding;
use crate::ready::NotReady;

#[derive(Debug, Serialize)]
pub(super) struct Status {
    now: Timestamp,
    pub(super) version: &'static str,
    pub(super) layout: String,
    pub(super) database: &'static str,
    pub(super) bus: &'static str,
    pub(super) instance: String,
    pub(super) ready: &'static str,
    /// Connections that still find a place.
    pub(super) places_free: usize,
    pub(super) places: usize,
    /// The last time that old changes were looked for; none since the start.
    pub(super) sweep: Option<Value>,
    pub(super) doctor: Vec<Finding>,
    /// All measurements: see docs/metrics.md.
    pub(super) series: Value,
    /// A text to pass on.
    diagnostics: String,
}

pub(super) async fn of(app: &Arc<App>) -> Status {
    let ready = match app.is_ready_in_time().await {
        Ok(()) => "ready",
        Err(NotReady::Draining) => "draining",
        Err(NotReady::Full) => "full",
        Err(NotReady::Silent) => "silent",
    };
    let text = app.measure().await;
    let sweep = app.last_sweep().map(|last| {
        let swept = last.swept.as_ref();
        json!({
            "at": last.at,
            "done": swept.is_some(),
            "changes": swept.map(|swept| swept.changes),
            "tombstones": swept.map(|swept| swept.tombstones),
            "replicas": swept.map(|swept| swept.replicas),
        })
    });
    let mut status = Status {
        now: app.clock.now(),
        version: app.about.version,
        layout: app.about.layout.clone(),
        database: app.about.database,
        bus: app.about.bus,
        instance: app.about.instance.clone(),
        ready,
        places_free: app.places.free(),
        places: app.places_at_start,
        sweep,
        doctor: app.examined().await,
        series: serde_json::to_value(series::read(&text)).unwrap_or_default(),
        diagnostics: String::new(),
    };
    for finding in &mut status.doctor {
        finding.text = diagnostics::shorten(&finding.text);
    }
    status.diagnostics = diagnostics::write(&status, &text);
    status
}
